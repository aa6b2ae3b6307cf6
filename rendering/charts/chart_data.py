"""Data of the trend chart, before anything is drawn: panels, days and the due window."""

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
from clinical.outlook.result import HORIZON_DAYS
from clinical.protocol import days_after
from clinical.sentences import Sentence
from clinical.trend import Trend, TrendDay

WELLBEING: Final = "wellbeing"
"""The measure that most outlooks are computed from; others are by an optional rating. The half-benefit line
is a level of that measure alone."""

NAMES: Final = {
    WELLBEING: Sentence("Wellbeing"),
    "mood": Sentence("Mood"),
    "enjoyment": Sentence("Enjoyment"),
    "anxiety": Sentence("Anxiety"),
    "side_effect_burden": Sentence("Side effects"),
    **{rating.code: rating.label for rating in CATALOGUE},
}
ENDS: Final = {
    WELLBEING: Sentence("all answers as one; 10 is best"),
    "mood": Sentence("10 is best"),
    "enjoyment": Sentence("10 is best"),
    "anxiety": Sentence("10 is worst"),
    "side_effect_burden": Sentence("sum of each day; 0 is none"),
    **{
        rating.code: Sentence("10 is best")
        if rating.direction is Direction.HIGHER_IS_BETTER
        else Sentence("10 is worst")
        for rating in CATALOGUE
    },
}
OWN_COLOUR: Final = (WELLBEING, "mood", "enjoyment", "anxiety", "side_effect_burden")
"""The measures that can share a chart with others."""

DEFAULT_MEASURES: Final = ("mood", "enjoyment", "anxiety")
"""Drawn when the request names no measure."""

OPTIONAL_MEASURES: Final = ("enjoyment",)
"""Left out until first answered: a clinic need not ask for it."""

DEFAULT_DAYS: Final = 26 * 7
"""The period drawn by default: half a year, of which every day can be seen on a phone."""

MAX_DAYS: Final = 3 * 366
"""The longest period drawn, in days: beyond three years a day is less than a pixel wide."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Panel of one measure: its trend, on a scale from 0 to `highest`.

    `is_target` is whether it is an optional rating that the outlook is by, drawn above others.
    """

    measure: str
    trend: Trend
    highest: float = SCALE_MAX
    is_target: bool = False

    @property
    def name(self) -> Sentence:
        """The measure's name for a reader."""
        return NAMES[self.measure]

    @property
    def colour(self) -> str:
        """The measure whose colour and mark it has.

        An optional rating is drawn alone, with those of mood, or in place of wellbeing, with those of
        wellbeing.
        """
        if self.is_target:
            return WELLBEING
        return self.measure if self.measure in OWN_COLOUR else "mood"


@dataclass(frozen=True, slots=True)
class TrendChart:
    """One patient's course as of `today`: trends, infusions, events and, for staff, the outlook.

    `first` and `last` are the requested bounds of the days drawn, or None. `outlook` is None for a patient,
    who is never shown one. `events` are those that the reader may see.
    """

    today: date
    panels: tuple[Panel, ...]
    infusions: tuple[GivenInfusion, ...]
    outlook: Outlook | None = None
    first: date | None = None
    last: date | None = None
    events: tuple[DatedEvent, ...] = ()

    @property
    def forecast(self) -> Outlook | None:
        """The outlook if it gave a forecast and the days drawn reach today, on which it was given."""
        outlook = self.outlook
        if outlook is None or outlook.due_median_on is None:
            return None
        return None if self.last is not None and self.last < self.today else outlook


