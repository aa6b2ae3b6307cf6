"""The same figures as a table, week by week, for those who hear the picture or copy from it."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree as ET

from clinical.outlook.formatting import on
from rendering.charts.chart_data import Period, Picture, Strip
from rendering.charts.scales import LEFT, Frame
from rendering.charts.svg import Pen


def table(pen: Pen, where: ET.Element, frame: Frame, picture: Picture) -> None:
    """Put the table into the picture, behind the drawing and without a trace on the paper."""
    grid = pen.draw(where, "g", role="table", aria_label="Weekly means", opacity="0", font_size="4")
    step = (frame.bottom - frame.top) / (1 + len(_weeks(frame.span)))
    for row, (role, cells) in enumerate(_rows(picture, frame.span)):
        line = pen.draw(grid, "g", role="row")
        wide = (frame.right - LEFT) / len(cells)
        for column, text in enumerate(cells):
            place = {"x": LEFT + column * wide, "y": frame.top + (row + 1) * step}
            cell = pen.draw(line, "text", fill="text", **place)
            cell.set("role", "rowheader" if row and not column else role)
            cell.text = text


def _rows(picture: Picture, span: Period) -> list[tuple[str, list[str]]]:
    names = [f"{strip.name}, mean" for strip in picture.strips]
    rows = [("columnheader", ["Week", *names, "Infusions"])]
    ratings = [_ratings(strip) for strip in picture.strips]
    for first, last in _weeks(span):
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        given = sorted({given.day for given in picture.infusions if first <= given.day <= last})
        means = [_mean(by_day, days) for by_day in ratings]
        rows.append(("cell", [_named(first, last), *means, ", ".join(map(on, given)) or "none"]))
    return rows


def _ratings(strip: Strip) -> dict[date, float]:
    return {day.day: day.rating for day in strip.trend.days if day.rating is not None}


def _weeks(span: Period) -> list[tuple[date, date]]:
    """The weeks of the lived days, Monday to Sunday, the first and last cut by the period."""
    bounds = [
        number
        for number in range(span.first.toordinal(), span.lived.toordinal() + 1)
        # An ordinal of 1 is a Monday.
        if number % 7 == 1 or number == span.first.toordinal()
    ]
    ends = [*(number - 1 for number in bounds[1:]), span.lived.toordinal()]
    return [
        (date.fromordinal(first), date.fromordinal(last)) for first, last in zip(bounds, ends, strict=True)
    ]


def _mean(ratings: dict[date, float], days: list[date]) -> str:
    values = [ratings[day] for day in days if day in ratings]
    if not values:
        return f"no answer in {len(days)} days"
    return f"{sum(values) / len(values):.1f}, {len(values)} of {len(days)} days"


def _named(first: date, last: date) -> str:
    return f"{on(first)} {first.year}" if first == last else f"{on(first)} to {on(last)} {last.year}"
