"""Induction, maintenance, what is next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from clinical.induction_pace import InductionPace, InductionProgress, induction_progress
from clinical.infusion import GivenInfusion
from clinical.sentences import Sentence
from clinical.treatment_course import EarlierTreatment

MIN_INTERVAL_DAYS: Final = 7
"""Shortest interval of maintenance, days. Source: weekly: Phillips 2019. Changed by: nobody."""
MAX_INTERVAL_DAYS: Final = 84
"""Longest interval of maintenance, days. Source: once in twelve weeks: Smith-Apeldoorn 2022. Changed by:
nobody."""

MAX_INDUCTION_INFUSIONS: Final = 12
"""Most infusions of an induction. Source: Ekstrand 2022. Changed by: nobody."""

MAX_INDUCTION_DAYS: Final = 84
"""Longest induction, days. Source: a proposal: the longest interval of maintenance."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """A patient's treatment plan: the clinic's settings with the patient's own overrides applied.

    Induction is `induction_infusion_count` within `induction_days`; maintenance follows every
    `min_interval_days` to `max_interval_days`. `resumes_on` is the first day after the pause, None for
    an open one; from `ended_on` the course is completed. `earlier` is what another clinic gave in this
    course, None where nothing was.

    The defaults are the treatment course that this software was asked to serve: six infusions in three weeks,
    then one every two to four weeks. They are what a new clinic's settings start from, shown to its admin
    when it is created, and a proposal: published maintenance runs from weekly (Phillips 2019) to once in
    twelve weeks (Smith-Apeldoorn 2022), and no trial compares the patterns.

    Source: the treatment course that this software was asked to serve; a proposal. Changed by: a
    clinician, `PUT /v1/patients/{id}/protocol`; an admin, `PATCH /v1/clinics/{id}/settings`.
    """

    induction_infusion_count: int = 6
    induction_days: int = 21
    min_interval_days: int = 14
    max_interval_days: int = 28
    paused_on: date | None = None
    resumes_on: date | None = None
    ended_on: date | None = None
    earlier: EarlierTreatment | None = None


class PhaseKind(StrEnum):
    """Where in the course a patient is."""

    NOT_STARTED = "not_started"
    INDUCTION = "induction"
    MAINTENANCE = "maintenance"
    PAUSED = "paused"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase; in induction with how many infusions were given, planned and expected by now, else None.

    `days_behind` are those since the plan expected the next infusion, 0 on pace. What is expected is None too
    for an induction that began in another clinic, whose days are not all known.
    """

    kind: PhaseKind
    infusions_given_count: int | None = None
    infusions_planned_count: int | None = None
    infusions_expected_count: int | None = None
    induction_pace: InductionPace | None = None
    days_behind: int | None = None


@dataclass(frozen=True, slots=True)
class ProtocolWindow:
    """The first and the last day on which the plan would give the next maintenance infusion."""

    earliest: date
    latest: date


@dataclass(frozen=True, slots=True)
class Violation:
    """An invalid field of a plan, and why."""

    field: str
    reason: Sentence


def phase(protocol: Protocol, infusions: Sequence[GivenInfusion], today: date) -> Phase:
    """Return the phase of the course on `today`; later infusions are ignored, those of one day count once.

    Infusions of the same course in another clinic count too.
    """
    if protocol.ended_on is not None and protocol.ended_on <= today:
        return Phase(PhaseKind.COMPLETED)
    if is_paused(protocol, today):
        return Phase(PhaseKind.PAUSED)
    given = _earlier_count(protocol) + len(infusion_days(infusions, today))
    if given == 0:
        return Phase(PhaseKind.NOT_STARTED)
    if given < protocol.induction_infusion_count:
        return _induction(protocol, infusions, given, today)
    return Phase(PhaseKind.MAINTENANCE)


def infusion_days(infusions: Sequence[GivenInfusion], today: date) -> tuple[date, ...]:
    """Return the distinct days up to `today` on which ketamine was given, in order."""
    return tuple(sorted({infusion.day for infusion in infusions if infusion.day <= today}))


def last_infusion(infusions: Sequence[GivenInfusion], today: date) -> date | None:
    """Return the day of the latest infusion up to `today`, or None."""
    return max((infusion.day for infusion in infusions if infusion.day <= today), default=None)


def treatment_days(protocol: Protocol, infusions: Sequence[GivenInfusion], today: date) -> tuple[date, ...]:
    """Return the days of `infusion_days`, after the last infusion in another clinic where it is known."""
    days = infusion_days(infusions, today)
    last = None if protocol.earlier is None else protocol.earlier.last_infusion_on
    if last is None or last > today or (days and last >= days[0]):
        return days
    return (last, *days)


