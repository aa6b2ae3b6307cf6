"""Record, correct, end and list treatment courses; nothing is ever erased."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical import current_course as courses
from clinical import local_day
from clinical.baseline import AssessedBaseline
from clinical.infusion import GIVEN, GivenInfusion
from clinical.protocol import days_after
from clinical.sentences import Sentence
from clinical.target_measure import TargetMeasure, is_rating
from clinical.treatment_course import CourseKind, EarlierTreatment, EndReason, TreatmentCourse
from models import treatment_courses as rows
from models.consultations import Consultation
from models.infusions import Infusion
from models.patients import Patient
from services import protocols
from services.context import Context
from services.daily_rating_choices import ask_also
from services.dates import date_errors
from services.errors import Conflict, FieldError, Invalid
from services.revisions import AsOf, Page, PageRequest, Revisions, WriteResult, in_force

MAX_DAYS_AHEAD: Final = 366
"""Days ahead that a course may be planned to begin. Operational."""


@dataclass(frozen=True, slots=True)
class CourseDraft:
    """A treatment course as a clinician records it; an absent number means the patient's plan.

    `earlier` is what another clinic gave in this course, for one transferred in and no other kind.
    `target_measure` is what the outlook of the course is computed from, and `target_baseline` the usual
    answer to it before treatment where it is an optional rating.
    """

    kind: CourseKind
    began_on: date
    ended_on: date | None = None
    end_reason: EndReason | None = None
    induction_infusion_count: int | None = None
    induction_days: int | None = None
    consultation_version: int | None = None
    earlier: EarlierTreatment | None = None
    baseline: AssessedBaseline | None = None
    target_measure: TargetMeasure = TargetMeasure.WELLBEING
    target_baseline: int | None = None


@dataclass(frozen=True, slots=True)
class NumberedCourse:
    """A stored course, and its number among the patient's courses; None in a list of revisions."""

    row: rows.TreatmentCourse
    draft: CourseDraft
    number: int | None = None

    @property
    def version(self) -> int:
        """The version of the stored revision."""
        return self.row.version


