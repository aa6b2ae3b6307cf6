"""Text of the trend chart: title, headline and description for screen readers."""

from __future__ import annotations

from datetime import date
from typing import Final

from clinical.formatting import count, on
from clinical.outlook import Outlook
from clinical.target_measure import higher_is_worse, is_rating, name
from rendering.charts import event_marks
from rendering.charts.chart_data import WELLBEING, Panel, Period, TrendChart, due_window, shown

MAX_NAMED: Final = 12
"""Latest infusions that are named by their day; earlier ones are only counted."""

BEYOND: Final = "more than 8 weeks after the last infusion"
WITHOUT: Final = "No half-benefit line and no due window are drawn"


def title(chart: TrendChart, span: Period) -> str:
    """Return which measures are shown, and from when to when."""
    names = [panel.name for panel in chart.panels]
    names = [names[0], *(name.lower() for name in names[1:])]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{listed}, {_between(span.first, span.last_past)}"


def headline(chart: TrendChart) -> str:
    """Return the forecast in one line; empty for readers who are not shown it."""
    if chart.outlook is None:
        return ""
    if chart.forecast is not None:
        return _forecast(chart.forecast)
    return f"No forecast is drawn. {_why_no_forecast(chart)}"


def description(chart: TrendChart, span: Period) -> str:
    """Return the chart in words."""
    parts = ["Answers are points, their level a line with its 80 % band; days without an answer are hatched."]
    if span.truncated:
        days = (span.last_past - span.first).days + 1
        parts.append(f"Earlier days are not drawn: these are the last {days}.")
    parts += [_panel(panel, span) for panel in chart.panels]
    parts.append(_infusions(chart, span))
    if events := event_marks.in_words(chart, span):
        parts.append(events)
    if chart.forecast is not None:
        parts.append(_forecast(chart.forecast) + _half_benefit_line(chart.forecast))
    elif chart.outlook is not None:
        parts.append(f"{WITHOUT}. {_why_no_forecast(chart)}")
    return " ".join(parts)


def _half_benefit_line(forecast: Outlook) -> str:
    line, measure = forecast.half_benefit_line, forecast.target_measure
    if line is None:
        return ""
    if not is_rating(measure):
        return f" Half of the benefit is gone below a wellbeing of {line:.1f}."
    side = "above" if higher_is_worse(measure) else "below"
    return f" Half of the benefit is gone with {name(measure)} {side} {line:.1f}."


def _panel(panel: Panel, span: Period) -> str:
    days = shown(panel.trend.days, span)
    if not days:
        return f"{panel.name}: no answers."
    answered = sum(day.answered for day in days)
    counted = f"{answered} of {count((span.last_past - span.first).days + 1, 'day')}"
    if panel.measure == WELLBEING:
        # The days around an infusion were answered too: "of" would read as answers that are missing.
        counted = f"{count(answered, 'day')} used, none of an induction, of an infusion's day or the next"
    levels = f"level {days[0].level:.1f} on {on(days[0].day)}"
    if len(days) > 1:
        levels += f", {days[-1].level:.1f} on {on(days[-1].day)}"
    return f"{panel.name}: {counted}; {levels}."


def _infusions(chart: TrendChart, span: Period) -> str:
    days = sorted({given.day for given in chart.infusions if span.first <= given.day <= span.last_past})
    if not days:
        return "No infusions."
    named = ", ".join(on(day) for day in days[-MAX_NAMED:])
    if len(days) > MAX_NAMED:
        return f"{len(days)} infusions, the last {MAX_NAMED} on {named}."
    return f"{count(len(days), 'infusion')}, on {named}."


def _forecast(forecast: Outlook) -> str:
    window = due_window(forecast)
    if window.first is None:
        text = f"Half of the benefit is probably gone only {BEYOND}"
    else:
        middle = "" if window.middle is None else f", middle {on(window.middle)}"
        days = f"from {on(window.first)} to {BEYOND}"
        if window.last is not None:
            days = f"between {on(window.first)} and {on(window.last)}"
        text = f"Half of the benefit is probably gone {days} (8 chances in 10){middle}"
    if window.recommended_on is None:
        return f"{text}."
    away = _away(window.recommended_on, forecast.today)
    return f"{text}; day to consider: {on(window.recommended_on)} ({away})."


def _away(day: date, today: date) -> str:
    days = (day - today).days
    if days == 0:
        return "today"
    return f"in {count(days, 'day')}" if days > 0 else f"{count(-days, 'day')} ago"


def _why_no_forecast(chart: TrendChart) -> str:
    outlook = chart.outlook
    if outlook is not None and outlook.due_median_on is not None:
        return "The days shown end before today."
    return outlook.reasons[0].text if outlook is not None and outlook.reasons else "There is no outlook yet."


def _between(first: date, last: date) -> str:
    if first == last:
        return f"{on(last)} {last.year}"
    return f"{on(first)}{'' if first.year == last.year else f' {first.year}'} to {on(last)} {last.year}"
