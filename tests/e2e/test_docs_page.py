from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.e2e.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OPENAPI = Path(__file__).parents[2] / "openapi.json"
TALL = 16_000
"""Height of a window in which every operation is in view, pixels."""
BACKGROUND = "getComputedStyle(document.documentElement).backgroundColor"
# Written down before any script of the page runs.
WATCH = """
    window.violations = [];
    addEventListener("securitypolicyviolation",
        (event) => violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@dataclass
class Docs:
    """The page, what went wrong on it, and what it asked for."""

    page: Page
    local: str
    troubles: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def read_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)


@pytest.fixture(scope="module")
def docs(browser: Browser, shared_server: Server) -> Iterator[Docs]:
    """The page in the browser of a reader who likes it dark; each test leaves it as it found it."""
    with browser.new_context(color_scheme="dark") as context:
        shown = Docs(context.new_page(), f"127.0.0.1:{shared_server.port}")
        page = shown.page
        page.on("console", shown.read_console)
        page.on("pageerror", lambda error: shown.troubles.append(str(error)))
        page.on("requestfailed", lambda request: shown.troubles.append(f"no answer from {request.url}"))
        page.on("request", lambda request: shown.requests.append(request.url))
        page.add_init_script(WATCH)
        page.goto(f"http://{shown.local}/docs")
        page.locator("#operations-tag-check_ins").wait_for(timeout=30_000)
        yield shown


def test_the_docs_are_dark_where_the_readers_system_is(docs):
    assert docs.page.evaluate(BACKGROUND) == "rgb(28, 32, 34)"
    docs.page.emulate_media(color_scheme="light")
    docs.page.wait_for_function(f"{BACKGROUND} !== 'rgb(28, 32, 34)'")
    docs.page.emulate_media(color_scheme="dark")


def test_the_docs_can_be_filtered_by_group(docs):
    assert docs.page.locator(".opblock-tag").count() > 20
    groups = docs.page.locator(".opblock-tag").count()

    docs.page.locator("input.operation-filter-input").fill("check_ins")
    docs.page.locator("#operations-tag-clinics").wait_for(state="detached")
    assert docs.page.locator(".opblock-tag").count() == 1
    docs.page.locator("input.operation-filter-input").fill("")
    expect(docs.page.locator(".opblock-tag")).to_have_count(groups)


def test_the_docs_show_every_operation_and_ask_no_other_host(docs):
    page = docs.page
    # Groups are folded; each shows its operations when it is opened.
    assert page.locator(".opblock").count() == 0
    # Of a long list the page draws only the part in view: in a tall window that is all of it.
    page.set_viewport_size({"width": 1280, "height": TALL})
    described = json.loads(OPENAPI.read_text(encoding="utf-8"))
    operations = [
        item[method] for item in described["paths"].values() for method in item if method != "parameters"
    ]
    # All at once: the page is drawn again after each click of its own.
    page.locator(".opblock-tag").evaluate_all("found => found.forEach(each => each.click())")
    assert page.locator(".opblock-tag").count() == len(described["tags"])
    expect(page.locator(".opblock")).to_have_count(len(operations))
    shown = page.locator(".opblock").evaluate_all("found => found.map(each => each.id)")
    assert sorted(shown) == sorted(
        f"operations-{operation['tags'][0]}-{operation['operationId']}" for operation in operations
    )

    # What is inside an operation is drawn when it is opened: its fields, its answers, their examples.
    page.locator("#operations-check_ins-putCheckIn .opblock-summary-control").click()
    opened = page.locator("#operations-check_ins-putCheckIn .opblock-body")
    opened.locator("text=If-Match").first.wait_for()
    assert "America/New_York" in opened.inner_text()
    page.wait_for_load_state("networkidle")

    assert docs.troubles == []
    assert page.evaluate("window.violations") == []
    elsewhere = [
        url for url in docs.requests if not url.startswith("data:") and urlsplit(url).netloc != docs.local
    ]
    assert elsewhere == []
    assert {urlsplit(url).path for url in docs.requests if urlsplit(url).netloc == docs.local} >= {
        "/docs",
        "/docs/swagger-ui.css",
        "/docs/swagger-ui-bundle.js",
        "/openapi.json",
    }


@pytest.mark.either_database
def test_the_docs_policy_lets_no_other_host_be_asked_and_nothing_be_framed(client):
    policy = client.get("/docs").headers["Content-Security-Policy"]
    result = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
    assert result["default-src"] == "'none'"
    assert result["script-src"] == "'self'"
    assert result["connect-src"] == "'self'"
    assert result["frame-ancestors"] == "'none'"
