"""Weekly means as a table, for screen readers and for copying."""

from __future__ import annotations

from datetime import date, timedelta

from clinical.formatting import count, on, with_year
from clinical.sentences import Sentence, listed
from rendering.charts.canvas import Canvas
from rendering.charts.chart_data import Panel, Period, TrendChart
from rendering.charts.scales import LEFT, Frame


def table(canvas: Canvas, frame: Frame, chart: TrendChart) -> None:
    """Add the table over the drawing, in fully transparent text."""
    grid = canvas.draw(
        "g",
        canvas.root,
        role="table",
        aria_label=canvas.words(Sentence("Weekly means")),
        opacity="0",
        font_size="4",
    )
    row_height = (frame.bottom - frame.top) / (1 + len(_weeks(frame.span)))
    for number, (role, cells) in enumerate(_rows(chart, frame.span)):
        row = canvas.draw("g", grid, role="row")
        cell_width = (frame.right - LEFT) / len(cells)
        for column, text in enumerate(cells):
            place = {"x": LEFT + column * cell_width, "y": frame.top + (number + 1) * row_height}
            cell = canvas.draw("text", row, fill="text", **place)
            cell.set("role", "rowheader" if number and not column else role)
            cell.text = canvas.words(text)


def _rows(chart: TrendChart, span: Period) -> list[tuple[str, list[Sentence]]]:
    names = [Sentence("{panel}, mean", panel=panel.name) for panel in chart.panels]
    heads = [Sentence("Week"), *names, Sentence("Infusions")]
    rows: list[tuple[str, list[Sentence]]] = [("columnheader", heads)]
    ratings = [_ratings(panel) for panel in chart.panels]
    for first, last in _weeks(span):
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        given = sorted({given.day for given in chart.infusions if first <= given.day <= last})
        means = [_mean(by_day, days) for by_day in ratings]
        named = listed([on(day) for day in given]) if given else Sentence("none")
        rows.append(("cell", [_week_name(first, last), *means, named]))
    return rows


def _ratings(panel: Panel) -> dict[date, float]:
    return {day.day: day.rating for day in panel.trend.days if day.rating is not None}


def _weeks(span: Period) -> list[tuple[date, date]]:
    """Return the weeks of the past days, Monday to Sunday, the first and last cut by the period."""
    starts = [
        number
        for number in range(span.first.toordinal(), span.last_past.toordinal() + 1)
        # An ordinal of 1 is a Monday.
        if number % 7 == 1 or number == span.first.toordinal()
    ]
    ends = [*(number - 1 for number in starts[1:]), span.last_past.toordinal()]
    return [
        (date.fromordinal(first), date.fromordinal(last)) for first, last in zip(starts, ends, strict=True)
    ]


def _mean(ratings: dict[date, float], days: list[date]) -> Sentence:
    values = [ratings[day] for day in days if day in ratings]
    if not values:
        return Sentence("no answer in {days}", days=count(len(days), "day"))
    return Sentence(
        "{mean:.1f}, {number} of {days}",
        mean=sum(values) / len(values),
        number=len(values),
        days=count(len(days), "day"),
    )


def _week_name(first: date, last: date) -> Sentence:
    if first == last:
        return with_year(first)
    return Sentence("{low} to {high}", low=on(first), high=with_year(last))
