"""What the drivers really raise, on both databases."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from models import deadline
from models.database import Database
from models.database_trouble import Cause, Trouble, trouble
from tests import factories


def raised(database: Database, statement: str) -> Trouble:
    with pytest.raises(DBAPIError) as caught, database.write() as session:
        session.connection().exec_driver_sql(statement)
    return trouble(caught.value)


def fill(database: Database) -> None:
    """Store more than SQLite lets the file hold."""
    with database.write() as session:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")
        for _ in range(1000):
            factories.clinic(session, name="Lake Clinic " * 15)


def test_a_table_or_a_column_that_is_missing(database, kind):
    table = raised(database, "SELECT 1 FROM nothing_of_this_name")
    column = raised(database, "SELECT nothing_of_this_name FROM clinics")
    codes = {"sqlite": ("SQLITE_ERROR", "SQLITE_ERROR"), "postgresql": ("42P01", "42703")}[kind]
    assert (table, column) == tuple(Trouble(code, Cause.MISSING_TABLE) for code in codes)


def test_a_statement_that_is_wrong_has_no_cause_of_its_own(database, kind):
    code = {"sqlite": "SQLITE_ERROR", "postgresql": "42601"}[kind]
    assert raised(database, "SELEC 1") == Trouble(code, Cause.OTHER)


def test_a_row_that_is_there_already(database):
    with database.write() as session:
        made = factories.clinic(session)
    with pytest.raises(DBAPIError) as caught, database.write() as session:
        factories.clinic(session, id=made.id)
    assert trouble(caught.value).cause is Cause.CONFLICT


def test_a_file_without_room(sqlite_url):
    database = Database(sqlite_url)
    with pytest.raises(DBAPIError) as caught:
        fill(database)
    database.close()
    assert trouble(caught.value) == Trouble("SQLITE_FULL", Cause.FULL)


def test_a_lock_that_another_process_of_ours_holds(sqlite_url):
    database, other = Database(sqlite_url), Database(sqlite_url)
    with other.write() as held:
        factories.clinic(held)
        with deadline.limited(0.3), pytest.raises(DBAPIError) as caught, database.write() as session:
            factories.clinic(session)
    database.close()
    other.close()
    assert trouble(caught.value) == Trouble("SQLITE_BUSY", Cause.LOCKED)


def test_a_lock_that_another_program_holds(sqlite_url):
    database = Database(sqlite_url)
    file = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as shell:
        shell.execute("BEGIN IMMEDIATE")
        with deadline.limited(0.3), pytest.raises(DBAPIError) as caught, database.write() as session:
            factories.clinic(session)
    database.close()
    assert trouble(caught.value) == Trouble("SQLITE_BUSY", Cause.LOCKED)


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "a.db").write_text("This is a letter, and no database. " * 100)
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises((DBAPIError, sqlite3.Error)) as caught, database.read() as session:
        session.connection().exec_driver_sql("SELECT 1")
    database.close()
    assert trouble(caught.value) == Trouble("SQLITE_NOTADB", Cause.UNREACHABLE)


def test_a_server_that_is_not_there():
    database = Database("postgresql+psycopg://afterglow:whose-secret@127.0.0.1:1/afterglow")
    with pytest.raises(DBAPIError) as caught, database.read() as session:
        session.connection().exec_driver_sql("SELECT 1")
    database.close()
    assert trouble(caught.value).cause is Cause.UNREACHABLE


def test_a_pool_without_a_free_connection():
    assert trouble(PoolTimeout()).cause is Cause.TIMEOUT
