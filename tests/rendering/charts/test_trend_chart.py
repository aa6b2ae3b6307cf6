from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.history import History
from clinical.trend import Rating, trend
from rendering import charts
from tests.clinical.courses import (
    OPENED,
    course,
    infusions,
    protocols,
    readings,
    running_day,
    todays,
    treated,
)
from tests.rendering.charts.examples import SVG, WIDE, chart_of, parsed, responder

SHOWS_FORECAST = ("window", "forecast")
# Within some years: a trend of a thousand years is slow to make, and drawn it is no other than of three.
HISTORIES = treated() | st.builds(History, readings(), infusions(), protocols())


def drawn(chart: charts.TrendChart, width: int = 720, theme: charts.Theme = charts.Theme.AUTO) -> ET.Element:
    return parsed(charts.trend_svg(chart, charts.Appearance(width, theme)))


def marks(root: ET.Element, name: str) -> list[ET.Element]:
    """The elements drawn in a colour of the palette."""
    classes = {f"afterglow-fill-{name}", f"afterglow-stroke-{name}"}
    return [each for each in root.iter() if classes & set(each.get("class", "").split())]


def lines_of(root: ET.Element) -> list[ET.Element]:
    """The dashed lines at the half-benefit level; the last is the legend's."""
    return [each for each in marks(root, "forecast") if each.get("stroke-dasharray") == "8 4"]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    history=HISTORIES,
    today=todays(),
    staff=st.booleans(),
    width=st.integers(charts.MIN_WIDTH, charts.MAX_WIDTH),
    theme=st.sampled_from(charts.Theme),
)
def test_any_history_is_a_sound_document_within_its_paper(history, today, staff, width, theme):
    text = charts.trend_svg(chart_of(history, today, staff=staff), charts.Appearance(width, theme))
    root = parsed(text)
    height = float(root.get("height", ""))
    assert root.get("viewBox") == f"0 0 {width} {root.get('height')}"
    assert height < 1200
    assert "nan" not in text
    for each in root.iter():
        for name, most in (("x", width), ("x1", width), ("x2", width), ("y", height), ("y2", height)):
            assert 0 <= float(each.get(name, "0")) <= most, ET.tostring(each)
        assert float(each.get("width", "0").removesuffix("px")) >= 0


@settings(max_examples=10, deadline=None, derandomize=True)
@given(history=HISTORIES, today=todays())
def test_the_same_values_are_the_same_text(history, today):
    assert charts.trend_svg(chart_of(history, today), WIDE) == charts.trend_svg(
        chart_of(history, today), WIDE
    )


@pytest.mark.parametrize("today", [date.min, date.max])
def test_the_ends_of_the_calendar_are_drawn(today):
    chart = charts.TrendChart(today, charts.panels({"mood": trend([Rating(today, 5)])}), ())
    for asked in (chart, replace(chart, first=date.min, last=date.max)):
        assert drawn(asked).get("width") == "720"


def test_the_clinic_sees_the_half_benefit_line_and_the_due_window():
    root = drawn(responder())
    assert len(lines_of(root)) == 2
    assert marks(root, "window")
    assert "recommended day" in (root.findtext(f"{SVG}desc") or "")


def test_the_half_benefit_line_lies_at_its_level_of_wellbeing_from_the_last_infusion_on():
    chart = responder()
    line, _ = lines_of(drawn(chart))
    assert chart.outlook is not None
    assert chart.outlook.half_benefit_line is not None
    root = drawn(chart)
    scale = [float(each.get("y1", "")) for each in marks(root, "grid")[:3]]
    wanted = scale[0] + (scale[2] - scale[0]) * chart.outlook.half_benefit_line / 10
    assert float(line.get("y1", "")) == pytest.approx(wanted, abs=0.15)
    triangles = [
        each for each in marks(root, "infusion") if each.tag == f"{SVG}path" and each.get("fill") != "none"
    ]
    *_, last, _legend = triangles
    middle = float(re.match(r"M([\d.]+)", last.get("d", ""))[1]) + 5  # type: ignore[index]
    assert float(line.get("x1", "")) == pytest.approx(middle, abs=7)


