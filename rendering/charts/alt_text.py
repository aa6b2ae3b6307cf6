"""What a picture says in words: its title, the line below it, and its description."""

from __future__ import annotations

from datetime import date
from typing import Final

from clinical.outlook import Outlook
from clinical.outlook.formatting import count, on
from rendering.charts import event_marks
from rendering.charts.chart_data import WELLBEING, Period, Picture, Strip, shown, window

MAX_NAMED: Final = 12
"""Infusions named by their day; earlier ones are only counted."""

BEYOND: Final = "more than 8 weeks after the last infusion"
WITHOUT: Final = "No half-benefit line and no due window are drawn"


def title(picture: Picture, span: Period) -> str:
    """What is shown and from when to when."""
    names = [strip.name for strip in picture.strips]
    names = [names[0], *(name.lower() for name in names[1:])]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{listed}, {_between(span.first, span.lived)}"


def headline(picture: Picture) -> str:
    """What the outlook says in one line; empty for those who are not shown it."""
    if picture.outlook is None:
        return ""
    if picture.forecast is not None:
        return _forecast(picture.forecast)
    return f"No forecast is drawn. {_why_not(picture)}"


def description(picture: Picture, span: Period) -> str:
    """The picture for those who do not see it."""
    said = ["Answers are points, their level a line with its 80 % band; days without an answer are hatched."]
    if span.cut:
        said.append(f"Earlier days are not drawn: these are the last {(span.lived - span.first).days + 1}.")
    said += [_strip(strip, span) for strip in picture.strips]
    said.append(_infusions(picture, span))
    if happened := event_marks.told(picture, span):
        said.append(happened)
    if picture.forecast is not None:
        line = picture.forecast.half_benefit_line
        level = "" if line is None else f" Half of the benefit is gone below a wellbeing of {line:.1f}."
        said.append(_forecast(picture.forecast) + level)
    elif picture.outlook is not None:
        said.append(f"{WITHOUT}. {_why_not(picture)}")
    return " ".join(said)


def _strip(strip: Strip, span: Period) -> str:
    days = shown(strip.trend.days, span)
    if not days:
        return f"{strip.name}: no answers."
    answered = sum(day.answered for day in days)
    counted = f"{answered} of {count((span.lived - span.first).days + 1, 'day')}"
    if strip.measure == WELLBEING:
        # The days around an infusion were answered too: "of" would read as answers that are missing.
        counted = f"{count(answered, 'day')} used, none of an induction, of an infusion's day or the next"
    levels = f"level {days[0].level:.1f} on {on(days[0].day)}"
    if len(days) > 1:
        levels += f", {days[-1].level:.1f} on {on(days[-1].day)}"
    return f"{strip.name}: {counted}; {levels}."


def _infusions(picture: Picture, span: Period) -> str:
    days = sorted({given.day for given in picture.infusions if span.first <= given.day <= span.lived})
    if not days:
        return "No infusions."
    named = ", ".join(on(day) for day in days[-MAX_NAMED:])
    if len(days) > MAX_NAMED:
        return f"{len(days)} infusions, the last {MAX_NAMED} on {named}."
    return f"{count(len(days), 'infusion')}, on {named}."


def _forecast(said: Outlook) -> str:
    seen = window(said)
    if seen.first is None:
        text = f"Half of the benefit is probably gone only {BEYOND}"
    else:
        middle = "" if seen.middle is None else f", middle {on(seen.middle)}"
        days = f"from {on(seen.first)} to {BEYOND}"
        if seen.last is not None:
            days = f"between {on(seen.first)} and {on(seen.last)}"
        text = f"Half of the benefit is probably gone {days} (8 chances in 10){middle}"
    if seen.recommended_on is None:
        return f"{text}."
    return f"{text}; day to consider: {on(seen.recommended_on)} ({_away(seen.recommended_on, said.today)})."


def _away(day: date, today: date) -> str:
    """How far a day lies from today, as in "in 3 days" and "5 days ago"."""
    days = (day - today).days
    if days == 0:
        return "today"
    return f"in {count(days, 'day')}" if days > 0 else f"{count(-days, 'day')} ago"


def _why_not(picture: Picture) -> str:
    said = picture.outlook
    if said is not None and said.due_median_on is not None:
        return "The days shown end before today."
    return said.reasons[0].text if said is not None and said.reasons else "There is no outlook yet."


def _between(first: date, last: date) -> str:
    if first == last:
        return f"{on(last)} {last.year}"
    return f"{on(first)}{'' if first.year == last.year else f' {first.year}'} to {on(last)} {last.year}"