class _Courses(Revisions[rows.TreatmentCourse, CourseDraft]):
    table = rows.TreatmentCourse
    draft = CourseDraft
    key = ("id",)
    order = ("began_on", "id")
    day_column = "began_on"

    def to_columns(self, draft: CourseDraft) -> dict[str, Any]:
        """Return the columns of a draft, with its baseline and earlier treatment in columns of their own."""
        baseline, earlier = draft.baseline, draft.earlier
        return {
            "kind": str(draft.kind),
            "began_on": draft.began_on,
            "ended_on": draft.ended_on,
            "end_reason": None if draft.end_reason is None else str(draft.end_reason),
            "induction_infusion_count": draft.induction_infusion_count,
            "induction_days": draft.induction_days,
            "consultation_version": draft.consultation_version,
            "earlier_infusion_count": None if earlier is None else earlier.infusion_count,
            "earlier_first_infusion_on": None if earlier is None else earlier.first_infusion_on,
            "earlier_last_infusion_on": None if earlier is None else earlier.last_infusion_on,
            "baseline_assessed_on": None if baseline is None else baseline.assessed_on,
            "baseline_mood": None if baseline is None else baseline.mood,
            "baseline_anxiety": None if baseline is None else baseline.anxiety,
            "target_baseline": draft.target_baseline,
            "target_measure": str(draft.target_measure),
        }

    @classmethod
    def to_draft(cls, row: rows.TreatmentCourse) -> CourseDraft:
        """Return the course that a row stores."""
        return CourseDraft(
            kind=CourseKind(row.kind),
            began_on=row.began_on,
            ended_on=row.ended_on,
            end_reason=None if row.end_reason is None else EndReason(row.end_reason),
            induction_infusion_count=row.induction_infusion_count,
            induction_days=row.induction_days,
            consultation_version=row.consultation_version,
            earlier=_earlier(row),
            baseline=_baseline(row),
            target_measure=TargetMeasure(row.target_measure),
            target_baseline=row.target_baseline,
        )

    def validate(self, draft: CourseDraft) -> None:
        """Refuse days that cannot be, a plan that cannot hold, and what contradicts other courses."""
        found = [*_wrong_days(draft, self.ctx.now), *_wrong_parts(draft)]
        if draft.consultation_version is not None and not self._has_consultation(draft.consultation_version):
            sentence = Sentence("The patient's consultation has no such version.")
            found.append(FieldError("/consultation_version", "unknown_consultation", sentence))
        if found:
            raise Invalid(*found)
        self._validate_plan(draft)
        conflicts = [*self._wrong_among_others(draft), *self._wrong_for_infusions(draft)]
        if conflicts:
            raise Conflict(*conflicts)

    def current_for_error(self) -> NumberedCourse | None:
        """Return the course in force with its number."""
        if self.current is None:
            return None
        return _with_numbers(self.ctx.session, self.patient.id, [self.current])[0]

    def _has_consultation(self, version: int) -> bool:
        query = select(Consultation.version).where(
            Consultation.patient_id == self.patient.id, Consultation.version == version
        )
        return self.ctx.session.scalar(query) is not None

    def _validate_plan(self, draft: CourseDraft) -> None:
        plan = protocols.read(self.ctx, self.patient.id).in_effect
        protocols.validate_protocol(
            replace(
                plan,
                induction_infusion_count=draft.induction_infusion_count or plan.induction_infusion_count,
                induction_days=draft.induction_days or plan.induction_days,
            )
        )

    def _others(self) -> list[CourseDraft]:
        """Return the patient's other courses in order."""
        stored = _stored(self.ctx.session, [self.patient.id], None)[self.patient.id]
        others = [self.to_draft(row) for row in stored if row.id != self.key_values[0]]
        return sorted(others, key=lambda other: other.began_on)

    def _wrong_among_others(self, draft: CourseDraft) -> Iterable[FieldError]:
        others = self._others()
        before = [other for other in others if other.began_on <= draft.began_on]
        after = [other for other in others if other.began_on > draft.began_on]
        if before and before[-1].began_on == draft.began_on:
            yield FieldError("/began_on", "same_day", Sentence("Another course began on this day."))
        elif before and before[-1].ended_on is not None and before[-1].ended_on >= draft.began_on:
            yield FieldError(
                "/began_on", "overlaps_previous", Sentence("The course before it ended later than this day.")
            )
        if after and draft.ended_on is not None and draft.ended_on >= after[0].began_on:
            yield FieldError("/ended_on", "overlaps_next", Sentence("The next course began before this day."))
        if draft.kind is CourseKind.INITIAL and before:
            yield FieldError(
                "/kind", "not_first", Sentence("Another course began before: only the first is initial.")
            )
        if any(other.kind is CourseKind.INITIAL for other in after):
            yield FieldError(
                "/began_on", "before_initial", Sentence("The patient's initial course began later.")
            )

    def _wrong_for_infusions(self, draft: CourseDraft) -> Iterable[FieldError]:
        days = [given.day for given in _infusions(self.ctx.session, self.patient.id)]
        if draft.kind is CourseKind.INITIAL and any(day < draft.began_on for day in days):
            sentence = Sentence(
                "An infusion was given before this day: an initial course begins with the first one."
            )
            yield FieldError("/began_on", "after_first_infusion", sentence)
        first = min((day for day in days if day >= draft.began_on), default=None)
        rated = draft.baseline
        if rated is not None and first is not None and rated.assessed_on > first:
            sentence = Sentence(
                "A baseline is judged before the course's first infusion, at the latest that morning."
            )
            yield FieldError("/baseline/assessed_on", "after_first_infusion", sentence)


def put(
    ctx: Context, patient_id: UUID | None, course_id: UUID, draft: CourseDraft, expected_version: int | None
) -> WriteResult[NumberedCourse]:
    """Record a course under the id its client gave it, or correct it by a new revision.

    A target measure that is an optional rating is asked of the patient from then on, unless the course ended.
    Raises VersionRequired, Stale or Gone as check-ins do, Invalid for what cannot be, and Conflict for what
    contradicts the patient's other courses or infusions.
    """
    course = _Courses.lock(ctx, patient_id, course_id)
    result = course.append(draft, expected_version)
    if draft.ended_on is None and is_rating(draft.target_measure):
        ask_also(ctx, course.patient.id, draft.target_measure)
    (numbered,) = _with_numbers(ctx.session, course.patient.id, [result.value])
    return WriteResult(numbered, result.outcome)


