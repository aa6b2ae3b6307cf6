"""Booked infusions compared with the plan's window, the recommended day and a clinician's decision.

A booking is an infusion that is still `scheduled`, or the day that a decision on an outlook names, which was
booked elsewhere. Nothing is booked or moved here: what does not fit is named for somebody to look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from clinical.formatting import count, on
from clinical.protocol import Protocol, ProtocolWindow, is_paused
from clinical.sentences import NOTHING, Sentence

NOT_BOOKED_DAYS: Final = 7
"""Days before the planned day from which nothing booked is remarked on, and days from today within which a
booking that comes too late is not. Source: a proposal: a week."""

INDUCTION_MIN_DAYS: Final = 2
"""Fewest days from one infusion of an induction to the next that are not remarked on. Source: a proposal: two
or three infusions a week leave a day in between."""

LATE_DAYS: Final = 3
"""Days after the recommended day from which a booking is remarked on. Source: a proposal."""


class BookingCode(StrEnum):
    """Stable code of a finding about bookings, the most urgent first."""

    AFTER_END = "after_end"
    DURING_PAUSE = "during_pause"
    NOT_CONFIRMED = "not_confirmed"
    SAME_DAY = "same_day"
    BEFORE_WINDOW = "before_window"
    AFTER_WINDOW = "after_window"
    TOO_CLOSE = "too_close"
    DIFFERS_FROM_DECISION = "differs_from_decision"
    AFTER_RECOMMENDED_DAY = "after_recommended_day"
    NOT_BOOKED = "not_booked"


@dataclass(frozen=True, slots=True)
class DecidedBooking:
    """The day for which the next infusion was booked elsewhere, and the patient's day of that decision."""

    decided_on: date
    booked_on: date


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """What a patient's bookings are compared with, on `today`.

    `booked` are the days of infusions that are still scheduled, earlier ones included. `window` are the
    plan's dates for the next maintenance infusion and `recommended_on` the outlook's day for it, None where
    there are none or they are not shown. `decided` is the newest decision that names a day.
    """

    today: date
    booked: Sequence[date]
    protocol: Protocol
    window: ProtocolWindow | None = None
    recommended_on: date | None = None
    last_infusion_on: date | None = None
    decided: DecidedBooking | None = None


@dataclass(frozen=True, slots=True)
class BookingFinding:
    """One thing about the bookings to look at: the day it is about, and a sentence."""

    code: BookingCode
    day: date
    text: Sentence


@dataclass(frozen=True, slots=True)
class BookingReview:
    """The next booked day, whether only a decision names it, and what is to be looked at in order."""

    booked_on: date | None = None
    booked_elsewhere: bool = False
    findings: tuple[BookingFinding, ...] = ()

    @property
    def conflict(self) -> BookingFinding | None:
        """The first booking that does not fit, None where all do; nothing booked is no conflict."""
        return next((each for each in self.findings if each.code is not BookingCode.NOT_BOOKED), None)


def review_bookings(facts: BookingFacts) -> BookingReview:
    """Return the next booked day and the findings, the most urgent first."""
    upcoming = sorted(day for day in facts.booked if day >= facts.today)
    decided = _decided(facts)
    elsewhere = decided is not None and decided >= facts.today and not upcoming
    booked_on = decided if elsewhere else next(iter(upcoming), None)
    order = list(BookingCode)
    found = sorted(_findings(facts, upcoming, booked_on), key=lambda each: (order.index(each.code), each.day))
    return BookingReview(booked_on, elsewhere, tuple(found))


def not_booked_since(planned_on: date | None, booked_on: date | None, today: date) -> date | None:
    """Return the day since which nothing is booked although the planned day is near; None where it is not."""
    if planned_on is None or booked_on is not None:
        return None
    return min(planned_on, today) if (planned_on - today).days <= NOT_BOOKED_DAYS else None


def _decided(facts: BookingFacts) -> date | None:
    """Return the day that a decision names, unless an infusion was given on it or since the decision."""
    last, decided = facts.last_infusion_on, facts.decided
    if decided is None:
        return None
    over = last is not None and (last > decided.decided_on or last >= decided.booked_on)
    return None if over else decided.booked_on


def _findings(
    facts: BookingFacts, upcoming: Sequence[date], booked_on: date | None
) -> Iterator[BookingFinding]:
    yield from _not_confirmed(facts)
    yield from _outside_course(facts, booked_on)
    yield from _several(facts, upcoming)
    if booked_on is not None:
        yield from _next(facts, booked_on, bool(upcoming))
    elif not _resting(facts, facts.today) and facts.window is not None:
        planned = facts.recommended_on or facts.window.latest
        since = not_booked_since(planned, booked_on, facts.today)
        if since is not None:
            yield BookingFinding(BookingCode.NOT_BOOKED, since, _not_booked(facts, planned))


def _not_booked(facts: BookingFacts, planned: date) -> Sentence:
    day = on(planned, facts.today)
    if facts.recommended_on is None:
        return Sentence(
            "Nothing booked; the plan's latest day was {day}."
            if planned < facts.today
            else "Nothing booked; the plan's latest day is {day}.",
            day=day,
        )
    return Sentence(
        "Nothing booked; the recommended day was {day}."
        if planned < facts.today
        else "Nothing booked; the recommended day is {day}.",
        day=day,
    )


