from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.util import CommandError
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, func, inspect, select

from cli import commands, db
from config import Settings
from models.base import Base
from models.database import Database
from models.schema_version import HEAD, at_head, current_revision
from tests.architecture.sources import ROOT

pytestmark = pytest.mark.both_databases

IN_PRODUCTION = "0010_learnt_priors"

UPGRADE_TOGETHER = """
import os, sys
from cli.db import upgrade
servers = []
for _ in range(3):
    server = os.fork()
    if not server:
        upgrade(sys.argv[1])
        os._exit(0)
    servers.append(server)
print(*(os.waitstatus_to_exitcode(os.waitpid(server, 0)[1]) for server in servers))
"""
"""Three servers that start in the same moment, and their exit codes."""


def flask_db(url: str, *arguments: str) -> Result:
    """Run `flask db ...` on a database."""
    app = Flask("afterglow", static_folder=None)
    app.extensions["database"] = Database(url)
    app.cli.add_command(db.db)
    result = app.test_cli_runner().invoke(args=["db", *arguments])
    app.extensions["database"].close()
    return result


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


def test_upgrade_creates_every_table(empty_url):
    assert flask_db(empty_url, "upgrade").exit_code == 0
    database = Database(empty_url)
    with database.read() as session:
        assert at_head(session)
    database.close()


def test_a_new_database_holds_no_account_and_nothing_else(at_revision):
    engine = create_engine(at_revision("head"))
    with engine.connect() as connection:
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    assert "accounts" in counts
    assert set(counts.values()) == {0}


def test_upgrade_twice_changes_nothing(database_url):
    assert flask_db(database_url, "upgrade").exit_code == 0
    assert current(database_url) == HEAD


def test_upgrade_can_stop_at_a_revision(empty_url):
    assert flask_db(empty_url, "upgrade", "0003_check_ins").exit_code == 0
    assert current(empty_url) == "0003_check_ins"


def test_downgrade_goes_back(at_revision):
    url = at_revision("0006_outlooks")
    assert flask_db(url, "downgrade", "0001_clinics").exit_code == 0
    assert current(url) == "0001_clinics"


