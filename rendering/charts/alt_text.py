"""Text of the trend chart: title, headline and description for screen readers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from clinical.formatting import count, on, with_year
from clinical.outlook import Outlook
from clinical.sentences import NOTHING, Sentence, both, listed, sentences
from clinical.target_measure import higher_is_worse, is_rating, name
from clinical.trend import TrendDay
from rendering.charts import event_marks
from rendering.charts.chart_data import WELLBEING, Panel, Period, TrendChart, due_window, shown

MAX_NAMED: Final = 12
"""Latest infusions that are named by their day; earlier ones are only counted."""

BEYOND: Final = Sentence("more than 8 weeks after the last infusion")


def title(chart: TrendChart, span: Period) -> Sentence:
    """Return which measures are shown, and from when to when."""
    names = [panel.name for panel in chart.panels]
    names = [names[0], *(name.uncapitalized() for name in names[1:])]
    measures = names[0] if len(names) == 1 else both([listed(names[:-1]), names[-1]])
    return listed([measures, _between(span.first, span.last_past)])


def headline(chart: TrendChart) -> Sentence:
    """Return the forecast in one line; empty for readers who are not shown it."""
    if chart.outlook is None:
        return NOTHING
    if chart.forecast is not None:
        return _forecast(chart.forecast)
    return sentences((Sentence("No forecast is drawn."), _why_no_forecast(chart)))


def description(chart: TrendChart, span: Period) -> Sentence:
    """Return the chart in words."""
    parts = [
        Sentence(
            "Answers are points, their level a line with its 80 % band; days without an answer are hatched."
        )
    ]
    if span.truncated:
        days = (span.last_past - span.first).days + 1
        parts.append(Sentence("Earlier days are not drawn: these are the last {number}.", number=days))
    parts += [_panel(panel, span) for panel in chart.panels]
    parts.append(_infusions(chart, span))
    if events := event_marks.in_words(chart, span):
        parts.append(events)
    if chart.forecast is not None:
        parts += [_forecast(chart.forecast), *_half_benefit_line(chart.forecast)]
    elif chart.outlook is not None:
        parts.append(Sentence("No half-benefit line and no due window are drawn."))
        parts.append(_why_no_forecast(chart))
    return sentences(parts)


def _half_benefit_line(forecast: Outlook) -> Iterator[Sentence]:
    line, measure = forecast.half_benefit_line, forecast.target_measure
    if line is None:
        return
    if not is_rating(measure):
        yield Sentence("Half of the benefit is gone below a wellbeing of {line:.1f}.", line=line)
        return
    yield Sentence(
        "Half of the benefit is gone with {measure} above {line:.1f}."
        if higher_is_worse(measure)
        else "Half of the benefit is gone with {measure} below {line:.1f}.",
        measure=name(measure),
        line=line,
    )


def _panel(panel: Panel, span: Period) -> Sentence:
    days = shown(panel.trend.days, span)
    if not days:
        return Sentence("{measure}: no answers.", measure=panel.name)
    answered = sum(day.answered for day in days)
    asked = count((span.last_past - span.first).days + 1, "day")
    counted = Sentence("{number} of {days}", number=answered, days=asked)
    if panel.measure == WELLBEING:
        # The days around an infusion were answered too: "of" would read as answers that are missing.
        counted = Sentence(
            "{days} used, none of an induction, of an infusion's day or the next", days=count(answered, "day")
        )
    levels = _level(days[0])
    if len(days) > 1:
        last = days[-1]
        levels = Sentence("{level}, {value:.1f} on {day}", level=levels, value=last.level, day=on(last.day))
    return Sentence("{measure}: {counted}; {levels}.", measure=panel.name, counted=counted, levels=levels)


def _level(day: TrendDay) -> Sentence:
    return Sentence("level {value:.1f} on {day}", value=day.level, day=on(day.day))


def _infusions(chart: TrendChart, span: Period) -> Sentence:
    days = sorted({given.day for given in chart.infusions if span.first <= given.day <= span.last_past})
    if not days:
        return Sentence("No infusions.")
    given, named = count(len(days), "infusion"), listed([on(day) for day in days[-MAX_NAMED:]])
    if len(days) > MAX_NAMED:
        return Sentence(
            "{infusions}, the last {number} on {days}.", infusions=given, number=MAX_NAMED, days=named
        )
    return Sentence("{infusions}, on {days}.", infusions=given, days=named)


def _forecast(forecast: Outlook) -> Sentence:
    window = due_window(forecast)
    if window.first is None:
        text = Sentence("Half of the benefit is probably gone only {beyond}", beyond=BEYOND)
    else:
        first, middle = on(window.first), NOTHING
        days = Sentence("from {first} to {beyond}", first=first, beyond=BEYOND)
        if window.last is not None:
            days = Sentence("between {first} and {last}", first=first, last=on(window.last))
        if window.middle is not None:
            middle = Sentence(", middle {day}", day=on(window.middle))
        text = Sentence(
            "Half of the benefit is probably gone {days} (8 chances in 10){middle}", days=days, middle=middle
        )
    if window.recommended_on is None:
        return Sentence("{text}.", text=text)
    return Sentence(
        "{text}; recommended day: {day} ({away}).",
        text=text,
        day=on(window.recommended_on),
        away=_away(window.recommended_on, forecast.today),
    )


def _away(day: date, today: date) -> Sentence:
    days = (day - today).days
    if days == 0:
        return Sentence("today")
    if days > 0:
        return Sentence("in {days}", days=count(days, "day"))
    return Sentence("{days} ago", days=count(-days, "day"))


def _why_no_forecast(chart: TrendChart) -> Sentence:
    outlook = chart.outlook
    if outlook is not None and outlook.due_median_on is not None:
        return Sentence("The days shown end before today.")
    if outlook is not None and outlook.reasons:
        return outlook.reasons[0].text
    return Sentence("There is no outlook yet.")


def _between(first: date, last: date) -> Sentence:
    if first == last:
        return with_year(last)
    low = on(first) if first.year == last.year else with_year(first)
    return Sentence("{low} to {high}", low=low, high=with_year(last))
