"""flask outlook: fresh before anybody asks, and how forecasts turned out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from subprocess import PIPE
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from cli.outlook import outlook
from models.clinics import Clinic
from models.database import SQLITE_SETTINGS, Database
from models.outlooks import CachedOutlook
from models.reports import BacktestedPatient
from tests import factories
from tests.architecture.sources import ROOT
from tests.people import assemble


@pytest.fixture
def flask_outlook(app):
    def run(*arguments: str):
        return app.test_cli_runner().invoke(outlook, args=list(arguments))

    return run


def stored(database, clinic_id) -> int:
    with database.read(clinic_id) as session:
        return session.scalar(select(func.count()).select_from(CachedOutlook)) or 0


def test_every_clinics_outlooks_are_computed_and_then_fresh(flask_outlook, database, people):
    first, second = flask_outlook("refresh"), flask_outlook("refresh")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert set(first.output.splitlines()) == {"Harbour Clinic: 2 computed", "Meadow Clinic: 1 computed"}
    assert set(second.output.splitlines()) == {"Harbour Clinic: 0 computed", "Meadow Clinic: 0 computed"}
    assert (stored(database, people.clinic_id), stored(database, people.other_clinic_id)) == (2, 1)


def test_a_named_clinic_limits_the_refresh_to_it(flask_outlook, database, people):
    result = flask_outlook("refresh", "--clinic", str(people.other_clinic_id))
    assert result.output == "Meadow Clinic: 1 computed\n"
    assert stored(database, people.clinic_id) == 0


def test_what_changed_is_computed_again(flask_outlook, database, people):
    flask_outlook("refresh")
    with database.write(people.clinic_id) as session:
        factories.check_in(session, factories.patient(session), datetime.now(UTC).date())
    assert "Harbour Clinic: 1 computed" in flask_outlook("refresh").output


@pytest.mark.parametrize("command", ["refresh", "backtest", "fit-prior"])
def test_an_unknown_clinic_is_an_error(command, flask_outlook):
    result = flask_outlook(command, "--clinic", str(uuid4()))
    assert result.exit_code == 1
    assert "no such clinic" in result.output
    assert flask_outlook(command, "--clinic", "harbour").exit_code == 2


@pytest.mark.parametrize("command", ["refresh", "backtest", "fit-prior"])
def test_without_a_clinic_only_refresh_exits_with_0(command, flask_outlook):
    result = flask_outlook(command)
    assert result.exit_code == (0 if command == "refresh" else 1)
    assert "There is no clinic yet." in result.output


def test_a_timer_gets_no_output_unless_something_failed(flask_outlook, database, app):
    assert flask_outlook("refresh", "--quiet").output == ""
    clinic_id = assemble(app, app.extensions["database"]).clinic_id
    result = flask_outlook("refresh", "--quiet")
    assert (result.exit_code, result.output) == (0, "")
    assert stored(database, clinic_id) == 2
    assert flask_outlook("refresh", "--quiet", "--clinic", str(uuid4())).exit_code == 1


@pytest.mark.parametrize("command", ["refresh", "backtest", "fit-prior"])
def test_without_tables_the_message_names_the_command(command, empty_url):
    untouched = Database(empty_url)
    bare = Flask("bare")
    bare.extensions["database"] = untouched
    result = bare.test_cli_runner().invoke(outlook, [command])
    untouched.close()
    assert result.exit_code == 1
    assert result.output == "Error: The database has no tables yet: run flask db upgrade first.\n"


TODAY = datetime.now(UTC).date()
STARTS = (90, 60, 30)


@pytest.fixture
def lived(database):
    """Return a function that adds patients with two finished cycles each."""

    def through(clinic_id, patients: int = 1) -> None:
        with database.write(clinic_id) as session:
            for _ in range(patients):
                patient = factories.patient(session)
                for back in (*range(95, 90, -1), *STARTS):
                    factories.infusion(session, patient, TODAY - timedelta(days=back))
                for back in range(110):
                    since = min((given - back for given in STARTS if given >= back), default=None)
                    mood = 3 if since is None else max(8 - since // 3, 3)
                    factories.check_in(
                        session,
                        patient,
                        TODAY - timedelta(days=back),
                        mood=mood,
                        enjoyment=mood,
                        anxiety=10 - mood,
                    )

    return through


def test_a_backtest_prints_a_table_and_serves_the_same_figures(flask_outlook, lived, client, people):
    lived(people.clinic_id, 3)
    result = flask_outlook("backtest", "--clinic", str(people.clinic_id))
    assert result.exit_code == 0
    assert "3 patients, 6 finished cycles" in result.output
    served = client.get(f"/v1/clinics/{people.clinic_id}/reports/forecast", headers=people.admin.headers).json
    assert served["cycle_counts"]["finished_count"] == 6
    for rule in served["rules"]:
        assert f"{rule['day_7_error_days']:.1f}" in result.output
    assert "too few" in result.output
    assert "6 scored" in result.output
    assert "was not known on the day" in result.output
    assert f" of {served['rules'][0]['followed_cycle_count']}" in result.output
    assert "retrospective" in result.output


def test_a_backtest_writes_its_figures_to_a_file(flask_outlook, lived, people, tmp_path):
    lived(people.clinic_id)
    file = tmp_path / "figures.json"
    assert flask_outlook("backtest", "--json", str(file)).exit_code == 0
    found = {report["clinic"]: report for report in json.loads(file.read_text())["reports"]}
    assert found["Harbour Clinic"]["cycle_counts"]["finished_count"] == 2
    assert found["Meadow Clinic"]["cycle_counts"]["finished_count"] == 0
    assert found["Meadow Clinic"]["clinic_id"] == str(people.other_clinic_id)


def test_a_file_that_cannot_be_written_is_refused_before_the_replay(
    flask_outlook, lived, database, people, tmp_path
):
    lived(people.clinic_id)
    result = flask_outlook("backtest", "--json", str(tmp_path / "nowhere" / "figures.json"))
    assert result.exit_code == 2
    assert "--json" in result.output
    assert "Traceback" not in result.output
    assert replayed_patients(database, people.clinic_id) == 0


def test_the_file_is_written_even_if_the_reader_of_the_table_is_gone(lived, database, people, app, tmp_path):
    lived(people.clinic_id)
    file = tmp_path / "figures.json"
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "outlook", "backtest", "--json", str(file)]
    url = app.extensions["settings"].database_url
    ours = os.environ | {"DATABASE_URL": url, "SECRET_KEY": "k" * 43, "OMP_NUM_THREADS": "1"}
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(command, cwd=ROOT, env=ours, stdout=writing, stderr=PIPE, text=True, check=False)
    os.close(writing)
    assert "Traceback" not in ended.stderr
    found = {report["clinic"]: report for report in json.loads(file.read_text())["reports"]}
    assert found["Harbour Clinic"]["cycle_counts"]["finished_count"] == 2
    assert replayed_patients(database, people.clinic_id) > 0


def test_without_a_finished_cycle_there_is_nothing_to_score(flask_outlook, people):
    result = flask_outlook("backtest", "--clinic", str(people.clinic_id))
    assert result.exit_code == 0
    assert "nothing to score" in result.output


def test_stored_replays_are_used_unless_forced(flask_outlook, lived, database, people):
    lived(people.clinic_id)
    flask_outlook("backtest")
    with database.write(people.clinic_id) as session:
        for stored in session.scalars(select(BacktestedPatient)):
            stored.replay = {"cycles": [], "infusion_ahead": False}
    assert "nothing to score" in flask_outlook("backtest", "--clinic", str(people.clinic_id)).output
    assert "2 finished cycles" in flask_outlook("backtest", "--force").output


def test_settings_that_change_meanwhile_are_an_error(flask_outlook, lived, database, people, app):
    lived(people.clinic_id, 2)

    @event.listens_for(app.extensions["database"].engine, "before_cursor_execute")
    def _during_the_first_replay(_connection, _cursor, statement, *_more):
        if "FROM check_ins" in statement and not changed:
            changed.append(statement)
            with database.write() as session:
                session.get_one(Clinic, people.clinic_id).version += 1

    changed: list[str] = []
    result = flask_outlook("backtest", "--clinic", str(people.clinic_id))
    assert result.exit_code == 1
    assert result.output == "Error: The clinic's settings changed meanwhile: run it again.\n"
    assert flask_outlook("backtest", "--clinic", str(people.clinic_id)).exit_code == 0


@pytest.mark.parametrize("words", [["refresh"], ["backtest"]])
def test_a_database_that_is_busy_for_too_long_is_an_error(words, sqlite_url, monkeypatch):
    monkeypatch.setattr("models.database.BUSY_TIMEOUT_MS", 50)
    monkeypatch.setitem(SQLITE_SETTINGS, "busy_timeout", 50)
    database = Database(sqlite_url)
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        factories.patient(session)
    bare = Flask("bare")
    bare.extensions["database"] = database
    with database.write(clinic_id) as busy:
        factories.patient(busy)
        result = bare.test_cli_runner().invoke(outlook, words)
    assert result.exit_code == 1
    assert result.output.startswith("Error: The database did not answer in time.")
    database.close()


def test_a_stopped_backtest_reports_its_progress_and_continues(sqlite_url):
    """Run as it is at a terminal, and stopped with Ctrl-C once some patients are stored."""
    database = Database(sqlite_url)
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        for _ in range(40):
            factories.patient(session)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "outlook", "backtest"]
    ours = os.environ | {"DATABASE_URL": sqlite_url, "SECRET_KEY": "k" * 43, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=ours, stdout=PIPE, stderr=PIPE, text=True) as running:
        while not replayed_patients(database, clinic_id) and running.poll() is None:
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    done = replayed_patients(database, clinic_id)
    assert 0 < done < 40
    assert f"Stopped after patient {done} of 40." in errors
    finished = subprocess.run(command, cwd=ROOT, env=ours, capture_output=True, text=True, check=False)
    assert finished.returncode == 0
    assert replayed_patients(database, clinic_id) == 40
    database.close()


def replayed_patients(database: Database, clinic_id: UUID) -> int:
    with database.read(clinic_id) as session:
        return session.scalar(select(func.count()).select_from(BacktestedPatient)) or 0
