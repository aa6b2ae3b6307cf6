"""Summary of one patient: phase of treatment, and the last week compared with earlier ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.answer_timing import AnswerTiming, total_timing
from clinical.attention import Attention, AttentionFinding
from clinical.baseline import BASELINE_DAYS
from clinical.booking import BookingReview
from clinical.check_in import SideEffect
from clinical.current_course import course_on, current_course
from clinical.daily_ratings import DailyRating
from clinical.dose import mg_per_kg
from clinical.exposure import Dose, Exposure
from clinical.history import History
from clinical.holds import HoldReason
from clinical.infusion import GivenInfusion, InfusionStatus
from clinical.instruments.catalogue import find
from clinical.instruments.change import Change, ComparedTotal
from clinical.instruments.instrument import band
from clinical.protocol import Phase, first_infusion, phase, treatment_days
from clinical.questions import asks_benefit_left
from clinical.score import Instrument
from clinical.side_effects import burden
from clinical.suitability import Consulted
from clinical.treatment_course import CourseKind, EndReason, ProposedCourse
from clinical.trend import Average, Measure, Rating, average, ratings
from models.infusions import Infusion
from services.questionnaires.schedules import DueForm, Forms, forms_due
from services.revisions import AsOf, in_force

NO_ATTENTION = Attention(())
NO_BOOKING = BookingReview()


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What a summary names of the patient: who they are, and what was given, measured and agreed.

    `exposure` and `last_dose` are of all courses; `phq_9` is the total that the headline states.
    """

    record_number: str = ""
    display_name: str = ""
    time_zone: str = "UTC"
    day_start_hour: int = 0
    ratings_asked: tuple[DailyRating, ...] = ()
    last_dose: Dose | None = None
    exposure: Exposure | None = None
    phq_9: ComparedTotal | None = None
    consulted: Consulted | None = None
    response_review_due_on: date | None = None


UNNAMED = PatientFacts()


@dataclass(frozen=True, slots=True)
class SummaryFacts:
    """What a summary rests on besides the history: side effects by day, and the days of booked infusions.

    `forms` is what the questionnaires due are computed from.
    """

    patient: PatientFacts = UNNAMED

    effects: Sequence[tuple[date, tuple[SideEffect, ...]]] = ()
    booked: Sequence[date] = ()
    open_alert_count: int = 0
    forms: Forms = field(default_factory=Forms)
    reasons_to_hold: tuple[HoldReason, ...] = ()
    attention: Attention = NO_ATTENTION
    headline: str = ""
    proposed_course: ProposedCourse | None = None
    booking: BookingReview = NO_BOOKING


NO_FACTS = SummaryFacts()


@dataclass(frozen=True, slots=True)
class AttentionSummary:
    """Attention of a patient: the level by its name, since when, and the findings; nothing without any."""

    urgency: str
    since_on: date | None
    reasons: tuple[AttentionFinding, ...]


@dataclass(frozen=True, slots=True)
class CourseSummary:
    """The current treatment course; `id` is None for one that nobody recorded.

    `infusions_given_count` counts the course's infusions here, without another clinic's.
    """

    id: UUID | None
    number: int
    kind: CourseKind
    began_on: date
    ended_on: date | None
    end_reason: EndReason | None
    infusions_given_count: int


@dataclass(frozen=True, slots=True)
class LastDose:
    """The last infusion given here; None where its dose or weight was not recorded."""

    local_date: date
    dose_mg: float | None
    mg_per_kg: float | None
    route: str | None


@dataclass(frozen=True, slots=True)
class RatingAsked:
    """An optional daily rating that the patient is asked."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class ExposureSummary:
    """Infusions given lately in all courses, and the sum of the doses whose mg and weight are recorded."""

    in_30_days: int
    in_90_days: int
    in_365_days: int
    mg_per_kg: float
    known_dose_count: int
    elsewhere_count: int = 0


@dataclass(frozen=True, slots=True)
class TotalSummary:
    """The newest total of a questionnaire, its band, and the change from the one before treatment.

    Without a later one the newest is the one before treatment, and no change is stated. `before_timing` is
    set where the one before is of the day of an infusion.
    """

    scored_on: date
    total: int
    band: str | None
    scored_before_on: date | None
    total_before: int | None
    change: Change | None
    before_timing: AnswerTiming | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure's means: the last 7 days, the 7 before, and the baseline before the course's treatment."""

    last_7_days: Average
    previous_7_days: Average
    baseline_period: Average | None


@dataclass(frozen=True, slots=True)
class Summary:
    """One patient's course on `today`; side-effect burden adds up mild 1, moderate 2, severe 3 a day.

    `benefit_left_asked` states whether that question is one of today's, answered or not. `open_alert_count`
    counts the safety alerts that nobody has closed; like `reasons_to_hold`, `proposed_course`, `headline`,
    `attention` and `booking`, and like what was measured and agreed (`phq_9`, `exposure`, `consultation`,
    `response_review_due_on`), it is for clinicians. `infusions_given_count` counts the infusions of all
    courses.
    """

    patient_id: UUID
    record_number: str
    display_name: str
    time_zone: str
    day_start_hour: int
    today: date
    phase: Phase
    course: CourseSummary | None
    proposed_course: ProposedCourse | None
    last_infusion_on: date | None
    days_since_infusion: int | None
    last_dose: LastDose | None
    infusions_given_count: int
    next_booked_infusion_on: date | None
    last_check_in_on: date | None
    answered_last_7_days_count: int
    answered_last_14_days_count: int
    benefit_left_asked: bool
    ratings_asked: tuple[RatingAsked, ...]
    questionnaires_due: tuple[DueForm, ...]
    phq_9: TotalSummary | None
    exposure: ExposureSummary | None
    consultation: Consulted | None
    response_review_due_on: date | None
    open_alert_count: int
    reasons_to_hold: tuple[HoldReason, ...]
    headline: str
    attention: AttentionSummary
    booking: BookingReview
    mood_averages: Comparison
    enjoyment_averages: Comparison
    anxiety_averages: Comparison
    side_effect_burden_averages: Comparison


