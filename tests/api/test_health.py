"""Alive, ready: alive even without a database, ready only with this code's schema."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine

from api import create_app
from config import VERSION
from services import health


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
    assert readiness(settings, empty_url) == (503, ["schema_missing"])


@pytest.mark.parametrize(("revision", "reason"), [("0001_clinics", "schema_older"), (None, "schema_newer")])
def test_a_server_on_another_schema_is_not_ready_and_says_which(revision, reason, settings, at_revision):
    url = at_revision(revision or "head")
    if revision is None:
        with closing_engine(url) as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_from_later'")
    assert readiness(settings, url) == (503, [reason])


def test_a_server_whose_database_is_not_there_is_not_ready(settings):
    url = "postgresql+psycopg://afterglow:whose-secret@127.0.0.1:1/afterglow"
    assert readiness(settings, url) == (503, ["database_does_not_answer"])


def test_a_server_whose_file_is_no_database_is_not_ready(settings, tmp_path):
    (tmp_path / "letter.db").write_text("This is no database. " * 100)
    url = f"sqlite:///{tmp_path / 'letter.db'}"
    assert readiness(settings, url) == (503, ["database_does_not_answer"])


def test_a_server_whose_disk_is_nearly_full_is_not_ready(settings, sqlite_url, monkeypatch):
    assert readiness(settings, sqlite_url) == (200, None)
    monkeypatch.setattr(health, "MIN_FREE_SHARE", 1.01)
    assert readiness(settings, sqlite_url) == (503, ["disk_nearly_full"])


def test_a_server_that_cannot_write_is_not_ready_until_it_can(settings, sqlite_url):
    app = create_app(replace(settings, database_url=sqlite_url))
    client = app.test_client()
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as shell:
        shell.execute("BEGIN IMMEDIATE")
        assert client.get("/health/ready").json == {"status": "not ready", "reasons": ["database_locked"]}
        assert client.get("/health/live").status_code == 200
        shell.execute("ROLLBACK")
    time.sleep(health.VALID_S)
    assert client.get("/health/ready").json == {"status": "ready"}
    app.extensions["database"].close()


def readiness(settings, url: str) -> tuple[int, Any]:
    """Ask a server on one database; it is alive all the same."""
    app = create_app(replace(settings, database_url=url))
    try:
        client = app.test_client()
        assert client.get("/health/live").status_code == 200
        answered: Any = client.get("/health/ready")
        return answered.status_code, answered.json.get("reasons")
    finally:
        app.extensions["database"].close()


@contextmanager
def closing_engine(url: str) -> Iterator[Connection]:
    """A connection to change what no code of ours changes."""
    engine = create_engine(url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()
