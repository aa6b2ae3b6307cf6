"""Facts of a patient's attention and headline, from the history and the outlook as it is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from clinical.answer_timing import scores_before_treatment
from clinical.answering_habit import silence
from clinical.attention import Attention, AttentionFacts, attention
from clinical.baseline import BASELINE_DAYS
from clinical.booking import BookingFinding
from clinical.current_course import course_on
from clinical.headline import HeadlineFacts, headline
from clinical.history import History
from clinical.holds import HoldReason
from clinical.instruments.change import ComparedTotal, compared_total
from clinical.mood_drop import mood_drop
from clinical.outlook.result import Outlook, ReasonCode
from clinical.protocol import days_after, first_infusion, infusion_days, progress_of, treatment_days
from clinical.reliable_worsening import reliable_worsenings
from clinical.score import Instrument, totals
from clinical.sentences import Sentence
from clinical.target_measure import is_rating, name
from clinical.treatment_course import ProposedCourse


@dataclass(frozen=True, slots=True)
class Organisation:
    """What attention needs besides the history and the outlook: open alerts, the next booking, holds."""

    alert_count: int = 0
    acknowledged_alert_count: int = 0
    alert_since: date | None = None
    booked_on: date | None = None
    booking_conflict: BookingFinding | None = None
    review_due: tuple[date, Sentence] | None = None
    stop_decided: tuple[date, Sentence] | None = None
    holds: tuple[HoldReason, ...] = ()


def attention_facts(history: History, visible: Outlook, organisation: Organisation) -> AttentionFacts:
    """Return the facts on the outlook's day; `visible` is the outlook as the clinic is shown it.

    `history` is that of the current course.
    """
    today = visible.today
    days = infusion_days(history.infusions, today)
    first = days[0] if days else None
    treated_from = first_infusion(history.protocol, history.infusions, today)
    return AttentionFacts(
        today=today,
        status=visible.status,
        alert_count=organisation.alert_count,
        acknowledged_alert_count=organisation.acknowledged_alert_count,
        alert_since=organisation.alert_since,
        mood_drop=mood_drop(history.readings, today),
        worsenings=reliable_worsenings(
            scores_before_treatment(history.scores, (treated_from,), history.infusions),
            treated_from,
            today,
            history.custom,
        ),
        plan_earliest_on=visible.protocol_earliest_on,
        plan_latest_on=visible.protocol_latest_on,
        planned_on=visible.recommended_on,
        p_half_lost=visible.p_half_lost,
        silence=silence(history.readings, today, first),
        induction=progress_of(history.protocol, history.infusions, today),
        no_benefit=_no_benefit(visible),
        disagreement=_sentence(visible, ReasonCode.MEASURES_DISAGREE),
        by_rating=name(visible.target_measure) if is_rating(visible.target_measure) else None,
        review_due=organisation.review_due,
        stop_decided=organisation.stop_decided,
        booking_conflict=organisation.booking_conflict,
        booked_on=organisation.booked_on,
        holds=organisation.holds,
    )


@dataclass(frozen=True, slots=True)
class Urgency:
    """The findings of a patient with their headline, and the outlook's, which names no safety alert.

    A safety answer is no part of an outlook, not by way of its alert either. `phq_9` is the total that the
    headline states.
    """

    attention: Attention
    headline: Sentence
    outlook_headline: Sentence
    phq_9: ComparedTotal | None


def urgency(history: History, facts: AttentionFacts, proposed: ProposedCourse | None = None) -> Urgency:
    """Return the findings of a patient and the headlines; `history` is that of the current course."""
    days = treatment_days(history.protocol, history.infusions, facts.today)
    phq_9 = _phq_9(history, facts.today)
    before = None if phq_9 is None else phq_9.before
    written_from = HeadlineFacts(
        facts,
        days[-1] if days else None,
        None if phq_9 is None else phq_9.since_treatment,
        None if before is None else before[1],
        None if phq_9 is None else phq_9.newest[0],
        course_on(history, facts.today),
        history.protocol,
        proposed,
    )
    without_alerts = replace(written_from, attention=replace(facts, alert_count=0))
    return Urgency(attention(facts), headline(written_from), headline(without_alerts), phq_9)


def _phq_9(history: History, today: date) -> ComparedTotal | None:
    """Return the newest PHQ-9 total of the current course, against the one before it."""
    treated_from = first_infusion(history.protocol, history.infusions, today)
    since = date.min
    if treated_from is not None and history.earlier_courses:
        # Totals of an earlier course say nothing about this one.
        since = days_after(treated_from, -BASELINE_DAYS)
    points = [
        (score.day, score.total)
        for score in scores_before_treatment(
            totals(history.scores, Instrument.PHQ_9), (treated_from,), history.infusions
        )
        if since <= score.day <= today
    ]
    return compared_total(Instrument.PHQ_9, points, treated_from)


def _no_benefit(visible: Outlook) -> tuple[date, Sentence] | None:
    sentence = _sentence(visible, ReasonCode.NO_BENEFIT, ReasonCode.WORSE)
    if visible.no_benefit_since_on is None or sentence is None:
        return None
    return visible.no_benefit_since_on, sentence


def _sentence(visible: Outlook, *codes: ReasonCode) -> Sentence | None:
    return next((reason.text for reason in visible.reasons if reason.code in codes), None)
