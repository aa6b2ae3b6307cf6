"""One simulated patient of each kind: their history, and the day of the outlook."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from clinical.check_in import SCALE_MAX, Reading
from clinical.history import History
from clinical.protocol import Protocol
from clinical.target_measure import TargetMeasure
from tests.clinical.courses import course, running_day, without

DIARY: Final = Path(__file__).with_name("real_diary.csv")
FLAT_MOOD: Final = 5
DIP: Final = 3
"""Points of mood and of anxiety lost on a bad day."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of patient: what the picture shows, in two lines, and a function that returns its history."""

    name: str
    about: tuple[str, str]
    result: Callable[[], tuple[History, date]]


def non_responder() -> tuple[History, date]:
    """Infusions change nothing."""
    history = course(intervals=(21,), until=24, gain=0.0, seed=5)
    return history, running_day(history)


def long_responder() -> tuple[History, date]:
    """Half of the benefit lasts about seven weeks, under a protocol that waits up to twelve."""
    history = course(intervals=(50, 52, 54), until=25, half=48.0, seed=3)
    return replace(history, protocol=Protocol(max_interval_days=84)), running_day(history)


def three_week_wear_off() -> tuple[History, date]:
    """Half is gone after about three weeks, cycle after cycle; enjoyment is answered as well."""
    history = course(intervals=(24, 25, 23), until=16, half=20.0, seed=2)
    result = tuple(
        replace(reading, enjoyment=max(reading.mood - reading.day.toordinal() % 3, 0))
        for reading in history.readings
    )
    return replace(history, readings=result), running_day(history)


def intrusive_thoughts() -> tuple[History, date]:
    """The same course in intrusive thoughts, the target measure, while the mood is flat."""
    history, today = three_week_wear_off()
    readings = tuple(
        Reading(
            each.day,
            FLAT_MOOD + each.day.toordinal() % 2,
            anxiety=4.0,
            ratings={str(TargetMeasure.INTRUSIVE_THOUGHTS): int(SCALE_MAX - each.mood)},
        )
        for each in history.readings
    )
    return replace(history, readings=readings, target_measure=TargetMeasure.INTRUSIVE_THOUGHTS), today


def short_dips() -> tuple[History, date]:
    """The same patient, with two bad days a week after the last infusion."""
    history, today = three_week_wear_off()
    bad = {today - timedelta(days=9), today - timedelta(days=8)}
    return replace(
        history, readings=tuple(_dipped(r) if r.day in bad else r for r in history.readings)
    ), today


def went_silent() -> tuple[History, date]:
    """The same patient, who stopped answering sixteen days ago."""
    history, today = three_week_wear_off()
    silent = [today - timedelta(days=back) for back in range(16)]
    return without(history, *silent), today


LATE_DAYS: Final = range(2, 9)
"""Days before today that were filled in afterwards, on the last evening."""


def late_entries() -> tuple[History, date]:
    """The same patient, a week of whose answers came late: what is known once they are there."""
    return three_week_wear_off()


def before_they_came() -> tuple[History, date]:
    """The same patient as known before the late week came."""
    history, today = late_entries()
    return without(history, *(today - timedelta(days=back) for back in LATE_DAYS)), today


def real_diary() -> tuple[History, date]:
    """A real person's evening ratings over 238 days, without any infusion."""
    with DIARY.open(encoding="utf-8", newline="") as file:
        result = [(date.fromisoformat(line["date"]), line) for line in csv.DictReader(file)]
    readings = tuple(Reading(day, float(line["mood"]), float(line["anxiety"])) for day, line in result)
    return History(readings, (), Protocol()), readings[-1].day


def _dipped(reading: Reading) -> Reading:
    low = max(reading.mood - DIP, 0)
    return replace(
        reading,
        mood=low,
        enjoyment=None if reading.enjoyment is None else max(reading.enjoyment - DIP, 0),
        anxiety=None if reading.anxiety is None else min(reading.anxiety + DIP, 10),
    )


KINDS: Final = (
    Kind(
        "non-responder",
        (
            "Six infusions and two more, and the level stays where it was before the first.",
            "No benefit can be measured, so no wear-off can be dated: no line, no window.",
        ),
        non_responder,
    ),
    Kind(
        "long-responder",
        (
            "Half of the benefit lasts about seven weeks; three finished cycles have shown it.",
            "Twenty-five days after the last infusion nothing is due; the window is wide and far ahead.",
        ),
        long_responder,
    ),
    Kind(
        "three-week-wear-off",
        (
            "Each cycle loses half of its benefit in about three weeks; the next infusion brings it back.",
            "On day 16 of the running cycle the window is near, and narrower than in a first cycle.",
        ),
        three_week_wear_off,
    ),
    Kind(
        "short-dips",
        (
            "The same patient with two bad days about a week after the infusion.",
            "The days are listed as short dips and count for less: the window moves by days, not by weeks.",
        ),
        short_dips,
    ),
    Kind(
        "went-silent",
        (
            "The same patient, silent for sixteen days: hatched to the right, without a level.",
            "Without recent answers there is no forecast; the picture states why there is no window.",
        ),
        went_silent,
    ),
    Kind(
        "late-entries-before",
        (
            "The same patient, with a week not answered yet: the band widens over the missing days.",
            "This is what the clinic saw then, and what it sees again in a request as of that day.",
        ),
        before_they_came,
    ),
    Kind(
        "late-entries-after",
        (
            "The same day once the week was filled in: as if every answer had come in time.",
            "The earlier picture is not changed by it.",
        ),
        late_entries,
    ),
    Kind(
        "intrusive-thoughts",
        (
            "The three-week course in OCD: intrusive thoughts fall and return, while the mood is flat.",
            "Their target measure is that rating: the half-benefit line is a level of it, and 10 is worst.",
        ),
        intrusive_thoughts,
    ),
    Kind(
        "real-diary",
        (
            "A real person's evening ratings, 216 of 238 days, no ketamine; the last half year is drawn.",
            "Level stretches, gaps, no tidy waves; and without an infusion there is no forecast.",
        ),
        real_diary,
    ),
)
