"""The page that the link of a mail opens, in a real browser on the real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from models.accounts import Account
from services import passwords
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "seven otters juggle umbrellas"
WATCH = """
    window.violations = [];
    addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""


@pytest.fixture
def kind() -> str:
    """One database will do: the page is the same on both."""
    return "sqlite"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A Spanish reader's empty page."""
    with browser.new_context(locale="es-MX") as context:
        yield context.new_page()


def test_a_new_password_is_set_in_the_browser(server, page, database):
    with database.write() as session:
        account_id = factories.account(session, factories.clinic(session).id).id
        factories.password_reset(session, account_id)
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.add_init_script(WATCH)
    page.goto(f"http://127.0.0.1:{server.port}/reset-password#{factories.INVITATION_CODE}")
    expect(page.get_by_role("heading")).to_have_text("Establezca una contraseña nueva")
    page.get_by_label("Contraseña nueva").fill("corta")
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("15")
    page.get_by_label("Contraseña nueva").fill(PASSWORD)
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("Su contraseña nueva está establecida")
    expect(page.get_by_label("Contraseña nueva")).to_be_hidden()
    assert page.evaluate("violations") == []
    assert all(url.startswith((f"http://127.0.0.1:{server.port}/", "data:")) for url in requested)
    with database.read() as session:
        assert passwords.matches(session.get_one(Account, account_id).password_hash, PASSWORD)
