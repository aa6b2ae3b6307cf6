"""`flask demo` fills an empty database and prints its logins."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from cli.demo import demo as command
from demo import clinic
from demo import ids as demo_ids
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.database import Database
from tests import factories
from tests.small_demo import make_it_small


@pytest.fixture
def bare(settings, database):
    """Return an application with what the command needs, and nothing else."""
    app = Flask("bare")
    app.cli.add_command(command)
    app.extensions.update(settings=settings, database=database)
    return app


@pytest.fixture
def terminal(bare):
    """Return a function that runs the command as at a terminal."""

    def run(*arguments):
        return bare.test_cli_runner().invoke(args=["demo", *arguments])

    return run


LOGINS = {
    "patient": "demo.patient@patients.example",
    "delegate": "demo.partner@patients.example",
    "clinician": "demo.clinician@clinic.example",
    "nurse": "demo.nurse@clinic.example",
    "front_desk": "demo.front-desk@clinic.example",
    "billing": "demo.billing@clinic.example",
    "admin": "demo.admin@clinic.example",
    "integration": "",
}


@pytest.mark.either_database
def test_it_prints_one_line_for_each_role_and_creates_the_clinic_once(terminal, database, monkeypatch):
    make_it_small(monkeypatch)
    created = terminal()
    assert created.exit_code == 0, created.output
    lines = [line.split("\t") for line in created.stdout.splitlines()]
    assert [line[0] for line in lines] == list(LOGINS)
    assert [line[1] for line in lines[:-1]] == [name for name in LOGINS.values() if name]
    assert all(len(words) >= 15 for _, _, words in lines)
    assert "Lantern Bay Clinic (demo)" in created.stderr
    with database.read(demo_ids.CLINIC_ID) as session:
        assert session.scalar(select(func.count()).select_from(CheckIn)) > 100
    again = terminal("--if-empty")
    assert (again.exit_code, again.stdout) == (0, created.stdout)
    refused = terminal()
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "--if-empty" in refused.stderr
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Clinic)) == 1


@pytest.mark.either_database
def test_if_empty_does_not_change_a_database_with_another_clinic(terminal, database, monkeypatch):
    make_it_small(monkeypatch)
    with database.write() as session:
        factories.clinic(session)
    skipped = terminal("--if-empty")
    assert skipped.exit_code == 0
    assert skipped.stdout == ""
    assert "no demo clinic was created" in skipped.stderr
    assert terminal().exit_code == 0


@pytest.mark.parametrize("arguments", [(), ("--if-empty",)])
def test_it_is_refused_in_production(terminal, bare, database, settings, arguments):
    bare.extensions["settings"] = replace(settings, environment="production")
    refused = terminal(*arguments)
    assert refused.exit_code == 1
    assert refused.stdout == ""
    with database.read() as session:
        assert clinic.is_empty(session)


def test_without_tables_the_message_names_the_command(terminal, bare, empty_url):
    untouched = Database(empty_url)
    bare.extensions["database"] = untouched
    refused = terminal()
    untouched.close()
    assert refused.exit_code == 1
    assert "flask db upgrade" in refused.stderr
