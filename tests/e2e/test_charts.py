"""Charts in a real browser: as dark as the screen, a table for screen readers, whole on a strict page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Route

from api.http.pictures import POLICY
from rendering import charts
from rendering.charts.palette import DARK, LIGHT
from tests.rendering.charts.examples import responder
from tests.rendering.charts.test_response_curve_chart import curve

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STRICT = "default-src 'self'"
MARGIN = 6
"""Pixels that stay free at the right edge of the paper."""
PAPER = "getComputedStyle(document.querySelector('svg > rect')).fill"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page that answers with the chart by itself, as the server sends it, or within a strict page."""
    drawn = charts.trend_svg(responder(), charts.Appearance(720))

    def answer(route: Route) -> None:
        alone = route.request.url.endswith(".svg")
        headers = {"Content-Security-Policy": POLICY if alone else STRICT}
        body = drawn if alone else f"<!doctype html><title>Course</title>{drawn}"
        route.fulfill(body=body, headers=headers, content_type="image/svg+xml" if alone else "text/html")

    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/*", answer)
        yield page


@pytest.fixture
def opened(page: Page) -> Callable[..., Page]:
    """Open the chart by itself, or within a page that allows no inline style."""

    def go(path: str, scheme: Literal["light", "dark"] = "light") -> Page:
        page.emulate_media(media="screen", color_scheme=scheme)
        page.goto(f"http://charts.test/{path}")
        return page

    return go


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


def test_a_chart_opened_alone_follows_the_colour_scheme_and_prints_light(opened):
    assert opened("course.svg").evaluate(PAPER) == rgb(LIGHT["paper"])
    dark = opened("course.svg", "dark")
    assert dark.evaluate(PAPER) == rgb(DARK["paper"])
    dark.emulate_media(media="print", color_scheme="dark")
    assert dark.evaluate(PAPER) == rgb(LIGHT["paper"])


def test_on_a_page_that_refuses_inline_styles_it_stays_light_and_whole(opened):
    assert opened("page", "dark").evaluate(PAPER) == rgb(LIGHT["paper"])


@pytest.mark.parametrize("path", ["course.svg", "page"])
def test_a_screen_reader_finds_one_image_and_a_table(opened, path):
    page = opened(path)
    image = page.get_by_role("img")
    assert image.count() == 1
    assert page.get_by_role("table", name="Weekly means").count() == 1
    assert page.get_by_role("columnheader").all_text_contents()[0] == "Week"
    assert page.get_by_role("rowheader").count() == page.get_by_role("row").count() - 1


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [charts.MIN_WIDTH, 360, 480])
def test_no_text_of_a_chart_reaches_beyond_its_margin(width, language, page):
    appearance = charts.Appearance(width, language=language)
    points = [charts.SurvivalPoint(0, 1, 1, 1), charts.SurvivalPoint(100, 0.25, 0.1, 0.4)]
    drawn = (
        charts.response_curves_svg([curve(1, 30), curve(2, 57)], appearance),
        charts.survival_svg(charts.SurvivalCurve("phq-9", 40, points, [(28.0, 0.8)], "McInnes"), appearance),
        charts.trend_svg(responder(), appearance),
    )
    page.goto("about:blank")  # where no policy forbids the style of the page around it
    page.set_viewport_size({"width": width, "height": 800})
    for svg in drawn:
        page.set_content(f"<!doctype html><style>body{{margin:0}}</style>{svg}")
        ends = page.evaluate(
            "[...document.querySelectorAll('svg text')].map(each => each.getBoundingClientRect().right)"
        )
        assert max(ends) <= width - MARGIN
