"""When a patient whom the team snoozed or handled is on the worklist again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from clinical.attention import AttentionCode, AttentionFacts, AttentionLevel, attention
from clinical.booking import BookingCode, BookingFinding, BookingReview
from clinical.holds import HoldCode, HoldReason
from clinical.outlook.result import Status
from clinical.sentences import Sentence
from clinical.worklist_entry import (
    EntryState,
    Mark,
    ReturnReason,
    SeenAttention,
    SeenReason,
    return_reason,
    seen_attention,
)

TODAY = date(2026, 11, 27)
LEVELS = {
    AttentionCode.OPEN_ALERT: AttentionLevel.IMMEDIATE,
    AttentionCode.MOOD_DROP: AttentionLevel.WORSENING,
    AttentionCode.RELIABLE_WORSENING: AttentionLevel.WORSENING,
    AttentionCode.PAST_PLAN: AttentionLevel.OVERDUE,
    AttentionCode.BOOKING_CONFLICT: AttentionLevel.ORGANISE,
    AttentionCode.NOT_BOOKED: AttentionLevel.ORGANISE,
    AttentionCode.HOLD: AttentionLevel.ORGANISE,
    AttentionCode.INDUCTION_BEHIND: AttentionLevel.ORGANISE,
    AttentionCode.APPROACHING: AttentionLevel.SOON,
}


def day(number: int) -> date:
    """A day counted from the day of the mark."""
    return TODAY + timedelta(days=number)


def reason(code: str, since: int = -3, *details: str, level: AttentionLevel | None = None) -> SeenReason:
    found = AttentionCode(code)
    return SeenReason(found, level or LEVELS.get(found, AttentionLevel.DUE), day(since), details)


def seen(*reasons: SeenReason, on: int = 0, infusion: int = -25, booked: int | None = None) -> SeenAttention:
    return SeenAttention(day(on), reasons, day(infusion), None if booked is None else day(booked))


def handled(*reasons: SeenReason, booked: int | None = None, infusion: int = -25) -> Mark:
    return Mark(EntryState.HANDLED, seen(*reasons, booked=booked, infusion=infusion))


DUE, NOT_BOOKED = reason("due"), reason("not_booked", 0)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ([DUE], []),
        ([DUE, NOT_BOOKED], [DUE]),
        # These move from day to day while nothing happens.
        ([NOT_BOOKED], [reason("not_booked", 9)]),
        ([DUE], [reason("due", 4)]),
        ([DUE], [reason("approaching", 12)]),
        ([reason("wear_off_probable", 0)], [reason("wear_off_probable", 9)]),
        ([reason("mood_drop", -3)], [reason("mood_drop", -1)]),
        ([reason("silent", -12)], [reason("silent", -10)]),
        ([reason("no_benefit", -40)], [reason("no_benefit", -20)]),
        ([reason("induction_behind", -3)], [reason("induction_behind", 1)]),
        ([reason("past_plan", -3)], [reason("past_plan", -9)]),
        ([reason("hold", 0, "no_decision")], [reason("hold", 9, "no_decision")]),
        ([reason("booking_conflict", 4, "after_window")], [reason("booking_conflict", 4, "after_window")]),
        ([reason("reliable_worsening", -2)] * 2, [reason("reliable_worsening", -2)]),
    ],
)
def test_a_handled_patient_stays_away_while_the_reasons_are_the_same(before, now):
    assert return_reason(handled(*before), seen(*now, on=9)) is None


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ([DUE], [DUE, reason("review_due", 2)]),
        ([DUE], [DUE, NOT_BOOKED]),
        ([reason("silent", -12)], [reason("silent", 0)]),
        ([reason("silent", -12)], [reason("silent", 2)]),
        ([reason("mood_drop", -3)], [reason("mood_drop", 5)]),
        ([reason("reliable_worsening", -2)], [reason("reliable_worsening", 0)]),
        ([reason("reliable_worsening", -2)], [reason("reliable_worsening", -2)] * 2),
        ([reason("past_plan", -3)], [reason("past_plan", 6)]),
        ([reason("booking_conflict", 4, "after_window")], [reason("booking_conflict", 2, "after_window")]),
        ([reason("booking_conflict", 4, "after_window")], [reason("booking_conflict", 4, "not_confirmed")]),
        ([reason("hold", 0, "no_consent")], [reason("hold", 0, "no_consent", "urinary_symptoms")]),
    ],
)
def test_a_handled_patient_returns_with_another_reason(before, now):
    assert return_reason(handled(*before), seen(*now, on=9)) is ReturnReason.NEW_REASON


@pytest.mark.parametrize("code", ["due", "wear_off_probable", "not_booked", "induction_lapsed"])
def test_a_reason_of_the_next_cycle_is_another_one_on_whichever_day_it_begins(code):
    later = seen(reason(code, -3), on=30, infusion=2)
    assert return_reason(handled(reason(code, -3)), later) is ReturnReason.NEW_REASON


def test_a_booking_that_was_made_and_is_gone_returns_whose_booking_was_missing():
    mark = handled(DUE, NOT_BOOKED)
    assert return_reason(replace(mark, booking_since=True), seen(DUE, on=2, booked=5)) is None
    gone = return_reason(replace(mark, booking_since=True), seen(DUE, NOT_BOOKED, on=2))
    assert gone is ReturnReason.NEW_REASON


def test_another_booked_day_with_a_reason_to_hold_is_another_reason():
    mark = handled(reason("hold", 5, "no_consent"), booked=5)
    assert return_reason(mark, seen(reason("hold", 5, "no_consent"), on=2, booked=5)) is None
    moved = seen(reason("hold", 8, "no_consent"), on=2, booked=8)
    assert return_reason(mark, moved) is ReturnReason.NEW_REASON


@pytest.mark.parametrize("state", [EntryState.HANDLED, EntryState.SNOOZED])
def test_a_higher_level_returns_at_once(state):
    mark = Mark(state, seen(DUE), day(60))
    later = seen(reason("due", -3, level=AttentionLevel.OVERDUE), on=1)
    assert return_reason(mark, later) is ReturnReason.HIGHER_URGENCY


def test_one_reason_that_rises_below_another_returns_a_handled_patient():
    worse = reason("reliable_worsening", -2)
    risen = seen(worse, reason("due", -3, level=AttentionLevel.OVERDUE), on=3)
    assert return_reason(handled(worse, DUE), risen) is ReturnReason.NEW_REASON


def test_a_snoozed_patient_returns_on_the_day_whatever_else_is_new_at_the_same_level():
    mark = Mark(EntryState.SNOOZED, seen(DUE), day(10))
    new = [DUE, reason("silent", 5)]
    assert [return_reason(mark, seen(*new, on=on)) for on in (1, 9)] == [None, None]
    assert return_reason(mark, seen(on=10)) is ReturnReason.SNOOZE_ENDED
    assert return_reason(mark, seen(on=25)) is ReturnReason.SNOOZE_ENDED


@pytest.mark.parametrize("state", [EntryState.HANDLED, EntryState.SNOOZED])
def test_an_alert_always_shows_and_ends_the_mark_once_it_is_closed_too(state):
    mark = Mark(state, seen(DUE), day(60))
    assert return_reason(mark, seen(DUE, on=1)) is None
    assert return_reason(mark, seen(reason("open_alert"), DUE, on=1)) is ReturnReason.OPEN_ALERT
    assert return_reason(replace(mark, alert_since=True), seen(DUE, on=1)) is ReturnReason.OPEN_ALERT


def test_what_is_recorded_names_the_conflict_and_every_reason_to_hold():
    holds = (
        HoldReason(HoldCode.URINARY_SYMPTOMS, Sentence("Urinary symptoms."), {}),
        HoldReason(HoldCode.NO_CONSENT, Sentence("No consent."), {}),
    )
    conflict = BookingFinding(BookingCode.AFTER_WINDOW, day(9), Sentence("Booked for 6 December."))
    facts = AttentionFacts(
        TODAY,
        Status.NOT_DUE,
        booking_conflict=conflict,
        booked_on=day(9),
        holds=holds,
    )
    booking = BookingReview(day(9), findings=(conflict,))
    found = seen_attention(attention(facts), TODAY, booking, holds, day(-20))
    assert [(each.code, each.details) for each in found.reasons] == [
        (AttentionCode.BOOKING_CONFLICT, ("after_window",)),
        (AttentionCode.HOLD, ("no_consent", "urinary_symptoms")),
    ]
    assert (found.level, found.booked_on) == (AttentionLevel.ORGANISE, day(9))