def first_infusion(protocol: Protocol, infusions: Sequence[GivenInfusion], today: date) -> date | None:
    """Return the day of the course's first infusion up to `today`.

    None before it, and where it was given in another clinic on a day that is not known.
    """
    if _earlier_count(protocol) and protocol.earlier is not None:
        return protocol.earlier.first_infusion_on
    return min(infusion_days(infusions, today), default=None)


def cycle_starts(protocol: Protocol, infusions: Sequence[GivenInfusion], today: date) -> tuple[date, ...]:
    """Return the days that open a maintenance cycle: the last induction infusion and each later one.

    After an induction in another clinic that is its last infusion there, where its day is known.
    """
    days = treatment_days(protocol, infusions, today)
    known_elsewhere = len(days) - len(infusion_days(infusions, today))
    before = _earlier_count(protocol) - known_elsewhere
    return days[max(protocol.induction_infusion_count - max(before, 0), 1) - 1 :]


def protocol_window(
    protocol: Protocol, infusions: Sequence[GivenInfusion], today: date
) -> ProtocolWindow | None:
    """Return the plan's dates for the next maintenance infusion, or None outside maintenance."""
    last = max(treatment_days(protocol, infusions, today), default=None)
    if last is None or phase(protocol, infusions, today).kind is not PhaseKind.MAINTENANCE:
        return None
    return ProtocolWindow(
        days_after(last, protocol.min_interval_days), days_after(last, protocol.max_interval_days)
    )


def days_after(day: date, days: int) -> date:
    """`day` plus `days`, clamped to the ends of the calendar."""
    ordinal = min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(ordinal)


def violations(protocol: Protocol) -> tuple[Violation, ...]:
    """Return every invalid field of a plan with its reason; empty for a valid plan."""
    return (*_induction_violations(protocol), *_interval_violations(protocol), *_pause_violations(protocol))


def progress_of(
    protocol: Protocol, infusions: Sequence[GivenInfusion], today: date
) -> InductionProgress | None:
    """Return an induction's progress by its plan; None for one that began in another clinic."""
    if _earlier_count(protocol):
        return None
    days = infusion_days(infusions, today)
    return induction_progress(days, protocol.induction_infusion_count, protocol.induction_days, today)


def _induction(protocol: Protocol, infusions: Sequence[GivenInfusion], given: int, today: date) -> Phase:
    found = progress_of(protocol, infusions, today)
    plain = Phase(PhaseKind.INDUCTION, given, protocol.induction_infusion_count)
    if found is None:
        return plain
    return replace(
        plain,
        infusions_expected_count=found.expected_count,
        induction_pace=found.pace,
        days_behind=found.days_behind,
    )


def _earlier_count(protocol: Protocol) -> int:
    return 0 if protocol.earlier is None else protocol.earlier.infusion_count


def is_paused(protocol: Protocol, today: date) -> bool:
    """Return whether `today` lies in the plan's pause."""
    if protocol.paused_on is None or today < protocol.paused_on:
        return False
    return protocol.resumes_on is None or today < protocol.resumes_on


def _induction_violations(protocol: Protocol) -> tuple[Violation, ...]:
    found = []
    if not 1 <= protocol.induction_infusion_count <= MAX_INDUCTION_INFUSIONS:
        found.append(Violation("induction_infusion_count", _between(1, MAX_INDUCTION_INFUSIONS)))
    if not 1 <= protocol.induction_days <= MAX_INDUCTION_DAYS:
        found.append(Violation("induction_days", _between(1, MAX_INDUCTION_DAYS)))
    elif protocol.induction_days < protocol.induction_infusion_count:
        found.append(Violation("induction_days", Sentence("Must leave a day for each induction infusion.")))
    return tuple(found)


def _between(low: int, high: int) -> Sentence:
    return Sentence("Must be between {low} and {high}.", low=low, high=high)


def _interval_violations(protocol: Protocol) -> tuple[Violation, ...]:
    low, high = MIN_INTERVAL_DAYS, MAX_INTERVAL_DAYS
    bounds = Sentence("Must be between {low} and {high} days.", low=low, high=high)
    found = [
        Violation(field, bounds)
        for field, days in (
            ("min_interval_days", protocol.min_interval_days),
            ("max_interval_days", protocol.max_interval_days),
        )
        if not MIN_INTERVAL_DAYS <= days <= MAX_INTERVAL_DAYS
    ]
    if protocol.min_interval_days > protocol.max_interval_days:
        found.append(Violation("min_interval_days", Sentence("Must not be above max_interval_days.")))
    return tuple(found)


def _pause_violations(protocol: Protocol) -> tuple[Violation, ...]:
    if protocol.resumes_on is None:
        return ()
    if protocol.paused_on is None:
        return (Violation("resumes_on", Sentence("Needs the day on which the pause began.")),)
    if protocol.resumes_on <= protocol.paused_on:
        return (Violation("resumes_on", Sentence("Must be after paused_on.")),)
    return ()
