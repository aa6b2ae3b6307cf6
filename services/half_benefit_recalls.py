"""Record what a patient recalls at an infusion: the days until half of the last one's benefit was gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from clinical.current_course import current_course
from clinical.formatting import count, on
from clinical.half_benefit_recall import MAX_RECALLED_DAYS, RecallAnswer
from clinical.history import History
from clinical.infusion import GIVEN, InfusionStatus
from clinical.local_day import CLOCK_TOLERANCE, LONGEST_OFFLINE
from clinical.protocol import treatment_days
from clinical.questions import RECALL_ASKED_DAYS_AFTER, RECALL_ASKED_DAYS_BEFORE, recall_is_about
from clinical.sentences import Sentence
from models.clinics import Clinic
from models.half_benefit_recalls import HalfBenefitRecall
from models.infusions import Infusion
from services import infusions
from services.access import Role
from services.context import Context
from services.errors import FieldError, Invalid
from services.histories import asked_on, treatments
from services.revisions import Revisions, WriteResult, in_force


@dataclass(frozen=True, slots=True)
class RecallDraft:
    """An answer to the recall question, and when it was given; `days` is None for any other than `days`."""

    answer: RecallAnswer
    days: int | None
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class StoredRecall:
    """One revision of an answer, and the day of the infusion that it is about.

    `about_on` is None where no infusion opens a cycle before it any more, after a correction.
    """

    row: HalfBenefitRecall
    about_on: date | None


@dataclass(frozen=True, slots=True)
class AskedRecall:
    """The recall question as a patient may answer it, about the infusion on `about_on`.

    `most_days` are those from that infusion until now, or until the infusion at which it is asked.
    `closes_on` is the last day on which it is asked. `version` is that of what is stored, a tombstone
    included, 0 where nothing is; `answer` is None without one.
    """

    infusion_id: UUID
    about_on: date
    closes_on: date
    most_days: int
    version: int
    answer: RecallAnswer | None
    days: int | None


class _Recalls(Revisions[HalfBenefitRecall, RecallDraft]):
    table = HalfBenefitRecall
    draft = RecallDraft
    key = ("infusion_id",)
    infusion: Infusion
    treated: History

    @classmethod
    def lock(cls, ctx: Context, patient_id: UUID | None, *key: Any) -> Self:
        """Lock the patient and load the answer; raises NotFound or Gone where the infusion is not there."""
        found = super().lock(ctx, patient_id, *key)
        found.infusion = infusions.read(ctx, patient_id, key[0])
        found.treated = _treated(ctx, found.patient.id)
        return found

    def validate(self, draft: RecallDraft) -> None:
        """Refuse what no infusion can be recalled at, or what cannot have been answered then."""
        about = self._about()
        answered_on = _asked_on(self.infusion, draft.answered_at)
        found = None
        if draft.answered_at > self.ctx.now + CLOCK_TOLERANCE:
            found = "in_the_future", Sentence("This has not happened yet.")
        elif answered_on <= about:
            found = (
                "before_infusion",
                Sentence(
                    "It is about the infusion on {day}: it can be answered from the day after it on.",
                    day=on(about, answered_on),
                ),
            )
        elif self.ctx.actor.has(Role.PATIENT) and self.ctx.now - draft.answered_at > LONGEST_OFFLINE:
            found = "too_long_past", Sentence("It was answered more than 30 days ago; ask the clinic.")
        if found is not None:
            raise Invalid(FieldError("/answered_at", *found))
        most = (answered_on - about).days
        if draft.days is not None and draft.days > most:
            sentence = Sentence(
                "It is {days} from the infusion on {day} until then: send at most as many, or not_gone if "
                "half of the benefit was still there.",
                days=count(most, "day"),
                day=on(about, answered_on),
            )
            raise Invalid(FieldError("/recalled_days", "too_many_days", sentence))

    def current_for_error(self) -> StoredRecall | None:
        """Return the current answer with what it is about."""
        return None if self.current is None else self.stored(self.current)

    def stored(self, row: HalfBenefitRecall) -> StoredRecall:
        """Return a revision with what it is about."""
        return StoredRecall(row, _about(self.treated, self.infusion.local_date))

    def _about(self) -> date:
        """Return the day of the infusion that is asked about; raises Invalid where it is not asked."""
        day = self.infusion.local_date
        about = _about(self.treated, day)
        if self.infusion.status == InfusionStatus.NOT_DONE:
            found = (
                "not_done",
                Sentence("This infusion was not done: answer at the next one that is booked or given."),
            )
        elif about is not None:
            return about
        else:
            course = current_course(self.treated, day)
            before = treatment_days(course.protocol, course.infusions, day - timedelta(days=1))
            found = (
                (
                    "in_induction",
                    Sentence(
                        "It is not asked during an induction: answer from the first infusion after it on."
                    ),
                )
                if before
                else (
                    "no_earlier_infusion",
                    Sentence("No infusion of this treatment course lies before this one to ask about."),
                )
            )
        raise Invalid(FieldError("/recall_answer", *found))


def put(
    ctx: Context,
    patient_id: UUID | None,
    infusion_id: UUID,
    draft: RecallDraft,
    expected_version: int | None,
) -> WriteResult[StoredRecall]:
    """Store the answer at an infusion, or recognise that it is stored already.

    Raises NotFound or Gone where the infusion is not there, VersionRequired, Stale or Gone as check-ins do,
    and Invalid where it is not asked, or cannot have been answered so.
    """
    recalls = _Recalls.lock(ctx, patient_id, infusion_id)
    result = recalls.append(draft, expected_version)
    return WriteResult(recalls.stored(result.value), result.outcome)


def remove(
    ctx: Context, patient_id: UUID | None, infusion_id: UUID, expected_version: int | None
) -> WriteResult[HalfBenefitRecall]:
    """Remove the answer at an infusion; its revisions stay. Idempotent."""
    return _Recalls.lock(ctx, patient_id, infusion_id).remove(expected_version)


def read(ctx: Context, patient_id: UUID | None, infusion_id: UUID) -> StoredRecall:
    """Return the answer at an infusion; raises NotFound where there is none, Gone for a removed one."""
    infusion = infusions.read(ctx, patient_id, infusion_id)
    row = _Recalls.read(ctx, patient_id, infusion_id)
    return StoredRecall(row, _about(_treated(ctx, infusion.patient_id), infusion.local_date))


def answered_at_infusions(session: Session, clinic: Clinic, asked_at: Sequence[Infusion]) -> dict[UUID, bool]:
    """Return whether the question was answered at each of these infusions, by the infusion's id.

    Those at which it is not asked are left out. The number of queries does not grow with the infusions.
    """
    open_to_it = [each for each in asked_at if each.status != InfusionStatus.NOT_DONE]
    treated = treatments(session, clinic, sorted({each.patient_id for each in open_to_it}))
    asked = [each.id for each in open_to_it if _about(treated[each.patient_id], each.local_date) is not None]
    row = HalfBenefitRecall
    query = select(row.infusion_id).where(row.infusion_id.in_(asked), row.removed.is_(False), in_force(row))
    answered = set(session.scalars(query))
    return {infusion_id: infusion_id in answered for infusion_id in asked}


def asked(
    session: Session, history: History, patient_id: UUID, today: date, now: datetime
) -> AskedRecall | None:
    """Return the question as it is asked on the patient's day `today`; None on other days.

    It is asked from RECALL_ASKED_DAYS_BEFORE before a booked infusion until RECALL_ASKED_DAYS_AFTER after
    one that was given; of several the last one counts.
    """
    booked = and_(
        Infusion.status == str(InfusionStatus.SCHEDULED),
        Infusion.local_date.between(today, today + timedelta(days=RECALL_ASKED_DAYS_BEFORE)),
    )
    given = and_(
        Infusion.status.in_([str(status) for status in GIVEN]),
        Infusion.local_date.between(today - timedelta(days=RECALL_ASKED_DAYS_AFTER), today),
    )
    query = select(Infusion).where(
        Infusion.patient_id == patient_id,
        Infusion.removed.is_(False),
        or_(booked, given),
        in_force(Infusion),
    )
    for infusion in session.scalars(query.order_by(Infusion.started_at.desc(), Infusion.id)):
        about = _about(history, infusion.local_date)
        most = 0 if about is None else (_asked_on(infusion, now) - about).days
        if about is not None and most > 0:
            return _asked_at(session, infusion, about, min(most, MAX_RECALLED_DAYS))
    return None


def _asked_at(session: Session, infusion: Infusion, about: date, most_days: int) -> AskedRecall:
    row = _Recalls.find(session, infusion.patient_id, infusion.id)
    after = RECALL_ASKED_DAYS_AFTER if infusion.status in GIVEN else 0
    answered = row is not None and not row.removed
    return AskedRecall(
        infusion.id,
        about,
        infusion.local_date + timedelta(days=after),
        most_days,
        0 if row is None else row.version,
        RecallAnswer(row.answer) if row is not None and answered else None,
        row.days if row is not None and answered else None,
    )


def _treated(ctx: Context, patient_id: UUID) -> History:
    clinic = ctx.session.get_one(Clinic, ctx.actor.clinic_id)
    return treatments(ctx.session, clinic, [patient_id])[patient_id]


def _about(history: History, day: date) -> date | None:
    """Return the day of the infusion that the question at an infusion on `day` is about; None without one."""
    course = current_course(history, day)
    return recall_is_about(course.protocol, course.infusions, day)


def _asked_on(infusion: Infusion, answered_at: datetime) -> date:
    return asked_on(infusion.status, infusion.local_date, infusion.time_zone, answered_at)
