"""An entry of the event log that was changed, deleted, added or cut off is found by its hash chain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from models.event_log import EventLogEntry
from services import event_log
from services.access import lock_clinic
from services.event_log import Event, by_command
from services.event_log_chain import BrokenChain, Head, head_of, verify
from tests import factories

pytestmark = pytest.mark.either_database

NOW = factories.LONG_AGO + timedelta(days=1)


@pytest.fixture
def clinic_id(database) -> UUID:
    with database.write() as session:
        return factories.clinic(session).id


def record(database, clinic_id: UUID, name: str = "x") -> None:
    with database.write(clinic_id) as session:
        event_log.add(session, clinic_id, Event.SIGNED_IN, by_command(NOW), device_name=name)


def change(database, statement: str) -> None:
    """Change a log as somebody could who owns the database: without its triggers."""
    with database.engine.begin() as connection:
        if database.engine.name == "sqlite":
            for table in ("event_log", "event_log_chain"):
                for kind in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER {table}_no_{kind}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement))


def test_a_log_that_nobody_touched_agrees_with_its_chain(database, clinic_id):
    for name in ("a", "b", "c"):
        record(database, clinic_id, name)
    with database.read(clinic_id) as session:
        head = verify(session)
        assert head.sequence == 3
        assert head == head_of(session)
        assert verify(session, head) == head


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE event_log SET address = 'elsewhere'", "entry 1 was changed"),
        ("DELETE FROM event_log", "entry 1 is missing"),
        ("DELETE FROM event_log_chain WHERE sequence = 3", "1 entries are not in the chain"),
        ("UPDATE event_log_chain SET sequence = 9 WHERE sequence = 2", "entry 2 is missing"),
    ],
)
def test_what_was_changed_is_found(database, clinic_id, statement, found):
    for name in ("a", "b", "c"):
        record(database, clinic_id, name)
    change(database, statement)
    with database.read(clinic_id) as session, pytest.raises(BrokenChain, match=found):
        verify(session)


def test_a_log_that_was_cut_off_is_found_with_a_head_that_was_printed(database, clinic_id):
    for name in ("a", "b"):
        record(database, clinic_id, name)
    with database.read(clinic_id) as session:
        printed = verify(session)
    newest = "SELECT entry_id FROM event_log_chain WHERE sequence = 2"
    change(database, f"DELETE FROM event_log WHERE id = ({newest})")  # noqa: S608  both are ours
    with database.engine.begin() as connection:
        if database.engine.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM event_log_chain WHERE sequence = 2"))
    with database.read(clinic_id) as session:
        assert verify(session).sequence == 1, "by itself, what is left agrees"
        with pytest.raises(BrokenChain, match="ends at entry 1"):
            verify(session, printed)
    record(database, clinic_id, "another")
    with database.read(clinic_id) as session, pytest.raises(BrokenChain, match="not those of the head"):
        verify(session, printed)


def test_writers_at_the_same_time_make_one_chain(database, clinic_id):
    def write(number: int) -> None:
        for at in range(10):
            record(database, clinic_id, f"{number}-{at}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    with database.read(clinic_id) as session:
        assert verify(session).sequence == 60


def test_what_is_rolled_back_leaves_no_link(database, clinic_id):
    with database.write(clinic_id) as session:
        with session.begin_nested() as savepoint:
            event_log.add(session, clinic_id, Event.SIGNED_IN, by_command(NOW))
            session.flush()
            savepoint.rollback()
        with session.begin_nested():
            event_log.add(session, clinic_id, Event.SIGNED_OUT, by_command(NOW))
        event_log.add(session, clinic_id, Event.EXPORTED, by_command(NOW))
    with database.read(clinic_id) as session:
        assert verify(session).sequence == 2
        assert session.scalar(select(func.count()).select_from(EventLogEntry)) == 2


def test_the_command_prints_heads_and_names_what_is_wrong(app, database, clinic_id):
    record(database, clinic_id)
    run = app.test_cli_runner().invoke
    done = run(args=["event-log", "verify"])
    assert (done.exit_code, done.output.count(":")) == (0, 2), done.output
    head = done.output.strip()
    assert run(args=["event-log", "verify", "--expect", head]).exit_code == 0
    ahead = head.replace(":1:", ":2:")
    wrong = run(args=["event-log", "verify", "--expect", ahead])
    assert wrong.exit_code == 1
    assert "the chain ends at entry 1" in wrong.output
    unknown = run(args=["event-log", "verify", "--expect", f"{uuid4()}:1:{'0' * 64}"])
    assert (unknown.exit_code, "no such clinic" in unknown.output) == (1, True)
    assert run(args=["event-log", "verify", "--expect", "nonsense"]).exit_code == 2
    assert Head(1, "x") != Head(1, "y")


def test_an_event_is_recorded_while_the_clinic_is_locked_on_postgresql(postgresql_url, open_database):
    database = open_database(postgresql_url)
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as changing:
        lock_clinic(changing, clinic_id)
        with database.write(clinic_id) as session:
            # With the clinic locked against references this waits for lock_timeout, and fails.
            event_log.add(session, clinic_id, Event.SIGNED_IN, by_command(NOW))
    database.close()
