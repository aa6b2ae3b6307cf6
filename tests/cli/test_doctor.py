"""`flask doctor`, and the start in production, as an operator sees them: real commands, real exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api import create_app
from cli.commands import make_app, register
from cli.db import upgrade
from config import Settings
from tests.postgres import free_port
from tests.small_demo import make_it_small

ROOT = Path(__file__).resolve().parents[2]
KEY = "k3J8vQm2Zt9LxR5wYb7NcD4fHs6GaP1e"
PRODUCTION = {
    "AFTERGLOW_ENV": "production",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "afterglow.example.org",
    "PROXY_HOPS": "1",
}
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
GUNICORN = [sys.executable, "-m", "gunicorn", "wsgi:app", "--no-control-socket", "--bind"]


@pytest.fixture
def kind():
    """SQLite, where the settings can be right."""
    return "sqlite"


def run(*command: str, **given: str) -> tuple[int, str]:
    """Run a command in an environment of production; return its exit code and what it printed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "FLASK"))}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=clean | PRODUCTION | given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


def run_here(url: str, environment: str, *words: str) -> tuple[int, str]:
    """Run a command in this process, which has imported what it needs; return the same."""
    app = make_app(Settings(environment, url, KEY), words)
    assert app is not None
    done = app.test_cli_runner().invoke(args=list(words))
    app.extensions["database"].close()
    return done.exit_code, done.output


def test_the_doctor_finds_nothing_that_production_would_refuse(sqlite_url):
    code, printed = run(*FLASK, "doctor", DATABASE_URL=sqlite_url)
    assert code == 0
    assert "refused" not in printed
    assert printed.count("\n") > 8


def test_the_doctor_lists_what_production_refuses_and_what_to_do(empty_url):
    code, printed = run_here(empty_url, "production", "doctor")
    assert code == 1
    assert "refused  schema: The database has no tables yet." in printed
    assert "flask db upgrade" in printed


def test_the_doctor_lists_every_setting_at_fault(sqlite_url):
    code, printed = run(*FLASK, "doctor", DATABASE_URL=sqlite_url, SECRET_KEY="short", PROXY_HOPS="")
    assert code == 1
    assert "SECRET_KEY" in printed
    assert "PROXY_HOPS" in printed


@pytest.mark.parametrize("way", ["serve", "gunicorn", "worker"])
def test_no_way_of_starting_serves_a_schema_that_is_not_this_versions(way, empty_url):
    upgrade(empty_url, "0001_clinics")
    port = str(free_port())
    command = {
        "serve": [*FLASK, "serve", "--port", port],
        "gunicorn": [*GUNICORN, f"127.0.0.1:{port}"],
        "worker": [*FLASK, "worker"],
    }[way]
    code, printed = run(*command, DATABASE_URL=empty_url)
    assert code != 0
    assert "older than this version" in printed


def test_a_demo_clinic_is_served_on_a_laptop_and_never_in_production(sqlite_url, monkeypatch):
    make_it_small(monkeypatch)
    assert run_here(sqlite_url, "local", "demo")[0] == 0
    code, printed = run(*FLASK, "serve", "--port", str(free_port()), DATABASE_URL=sqlite_url)
    assert (code, "demo clinic" in printed) == (1, True)
    create = ("clinic", "create", "Lake", "--time-zone", "Europe/Lisbon", "--admin-email", "a@clinic.example")
    code, printed = run_here(sqlite_url, "production", *create, "--admin-name", "Ada")
    assert (code, "demo clinic" in printed) == (1, True)
    code, printed = run_here(sqlite_url, "local", "doctor")
    assert (code, "warning  demo clinic" in printed) == (0, True)


COMMANDS = (
    ["db", "upgrade"],
    ["db", "current"],
    ["db", "downgrade", "base", "--yes"],
    ["clinic", "list"],
    ["account", "reset", "nobody@clinic.example"],
    ["outlook", "refresh"],
    ["doctor"],
    ["serve", "--port", "0"],
)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql+psycopg://afterglow:otter-umbrella-quartz-19@127.0.0.1:1/afterglow", "does not answer"),
        ("sqlite:///{folder}/letter.db", "no SQLite database"),
    ],
)
def test_a_database_that_cannot_be_used_is_a_sentence_for_every_command(url, words, tmp_path):
    (tmp_path / "letter.db").write_text("This is no database. " * 100)
    app = create_app(Settings("production", url.format(folder=tmp_path), KEY))
    register(app)
    port = str(free_port())
    for command in COMMANDS:
        done = app.test_cli_runner().invoke(args=[port if word == "0" else word for word in command])
        assert (done.exit_code, words in done.output) == (1, True), (command, done.output)
        assert "otter" not in done.output
    app.extensions["database"].close()


def test_an_address_that_is_none_is_a_sentence():
    code, printed = run(*FLASK, "clinic", "list", DATABASE_URL="\u2026")
    assert code == 1
    assert printed.startswith("Afterglow does not start: DATABASE_URL must")
