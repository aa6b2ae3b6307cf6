from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from rendering.charts import MAX_WIDTH, MIN_WIDTH, ReliabilityPoint, Theme, png, reliability_svg
from rendering.charts.canvas import Appearance
from tests.rendering.charts.examples import WIDE

SVG = "{http://www.w3.org/2000/svg}"
POINTS = [ReliabilityPoint(0.05, 0.04, 0.01, 0.14, 60), ReliabilityPoint(0.95, 0.9, 0.7, 0.97, 20)]


def read(drawn: str) -> ET.Element:
    return ET.fromstring(drawn)  # noqa: S314  drawn here


@pytest.mark.parametrize("width", [MIN_WIDTH, MAX_WIDTH])
def test_everything_is_on_the_paper(width):
    drawn = read(reliability_svg(POINTS, Appearance(width)))
    height = float(drawn.get("height", ""))
    lines = [
        float(each.get(name, "")) for each in drawn.iter(f"{SVG}line") for name in ("x1", "x2", "y1", "y2")
    ]
    assert all(0 <= value <= max(width, height) for value in lines)
    assert max(float(text.get("x", "")) for text in drawn.iter(f"{SVG}text")) < width


def test_title_description_and_headline_state_the_same_figures():
    drawn = reliability_svg(POINTS, WIDE)
    assert read(drawn).findtext(f"{SVG}desc") == (
        "Probability forecast and share in which half was lost by that day. "
        "5%: 4% of 60 cycles, 95%: 90% of 20 cycles."
    )
    words = "".join(read(drawn).itertext())
    assert "Where 95% was forecast" in words
    assert "90% of 20 cycles" in words


def test_a_recalibration_is_drawn_beside_it_and_named():
    after = [ReliabilityPoint(0.1, 0.09, 0.03, 0.2, 58)]
    drawn = reliability_svg(POINTS, WIDE, after)
    description = read(drawn).findtext(f"{SVG}desc")
    assert description is not None
    assert description.endswith("After a recalibration: 10%: 9% of 58 cycles.")
    assert "Circles: after a recalibration" in "".join(read(drawn).itertext())
    assert "recalibration" not in reliability_svg(POINTS, WIDE)


def test_without_points_there_is_a_sentence_and_no_axis():
    drawn = reliability_svg((), WIDE)
    assert "Insufficient data" in drawn
    assert not list(read(drawn).iter(f"{SVG}line"))


def test_it_can_be_painted():
    assert png(reliability_svg(POINTS, Appearance(480, Theme.DARK))).startswith(b"\x89PNG")
