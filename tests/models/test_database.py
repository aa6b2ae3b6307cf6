from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from models.accounts import Account, LoginAttempts
from models.clinics import Clinic
from models.database import SQLITE_SETTINGS, Database, DatabaseConfigError
from tests import factories
from tests.forked_processes import COUNT_UP_IN_THREE

ROOT = Path(__file__).resolve().parents[2]
THREADS, ROUNDS = 8, 10

COUNT_UP = (
    """
import sys
from sqlalchemy import select
from models.accounts import LoginAttempts
from models.database import Database

def count_up():
    database = Database(sys.argv[1])
    for _ in range(int(sys.argv[2])):
        with database.write() as session:
            session.scalar(select(LoginAttempts).with_for_update()).failures += 1
    database.close()
"""
    + COUNT_UP_IN_THREE
)
"""Three processes: none of them has opened the database when they part."""


@pytest.fixture
def counter(database):
    """One row that everybody counts up: a lost update shows as a count too low."""
    with database.write() as session:
        session.add(LoginAttempts(key="front", window_start=factories.LONG_AGO, failures=0))
    return count_up


def count_up(database: Database) -> None:
    """Read, then write: on SQLite that fails at once unless the transaction announces it will write."""
    with database.write() as session:
        row = session.scalar(select(LoginAttempts).with_for_update())
        assert row is not None
        row.failures += 1


def counted(database: Database) -> int | None:
    """How far the counter got."""
    with database.read() as session:
        return session.scalar(select(LoginAttempts.failures))


def test_sqlite_has_the_required_settings(sqlite_url):
    database = Database(sqlite_url)
    with database.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_sqlite_in_memory_is_refused(url):
    with pytest.raises(DatabaseConfigError):
        Database(url)


@pytest.mark.postgres
def test_postgresql_ends_a_statement_that_takes_too_long(postgresql_url):
    database = Database(postgresql_url)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "10s"
        assert connection.exec_driver_sql("SHOW timezone").scalar() == "UTC"
    database.close()


def test_write_commits_its_block(database):
    with database.write() as session:
        made = factories.clinic(session)
    with database.read() as session:
        assert session.get(Clinic, made.id) is not None


def test_write_rolls_back_a_block_that_raised(database):
    def fail():
        with database.write() as session:
            factories.clinic(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.read() as session:
        assert session.scalar(select(func.count(Clinic.id))) == 0


def test_read_commits_nothing(database):
    with database.read() as session:
        factories.clinic(session)
    with database.read() as session:
        assert session.scalar(select(func.count(Clinic.id))) == 0


def test_a_row_can_be_read_after_its_session(database):
    with database.write() as session:
        made = factories.clinic(session, name="Lake Clinic")
    assert made.name == "Lake Clinic"


@pytest.mark.usefixtures("counter")
def test_a_reader_does_not_wait_for_a_writer(database):
    with database.write() as session:
        session.add(LoginAttempts(key="back", window_start=factories.LONG_AGO, failures=0))
        session.flush()
        with database.read() as reader:
            assert reader.scalars(select(LoginAttempts.key)).all() == ["front"]


def test_concurrent_threads_that_read_and_then_write_lose_no_update(database, counter):
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(counter, database) for _ in range(THREADS * ROUNDS)]:
            done.result()
    assert counted(database) == THREADS * ROUNDS


@pytest.mark.usefixtures("counter")
def test_processes_share_one_database(database_url, database):
    command = [sys.executable, "-c", COUNT_UP, database_url, str(ROUNDS)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        for _ in range(ROUNDS):
            count_up(database)
        exit_codes, _ = running.communicate(timeout=60)
    assert exit_codes.split() == ["0", "0", "0"]
    assert counted(database) == 4 * ROUNDS


def test_two_engines_on_one_file_write_one_after_the_other(database_url, database, counter):
    other = Database(database_url)
    with ThreadPoolExecutor(THREADS) as pool:
        databases = [database, other] * (THREADS * ROUNDS // 4)
        for done in [pool.submit(counter, each) for each in databases]:
            done.result()
    other.close()
    assert counted(database) == len(databases)


def test_a_writer_that_waits_too_long_gets_database_is_locked(sqlite_url, monkeypatch):
    monkeypatch.setattr("models.database.BUSY_TIMEOUT_MS", 100)
    monkeypatch.setitem(SQLITE_SETTINGS, "busy_timeout", 100)
    database = Database(sqlite_url)
    holding, enough = threading.Event(), threading.Event()

    def hold():
        with database.write() as session:
            factories.clinic(session)
            holding.set()
            enough.wait(10)

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        assert holding.wait(10)
        with pytest.raises(OperationalError, match="database is locked"), database.write() as session:
            factories.clinic(session)
        enough.set()
        held.result()
    with database.write() as session:
        factories.clinic(session)
    database.close()


def test_an_instant_is_read_aware_and_in_utc(database):
    written = datetime(2026, 3, 1, 21, 30, tzinfo=timezone(timedelta(hours=-6)))
    with database.write() as session:
        made = factories.clinic(session, created_at=written)
    with database.read() as session:
        found = session.get_one(Clinic, made.id).created_at
    assert found == written
    assert found.tzinfo is UTC
    assert found.isoformat() == "2026-03-02T03:30:00+00:00"


def test_an_instant_retains_its_microseconds(database):
    written = datetime(2026, 3, 1, 21, 30, 0, 123456, tzinfo=UTC)
    with database.write() as session:
        made = factories.clinic(session, created_at=written)
    with database.read() as session:
        assert session.scalars(select(Clinic.id).where(Clinic.created_at == written)).all() == [made.id]
        assert session.get_one(Clinic, made.id).created_at == written


def test_a_naive_instant_is_refused(database):
    naive = datetime(2026, 3, 1, 21, 30)  # noqa: DTZ001  the point of it
    with pytest.raises(StatementError, match="time zone"), database.write() as session:
        factories.clinic(session, created_at=naive)


def test_an_absent_instant_stays_absent(database):
    with database.write() as session:
        clinic = factories.clinic(session)
        account = factories.account(session, clinic.id)
    with database.read() as session:
        assert session.get_one(Account, account.id).disabled_at is None


def test_a_row_that_refers_to_nothing_is_refused(database):
    with pytest.raises(IntegrityError), database.write() as session:
        factories.account(session, uuid4())


def test_an_error_does_not_quote_the_parameters(sqlite_url):
    # PostgreSQL's own message quotes the row whatever we do: of an error, only the class is ever logged.
    database = Database(sqlite_url)
    with pytest.raises(IntegrityError) as caught, database.write() as session:
        factories.clinic(session, name="Something private", backfill_days=-1)
    database.close()
    assert "Something private" not in str(caught.value)


def test_the_database_files_are_readable_by_their_owner_only(tmp_path):
    opened = Database(f"sqlite:///{tmp_path / 'fresh.db'}")
    with opened.write() as session:
        session.execute(select(1))
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("fresh.db*")}
    opened.close()
    assert {"fresh.db", "fresh.db-lock"} <= set(modes)
    assert set(modes.values()) == {0o600}
