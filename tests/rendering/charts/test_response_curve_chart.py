from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from clinical.response_curve import CurveDay, PostInfusionResponse, ResponseCurve
from rendering.charts import MAX_WIDTH, MIN_WIDTH, Theme, png, response_curves_svg
from rendering.charts.canvas import Appearance
from tests.rendering.charts.examples import WIDE

FIRST = date(2026, 3, 2)
SVG = "{http://www.w3.org/2000/svg}"


def curve(number: int, lasts: int, **result: float | None) -> ResponseCurve:
    """It rises to 9 by day 4 and falls by a tenth a day."""
    levels = [5 + since if since < 4 else 9 - (since - 4) / 10 for since in range(lasts)]
    days = tuple(CurveDay(since, level, level, level - 3, level + 3) for since, level in enumerate(levels))
    found = {
        "before": 3.0,
        "rise": 6.0,
        "half_rise_level": 6.0,
        "onset": 1,
        "peak": 4,
        "half_rise_lost": 34 if lasts > 34 else None,
    } | result
    day = FIRST + timedelta(days=28 * number)
    return ResponseCurve(number, day, lasts - 1, lasts, days=days, **found)  # type: ignore[arg-type]


def read(drawn: str) -> ET.Element:
    return ET.fromstring(drawn)  # noqa: S314  drawn here


def places(drawn: str) -> list[float]:
    """Every x and y of a line or a text, and of a path that is none of marks."""
    found = []
    for one in read(drawn).iter():
        found += [float(one.get(name, 0)) for name in ("x", "y", "x1", "x2", "y1", "y2")]
        d = one.get("d", "")
        if "L" in d and not set("lhva") & set(d):
            found += [float(part) for pair in d.strip("MZ").split("L") for part in pair.split()]
    return found


@pytest.mark.parametrize("width", [MIN_WIDTH, 720, MAX_WIDTH])
def test_nothing_is_drawn_beyond_the_paper(width):
    drawn = response_curves_svg([curve(1, 3, peak=None), curve(2, 30), curve(3, 57)], Appearance(width))
    height = float(read(drawn).get("height", ""))
    assert all(0 <= value <= max(width, height) for value in places(drawn))
    assert max(float(text.get("x", "")) for text in read(drawn).iter(f"{SVG}text")) < width - 12


def test_every_infusion_has_its_line_and_the_last_one_is_the_thick_one():
    drawn = read(
        response_curves_svg([curve(number, 30) for number in range(1, 10)], Appearance(720, Theme.LIGHT))
    )
    thick = [
        float(path.get("stroke-width", "")) for path in drawn.iter(f"{SVG}path") if path.get("fill") == "none"
    ]
    assert len(thick) == 9
    assert thick.index(max(thick)) == 8
    assert [path.get("fill-opacity") for path in drawn.iter(f"{SVG}path")].count(None) == len(
        list(drawn.iter(f"{SVG}path"))
    ) - 1


def test_onset_peak_and_loss_lie_on_the_curve():
    one = curve(1, 40)
    drawn = read(response_curves_svg([one], WIDE))
    line = next(path for path in drawn.iter(f"{SVG}path") if path.get("fill") == "none")
    points = line.get("d", "").strip("M").split("L")
    marks = [path.get("d", "") for path in drawn.iter(f"{SVG}path") if path.get("d", "").endswith("z")]
    # The diamond begins at its left corner, as high as its middle.
    (diamond,) = [mark for mark in marks if mark.count("l") == 3]
    x, y = (float(part) for part in diamond.removeprefix("M").split("l")[0].split())
    assert [x + 5, y] == [float(part) for part in points[4].split()]
    assert len(marks) == 5


def test_every_curve_and_week_before_is_numbered_and_no_numbers_overlap():
    drawn = read(
        response_curves_svg(
            [curve(number, 3, peak=None) if number < 6 else curve(number, 20) for number in range(1, 12)],
            WIDE,
        )
    )
    numbers = [text for text in drawn.iter(f"{SVG}text") if text.get("fill") and (text.text or "").isdigit()]
    ends = {"0", "5", "10"}
    for number in range(1, 12):
        wanted = 3 if f"{number}" in ends else 2
        assert sum(text.text == f"{number}" for text in numbers) == wanted
    places = [(float(text.get("x", "")), float(text.get("y", ""))) for text in numbers]
    pairs = combinations(places, 2)
    assert all(abs(x - other) > 6 or abs(y - height) >= 12 for (x, y), (other, height) in pairs)


def test_the_answers_since_the_last_infusion_are_drawn_and_no_others():
    drawn = read(response_curves_svg([curve(1, 30), curve(2, 20)], WIDE))
    (answers,) = [path.get("d", "") for path in drawn.iter(f"{SVG}path") if path.get("stroke-width") == "1"]
    assert answers.count("M") == 20


def test_days_are_labelled_at_every_width():
    for width in (MIN_WIDTH, 720):
        texts = {
            text.text
            for text in read(response_curves_svg([curve(1, 30)], Appearance(width))).iter(f"{SVG}text")
        }
        assert {"before", "0", "day 14", "day 28"} <= texts


def test_the_description_covers_each_infusion():
    felt = replace(curve(3, 40), post_infusion=PostInfusionResponse(6, 4.5, 3.5, 2.5))
    curves = [curve(1, 3, before=None, rise=None, onset=None, peak=None), curve(2, 30), felt]
    about = read(response_curves_svg(curves, WIDE)).findtext(f"{SVG}desc")
    assert about == (
        "After 2 of 3 infusions wellbeing rose a point or more over the week before; after 1 of these half "
        "of that rise was lost before the next. Infusion 1 on 2026-03-30: too few answers in the week "
        "before. "
        "Infusion 2 on 2026-04-27: rise 6.0, onset on day 1, peak on day 4, half of it not lost. "
        "Infusion 3 on 2026-05-25: rise 6.0, onset on day 1, peak on day 4, half of it lost on day 34. "
        "Mood changed by +2.5 within 4.5 hours."
    )
    many = read(response_curves_svg([curve(number, 30) for number in range(1, 21)], WIDE)).findtext(
        f"{SVG}desc"
    )
    assert many is not None
    assert many.count("Infusion ") == 12
    assert many.endswith("8 others are in the JSON.")


def test_without_an_answer_since_there_is_a_sentence_and_no_line():
    for curves in ([], [curve(1, 0, before=None, rise=None, onset=None, peak=None)]):
        drawn = response_curves_svg(curves, WIDE)
        assert "No infusion has been followed by an answer yet." in drawn
        assert not list(read(drawn).iter(f"{SVG}path"))


def test_half_of_the_rise_is_told_from_half_of_the_benefit():
    drawn = response_curves_svg([curve(1, 40)], WIDE)
    words = " ".join(text.text or "" for text in read(drawn).iter(f"{SVG}text"))
    assert "half of this infusion's own rise over the week before lost" in words
    assert "Half of the benefit, in the outlook, is another level" in words


def test_it_can_be_painted_by_light_and_by_dark():
    painted = {
        png(response_curves_svg([curve(1, 40)], Appearance(720, theme)))
        for theme in (Theme.LIGHT, Theme.DARK)
    }
    assert len(painted) == 2