def test_a_patients_chart_has_no_half_benefit_line_and_no_due_window():
    history = course(intervals=(22, 24, 21), until=17, half=15.0)
    text = charts.trend_svg(chart_of(history, running_day(history), staff=False), WIDE)
    root = parsed(text)
    assert [each for name in SHOWS_FORECAST for each in marks(root, name)] == []
    assert not re.search("forecast|wellbeing|benefit|consider|outlook|window", text, re.IGNORECASE)
    assert "<style>" in text


def test_without_a_forecast_no_line_and_no_window_are_drawn_and_the_reason_is_stated():
    history = course(until=30)
    silent = chart_of(history, running_day(history) + timedelta(days=20))
    assert silent.outlook is not None
    assert silent.outlook.no_forecast_reason == "gone_silent"
    root = drawn(silent)
    assert [each for name in SHOWS_FORECAST for each in marks(root, name)] == []
    about = root.findtext(f"{SVG}desc") or ""
    assert "No half-benefit line and no due window are drawn" in about
    assert silent.outlook.reasons[0].text in about


def test_a_period_that_ends_before_today_has_no_forecast_and_states_it():
    history = course(intervals=(22, 24), until=17)
    root = drawn(chart_of(history, running_day(history), last=OPENED + timedelta(days=30)))
    assert lines_of(root) == []
    assert "end before today" in (root.findtext(f"{SVG}desc") or "")


def test_every_measure_has_a_shape_of_its_own():
    root = drawn(responder())
    shapes = {
        name: re.sub(r"[\d. -]+", "", marks(root, name)[-1].get("d", ""))[:4]
        for name in ("wellbeing", "mood", "anxiety")
    }
    assert len(set(shapes.values())) == 3


def test_no_two_lines_across_the_panels_have_the_same_dashes():
    root = drawn(responder())
    dashes = {
        each.get("stroke-dasharray", "") for name in ("infusion", "forecast") for each in marks(root, name)
    }
    assert {"1.5 3", "7 3 1.5 3", "8 4"} <= dashes


def test_it_loads_nothing_and_runs_nothing():
    text = charts.trend_svg(responder(), WIDE)
    root = parsed(text)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg", "title", "desc", "style", "defs", "pattern", "g", "rect", "line", "path", "text", "tspan",
    }  # fmt: skip
    assert not any("href" in name or name.startswith("on") for each in root.iter() for name in each.attrib)
    assert "style=" not in text
    assert set(re.findall(r"url\(([^)]*)\)", text)) == {
        f"#{root[0].get('id', '').removesuffix('title')}missing"
    }
    assert "@import" not in text
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_two_charts_on_a_page_share_no_id():
    history = course(intervals=(22,), until=20)
    ids = [
        {each.get("id") for each in drawn(chart).iter() if each.get("id")}
        for chart in (responder(), chart_of(history, running_day(history)))
    ]
    assert len(ids[0]) == 3
    assert not ids[0] & ids[1]


def test_the_drawing_is_one_image_with_a_name_and_a_description():
    root = drawn(responder())
    images = [each for each in root.iter() if each.get("role") == "img"]
    assert len(images) == 1
    labels = [root.find(f"*[@id='{images[0].get(by)}']") for by in ("aria-labelledby", "aria-describedby")]
    assert [each.tag for each in labels if each is not None] == [f"{SVG}title", f"{SVG}desc"]
    assert all(each is not None and each.text for each in labels)


def test_only_the_measure_asked_for_is_drawn():
    chart = responder()
    only = replace(chart, panels=charts.panels({"anxiety": chart.panels[-1].trend}))
    root = drawn(only)
    assert marks(root, "mood") == []
    assert lines_of(root) == []
    assert (root.findtext(f"{SVG}title") or "").startswith("Anxiety, ")