def remove(
    ctx: Context, patient_id: UUID | None, course_id: UUID, expected_version: int | None
) -> WriteResult[rows.TreatmentCourse]:
    """Withdraw a course; its revisions stay, and its infusions belong to the course before it again."""
    return _Courses.lock(ctx, patient_id, course_id).remove(expected_version)


def read(ctx: Context, patient_id: UUID | None, course_id: UUID) -> NumberedCourse:
    """Return one course; raises Gone for one that was withdrawn."""
    row = _Courses.read(ctx, patient_id, course_id)
    return _with_numbers(ctx.session, row.patient_id, [row])[0]


def page(ctx: Context, patient_id: UUID | None, wanted: PageRequest) -> Page[NumberedCourse]:
    """Return a page of a patient's courses, in order of `began_on`."""
    found = _Courses.page(ctx, patient_id, wanted)
    if not found.items:
        return Page([], found.next_position)
    numbered = _with_numbers(ctx.session, found.items[0].patient_id, found.items)
    return Page(numbered, found.next_position)


def revisions(
    ctx: Context, patient_id: UUID | None, course_id: UUID, wanted: PageRequest
) -> Page[NumberedCourse]:
    """Return a page of the revisions of a course, in order."""
    found = _Courses.revisions(ctx, patient_id, course_id, wanted=wanted)
    return found.of([NumberedCourse(row, _Courses.to_draft(row)) for row in found.items])


def courses_of(
    session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None = None
) -> dict[UUID, list[TreatmentCourse]]:
    """Return each patient's courses as they were known at an instant, in any order and without numbers."""
    stored = _stored(session, patient_ids, as_of)
    return {patient_id: [to_course(row) for row in found] for patient_id, found in stored.items()}


def last_began_on(session: Session, patient_id: UUID) -> date | None:
    """Return the day on which the last recorded course after the first infusions begins; None without one.

    An initial course holds the infusions before it too, and so begins nothing anew.
    """
    table = rows.TreatmentCourse
    query = select(func.max(table.began_on)).where(
        table.patient_id == patient_id,
        table.removed.is_(False),
        table.kind != str(CourseKind.INITIAL),
        in_force(table),
    )
    return session.scalar(query)


def rated_on(session: Session, patient_id: UUID, day: date) -> date | None:
    """Return the day of the rated baseline of the course that holds `day`; None without one of its own."""
    stored = sorted(_stored(session, [patient_id], None)[patient_id], key=lambda row: row.began_on)
    holding = [row for row in stored if row.began_on <= day]
    return holding[-1].baseline_assessed_on if holding else None


def target_ratings(ctx: Context, patient: Patient) -> set[TargetMeasure]:
    """Return the optional ratings that are the target measures of the current course and of planned ones."""
    known = sorted(courses_of(ctx.session, [patient.id]).get(patient.id, []), key=lambda each: each.began_on)
    today = local_day.today(ctx.now, patient.time_zone, patient.day_start_hour)
    begun = [each for each in known if each.began_on <= today][-1:]
    planned = [each for each in known if each.began_on > today]
    return {
        each.target_measure
        for each in (*begun, *planned)
        if is_rating(each.target_measure) and (each.ended_on is None or each.ended_on > today)
    }


def to_course(row: rows.TreatmentCourse) -> TreatmentCourse:
    """Return the course that a stored revision holds; it has its number from its place among the others."""
    draft = _Courses.to_draft(row)
    return TreatmentCourse(
        id=row.id,
        number=1,
        kind=draft.kind,
        began_on=draft.began_on,
        ended_on=draft.ended_on,
        end_reason=draft.end_reason,
        induction_infusion_count=draft.induction_infusion_count,
        induction_days=draft.induction_days,
        earlier=draft.earlier,
        baseline=draft.baseline,
        consultation_version=draft.consultation_version,
        target_measure=draft.target_measure,
        target_baseline=draft.target_baseline,
    )


def _stored(
    session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None
) -> dict[UUID, list[rows.TreatmentCourse]]:
    table = rows.TreatmentCourse
    found = defaultdict(list)
    query = select(table).where(
        table.patient_id.in_(patient_ids), table.removed.is_(False), in_force(table, as_of)
    )
    for row in session.scalars(query):
        found[row.patient_id].append(row)
    return found