@dataclass(frozen=True, slots=True)
class DueWindow:
    """Due window as drawn; None is a day more than eight weeks after the infusion on `since`."""

    since: date
    first: date | None
    middle: date | None
    last: date | None
    recommended_on: date | None


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the time axis; `last_past` is the last of them that is not in the future.

    `truncated` is set when more days were requested than are drawn.
    """

    first: date
    last: date
    last_past: date
    truncated: bool

    @property
    def has_future(self) -> bool:
        """Whether future days are drawn."""
        return self.last_past < self.last


def panels(trends: Mapping[str, Trend]) -> tuple[Panel, ...]:
    """Return the panels of some trends: the only one, or those of the measures drawn by default."""
    if len(trends) == 1:
        return tuple(Panel(measure, trend, _highest(measure, trend)) for measure, trend in trends.items())
    return tuple(
        Panel(measure, trend)
        for measure, trend in trends.items()
        if measure in DEFAULT_MEASURES and (measure not in OPTIONAL_MEASURES or trend.days)
    )


def due_window(forecast: Outlook) -> DueWindow:
    """Return the due window of a forecast, without the days that lie beyond its horizon."""
    return DueWindow(
        forecast.last_infusion_on or forecast.today,
        None if forecast.due_lo80_beyond_horizon else forecast.due_lo80_on,
        None if forecast.due_median_beyond_horizon else forecast.due_median_on,
        None if forecast.due_hi80_beyond_horizon else forecast.due_hi80_on,
        forecast.recommended_on,
    )


def period(chart: TrendChart) -> Period:
    """Return the days drawn: from the first thing known to today, or to the end of the due window."""
    last_past = min(chart.last or chart.today, chart.today)
    known = [given.day for given in chart.infusions if given.day <= last_past]
    known += [panel.trend.days[0].day for panel in chart.panels if panel.trend.days]
    requested = min(max(min(known, default=last_past), chart.first or date.min), last_past)
    first = max(requested, days_after(last_past, 1 - max_days(chart.first)))
    last = max(last_past, min(chart.last or date.max, _end(chart)))
    return Period(first, last, last_past, first > requested)


def max_days(first: date | None) -> int:
    """Return the most past days drawn; `first` is the first day requested, or None."""
    return DEFAULT_DAYS if first is None else MAX_DAYS


def shown(days: Sequence[TrendDay], span: Period) -> tuple[TrendDay, ...]:
    """Return the days of a trend that lie within the period."""
    return tuple(day for day in days if span.first <= day.day <= span.last_past)


def has_unused_answers(chart: TrendChart, span: Period) -> bool:
    """Return whether wellbeing lacks a mark on an answered day: the forecast uses none around an infusion."""
    wellbeing, mood = _panel(chart, WELLBEING), _panel(chart, "mood")
    if wellbeing is None or mood is None:
        return False
    answered = {day.day for day in mood.trend.days if day.answered}
    return any(not day.answered and day.day in answered for day in shown(wellbeing.trend.days, span))


def unanswered(chart: TrendChart, panel: Panel, span: Period) -> tuple[tuple[date, date], ...]:
    """Return the first and last day of each run of days without an answer; today may yet be answered.

    Wellbeing leaves out the days around an infusion, which were answered all the same: mood has them.
    """
    source = panel if panel.measure != WELLBEING else _panel(chart, "mood") or panel
    answered = {day.day for day in source.trend.days if day.answered}
    runs: list[tuple[date, date]] = []
    for number in range((span.last_past - span.first).days + 1):
        day = span.first + timedelta(days=number)
        if day in answered or (day == span.last_past and number > 0):
            continue
        if runs and (day - runs[-1][1]).days == 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return tuple(runs)


def _highest(measure: str, trend: Trend) -> float:
    if measure != "side_effect_burden":
        return SCALE_MAX
    values = [*(day.hi80 for day in trend.days), *(day.rating or 0 for day in trend.days)]
    return 10 * ceil(max([1.0, *values]) / 10)


def _panel(chart: TrendChart, measure: str) -> Panel | None:
    return next((panel for panel in chart.panels if panel.measure == measure), None)


def _end(chart: TrendChart) -> date:
    if chart.forecast is None:
        return chart.today
    window = due_window(chart.forecast)
    end = window.last or days_after(window.since, HORIZON_DAYS)
    return max(chart.today, end, window.recommended_on or end)
