from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from clinical.events import DatedEvent, EventKind
from rendering import charts
from tests.rendering.charts.examples import SVG, WIDE, parsed, responder


def texts(chart: charts.TrendChart) -> list[str | None]:
    return [found.text for found in parsed(charts.trend_svg(chart, WIDE)).iter(f"{SVG}text")]


def test_each_kind_has_a_letter_that_the_legend_and_the_description_explain():
    chart = responder()
    days = [chart.today - timedelta(days=back) for back in (30, 20, 10)]
    kinds = (EventKind.PSYCHOTHERAPY, EventKind.MEDICATION_CHANGE, EventKind.PSYCHOTHERAPY)
    marked = replace(chart, events=tuple(map(DatedEvent, days, kinds)))
    drawn = texts(marked)
    assert (drawn.count("P"), drawn.count("M"), drawn.count("L")) == (3, 2, 0)
    assert {"psychotherapy session", "medication change"} <= set(drawn)
    assert "2 psychotherapy sessions on" in charts.trend_svg(marked, WIDE)


def test_letters_that_would_overlap_are_joined_and_each_written_once():
    chart = responder()
    kinds = (EventKind.LIFE_EVENT, EventKind.ANNOTATION, EventKind.LIFE_EVENT)
    marked = replace(chart, events=tuple(DatedEvent(chart.today, kind) for kind in kinds))
    assert "LN" in texts(marked)


def test_events_outside_the_days_drawn_change_nothing():
    chart = responder()
    before = replace(chart, events=(DatedEvent(chart.today - timedelta(days=4000), EventKind.LIFE_EVENT),))
    assert charts.trend_svg(before, WIDE) == charts.trend_svg(chart, WIDE)
