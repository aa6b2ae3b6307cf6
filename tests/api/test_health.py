"""Alive, ready: alive even without a database, ready only with this code's schema."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from api import create_app
from config import VERSION


def test_a_server_with_its_database_is_alive_and_ready(client):
    assert client.get("/health/live").json == {"status": "alive", "server_version": VERSION}
    assert client.get("/health/ready").json == {"status": "ready"}


def test_a_host_that_is_not_served_is_refused_and_not_repeated(settings, sqlite_url):
    app = create_app(replace(settings, database_url=sqlite_url, allowed_hosts=("afterglow.example.org",)))
    try:
        client = app.test_client()
        refused: Any = client.get("/v1/me", headers={"Host": "elsewhere.example.org"})
        served = client.get("/health/live", headers={"Host": "afterglow.example.org"})
    finally:
        app.extensions["database"].close()
    assert (refused.status_code, served.status_code) == (400, 200)
    assert "ALLOWED_HOSTS" in refused.json["detail"]
    assert "elsewhere" not in refused.text


def test_a_server_without_its_schema_is_alive_and_not_ready(settings, empty_url):
    app = create_app(replace(settings, database_url=empty_url))
    try:
        client = app.test_client()
        assert client.get("/health/live").status_code == 200
        refused = client.get("/health/ready")
        assert (refused.status_code, refused.json) == (503, {"status": "not ready"})
    finally:
        app.extensions["database"].close()
