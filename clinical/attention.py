"""Attention: which patients a clinic's list shows first, and why.

One rule, in levels. A patient has the highest level that any finding gives; within a level the patient whose
leading finding has lasted longest comes first.

    1 immediate     a safety alert that nobody has acknowledged
    2 acknowledged  one that a clinician has acknowledged, and nobody has closed
    3 worsening     a sharp drop of mood within days; a questionnaire reliably worse than before treatment;
                    the course's target measure clearly worse than before treatment
    4 overdue       past the plan's latest day; overdue by the outlook; half of the benefit probably lost from
                    the plan's earliest day on
    5 due           the planned day has come; half of the benefit probably lost before the plan's earliest
                    day; no benefit; unusual silence; a lapsed induction; a review due; something booked
                    against the consultation's decision
    6 organise      a review that decided to stop or refer, while the course has no end; something booked that
                    does not fit; nothing booked when due soon; another reason to hold with a booking;
                    treatment against the consultation's decision; an induction behind its plan
    7 soon          the planned day is near
    8 none          nothing of this

Being past the plan, silence, a drop of mood and a lapsed induction need no forecast, so that they are found
in every outlook mode; what a forecast adds is found only where forecasts are shown. After the course is
completed only alerts and bookings that do not fit count, and during a pause alerts, worsening and bookings.
The planned day is the outlook's recommended day, or the plan's latest day where no forecast is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Final

from clinical.answering_habit import Silence
from clinical.booking import BookingFinding, not_booked_since
from clinical.formatting import count, in_a_hundred, on
from clinical.holds import HoldReason
from clinical.induction_pace import InductionPace, InductionProgress, pace_sentence
from clinical.mood_drop import MoodDrop
from clinical.outlook.result import Status
from clinical.outlook.status import P_PROBABLY_LOST
from clinical.reliable_worsening import Worsening
from clinical.sentences import NOTHING, Sentence, sentences


class AttentionLevel(IntEnum):
    """Level of attention, the lowest number first on the list."""

    IMMEDIATE = 1
    ACKNOWLEDGED = 2
    WORSENING = 3
    OVERDUE = 4
    DUE = 5
    ORGANISE = 6
    SOON = 7
    NONE = 8


class AttentionCode(StrEnum):
    """Stable code of a finding; its sentence may be reworded."""

    OPEN_ALERT = "open_alert"
    MOOD_DROP = "mood_drop"
    RELIABLE_WORSENING = "reliable_worsening"
    PAST_PLAN = "past_plan"
    WEAR_OFF_PROBABLE = "wear_off_probable"
    DUE = "due"
    NO_BENEFIT = "no_benefit"
    SILENT = "silent"
    INDUCTION_LAPSED = "induction_lapsed"
    REVIEW_DUE = "review_due"
    BOOKING_CONFLICT = "booking_conflict"
    NOT_BOOKED = "not_booked"
    HOLD = "hold"
    STOP_DECIDED = "stop_decided"
    INDUCTION_BEHIND = "induction_behind"
    APPROACHING = "approaching"


@dataclass(frozen=True, slots=True)
class AttentionFinding:
    """One reason for attention: its level, the day since which it holds, and a sentence."""

    code: AttentionCode
    level: AttentionLevel
    since: date
    text: Sentence


@dataclass(frozen=True, slots=True)
class Attention:
    """All findings of a patient, the leading one first; `since` and `level` are those of the leading one."""

    findings: tuple[AttentionFinding, ...]

    @property
    def level(self) -> AttentionLevel:
        """The highest level of any finding."""
        return self.findings[0].level if self.findings else AttentionLevel.NONE

    @property
    def since(self) -> date:
        """The day since which the leading finding holds; the end of the calendar without one."""
        return self.findings[0].since if self.findings else date.max


@dataclass(frozen=True, slots=True)
class AttentionFacts:
    """Everything that attention is computed from, on `today`; a default means that there is nothing.

    `status`, `planned_on` and `p_half_lost` are those of the outlook as the clinic is shown it: without a
    shown forecast `status` follows the plan and the other two are None. `alert_count` is how many alerts
    nobody has closed and `acknowledged_alert_count` how many of them somebody has acknowledged; `alert_since`
    is the day of the oldest. `booking_conflict`, `no_benefit`, `review_due` and `stop_decided` are findings
    of other rules, the last three as a day and a sentence. `disagreement` is the sentence that measures
    disagree, `by_rating` the name of the optional rating that the outlook is by, None where it is by
    wellbeing.
    """

    today: date
    status: Status
    alert_count: int = 0
    acknowledged_alert_count: int = 0
    alert_since: date | None = None
    mood_drop: MoodDrop | None = None
    worsenings: tuple[Worsening, ...] = ()
    plan_earliest_on: date | None = None
    plan_latest_on: date | None = None
    planned_on: date | None = None
    p_half_lost: float | None = None
    no_benefit: tuple[date, Sentence] | None = None
    disagreement: Sentence | None = None
    by_rating: Sentence | None = None
    silence: Silence | None = None
    induction: InductionProgress | None = None
    review_due: tuple[date, Sentence] | None = None
    stop_decided: tuple[date, Sentence] | None = None
    booking_conflict: BookingFinding | None = None
    booked_on: date | None = None
    holds: tuple[HoldReason, ...] = ()


_ORDER: Final = {code: place for place, code in enumerate(AttentionCode)}
_ENDED: Final = frozenset({Status.COMPLETED, Status.NOT_STARTED})
_INACTIVE: Final = _ENDED | {Status.PAUSED}


def attention(facts: AttentionFacts) -> Attention:
    """Return the findings of a patient in order: by level, then by how long each has held."""
    found = sorted(_findings(facts), key=lambda finding: (finding.level, finding.since, _ORDER[finding.code]))
    return Attention(tuple(found))


def _findings(facts: AttentionFacts) -> Iterator[AttentionFinding]:
    yield from _alerts(facts)
    if facts.status not in _ENDED:
        yield from _worsening(facts)
    if facts.status not in _INACTIVE:
        yield from _overdue(facts)
        yield from _due(facts)
        yield from _silence(facts)
        yield from _induction(facts)
    yield from _bookings(facts)


def _alerts(facts: AttentionFacts) -> Iterator[AttentionFinding]:
    if facts.alert_count:
        since, level = facts.alert_since or facts.today, AttentionLevel.IMMEDIATE
        text = Sentence("{alerts} open.", alerts=count(facts.alert_count, "safety alert"))
        if facts.acknowledged_alert_count == facts.alert_count:
            level = AttentionLevel.ACKNOWLEDGED
            alerts = count(facts.alert_count, "safety alert")
            text = Sentence("{alerts} acknowledged, not closed.", alerts=alerts)
        yield AttentionFinding(AttentionCode.OPEN_ALERT, level, since, text)


def _worsening(facts: AttentionFacts) -> Iterator[AttentionFinding]:
    drop = facts.mood_drop
    if drop is not None:
        text = Sentence(
            "Mood fell from {before:.1f} to {now:.1f} on the {number} days answered since {day}.",
            before=drop.earlier_mean,
            now=drop.mean,
            number=drop.answered_count,
            day=on(drop.since, facts.today),
        )
        yield AttentionFinding(AttentionCode.MOOD_DROP, AttentionLevel.WORSENING, drop.since, text)
    # The lack of a benefit names every total that is worse: one finding for both.
    if facts.no_benefit is not None and facts.status is Status.WORSE:
        code = AttentionCode.RELIABLE_WORSENING if facts.worsenings else AttentionCode.NO_BENEFIT
        yield AttentionFinding(code, AttentionLevel.WORSENING, *facts.no_benefit)
        return
    for each in facts.worsenings:
        text = Sentence(
            "{name} {total} on {day}, was {before} before treatment: reliably worse.",
            name=each.name,
            total=each.total,
            day=on(each.on, facts.today),
            before=each.before,
        )
        yield AttentionFinding(AttentionCode.RELIABLE_WORSENING, AttentionLevel.WORSENING, each.on, text)


def _overdue(facts: AttentionFacts) -> Iterator[AttentionFinding]:
    latest = facts.plan_latest_on
    if latest is not None and facts.today > latest:
        past = count((facts.today - latest).days, "day")
        day = on(latest, facts.today)
        text = Sentence("{days} past the plan's latest day, {day}.", days=past, day=day)
        yield AttentionFinding(AttentionCode.PAST_PLAN, AttentionLevel.OVERDUE, latest, text)
    probable = facts.p_half_lost is not None and facts.p_half_lost >= P_PROBABLY_LOST
    if probable and facts.p_half_lost is not None:
        come = facts.plan_earliest_on is None or facts.today >= facts.plan_earliest_on
        text = half_lost(facts)
        level = AttentionLevel.OVERDUE if come else AttentionLevel.DUE
        since = min(facts.planned_on or facts.today, facts.today)
        yield AttentionFinding(AttentionCode.WEAR_OFF_PROBABLE, level, since, text)


def half_lost(facts: AttentionFacts) -> Sentence:
    """Return the sentence that half of the benefit has probably or possibly gone, with its probability."""
    chance = facts.p_half_lost or 0.0
    by = NOTHING if facts.by_rating is None else Sentence(", by {rating}", rating=facts.by_rating)
    return Sentence(
        "Half of the benefit has probably gone{by} ({chance})."
        if chance >= P_PROBABLY_LOST
        else "Half of the benefit has possibly gone{by} ({chance}).",
        by=by,
        chance=in_a_hundred(chance),
    )


def _due(facts: AttentionFacts) -> Iterator[AttentionFinding]:
    day = facts.planned_on or facts.plan_latest_on or facts.today
    by_plan = facts.planned_on is None
    if facts.status in {Status.DUE, Status.OVERDUE}:
        text = Sentence("Due today.")
        if day < facts.today:
            text = Sentence(
                "The plan's latest day was {day}." if by_plan else "The recommended day was {day}.",
                day=on(day, facts.today),
            )
        level = AttentionLevel.OVERDUE if facts.status is Status.OVERDUE else AttentionLevel.DUE
        if day <= facts.today:
            yield AttentionFinding(AttentionCode.DUE, level, day, text)
    if facts.status is Status.APPROACHING:
        text = Sentence(
            "The plan's latest day is {day}." if by_plan else "The recommended day is {day}.",
            day=on(day, facts.today),
        )
        yield AttentionFinding(AttentionCode.APPROACHING, AttentionLevel.SOON, day, text)
    if facts.no_benefit is not None and facts.status is not Status.WORSE:
        yield AttentionFinding(AttentionCode.NO_BENEFIT, AttentionLevel.DUE, *facts.no_benefit)
    if facts.review_due is not None:
        yield AttentionFinding(AttentionCode.REVIEW_DUE, AttentionLevel.DUE, *facts.review_due)


def _silence(facts: AttentionFacts) -> Iterator[AttentionFinding]:
    found = facts.silence
    if found is None or not found.unusual:
        return
    yield AttentionFinding(AttentionCode.SILENT, AttentionLevel.DUE, found.since, _silent(found))


def _silent(found: Silence) -> Sentence:
    days, usual = count(found.days, "day"), found.usual_gap_days
    if not found.answered_before:
        return Sentence("No check-in in the {days} since treatment began.", days=days)
    if usual is None:
        return Sentence("No check-in for {days}.", days=days)
    if usual == 1:
        return Sentence("No check-in for {days}; usually every day.", days=days)
    return Sentence("No check-in for {days}; usually every {number} days.", days=days, number=usual)


def _induction(facts: AttentionFacts) -> Iterator[AttentionFinding]:
    found = facts.induction
    if found is None or found.pace is InductionPace.ON_PACE:
        return
    text = pace_sentence(found, facts.today)
    if found.pace is InductionPace.LAPSED:
        yield AttentionFinding(
            AttentionCode.INDUCTION_LAPSED, AttentionLevel.DUE, found.next_expected_on, text
        )
        return
    yield AttentionFinding(
        AttentionCode.INDUCTION_BEHIND, AttentionLevel.ORGANISE, found.next_expected_on, text
    )


def _bookings(facts: AttentionFacts) -> Iterator[AttentionFinding]:
    if facts.stop_decided is not None and facts.status not in _ENDED:
        yield AttentionFinding(AttentionCode.STOP_DECIDED, AttentionLevel.ORGANISE, *facts.stop_decided)
    if facts.booking_conflict is not None:
        day, text = facts.booking_conflict.day, facts.booking_conflict.text
        yield AttentionFinding(AttentionCode.BOOKING_CONFLICT, AttentionLevel.ORGANISE, day, text)
    yield from _holds(facts)
    since = not_booked_since(facts.planned_on or facts.plan_latest_on, facts.booked_on, facts.today)
    if since is not None and facts.status not in _INACTIVE:
        text = Sentence("Nothing booked.")
        yield AttentionFinding(AttentionCode.NOT_BOOKED, AttentionLevel.ORGANISE, since, text)


def _holds(facts: AttentionFacts) -> Iterator[AttentionFinding]:
    against = next((hold for hold in facts.holds if hold.against_treatment), None)
    if facts.holds and facts.booked_on is not None and facts.status is not Status.COMPLETED:
        # The conflict, which comes first, names the booked day already.
        day, hold = on(facts.booked_on, facts.today), sentences([each.text for each in facts.holds])
        text = Sentence("Booked for {day} with a reason to hold: {hold}", day=day, hold=hold)
        if facts.booking_conflict is not None:
            text = Sentence("Reason to hold: {hold}", hold=hold)
        # A booking does not make what held before it more recent.
        since, level = facts.booked_on, AttentionLevel.ORGANISE
        if against is not None and facts.status not in _INACTIVE:
            since, level = min(against.since_on or facts.today, facts.booked_on), AttentionLevel.DUE
        yield AttentionFinding(AttentionCode.HOLD, level, since, text)
    elif against is not None and facts.status not in _INACTIVE:
        since = against.since_on or facts.today
        yield AttentionFinding(AttentionCode.HOLD, AttentionLevel.ORGANISE, since, against.text)
