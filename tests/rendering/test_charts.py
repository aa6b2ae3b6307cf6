"""Every chart in every language: no text stays English, and the drawing is the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from clinical.events import DatedEvent, EventKind
from clinical.translations import TABLES
from rendering import charts
from tests.rendering.charts.examples import SVG, parsed, responder
from tests.rendering.charts.test_reliability_chart import POINTS as RELIABILITY
from tests.rendering.charts.test_response_curve_chart import curve
from tests.rendering.charts.test_survival_chart import KNOWN, POINTS

LANGUAGE_FREE = re.compile(r"[^a-zA-Z]*|[PMLN]+|PHQ-9")


def with_events() -> charts.TrendChart:
    """Return a chart with a forecast and an event of each kind."""
    chart = responder()
    events = tuple(DatedEvent(chart.today, kind) for kind in EventKind)
    return replace(chart, events=events)


def drawings() -> dict[str, Callable[[charts.Appearance], str]]:
    """Return how each chart is drawn."""
    survival = charts.SurvivalCurve("phq-9", 40, POINTS, KNOWN, "McInnes 2022")
    return {
        "trend": lambda look: charts.trend_svg(with_events(), look),
        "patient": lambda look: charts.trend_svg(replace(responder(), outlook=None), look),
        "response curves": lambda look: charts.response_curves_svg([curve(1, 30), curve(2, 20)], look),
        "reliability": lambda look: charts.reliability_svg(RELIABILITY, look),
        "survival": lambda look: charts.survival_svg(survival, look),
    }


def texts(drawn: str) -> list[str]:
    """Return every text of a chart, its name and description among them."""
    found = parsed(drawn).iter()
    tags = {f"{SVG}{name}" for name in ("title", "desc", "text", "tspan")}
    return [element.text or "" for element in found if element.tag in tags]


@pytest.mark.parametrize("chart", drawings())
@pytest.mark.parametrize("language", TABLES)
def test_no_text_of_a_picture_stays_english(chart, language):
    draw = drawings()[chart]
    english, other = draw(charts.Appearance(720)), draw(charts.Appearance(720, language=language))
    assert parsed(other).get("lang") == language
    same = set(texts(english)) & set(texts(other))
    assert [text for text in same if LANGUAGE_FREE.fullmatch(text) is None] == []
