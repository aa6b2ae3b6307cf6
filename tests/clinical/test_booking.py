"""Bookings against the plan, the recommended day and a decision: what is found, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from clinical.booking import (
    BookingCode,
    BookingFacts,
    DecidedBooking,
    review_bookings,
)
from clinical.protocol import Protocol, ProtocolWindow

TODAY = date(2026, 11, 27)
LAST = date(2026, 11, 12)
WINDOW = ProtocolWindow(date(2026, 11, 26), date(2026, 12, 10))


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def facts(*booked: int, **given) -> BookingFacts:
    usual = {"protocol": Protocol(), "window": WINDOW, "last_infusion_on": LAST}
    return BookingFacts(TODAY, tuple(map(day, booked)), **{**usual, **given})


def found(facts: BookingFacts) -> list[tuple[str, str]]:
    return [(str(each.code), each.text) for each in review_bookings(facts).findings]


def codes(facts: BookingFacts) -> list[str]:
    return [code for code, _ in found(facts)]


def test_a_booking_within_the_window_is_no_finding():
    review = review_bookings(facts(5, 30))
    assert (review.booked_on, review.booked_elsewhere, review.findings) == (day(5), False, ())
    assert review.conflict is None


def test_a_booking_outside_the_window_names_the_days():
    early = replace(facts(2), window=ProtocolWindow(day(6), day(20)))
    assert found(early) == [
        ("before_window", "Booked for 29 November, 4 days before the plan's earliest day, 3 December.")
    ]
    assert found(facts(20)) == [
        ("after_window", "Booked for 17 December, 7 days after the plan's latest day, 10 December.")
    ]
    on_its_ends = [replace(facts(2), window=ProtocolWindow(day(2), day(9))), facts(13)]
    assert [codes(each) for each in on_its_ends] == [[], []]


def test_an_overdue_patient_booked_within_a_week_is_not_booked_late():
    overdue = replace(facts(7), window=ProtocolWindow(day(-20), day(-6)))
    assert codes(overdue) == []
    later = replace(overdue, booked=(day(8),))
    assert found(later) == [
        ("after_window", "Booked for 5 December, 14 days after the plan's latest day, 21 November.")
    ]


def test_a_booking_long_after_the_recommended_day_is_found_and_one_near_it_is_not():
    assert codes(facts(6, recommended_on=day(3))) == []
    assert found(facts(7, recommended_on=day(3))) == [
        ("after_recommended_day", "Booked for 4 December, 4 days after the recommended day, 30 November.")
    ]
    # The recommended day is over: nobody can be treated on it any more.
    assert codes(facts(3, recommended_on=day(-9))) == []


def test_a_day_that_a_clinician_decided_on_is_not_remarked_on_again():
    decided = DecidedBooking(TODAY, day(11))
    assert codes(facts(11, recommended_on=day(1), decided=decided)) == []
    review = review_bookings(facts(recommended_on=day(1), decided=decided))
    assert (review.booked_on, review.booked_elsewhere, review.findings) == (day(11), True, ())


def test_a_booking_on_another_day_than_the_decision_names_is_found():
    decided = DecidedBooking(day(-2), day(3))
    assert found(facts(5, decided=decided)) == [
        (
            "differs_from_decision",
            "Booked for 2 December, but a decision names 30 November, booked elsewhere.",
        )
    ]


@pytest.mark.parametrize("decided", [DecidedBooking(day(-20), day(3)), DecidedBooking(LAST, LAST)])
def test_a_decision_is_over_with_the_next_infusion(decided):
    review = review_bookings(facts(decided=decided))
    assert review.booked_on is None
    assert [each.code for each in review.findings] == []


def test_a_booking_of_the_past_that_nobody_confirmed_is_asked_about():
    assert found(facts(-1, 5)) == [
        ("not_confirmed", "The infusion booked for 26 November is not confirmed: given or not done?")
    ]
    elsewhere = facts(5, decided=DecidedBooking(day(-5), day(-1)))
    assert found(elsewhere) == [
        ("not_confirmed", "Booked elsewhere for 26 November, and no infusion recorded since.")
    ]
    # What is booked for today may still be given.
    assert codes(facts(0)) == []


def test_two_bookings_on_one_day_or_too_close_are_found():
    assert found(facts(5, 5)) == [("same_day", "Two infusions booked for 2 December.")]
    assert found(facts(5, 8)) == [
        (
            "too_close",
            "Booked for 2 December and 5 December, 3 days apart; the plan's shortest interval is 14 days.",
        )
    ]
    # A series of an induction is booked as a series.
    assert codes(facts(1, 4, 8, window=None)) == []


@pytest.mark.parametrize(
    ("protocol", "code", "text"),
    [
        (
            Protocol(ended_on=day(-3)),
            "after_end",
            "Booked for 2 December, but the course ended on 24 November.",
        ),
        (
            Protocol(ended_on=day(3)),
            "after_end",
            "Booked for 2 December, but the course ends on 30 November.",
        ),
        (
            Protocol(paused_on=day(-3)),
            "during_pause",
            "Booked for 2 December, but treatment is paused.",
        ),
        (
            Protocol(paused_on=day(-3), resumes_on=day(40)),
            "during_pause",
            "Booked for 2 December, but treatment is paused until 6 January 2027.",
        ),
    ],
)
def test_a_booking_in_a_pause_or_after_the_end_is_found(protocol, code, text):
    assert found(facts(5, protocol=protocol, window=None)) == [(code, text)]


def test_a_booking_after_the_pause_is_none():
    assert codes(facts(5, protocol=Protocol(paused_on=day(-3), resumes_on=day(5)), window=None)) == []


def test_due_and_not_booked_is_found_from_a_week_before_the_planned_day():
    assert codes(facts()) == []
    assert found(facts(recommended_on=day(7))) == [
        ("not_booked", "Nothing booked; the recommended day is 4 December.")
    ]
    overdue = facts(window=ProtocolWindow(day(-20), day(-6)))
    (finding,) = review_bookings(overdue).findings
    assert (finding.text, finding.day) == ("Nothing booked; the plan's latest day was 21 November.", day(-6))
    assert review_bookings(overdue).conflict is None
    assert codes(replace(overdue, protocol=Protocol(paused_on=day(-1)))) == []


def test_the_most_urgent_finding_comes_first():
    review = review_bookings(facts(-1, 5, 5, protocol=Protocol(ended_on=day(-3)), window=None))
    assert [each.code for each in review.findings] == [
        BookingCode.AFTER_END,
        BookingCode.NOT_CONFIRMED,
        BookingCode.SAME_DAY,
    ]
    assert review.conflict == review.findings[0]


@pytest.mark.parametrize(("ahead", "expected"), [(1, ["too_close"]), (2, [])])
def test_two_infusions_of_an_induction_on_consecutive_days_are_found(ahead, expected):
    induction = BookingFacts(TODAY, [day(ahead)], Protocol(), last_infusion_on=TODAY)
    assert codes(induction) == expected
