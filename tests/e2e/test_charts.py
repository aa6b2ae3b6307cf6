"""Charts in a real browser: as dark as the screen, a table for screen readers, whole on a strict page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from api.http.pictures import POLICY
from rendering import charts
from rendering.charts.palette import DARK, LIGHT
from tests.rendering.charts.examples import responder

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STRICT = "default-src 'self'"
PAPER = "getComputedStyle(document.querySelector('svg > rect')).fill"


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open the chart by itself, as the server sends it, or within a page that allows no inline style."""
    drawn = charts.trend_svg(responder(), charts.Appearance(720))

    def answer(route: Route) -> None:
        alone = route.request.url.endswith(".svg")
        headers = {"Content-Security-Policy": POLICY if alone else STRICT}
        body = drawn if alone else f"<!doctype html><title>Course</title>{drawn}"
        route.fulfill(body=body, headers=headers, content_type="image/svg+xml" if alone else "text/html")

    contexts: list[BrowserContext] = []

    def go(path: str, scheme: Literal["light", "dark"] = "light") -> Page:
        contexts.append(browser.new_context(color_scheme=scheme))
        page = contexts[-1].new_page()
        page.route("**/*", answer)
        page.goto(f"http://charts.test/{path}")
        return page

    yield go
    for context in contexts:
        context.close()


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
