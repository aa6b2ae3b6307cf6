from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.util import CommandError
from flask import Flask
from sqlalchemy import create_engine, func, inspect, select

from cli import db
from config import Settings
from models.base import Base
from models.database import Database
from models.schema_version import HEAD, at_head, current_revision
from tests.architecture.sources import ROOT

pytestmark = pytest.mark.both_databases

UPGRADE = "import sys; from cli.db import upgrade; upgrade(sys.argv[1])"


@pytest.fixture
def run(empty_url):
    """Runs `flask db ...` on a database on which no migration has run."""
    app = Flask("afterglow", static_folder=None)
    app.extensions["database"] = Database(empty_url)
    app.cli.add_command(db.db)
    yield lambda *arguments: app.test_cli_runner().invoke(args=["db", *arguments])
    app.extensions["database"].close()


@pytest.fixture
def copied(monkeypatch, tmp_path):
    """A checkout's migrations, to write new ones into."""
    shutil.copytree(
        ROOT / "migrations", tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "alembic.ini", tmp_path)
    monkeypatch.setattr(db, "ROOT", tmp_path)
    monkeypatch.setattr(db, "HEAD_FILE", tmp_path / "migrations" / "HEAD")
    return tmp_path / "migrations"


def current(url: str) -> str | None:
    """Where a database stands."""
    database = Database(url)
    with database.read() as session:
        revision = current_revision(session)
    database.close()
    return revision


def test_upgrade_creates_every_table(run, empty_url):
    assert run("upgrade").exit_code == 0
    database = Database(empty_url)
    with database.read() as session:
        assert at_head(session)
    database.close()


def test_a_new_database_holds_no_account_and_nothing_else(run, empty_url):
    run("upgrade")
    engine = create_engine(empty_url)
    with engine.connect() as connection:
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    assert "accounts" in counts
    assert set(counts.values()) == {0}


def test_upgrade_twice_changes_nothing(run, empty_url):
    assert run("upgrade").exit_code == 0
    assert run("upgrade").exit_code == 0
    assert current(empty_url) == HEAD


def test_upgrade_can_stop_at_a_revision(run, empty_url):
    assert run("upgrade", "0003_check_ins").exit_code == 0
    assert current(empty_url) == "0003_check_ins"


def test_downgrade_goes_back(run, empty_url):
    run("upgrade")
    assert run("downgrade", "0001_clinics").exit_code == 0
    assert current(empty_url) == "0001_clinics"


def test_downgrade_to_base_leaves_no_table(run, empty_url):
    run("upgrade")
    run("downgrade", "base")
    engine = create_engine(empty_url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


@pytest.fixture
def in_production(empty_url):
    """Runs `flask db downgrade` in production on the newest schema, with or without a terminal."""
    db.upgrade(empty_url)
    opened = Database(empty_url)
    app = Flask("afterglow", static_folder=None)
    app.extensions |= {"database": opened, "settings": Settings("production", empty_url, "")}
    app.cli.add_command(db.db)

    def downgrade(*arguments, answer=None):
        with pytest.MonkeyPatch.context() as patch:
            if answer is not None:
                # click's runner replaces standard input, which is then no terminal.
                patch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
            return app.test_cli_runner().invoke(args=["db", "downgrade", *arguments], input=answer)

    yield downgrade
    opened.close()


def test_downgrade_in_production_names_what_is_lost_and_asks(in_production, empty_url):
    asked = in_production("0042_acknowledged_level", answer="n\n")
    assert "This drops, with all that is in it: " in asked.output
    assert "patients.record_number_key" in asked.output
    assert (asked.exit_code, current(empty_url)) == (1, HEAD)
    asked = in_production("0001_clinics", answer="n\n")
    assert "check_ins" in asked.output
    assert (asked.exit_code, current(empty_url)) == (1, HEAD)
    assert in_production("0001_clinics", answer="y\n").exit_code == 0
    assert current(empty_url) == "0001_clinics"


def test_downgrade_in_production_refuses_without_a_terminal(in_production, empty_url):
    refused = in_production("0001_clinics")
    assert (refused.exit_code, "--yes" in refused.output, current(empty_url)) == (1, True, HEAD)
    assert in_production("0042_acknowledged_level", "--yes").exit_code == 0
    assert current(empty_url) == "0042_acknowledged_level"


def test_downgrade_in_production_needs_a_revision_in_full(in_production, empty_url):
    for revision in ("-1", "0099_nowhere"):
        refused = in_production("--", revision, answer="y\n")
        assert (refused.exit_code, "in full" in refused.output, current(empty_url)) == (1, True, HEAD)


def test_current_prints_the_revision(run):
    run("upgrade")
    assert f"{HEAD} (head)" in run("current").output


def test_check_passes_on_the_newest_schema(run):
    run("upgrade")
    assert run("check").exit_code == 0


def test_check_fails_on_an_older_schema(run):
    run("upgrade", "0003_check_ins")
    result = run("check")
    assert result.exit_code == 1
    assert "not up to date" in result.output


def test_revision_writes_the_next_number_and_the_head_file(run, copied):
    run("upgrade")
    written = run("revision", "add_vitals", "-m", "Vitals around an infusion.")
    following = f"{int(HEAD[:4]) + 1:04}_add_vitals"
    assert written.exit_code == 0, written.output
    assert (copied / "HEAD").read_text(encoding="utf-8") == f"{following}\n"
    text = (copied / "versions" / f"{following}.py").read_text(encoding="utf-8")
    assert text.startswith('"""Vitals around an infusion."""')
    assert f'down_revision = "{HEAD}"' in text


def test_revision_rejects_an_invalid_name(run, copied):
    assert run("revision", "no name", "-m", "Nothing.").exit_code == 2
    assert (copied / "HEAD").read_text(encoding="utf-8").strip() == HEAD


def test_an_unknown_revision_is_an_error(empty_url):
    with pytest.raises(CommandError):
        db.upgrade(empty_url, "0099_nowhere")
    assert current(empty_url) is None


def test_servers_that_start_together_upgrade_once(empty_url):
    command = [sys.executable, "-c", UPGRADE, empty_url]
    with ThreadPoolExecutor(3) as pool:
        ended = list(pool.map(lambda _: subprocess.run(command, cwd=ROOT, check=False), range(3)))
    assert [process.returncode for process in ended] == [0, 0, 0]
    assert current(empty_url) == HEAD


def test_the_migrations_do_not_start_without_an_address():
    with pytest.raises(Exception, match="flask db"):
        db.upgrade("")


def test_the_configuration_is_found_from_anywhere(monkeypatch, tmp_path, empty_url):
    monkeypatch.chdir(tmp_path)
    db.upgrade(empty_url)
    assert current(empty_url) == HEAD
    assert not list(Path.cwd().glob("migrations"))


@pytest.mark.parametrize("arguments", [["clinic", "list"], ["db", "upgrade"], ["demo"]])
def test_a_database_that_does_not_answer_is_a_sentence(arguments, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://afterglow:whose-secret@127.0.0.1:1/afterglow")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("Error: The database does not answer")
    assert "whose-secret" not in result.stderr + result.stdout