def _infusions(session: Session, patient_id: UUID) -> list[GivenInfusion]:
    query = select(Infusion.local_date).where(
        Infusion.patient_id == patient_id,
        Infusion.removed.is_(False),
        Infusion.status.in_([str(status) for status in GIVEN]),
        in_force(Infusion),
    )
    return [GivenInfusion(day) for day in session.scalars(query)]


def _with_numbers(
    session: Session, patient_id: UUID, found: Sequence[rows.TreatmentCourse]
) -> list[NumberedCourse]:
    known = courses_of(session, [patient_id]).get(patient_id, [])
    numbers = {
        course.id: course.number for course in courses.numbered(known, _infusions(session, patient_id))
    }
    return [NumberedCourse(row, _Courses.to_draft(row), numbers.get(row.id)) for row in found]


def _earlier(row: rows.TreatmentCourse) -> EarlierTreatment | None:
    if row.earlier_infusion_count is None:
        return None
    return EarlierTreatment(
        row.earlier_infusion_count, row.earlier_first_infusion_on, row.earlier_last_infusion_on
    )


def _baseline(row: rows.TreatmentCourse) -> AssessedBaseline | None:
    if row.baseline_assessed_on is None or row.baseline_mood is None:
        return None
    return AssessedBaseline(row.baseline_assessed_on, row.baseline_mood, row.baseline_anxiety)


def _wrong_days(draft: CourseDraft, now: datetime) -> Iterable[FieldError]:
    # A planned course begins on a day ahead, as far as anybody plans.
    if draft.began_on > days_after(now.date(), MAX_DAYS_AHEAD):
        yield FieldError(
            "/began_on",
            "too_far_ahead",
            Sentence("Plan at most {number} days ahead.", number=MAX_DAYS_AHEAD),
        )
    elif draft.began_on <= now.date():
        yield from date_errors(draft.began_on, now, "/began_on")
    days = {
        "/ended_on": draft.ended_on,
        "/baseline/assessed_on": draft.baseline.assessed_on if draft.baseline else None,
        "/earlier_treatment/first_infusion_on": draft.earlier.first_infusion_on if draft.earlier else None,
        "/earlier_treatment/last_infusion_on": draft.earlier.last_infusion_on if draft.earlier else None,
    }
    for pointer, day in days.items():
        if day is not None:
            yield from date_errors(day, now, pointer, ahead="in_the_future")
    if draft.ended_on is not None and draft.ended_on < draft.began_on:
        yield FieldError(
            "/ended_on", "before_began_on", Sentence("A course ends on the day it began, or later.")
        )


def _wrong_parts(draft: CourseDraft) -> Iterable[FieldError]:
    if draft.target_baseline is not None and not is_rating(draft.target_measure):
        sentence = Sentence(
            "Send it with a target measure that is a rating; wellbeing has a baseline of mood and anxiety."
        )
        yield FieldError("/target_baseline", "no_target_rating", sentence)
    if (draft.ended_on is None) != (draft.end_reason is None):
        missing = "/end_reason" if draft.end_reason is None else "/ended_on"
        yield FieldError(missing, "required", Sentence("An end has its day and its reason."))
    elsewhere = draft.kind is CourseKind.TRANSFERRED_IN
    if elsewhere and draft.earlier is None:
        sentence = Sentence("Send how many infusions the other clinic gave.")
        yield FieldError("/earlier_treatment", "required", sentence)
    if draft.earlier is None:
        return
    if not elsewhere:
        sentence = Sentence("Only a course transferred in has infusions of another clinic.")
        yield FieldError("/earlier_treatment", "only_transferred_in", sentence)
    first, last = draft.earlier.first_infusion_on, draft.earlier.last_infusion_on
    if first is not None and last is not None and first > last:
        sentence = Sentence("The first infusion was not after the last.")
        yield FieldError("/earlier_treatment/first_infusion_on", "after_last", sentence)
    for name, day in (("first_infusion_on", first), ("last_infusion_on", last)):
        if day is not None and day >= draft.began_on:
            sentence = Sentence("The other clinic's infusions were before began_on.")
            yield FieldError(f"/earlier_treatment/{name}", "not_before_began_on", sentence)