def summarize(patient_id: UUID, history: History, today: date, facts: SummaryFacts = NO_FACTS) -> Summary:
    """Return the summary of a history as of a day; later days are ignored."""
    readings = [reading for reading in history.readings if reading.day <= today]
    course = current_course(history, today)
    protocol, given = course.protocol, [infusion for infusion in course.infusions if infusion.day <= today]
    treated_from = first_infusion(protocol, given, today)
    last = max(treatment_days(protocol, given, today), default=None)
    moods = ratings(readings, Measure.MOOD)
    burdens = tuple(Rating(day, burden(named)) for day, named in facts.effects if day <= today)
    known = facts.patient
    return Summary(
        patient_id=patient_id,
        record_number=known.record_number,
        display_name=known.display_name,
        time_zone=known.time_zone,
        day_start_hour=known.day_start_hour,
        today=today,
        phase=phase(protocol, given, today),
        course=_course(history, given, today),
        proposed_course=facts.proposed_course,
        last_infusion_on=last,
        days_since_infusion=(today - last).days if last else None,
        last_dose=_last_dose(known.last_dose),
        infusions_given_count=sum(infusion.day <= today for infusion in history.infusions),
        next_booked_infusion_on=min((day for day in facts.booked if day >= today), default=None),
        last_check_in_on=readings[-1].day if readings else None,
        answered_last_7_days_count=average(moods, today).answered,
        answered_last_14_days_count=average(moods, today, 14).answered,
        benefit_left_asked=asks_benefit_left(protocol, given, today),
        ratings_asked=tuple(RatingAsked(rating.code, rating.label) for rating in known.ratings_asked),
        questionnaires_due=forms_due(facts.forms, course, facts.booked, today),
        phq_9=_total(history, Instrument.PHQ_9, known.phq_9),
        exposure=_exposure(known.exposure),
        consultation=known.consulted,
        response_review_due_on=known.response_review_due_on,
        open_alert_count=facts.open_alert_count,
        reasons_to_hold=facts.reasons_to_hold,
        headline=facts.headline,
        attention=_attention(facts.attention),
        booking=facts.booking,
        mood_averages=compare(moods, today, treated_from),
        enjoyment_averages=compare(ratings(readings, Measure.ENJOYMENT), today, treated_from),
        anxiety_averages=compare(ratings(readings, Measure.ANXIETY), today, treated_from),
        side_effect_burden_averages=compare(burdens, today, treated_from),
    )


def _course(history: History, given: Sequence[GivenInfusion], today: date) -> CourseSummary | None:
    found = course_on(history, today)
    if found is None:
        return None
    return CourseSummary(
        found.id, found.number, found.kind, found.began_on, found.ended_on, found.end_reason, len(given)
    )


def _last_dose(dose: Dose | None) -> LastDose | None:
    return None if dose is None else LastDose(dose.day, dose.mg, mg_per_kg(dose.mg, dose.kg), dose.route)


def _exposure(found: Exposure | None) -> ExposureSummary | None:
    if found is None:
        return None
    return ExposureSummary(
        found.in_30_days,
        found.in_90_days,
        found.in_365_days,
        found.mg_per_kg,
        found.known_dose_count,
        found.elsewhere_count,
    )


def _total(history: History, code: Instrument, found: ComparedTotal | None) -> TotalSummary | None:
    if found is None:
        return None
    (scored_on, total), asked = found.newest, find(code)
    named = band(asked.bands, total) if asked else None
    before_on, before = found.before if found.before is not None else (None, None)
    return TotalSummary(
        scored_on=scored_on,
        total=total,
        band=named.label if named else None,
        scored_before_on=before_on,
        total_before=before,
        change=found.change,
        before_timing=total_timing(history.scores, str(code), before_on, history.infusions),
    )


def _attention(found: Attention) -> AttentionSummary:
    since = found.since if found.findings else None
    return AttentionSummary(found.level.name.lower(), since, found.findings)


def booked_infusions(
    session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None = None
) -> dict[UUID, list[date]]:
    """Return the days on which each patient's next infusions are booked."""
    found = defaultdict(list)
    for patient_id, day in session.execute(
        select(Infusion.patient_id, Infusion.local_date)
        .where(
            Infusion.patient_id.in_(patient_ids),
            Infusion.status == str(InfusionStatus.SCHEDULED),
            Infusion.removed.is_(False),
            in_force(Infusion, as_of),
        )
        .order_by(Infusion.local_date)
    ):
        found[patient_id].append(day)
    return found


def compare(series: Sequence[Rating], today: date, first_infusion: date | None) -> Comparison:
    """Return the last week's mean with that of the week before, and of the weeks before treatment."""
    baseline = None
    if first_infusion is not None and first_infusion > date.min + timedelta(days=BASELINE_DAYS):
        baseline = average(series, first_infusion - timedelta(days=1), BASELINE_DAYS)
    return Comparison(average(series, today), average(series, today - timedelta(days=7)), baseline)
