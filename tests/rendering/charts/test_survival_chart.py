from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from rendering.charts import MAX_WIDTH, MIN_WIDTH, SurvivalCurve, SurvivalPoint, Theme, png, survival_svg
from rendering.charts.canvas import Appearance
from tests.rendering.charts.examples import WIDE

POINTS = [SurvivalPoint(day, 1 - day / 400, 0.9 - day / 400, 1 - day / 500) for day in range(0, 169, 7)]
KNOWN = [(28.0, 0.8), (56.0, 0.6)]


def read(drawn: str) -> ET.Element:
    return ET.fromstring(drawn)  # noqa: S314  drawn here


def numbers(drawn: str) -> list[float]:
    lines = read(drawn).iter("{http://www.w3.org/2000/svg}line")
    return [float(line.get(name, "")) for line in lines for name in ("x1", "x2", "y1", "y2")]


@pytest.mark.parametrize("width", [MIN_WIDTH, 720, MAX_WIDTH])
def test_nothing_is_drawn_beyond_the_paper(width):
    drawn = survival_svg(SurvivalCurve("phq-9", 40, POINTS, KNOWN, "McInnes 2022"), Appearance(width))
    height = float(read(drawn).get("height", ""))
    assert all(0 <= value <= max(width, height) for value in numbers(drawn))
    places = [float(text.get("x", "")) for text in read(drawn).iter("{http://www.w3.org/2000/svg}text")]
    assert max(places) < width


def test_the_description_states_the_same_figures():
    drawn = survival_svg(SurvivalCurve("phq-9", 40, POINTS, KNOWN, "McInnes 2022"), WIDE)
    about = read(drawn).findtext("{http://www.w3.org/2000/svg}desc")
    assert about is not None
    assert "day 28: 93%, day 56: 86%" in about
    assert "McInnes 2022, without maintenance: day 28: 80%, day 56: 60%." in about


def test_a_curve_that_is_not_shown_leaves_a_sentence_and_no_line():
    drawn = survival_svg(SurvivalCurve("gad-7", 0, ()), WIDE)
    assert "Too few responded" in drawn
    assert not numbers(drawn)


def test_a_share_holds_until_the_next_one():
    drawn = read(
        survival_svg(
            SurvivalCurve("phq-9", 9, [SurvivalPoint(0, 1, 1, 1), SurvivalPoint(7, 0.5, 0.2, 0.8)]),
            WIDE,
        )
    )
    line = next(path for path in drawn.iter("{http://www.w3.org/2000/svg}path") if path.get("stroke"))
    (left, top), (right, level), (down, foot) = (
        tuple(map(float, point.split())) for point in line.get("d", "").strip("M").split("L")
    )
    assert left < right == down
    assert top == level < foot


@pytest.mark.parametrize("width", [360, 720])
@pytest.mark.parametrize("last", [28, 56, 168])
def test_the_last_drop_is_drawn_within_the_panel_and_ends_in_a_dot(width, last):
    points = [SurvivalPoint(0, 1, 1, 1), SurvivalPoint(7, 0.5, 0.2, 0.8), SurvivalPoint(last, 0.25, 0.1, 0.4)]
    drawn = read(survival_svg(SurvivalCurve("phq-9", 9, points), Appearance(width)))
    paths = list(drawn.iter("{http://www.w3.org/2000/svg}path"))
    line = next(path for path in paths if path.get("stroke"))
    dropped = line.get("d", "").strip("M").split("L")[-2:]
    (before, level), (after, foot) = (tuple(map(float, point.split())) for point in dropped)
    assert before == after
    assert level < foot
    edge = max(float(each.get("x2", "")) for each in drawn.iter("{http://www.w3.org/2000/svg}line"))
    assert after < edge - 8
    assert paths[-1].get("d", "").startswith(f"M{after - 3:.1f}".removesuffix(".0"))


def test_it_can_be_painted_by_light_and_by_dark():
    painted = {
        png(survival_svg(SurvivalCurve("phq-9", 40, POINTS), Appearance(720, theme)))
        for theme in (Theme.LIGHT, Theme.DARK)
    }
    assert len(painted) == 2