def test_downgrade_to_base_leaves_no_table(at_revision):
    url = at_revision("head")
    flask_db(url, "downgrade", "base")
    engine = create_engine(url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


@pytest.fixture
def url_in_production(at_revision):
    """A schema on which to go back is quick."""
    return at_revision(IN_PRODUCTION)


@pytest.fixture
def in_production(url_in_production):
    """Runs `flask db downgrade` in production, with or without a terminal."""
    opened = Database(url_in_production)
    app = Flask("afterglow", static_folder=None)
    app.extensions |= {"database": opened, "settings": Settings("production", url_in_production, "")}
    app.cli.add_command(db.db)

    def downgrade(*arguments, answer=None):
        with pytest.MonkeyPatch.context() as patch:
            if answer is not None:
                # click's runner replaces standard input, which is then no terminal.
                patch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
            return app.test_cli_runner().invoke(args=["db", "downgrade", *arguments], input=answer)

    yield downgrade
    opened.close()


def test_downgrade_in_production_names_what_is_lost_and_asks(in_production, url_in_production):
    asked = in_production("0006_outlooks", answer="n\n")
    assert "This drops, with all that is in it: " in asked.output
    assert "check_ins.benefit_left" in asked.output
    assert (asked.exit_code, current(url_in_production)) == (1, IN_PRODUCTION)
    asked = in_production("0001_clinics", answer="n\n")
    assert "check_ins" in asked.output
    assert (asked.exit_code, current(url_in_production)) == (1, IN_PRODUCTION)
    assert in_production("0001_clinics", answer="y\n").exit_code == 0
    assert current(url_in_production) == "0001_clinics"


def test_downgrade_in_production_refuses_without_a_terminal(in_production, url_in_production):
    refused = in_production("0001_clinics")
    assert (refused.exit_code, "--yes" in refused.output) == (1, True)
    assert current(url_in_production) == IN_PRODUCTION
    assert in_production("0006_outlooks", "--yes").exit_code == 0
    assert current(url_in_production) == "0006_outlooks"


def test_downgrade_in_production_needs_a_revision_in_full(in_production, url_in_production):
    for revision in ("-1", "0099_nowhere"):
        refused = in_production("--", revision, answer="y\n")
        assert (refused.exit_code, "in full" in refused.output) == (1, True)
        assert current(url_in_production) == IN_PRODUCTION


def test_current_prints_the_revision(database_url):
    assert flask_db(database_url, "current").output == f"{HEAD} (head)\n"


def test_current_prints_an_older_revision_and_none_where_no_migration_has_run(at_revision, empty_url):
    assert flask_db(at_revision("0003_check_ins"), "current").output == "0003_check_ins\n"
    nothing = flask_db(empty_url, "current")
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (0, "", "The database has no tables yet.\n")


@pytest.mark.parametrize("arguments", [("upgrade", "nonsense"), ("downgrade", "nonsense", "--yes")])
def test_a_revision_that_is_none_is_a_sentence(arguments, database_url):
    result = flask_db(database_url, *arguments)
    assert (result.exit_code, result.output) == (1, f"Error: {db.NO_REVISION}\n")


@pytest.mark.parametrize(
    "arguments",
    [("upgrade",), ("downgrade", "0003_check_ins", "--yes"), ("check",), ("revision", "more", "-m", "More.")],
)
def test_a_schema_newer_than_the_code_is_a_sentence_and_stays(arguments, at_revision):
    url = at_revision("0003_check_ins")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_future'")
    engine.dispose()
    result = flask_db(url, *arguments)
    assert result.exit_code == 1
    assert "newer than this version of the server" in result.output
    assert flask_db(url, "current").stdout == "9999_future\n"


def test_check_passes_on_the_newest_schema(database_url):
    assert flask_db(database_url, "check").exit_code == 0


def test_check_fails_on_an_older_schema(at_revision):
    result = flask_db(at_revision("0003_check_ins"), "check")
    assert result.exit_code == 1
    assert "not up to date" in result.output


def test_revision_writes_the_next_number_and_the_head_file(database_url, copied):
    written = flask_db(database_url, "revision", "add_vitals", "-m", "Vitals around an infusion.")
    following = f"{int(HEAD[:4]) + 1:04}_add_vitals"
    assert written.exit_code == 0, written.output
    assert (copied / "HEAD").read_text(encoding="utf-8") == f"{following}\n"
    text = (copied / "versions" / f"{following}.py").read_text(encoding="utf-8")
    assert text.startswith('"""Vitals around an infusion."""')
    assert f'down_revision = "{HEAD}"' in text


def test_revision_rejects_an_invalid_name(empty_url, copied):
    assert flask_db(empty_url, "revision", "no name", "-m", "Nothing.").exit_code == 2
    assert (copied / "HEAD").read_text(encoding="utf-8").strip() == HEAD


def test_an_unknown_revision_is_an_error(empty_url):
    with pytest.raises(CommandError):
        db.upgrade(empty_url, "0099_nowhere")
    assert current(empty_url) is None


def test_servers_that_start_together_upgrade_once(empty_url):
    command = [sys.executable, "-c", UPGRADE_TOGETHER, empty_url]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    assert ended.stdout.split() == ["0", "0", "0"]
    assert current(empty_url) == HEAD


def test_the_migrations_do_not_start_without_an_address():
    with pytest.raises(Exception, match="flask db"):
        db.upgrade("")


def test_the_configuration_is_found_from_anywhere(monkeypatch, tmp_path, empty_url):
    monkeypatch.chdir(tmp_path)
    db.upgrade(empty_url, "0001_clinics")
    assert current(empty_url) == "0001_clinics"
    assert not list(Path.cwd().glob("migrations"))


@pytest.mark.parametrize("line", [["clinic", "list"], ["db", "upgrade"], ["db", "current"], ["demo"]])
def test_a_database_that_does_not_answer_is_a_sentence(line):
    url = "postgresql+psycopg://afterglow:whose-secret@127.0.0.1:1/afterglow"
    app = commands.make_app(Settings("local", url, ""), line)
    assert app is not None
    result = app.test_cli_runner().invoke(args=line)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The database does not answer")
    assert "whose-secret" not in result.output
