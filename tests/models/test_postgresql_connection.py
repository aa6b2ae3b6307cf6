"""A PostgreSQL that is stopped, as by a debugger or a machine that swaps, holds nobody for long."""

from __future__ import annotations

import os
import signal
import time

import pytest
from sqlalchemy.exc import OperationalError

from models import deadline
from models.database import Database
from models.database_trouble import Cause, trouble
from tests.postgres import PostgresServer

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def own():
    """A server that no other test uses."""
    with PostgresServer(durable=True) as server:
        yield server


@pytest.fixture
def database(own):
    opened = Database(own.url())
    yield opened
    own.thaw()
    opened.close()


def process_of(database: Database) -> int:
    with database.read() as session:
        return int(session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def ask(database: Database) -> tuple[Cause | None, float]:
    """Return what is wrong with the database, and how long it took to find out."""
    started = time.monotonic()
    try:
        with deadline.of_request(), database.read() as session:
            session.connection().exec_driver_sql("SELECT 1").scalar()
    except OperationalError as error:
        return trouble(error).cause, time.monotonic() - started
    return None, time.monotonic() - started


def test_a_statement_on_a_stopped_connection_ends_and_the_next_one_has_another_connection(
    database, monkeypatch
):
    monkeypatch.setattr(deadline, "REQUEST_WAIT_S", 2.5)
    process = process_of(database)
    with deadline.of_request(), database.read() as session:
        session.connection().exec_driver_sql("SELECT 1").scalar()
        os.kill(process, signal.SIGSTOP)
        started = time.monotonic()
        with pytest.raises(OperationalError) as caught:
            session.connection().exec_driver_sql("SELECT 2").scalar()
    os.kill(process, signal.SIGCONT)
    assert trouble(caught.value).cause is Cause.TIMEOUT
    assert deadline.REQUEST_WAIT_S - 0.5 < time.monotonic() - started < 5.0
    assert ask(database)[0] is None
    assert process_of(database) != process


def test_a_server_that_is_stopped_is_given_up_and_works_again_at_once(own, database, monkeypatch):
    monkeypatch.setattr(deadline, "REQUEST_WAIT_S", 2.5)
    assert ask(database)[0] is None
    own.freeze()
    cause, took = ask(database)
    assert (cause, took < 6.0) == (Cause.TIMEOUT, True)
    # No connection is left in the pool: a new one cannot be opened either.
    cause, took = ask(database)
    assert (cause in {Cause.TIMEOUT, Cause.UNREACHABLE}, took < 6.0) == (True, True)
    own.thaw()
    cause, took = ask(database)
    assert (cause, took < 2.0) == (None, True)


def test_a_request_without_time_left_opens_nothing(database):
    with deadline.limited(0.0), pytest.raises(OperationalError), database.read() as session:
        session.connection().exec_driver_sql("SELECT 1").scalar()
    assert ask(database)[0] is None


def test_a_row_that_another_transaction_holds_is_given_up_as_locked(own, monkeypatch):
    monkeypatch.setattr("models.database.LOCK_TIMEOUT_MS", 300)
    database = Database(own.url())
    with database.write() as session:
        session.connection().exec_driver_sql("CREATE TABLE IF NOT EXISTS one (number integer)")
        session.connection().exec_driver_sql("INSERT INTO one VALUES (1)")
    with database.write() as holder:
        holder.connection().exec_driver_sql("UPDATE one SET number = 2")
        with deadline.of_request(), pytest.raises(OperationalError) as caught, database.write() as session:
            session.connection().exec_driver_sql("UPDATE one SET number = 3")
    database.close()
    assert (trouble(caught.value).code, trouble(caught.value).cause) == ("55P03", Cause.LOCKED)
