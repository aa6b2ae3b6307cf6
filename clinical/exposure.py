"""Cumulative exposure to ketamine: facts with their numbers, and reasons to hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from clinical.formatting import count, on
from clinical.holds import HoldCode, HoldReason
from clinical.sentences import Sentence, both
from clinical.treatment_course import EarlierTreatment
from clinical.vitals import ExceededLimit, LimitName

SHRINKING_OVER: Final = 3
"""Consecutive maintenance intervals, each shorter than the one before, that count as shrinking. Source:
that shortening intervals call for review is the usual advice; three of them are a proposal."""

COUNTED_DAYS: Final = (30, 90, 365)
"""Periods up to a day over which infusions are counted, days: a month, a quarter, a year. Source: a
convention."""

URINARY_DAYS: Final = 28
"""Days for which a urinary symptom remains a reason to hold. Source: the label of esketamine asks to
monitor them; the days are a proposal."""


@dataclass(frozen=True, slots=True, order=True)
class Dose:
    """One infusion given: its day, the mg given and that day's weight in kg, None where not recorded.

    `route` is the route of administration.
    """

    day: date
    mg: float | None = None
    kg: float | None = None
    route: str | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """Days between two consecutive infusions."""

    first: date
    second: date

    @property
    def days(self) -> int:
        """Length of the interval."""
        return (self.second - self.first).days


@dataclass(frozen=True, slots=True)
class CourseExposure:
    """Infusions given in the current course; another clinic's are not among them.

    `first_on` is the first one's day, None before it.
    """

    first_on: date | None
    infusions: int
    mg_per_kg: float
    known_dose_count: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """Infusions given until `today`, that day included. No safe cumulative limit is known: nothing is judged.

    `mg_per_kg` adds up the `known_dose_count` infusions whose dose and weight are recorded, to a hundredth.
    Counts and `shortest` are of all courses; `course` is the current one alone. Intervals of maintenance are
    those of the current course after the last infusion of its induction, in order; two infusions of one day
    count once. `elsewhere` is what is known of another clinic's infusions, None without any.
    """

    today: date
    infusions: int
    in_30_days: int
    in_90_days: int
    in_365_days: int
    mg_per_kg: float
    known_dose_count: int
    shortest: Interval | None
    course: CourseExposure
    maintenance_intervals: tuple[Interval, ...]
    shrinking: bool
    elsewhere: EarlierTreatment | None = None

    @property
    def elsewhere_count(self) -> int:
        """How many infusions another clinic is known to have given; they are in no other number."""
        return 0 if self.elsewhere is None else self.elsewhere.infusion_count


@dataclass(frozen=True, slots=True)
class ExposureLimits:
    """Limits of a clinic for exposure; None where it set none, since none is assumed."""

    max_in_30_days: int | None = None
    max_in_90_days: int | None = None
    max_in_365_days: int | None = None
    shortest_interval_days: int | None = None


def exposure(
    doses: Sequence[Dose],
    induction_infusion_count: int,
    today: date,
    began_on: date | None = None,
    elsewhere: EarlierTreatment | None = None,
) -> Exposure:
    """Return the exposure until a day; later infusions are ignored.

    `began_on` is the day from which infusions belong to the current course, None where all do;
    `induction_infusion_count` is the number of its induction's infusions that were to be given here.
    """
    given = sorted((dose for dose in doses if dose.day <= today), key=lambda dose: dose.day)
    days = sorted({dose.day for dose in given})
    intervals = tuple(Interval(*pair) for pair in pairwise(days))
    of_course = [dose for dose in given if began_on is None or dose.day >= began_on]
    course_days = [day for day in days if began_on is None or day >= began_on]
    course_intervals = tuple(Interval(*pair) for pair in pairwise(course_days))
    maintenance = course_intervals[max(induction_infusion_count - 1, 0) :]
    month, season, year = (_within(given, today, days) for days in COUNTED_DAYS)
    return Exposure(
        today=today,
        infusions=len(given),
        in_30_days=month,
        in_90_days=season,
        in_365_days=year,
        mg_per_kg=_mg_per_kg(given),
        known_dose_count=len(_known(given)),
        shortest=min(intervals, key=lambda interval: interval.days, default=None),
        course=CourseExposure(
            first_on=of_course[0].day if of_course else None,
            infusions=len(of_course),
            mg_per_kg=_mg_per_kg(of_course),
            known_dose_count=len(_known(of_course)),
        ),
        maintenance_intervals=maintenance,
        shrinking=_shrinking(maintenance),
        elsewhere=elsewhere,
    )


def hold_reasons(
    found: Exposure,
    limits: ExposureLimits,
    urinary_days: Sequence[date],
    above_hold: Sequence[ExceededLimit],
) -> tuple[HoldReason, ...]:
    """Return the reasons to hold: infusions beyond the clinic's limits, and recent findings.

    `urinary_days` are the days on which a urinary symptom was reported, in a check-in or before an infusion.
    `above_hold` are the clinic's hold limits that the blood pressure before the last infusion exceeded.
    """
    return (*_too_often(found, limits), *_intervals(found, limits), *_seen(found, urinary_days, above_hold))


def _known(doses: Sequence[Dose]) -> list[Dose]:
    return [dose for dose in doses if dose.mg is not None and dose.kg]


def _mg_per_kg(doses: Sequence[Dose]) -> float:
    return round(sum((dose.mg or 0.0) / dose.kg for dose in doses if dose.kg), 2)


def _within(given: Sequence[Dose], today: date, days: int) -> int:
    return sum(dose.day > today - timedelta(days=days) for dose in given)


def _shrinking(intervals: Sequence[Interval]) -> bool:
    last = [interval.days for interval in intervals[-SHRINKING_OVER:]]
    return len(last) == SHRINKING_OVER and all(before > after for before, after in pairwise(last))


def _too_often(found: Exposure, limits: ExposureLimits) -> list[HoldReason]:
    reasons = []
    counted = (
        (found.in_30_days, limits.max_in_30_days),
        (found.in_90_days, limits.max_in_90_days),
        (found.in_365_days, limits.max_in_365_days),
    )
    for days, (here, most) in zip(COUNTED_DAYS, counted, strict=True):
        elsewhere = _certainly_elsewhere(found, days)
        given = here + elsewhere
        if most is not None and given > most:
            text = Sentence(
                "{given} infusions in {days} days, {elsewhere} of them in another clinic; the clinic's "
                "number is {most}."
                if elsewhere
                else "{given} infusions in {days} days; the clinic's number is {most}.",
                given=given,
                days=days,
                elsewhere=elsewhere,
                most=most,
            )
            numbers = {"infusions": given, "days": days, "most": most}
            reasons.append(HoldReason(HoldCode(f"infusions_in_{days}_days"), text, numbers))
    return reasons


def _certainly_elsewhere(found: Exposure, days: int) -> int:
    """Return how many of another clinic's infusions lie in the last `days` days for certain.

    Of these only the first and the last day may be known, and how many there were.
    """
    known, since = found.elsewhere, found.today - timedelta(days=days)
    if known is None:
        return 0
    if known.first_infusion_on is not None and known.first_infusion_on > since:
        return known.infusion_count
    return int(known.last_infusion_on is not None and known.last_infusion_on > since)


def _intervals(found: Exposure, limits: ExposureLimits) -> list[HoldReason]:
    reasons = []
    last = found.maintenance_intervals[-1:]
    shortest = limits.shortest_interval_days
    if last and shortest is not None and last[0].days < shortest:
        text = Sentence(
            "The last interval was {days}; the clinic's shortest is {shortest}.",
            days=count(last[0].days, "day"),
            shortest=shortest,
        )
        reasons.append(
            HoldReason(HoldCode.SHORT_INTERVAL, text, {"days": last[0].days, "shortest": shortest})
        )
    if found.shrinking:
        days = [interval.days for interval in found.maintenance_intervals[-SHRINKING_OVER:]]
        text = Sentence("The last intervals grew shorter: {numbers} days.", numbers=", ".join(map(str, days)))
        numbers = {f"interval_{at}": each for at, each in enumerate(days, 1)}
        reasons.append(HoldReason(HoldCode.INTERVAL_SHRINKING, text, numbers))
    return reasons


def _seen(found: Exposure, urinary_days: Sequence[date], above: Sequence[ExceededLimit]) -> list[HoldReason]:
    reasons = []
    first = found.today - timedelta(days=URINARY_DAYS)
    lately = sorted({day for day in urinary_days if first < day <= found.today})
    if lately:
        days = len(lately)
        last = on(lately[-1], found.today)
        text = Sentence(
            "Urinary symptoms on {days} of the last {of} days, last on {last}.",
            days=days,
            of=URINARY_DAYS,
            last=last,
        )
        reasons.append(HoldReason(HoldCode.URINARY_SYMPTOMS, text, {"days": days, "of": URINARY_DAYS}))
    if above:
        text = Sentence(
            "Before the last infusion the blood pressure was above the clinic's number: {pressures}.",
            pressures=both([_pressure(each) for each in above]),
        )
        numbers = {each.limit.removesuffix("_hold"): each.value for each in above}
        numbers |= {str(each.limit): each.set_at for each in above}
        reasons.append(HoldReason(HoldCode.BLOOD_PRESSURE_ABOVE_HOLD, text, numbers))
    return reasons


def _pressure(exceeded: ExceededLimit) -> Sentence:
    return Sentence(
        "systolic {value} mmHg, where {limit} is set"
        if exceeded.limit is LimitName.SYSTOLIC_HOLD
        else "diastolic {value} mmHg, where {limit} is set",
        value=exceeded.value,
        limit=exceeded.set_at,
    )
