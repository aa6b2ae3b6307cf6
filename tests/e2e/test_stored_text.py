"""Text that somebody stored is inert on every page that shows it: it runs no script and asks nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Page, Route

from tests.effort import sample

pytestmark = pytest.mark.either_database

ADDRESS = "http://statement.test/"
PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</ScRiPt>",
    "<script src=//evil.test/x.js></script>",
    "<img src=x onerror=alert(1)>",
    "<img src='//evil.test/p.png'>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<body onload=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src='javascript:alert(1)'>",
    "<a href='javascript:alert(1)' autofocus onfocus=alert(1)>x</a>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<style>@import '//evil.test/x.css';</style>",
    "<link rel=stylesheet href=//evil.test/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.test'>",
    "<base href=//evil.test/>",
    "<form action=//evil.test><button autofocus>x</button></form>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "</title><script>alert(1)</script>",
    "</td></tr></table><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover=alert(1) x="',
    "' autofocus onfocus=alert(1) '",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "javascript:alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
]


@pytest.fixture
def statement(client, people):
    """The printed cost statement, with a text wherever somebody can store one."""

    def shown(text: str) -> tuple[str, str]:
        clinic, patient = f"/v1/clinics/{people.clinic_id}", f"/v1/patients/{people.patient.patient_id}"
        settings = client.get(f"{clinic}/settings", headers=people.admin.headers)
        named = {"name": text, "address": text}
        tagged = people.admin.headers | {"If-Match": settings.headers["ETag"]}
        assert client.patch(f"{clinic}/settings", json=named, headers=tagged).status_code == 200
        details = client.get(patient, headers=people.clinician.headers)
        tagged = people.clinician.headers | {"If-Match": details.headers["ETag"]}
        assert client.patch(patient, json={"display_name": text}, headers=tagged).status_code == 200
        headers = people.patient.headers | {"Accept": "text/html"}
        page = client.get(f"{patient}/costs", headers=headers)
        assert page.status_code == 200
        return page.text, page.headers["Content-Security-Policy"]

    return shown


TRIED = sample("stored texts that a browser is shown", PAYLOADS, 2)


@pytest.mark.parametrize("start", range(0, len(TRIED), 10))
def test_stored_text_runs_nothing_on_the_statement(start, statement, browser):
    with browser.new_context() as context:
        reader = Reader(context.new_page())
        for payload in TRIED[start : start + 10]:
            assert payload in reader.read(*statement(payload)), payload
    # Escaped, so that the policy has nothing to refuse.
    assert reader.happened == []


class Reader:
    """Opens pages, and notes every dialog, every other request and every line of the console."""

    def __init__(self, page: Page) -> None:
        self.happened: list[str] = []
        self._page = page
        self._text = self._policy = ""
        page.on("dialog", self._dismiss)
        page.on("console", lambda message: self.happened.append(message.text))
        page.route("**/*", self._answer)

    def read(self, text: str, policy: str) -> str:
        """Open a page; gives what is to be read on it."""
        self._text, self._policy = text, policy
        self._page.goto(ADDRESS)
        return self._page.locator("body").inner_text()

    def _answer(self, route: Route) -> None:
        if route.request.url != ADDRESS:
            self.happened.append(route.request.url)
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": self._policy}
        route.fulfill(body=self._text, headers=headers)

    def _dismiss(self, dialog: Dialog) -> None:
        self.happened.append(dialog.message)
        dialog.dismiss()
