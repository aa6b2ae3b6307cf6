"""What a picture shows: values in, nothing drawn yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

from clinical.check_in import SCALE_MAX
from clinical.daily_ratings import CATALOGUE
from clinical.direction import Direction
from clinical.events import DatedEvent
from clinical.infusion import GivenInfusion
from clinical.outlook import Outlook
from clinical.outlook.rounding import HORIZON_DAYS
from clinical.protocol import days_after
from clinical.trend import Trend, TrendDay

WELLBEING: Final = "wellbeing"
"""The measure that the outlook is made of; the half-benefit line is a level of it and of no other."""

NAMES: Final = {
    WELLBEING: "Wellbeing",
    "mood": "Mood",
    "enjoyment": "Enjoyment",
    "anxiety": "Anxiety",
    "side_effect_burden": "Side effects",
    **{rating.code: rating.label for rating in CATALOGUE},
}
ENDS: Final = {
    WELLBEING: "all answers as one; 10 is best",
    "mood": "10 is best",
    "enjoyment": "10 is best",
    "anxiety": "10 is worst",
    "side_effect_burden": "sum of each day; 0 is none",
    **{
        rating.code: "10 is best" if rating.direction is Direction.HIGHER_IS_BETTER else "10 is worst"
        for rating in CATALOGUE
    },
}
OWN_LOOK: Final = (WELLBEING, "mood", "enjoyment", "anxiety", "side_effect_burden")
"""The measures that can stand on one picture with others."""

USUAL: Final = ("mood", "enjoyment", "anxiety")
"""Drawn when no measure was asked for."""

OFTEN_UNASKED: Final = ("enjoyment",)
"""Left out while never answered: a clinic need not ask for it."""

USUAL_DAYS: Final = 26 * 7
"""The period drawn when nobody asked for another: half a year, of which every day can be told on a phone."""

MAX_DAYS: Final = 3 * 366
"""The longest period drawn, in days: beyond three years a day is less than a pixel wide."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One measure's panel: its trend over the days drawn, from 0 to `highest`."""

    measure: str
    trend: Trend
    highest: float = SCALE_MAX

    @property
    def name(self) -> str:
        """What a reader calls it."""
        return NAMES[self.measure]

    @property
    def look(self) -> str:
        """Whose colour and mark it has: an extra rating is drawn alone, and borrows those of mood."""
        return self.measure if self.measure in OWN_LOOK else "mood"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn of one patient on `today`: trends, infusions and, for those who may see it, the outlook.

    `first` and `last` bound the days drawn, None where nobody asked. `outlook` is None for a patient, who
    is never shown one. `events` are those the reader may see.
    """

    today: date
    strips: tuple[Strip, ...]
    infusions: tuple[GivenInfusion, ...]
    outlook: Outlook | None = None
    first: date | None = None
    last: date | None = None
    events: tuple[DatedEvent, ...] = ()

    @property
    def forecast(self) -> Outlook | None:
        """The outlook if it gave a forecast and the days drawn reach today, on which it was given."""
        said = self.outlook
        if said is None or said.due_median_on is None or (self.last is not None and self.last < self.today):
            return None
        return said


@dataclass(frozen=True, slots=True)
class Window:
    """The days of the due window as drawn; an end of None lies more than eight weeks after the infusion."""

    since: date
    first: date | None
    middle: date | None
    last: date | None
    recommended_on: date | None


@dataclass(frozen=True, slots=True)
class Period:
    """The days of the time axis, `cut` when more were asked for than are drawn, and the last lived day."""

    first: date
    last: date
    lived: date
    cut: bool

    @property
    def ahead(self) -> bool:
        """Whether days to come are drawn."""
        return self.lived < self.last


def strips(trends: Mapping[str, Trend]) -> tuple[Strip, ...]:
    """The panels of some measures' trends: the one that was asked for, or of many those usually drawn."""
    if len(trends) == 1:
        return tuple(Strip(measure, trend, _highest(measure, trend)) for measure, trend in trends.items())
    return tuple(
        Strip(measure, trend)
        for measure, trend in trends.items()
        if measure in USUAL and (measure not in OFTEN_UNASKED or trend.days)
    )


def window(said: Outlook) -> Window:
    """The window of a forecast, its far days left open as the outlook says they are to be shown."""
    return Window(
        said.last_infusion_on or said.today,
        None if said.due_lo80_beyond_horizon else said.due_lo80_on,
        None if said.due_median_beyond_horizon else said.due_median_on,
        None if said.due_hi80_beyond_horizon else said.due_hi80_on,
        said.recommended_on,
    )


def period(picture: Picture) -> Period:
    """The days drawn: from the first thing known to today, and on to the end of the due window."""
    lived = min(picture.last or picture.today, picture.today)
    known = [given.day for given in picture.infusions if given.day <= lived]
    known += [strip.trend.days[0].day for strip in picture.strips if strip.trend.days]
    first = min(max(min(known, default=lived), picture.first or date.min), lived)
    last = max(lived, min(picture.last or date.max, _end(picture)))
    begin = max(first, days_after(lived, 1 - most_days(picture.first)))
    return Period(begin, last, lived, begin > first)


def most_days(first: date | None) -> int:
    """The most days drawn of the past; `first` is the first one asked for, None where nobody asked."""
    return USUAL_DAYS if first is None else MAX_DAYS


def shown(days: Sequence[TrendDay], span: Period) -> tuple[TrendDay, ...]:
    """The days of a trend that lie within the period."""
    return tuple(day for day in days if span.first <= day.day <= span.lived)


def left_out(picture: Picture, span: Period) -> bool:
    """Whether a day was answered and has no mark in wellbeing: the forecast reads none around an infusion."""
    strip, mood = _of(picture, WELLBEING), _of(picture, "mood")
    if strip is None or mood is None:
        return False
    answered = {day.day for day in mood.trend.days if day.answered}
    return any(not day.answered and day.day in answered for day in shown(strip.trend.days, span))


def unanswered(picture: Picture, strip: Strip, span: Period) -> tuple[tuple[date, date], ...]:
    """The runs of lived days without an answer, first and last of each; today may yet be answered.

    Wellbeing leaves out the days around an infusion, which were answered all the same: mood tells.
    """
    told = strip if strip.measure != WELLBEING else _of(picture, "mood") or strip
    answered = {day.day for day in told.trend.days if day.answered}
    runs: list[tuple[date, date]] = []
    for number in range((span.lived - span.first).days + 1):
        day = span.first + timedelta(days=number)
        if day in answered or (day == span.lived and number > 0):
            continue
        if runs and (day - runs[-1][1]).days == 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return tuple(runs)


def _highest(measure: str, trend: Trend) -> float:
    if measure != "side_effect_burden":
        return SCALE_MAX
    return 10 * ceil(
        max([1.0, *(day.hi80 for day in trend.days), *(day.rating or 0 for day in trend.days)]) / 10
    )


def _of(picture: Picture, measure: str) -> Strip | None:
    return next((strip for strip in picture.strips if strip.measure == measure), None)


def _end(picture: Picture) -> date:
    said = picture.forecast
    if said is None:
        return picture.today
    seen = window(said)
    far = days_after(seen.since, HORIZON_DAYS)
    ends = [day for day in (seen.last or far, seen.recommended_on) if day is not None]
    return max(picture.today, *ends)
