"""Every security header on every kind of response, whoever made it."""

from __future__ import annotations

import pytest

from api import create_app
from config import Settings
from tests.conftest import SECRET_KEY

HOST = {"Host": "afterglow.clinic.example"}
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
STRICT_POLICY = {
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
}
TOKEN_FORM = {"grant_type": "client_credentials"}
ANSWERS = [
    ("GET", "/health/live", {}, 200),
    ("GET", "/openapi.json", {}, 200),
    ("GET", "/docs", {}, 200),
    ("GET", "/docs/swagger-ui.css", {}, 200),
    ("GET", "/docs/operate.md", {}, 200),
    ("OPTIONS", "/health/live", {}, 200),
    ("HEAD", "/health/live", {}, 200),
    ("GET", "/health/live", {"headers": {"Host": "other.example"}}, 400),
    ("POST", "/oauth/token", {"data": TOKEN_FORM}, 401),
    ("GET", "/v1/me", {}, 401),
    ("GET", "/nowhere", {}, 404),
    ("GET", "/docs/nowhere.md", {}, 404),
    ("DELETE", "/health/live", {}, 405),
    ("TRACE", "/health/live", {}, 405),
]


@pytest.fixture(scope="module")
def production_app(tmp_path_factory, sqlite_template):
    """An application as it runs in production, behind TLS."""
    file = tmp_path_factory.mktemp("production") / "afterglow.db"
    file.write_bytes(sqlite_template.read_bytes())
    settings = Settings(
        "production",
        f"sqlite:///{file}",
        SECRET_KEY,
        allowed_hosts=(HOST["Host"],),
        public_url=f"https://{HOST['Host']}",
    )
    app = create_app(settings)
    yield app
    app.extensions["database"].close()


def assert_protected(headers):
    assert {name: headers[name] for name in EXPECTED} == EXPECTED
    assert "Cache-Control" in headers
    assert {"base-uri 'none'", "frame-ancestors 'none'"} <= set(
        headers["Content-Security-Policy"].split("; ")
    )
    for name in (*EXPECTED, "Cache-Control", "Content-Security-Policy"):
        assert len(headers.getlist(name)) == 1, name


@pytest.mark.parametrize(("method", "path", "sent", "status"), ANSWERS)
def test_every_kind_of_response_carries_them(method, path, sent, status, production_app):
    with production_app.test_client().open(path, method=method, **({"headers": HOST} | sent)) as answer:
        assert answer.status_code == status
        assert_protected(answer.headers)


def test_a_body_that_is_too_large_is_answered_with_them(production_app):
    answer = production_app.test_client().post("/v1/auth/login", json={"email": "x" * 70_000}, headers=HOST)
    assert answer.status_code == 413
    assert_protected(answer.headers)


def test_a_failure_of_the_server_is_answered_with_them(production_app):
    def fail(_response):
        raise RuntimeError

    production_app.after_request_funcs[None].append(fail)
    try:
        answer = production_app.test_client().get("/health/live", headers=HOST)
    finally:
        production_app.after_request_funcs[None].remove(fail)
    assert answer.status_code == 500
    assert_protected(answer.headers)


def test_a_response_without_a_policy_of_its_own_gets_the_strictest(production_app):
    answer = production_app.test_client().get("/health/live", headers=HOST)
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == STRICT_POLICY
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_tls_no_browser_is_told_to_insist_on_it(client):
    assert "Strict-Transport-Security" not in client.get("/health/live").headers
