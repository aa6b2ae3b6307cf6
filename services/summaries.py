"""Summary of one patient: phase of treatment, and the last week compared with earlier ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.attention import Attention, AttentionFinding
from clinical.baseline import BASELINE_DAYS
from clinical.booking import BookingReview
from clinical.check_in import SideEffect
from clinical.current_course import course_on, current_course
from clinical.history import History
from clinical.holds import HoldReason
from clinical.infusion import GivenInfusion, InfusionStatus
from clinical.protocol import Phase, first_infusion, phase, treatment_days
from clinical.questions import asks_benefit_left
from clinical.side_effects import burden
from clinical.treatment_course import CourseKind, EndReason, ProposedCourse
from clinical.trend import Average, Measure, Rating, average, ratings
from models.infusions import Infusion
from services.questionnaires.schedules import DueForm, Forms, forms_due
from services.revisions import in_force

NO_ATTENTION = Attention(())
NO_BOOKING = BookingReview()


@dataclass(frozen=True, slots=True)
class SummaryFacts:
    """What a summary rests on besides the history: side effects by day, and the days of booked infusions.

    `forms` is what the questionnaires due are computed from.
    """

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
    `attention` and `booking` it is for clinicians. `infusions_given_count` counts the infusions of all
    courses.
    """

    patient_id: UUID
    today: date
    phase: Phase
    course: CourseSummary | None
    proposed_course: ProposedCourse | None
    last_infusion_on: date | None
    days_since_infusion: int | None
    infusions_given_count: int
    next_booked_infusion_on: date | None
    last_check_in_on: date | None
    answered_last_7_days_count: int
    answered_last_14_days_count: int
    benefit_left_asked: bool
    questionnaires_due: tuple[DueForm, ...]
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
    return Summary(
        patient_id=patient_id,
        today=today,
        phase=phase(protocol, given, today),
        course=_course(history, given, today),
        proposed_course=facts.proposed_course,
        last_infusion_on=last,
        days_since_infusion=(today - last).days if last else None,
        infusions_given_count=sum(infusion.day <= today for infusion in history.infusions),
        next_booked_infusion_on=min((day for day in facts.booked if day >= today), default=None),
        last_check_in_on=readings[-1].day if readings else None,
        answered_last_7_days_count=average(moods, today).answered,
        answered_last_14_days_count=average(moods, today, 14).answered,
        benefit_left_asked=asks_benefit_left(protocol, given, today),
        questionnaires_due=forms_due(facts.forms, course, facts.booked, today),
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


def _attention(found: Attention) -> AttentionSummary:
    since = found.since if found.findings else None
    return AttentionSummary(found.level.name.lower(), since, found.findings)


def booked_infusions(
    session: Session, patient_ids: Sequence[UUID], as_of: datetime | None = None
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
