from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize
from playwright.sync_api import Page as Tab

from clinical.sentences import Sentence
from rendering.statement import STYLE, STYLE_HASH, Page, Table

PHONE: ViewportSize = {"width": 360, "height": 740}
"""A small phone's window, pixels."""
PAPER: ViewportSize = {"width": 680, "height": 1009}
"""A sheet of A4 between margins of 15 mm, CSS pixels."""
WIDE_LINES = Table(
    Sentence("Infusions"),
    (
        *(Sentence("Day"), Sentence("Given"), Sentence("Currency"), Sentence("Coverage"), Sentence("Price")),
        *(
            Sentence("Covered"),
            Sentence("Patient pays"),
            Sentence("Reimbursed"),
            Sentence("Left to the patient"),
        ),
    ),
    [["2026-11-27", Sentence("yes"), "EUR", Sentence("reimbursed"), *["1.234.567,00"] * 5]] * 30,
    4,
)
LONG = Page(
    Sentence("Infusions and what they cost"),
    ["Harbour Clinic", "12 Quay Street\nHarbour"],
    [Sentence("As of {day}", day="2026-11-27")],
    [WIDE_LINES],
    [Sentence("A year is estimated in maintenance, once an infusion given has a price.")],
)


Open = Callable[[str, bool], Tab]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Open the page in a language, in a phone's browser or printed."""
    contexts: list[BrowserContext] = []

    def go(language: str, printed: bool) -> Tab:
        window = PAPER if printed else PHONE
        contexts.append(browser.new_context(viewport=window, is_mobile=not printed))
        tab = contexts[-1].new_page()
        tab.emulate_media(media="print" if printed else "screen")
        tab.set_content(LONG.to_html(language))
        return tab

    yield go
    for context in contexts:
        context.close()


def width(tab: Tab) -> int:
    """The width of all that the page shows, pixels."""
    found: int = tab.evaluate("document.documentElement.scrollWidth")
    return found


def label(tab: Tab, cell: int) -> object:
    return tab.locator("td").nth(cell).evaluate("cell => getComputedStyle(cell, '::before').content")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_phone_shows_it_whole_with_the_name_of_its_column_before_each_cell(language, opened):
    tab = opened(language, printed=False)
    assert tab.evaluate("window.innerWidth") == width(tab) == PHONE["width"]
    assert label(tab, 5) == f'"{tab.locator("th").nth(5).text_content()}"'
    # A screen reader is told of a table all the same.
    assert tab.get_by_role("cell").count() == 9 * 30
    assert tab.get_by_role("table").count() == 1


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
def test_on_paper_it_is_a_table_with_every_column_within_the_margins(language, opened):
    tab = opened(language, printed=True)
    assert width(tab) == PAPER["width"]
    assert tab.locator("tr").nth(1).evaluate("row => getComputedStyle(row).display") == "table-row"
    assert label(tab, 5) == "none"


def test_every_text_is_escaped():
    evil = '<script>alert("x")</script>'
    text = Sentence("{text}", text=evil)
    made = Page(text, [evil], [text], [Table(text, (text,), [[evil]], 0)], [text]).to_html("es")
    assert "<script" not in made
    assert made.count("&lt;script&gt;") == 9
    assert 'data-label="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;"' in made


def test_a_table_without_rows_is_left_out():
    empty = Table(Sentence("Infusions"), (Sentence("Day"),), [], 1)
    assert "<table" not in Page(Sentence("A year"), [], [], [empty], []).to_html("en")


def test_it_is_written_in_the_language_asked_for():
    table = Table(Sentence("Infusions"), (Sentence("Day"), Sentence("Given")), [["2026-11-27", "yes"]], 2)
    made = Page(Sentence("Infusions and what they cost"), [], [], [table], []).to_html("es")
    assert '<html lang="es">' in made
    assert ">Día</th>" in made
    assert ">Administrada</th>" in made
    # A cell that is no sentence is somebody's own word.
    assert ">yes</td>" in made


def test_the_sender_comes_first_line_by_line():
    made = LONG.to_html("en")
    assert "<address>Harbour Clinic\n12 Quay Street\nHarbour</address>" in made
    assert "address{font-style:normal;white-space:pre-line}" in STYLE


def test_the_policy_allows_this_very_sheet():
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert f"sha256-{digest}" == STYLE_HASH
    assert f"<style>{STYLE}</style>" in Page(Sentence("A year"), [], [], [], []).to_html("en")