def _not_confirmed(facts: BookingFacts) -> Iterator[BookingFinding]:
    past = sorted({day for day in facts.booked if day < facts.today})
    for day in past:
        text = Sentence(
            "The infusion booked for {day} is not confirmed: given or not done?", day=on(day, facts.today)
        )
        yield BookingFinding(BookingCode.NOT_CONFIRMED, day, text)
    decided = _decided(facts)
    if decided is not None and decided < facts.today and decided not in past:
        text = Sentence(
            "Booked elsewhere for {day}, and no infusion recorded since.", day=on(decided, facts.today)
        )
        yield BookingFinding(BookingCode.NOT_CONFIRMED, decided, text)


def _outside_course(facts: BookingFacts, booked_on: date | None) -> Iterator[BookingFinding]:
    if booked_on is None:
        return
    day, ended = on(booked_on, facts.today), facts.protocol.ended_on
    if ended is not None and booked_on >= ended:
        text = Sentence(
            "Booked for {day}, but the course ended on {end}."
            if ended <= facts.today
            else "Booked for {day}, but the course ends on {end}.",
            day=day,
            end=on(ended, facts.today),
        )
        yield BookingFinding(BookingCode.AFTER_END, booked_on, text)
    elif is_paused(facts.protocol, booked_on):
        resumes = facts.protocol.resumes_on
        until = NOTHING if resumes is None else Sentence(" until {day}", day=on(resumes, facts.today))
        text = Sentence("Booked for {day}, but treatment is paused{until}.", day=day, until=until)
        yield BookingFinding(BookingCode.DURING_PAUSE, booked_on, text)


def _several(facts: BookingFacts, upcoming: Sequence[date]) -> Iterator[BookingFinding]:
    for before, after in pairwise(upcoming):
        if before == after:
            text = Sentence("Two infusions booked for {day}.", day=on(before, facts.today))
            yield BookingFinding(BookingCode.SAME_DAY, before, text)
        elif facts.window is not None and (after - before).days < facts.protocol.min_interval_days:
            text = Sentence(
                "Booked for {first} and {second}, {days} apart; the plan's shortest interval is {shortest}.",
                first=on(before, facts.today),
                second=on(after, facts.today),
                days=count((after - before).days, "day"),
                shortest=count(facts.protocol.min_interval_days, "day"),
            )
            yield BookingFinding(BookingCode.TOO_CLOSE, before, text)


def _next(facts: BookingFacts, booked_on: date, recorded: bool) -> Iterator[BookingFinding]:
    if _resting(facts, booked_on):
        return
    decided = _decided(facts)
    if decided == booked_on:
        # A clinician chose this day, and had to say why where it was not the recommended one.
        return
    if recorded and decided is not None and decided >= facts.today:
        text = Sentence(
            "Booked for {day}, but a decision names {decided}, booked elsewhere.",
            day=on(booked_on, facts.today),
            decided=on(decided, facts.today),
        )
        yield BookingFinding(BookingCode.DIFFERS_FROM_DECISION, booked_on, text)
    last = facts.last_infusion_on
    if facts.window is not None:
        yield from _against_window(facts, booked_on, facts.window)
    elif last is not None and 0 < (booked_on - last).days < INDUCTION_MIN_DAYS:
        text = Sentence(
            "Booked for {day}, {days} after the last infusion.",
            day=on(booked_on, facts.today),
            days=count((booked_on - last).days, "day"),
        )
        yield BookingFinding(BookingCode.TOO_CLOSE, booked_on, text)


def _against_window(facts: BookingFacts, booked_on: date, window: ProtocolWindow) -> Iterator[BookingFinding]:
    day = on(booked_on, facts.today)
    # An overdue patient cannot be treated in the past: a booking within the next days is not late.
    soon = facts.today + timedelta(days=NOT_BOOKED_DAYS)
    if booked_on < window.earliest:
        early = count((window.earliest - booked_on).days, "day")
        earliest = on(window.earliest, facts.today)
        text = Sentence(
            "Booked for {day}, {days} before the plan's earliest day, {earliest}.",
            day=day,
            days=early,
            earliest=earliest,
        )
        yield BookingFinding(BookingCode.BEFORE_WINDOW, booked_on, text)
    elif booked_on > window.latest:
        if booked_on > soon or facts.today <= window.latest:
            late = count((booked_on - window.latest).days, "day")
            latest = on(window.latest, facts.today)
            text = Sentence(
                "Booked for {day}, {days} after the plan's latest day, {latest}.",
                day=day,
                days=late,
                latest=latest,
            )
            yield BookingFinding(BookingCode.AFTER_WINDOW, booked_on, text)
    elif facts.recommended_on is not None:
        late_days = (booked_on - max(facts.recommended_on, facts.today)).days
        if late_days > LATE_DAYS:
            late = count((booked_on - facts.recommended_on).days, "day")
            recommended = on(facts.recommended_on, facts.today)
            text = Sentence(
                "Booked for {day}, {days} after the recommended day, {recommended}.",
                day=day,
                days=late,
                recommended=recommended,
            )
            yield BookingFinding(BookingCode.AFTER_RECOMMENDED_DAY, booked_on, text)


def _resting(facts: BookingFacts, day: date) -> bool:
    ended = facts.protocol.ended_on
    return (ended is not None and ended <= day) or is_paused(facts.protocol, day)
