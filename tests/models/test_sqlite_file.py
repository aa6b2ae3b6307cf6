from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from models.database import Database
from models.sqlite_file import FileInUse, OpenedFile, exclusive
from services.health import reasons_not_ready
from tests import factories
from tests.cli.test_backups import HOLD
from tests.e2e.server import ROOT


@pytest.fixture
def file(sqlite_url):
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
def opened(sqlite_url):
    """A database with an open connection."""
    database = Database(sqlite_url)
    assert reasons_not_ready(database) == []
    yield database
    database.close()


def test_a_file_that_stayed_was_not_replaced(opened):
    with opened.write() as session:
        factories.clinic(session)
    assert not opened.file_was_replaced()
    assert reasons_not_ready(opened) == []


def test_a_server_on_a_file_that_was_replaced_is_not_ready(opened, file, tmp_path):
    shutil.copy(file, tmp_path / "other.db")
    (tmp_path / "other.db").rename(file)
    assert opened.file_was_replaced()
    assert reasons_not_ready(opened) == ["file_replaced"]


def test_a_server_on_a_file_that_was_removed_is_not_ready(opened, file):
    file.unlink()
    assert opened.file_was_replaced()
    assert reasons_not_ready(opened) == ["file_replaced"]


def test_a_server_that_opens_the_new_file_is_ready(opened, file, tmp_path):
    shutil.copy(file, tmp_path / "other.db")
    (tmp_path / "other.db").rename(file)
    opened.close()
    assert reasons_not_ready(opened) == []


def test_a_file_that_was_never_opened_was_not_replaced(tmp_path):
    assert not OpenedFile(tmp_path / "nowhere.db").was_replaced()


@pytest.mark.postgres
def test_postgresql_has_no_file_to_replace(postgresql_url):
    database = Database(postgresql_url)
    assert reasons_not_ready(database) == []
    assert not database.file_was_replaced()
    database.close()


def test_the_last_process_to_stop_leaves_everything_in_the_file(sqlite_url, file, tmp_path):
    first, last = Database(sqlite_url), Database(sqlite_url)
    with first.write() as session:
        factories.clinic(session)
    with last.read() as session:
        session.connection()
    assert file.with_name(f"{file.name}-wal").stat().st_size > 0
    first.stop()
    with last.write() as session:
        factories.clinic(session)
    last.stop()
    shutil.copy(file, tmp_path / "cp.db")
    with closing(sqlite3.connect(tmp_path / "cp.db")) as copied:
        assert copied.execute("SELECT count(*) FROM clinics").fetchone() == (2,)
    assert not file.with_name(f"{file.name}-wal").exists()


def test_stopping_on_a_file_that_was_removed_is_no_error(sqlite_url, file):
    database = Database(sqlite_url)
    assert reasons_not_ready(database) == []
    file.unlink()
    database.stop()
    assert not file.exists()


def test_the_lock_is_refused_while_another_process_has_the_database_open(sqlite_url, file):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, sqlite_url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "open\n"
        with pytest.raises(FileInUse), exclusive(file):
            pass
        other.communicate("\n")
    with exclusive(file):
        pass


def test_nobody_opens_the_database_while_the_lock_is_held(file):
    read = f"import sqlite3; sqlite3.connect({str(file)!r}, timeout=0).execute('PRAGMA schema_version')"
    with exclusive(file):
        refused = subprocess.run([sys.executable, "-c", read], capture_output=True, text=True, check=False)
    assert "database is locked" in refused.stderr
    assert subprocess.run([sys.executable, "-c", read], check=False).returncode == 0
