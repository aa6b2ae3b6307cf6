"""The history of outlooks: one entry for each change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import event, select

from clinical import local_day
from models.clinics import Clinic
from models.outlooks import CachedOutlook, OutlookChange
from models.patients import Patient
from services.access import Actor, Role
from services.context import Context
from services.outlooks.current import refresh, snapshot
from services.patients import DAY_START_HOUR
from tests import factories

pytestmark = pytest.mark.either_database

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)  # half past nine in the evening in Chicago
TODAY = date(2026, 11, 21)
INDUCTION = (40, 37, 33, 30, 26, 23)


@pytest.fixture
def clinic_id(database):
    with database.write() as session:
        return factories.clinic(session).id


@pytest.fixture
def patient_id(database, clinic_id):
    """Somebody in maintenance, who answered every day and is wearing off."""
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        for back in INDUCTION:
            factories.infusion(session, patient, TODAY - timedelta(days=back))
        for back in range(55):
            mood = 3 if back > 40 else 3 + max(4 - max(23 - back, 0) // 7, 0)
            factories.check_in(session, patient, TODAY - timedelta(days=back), mood=mood, anxiety=9 - mood)
        return patient.id


@pytest.fixture
def read(database, clinic_id, patient_id):
    actor = Actor(patient_id, clinic_id, frozenset({Role.CLINICIAN}))

    def at(now: datetime = NOW):
        with database.read(clinic_id) as session:
            return snapshot(Context(session, actor, now), database, patient_id).outlook

    return at


@pytest.fixture
def entries(database, clinic_id):
    def entries() -> list[OutlookChange]:
        with database.read(clinic_id) as session:
            query = select(OutlookChange).order_by(OutlookChange.patient_id, OutlookChange.number)
            return list(session.scalars(query))

    return entries


@pytest.fixture
def run(database, clinic_id):
    """Run the clinic's outlook in another mode from here on."""

    def in_mode(mode: str) -> None:
        with database.write() as session:
            clinic = session.get_one(Clinic, clinic_id)
            clinic.outlook_mode = mode
            clinic.version += 1

    return in_mode


def around(outlook):
    """Return the members of an outlook that its history does not have."""
    return {name: outlook[name] for name in ("headline", "reasons_to_hold")}


def test_the_first_outlook_is_recorded_and_an_equal_one_is_not(read, entries, database, clinic_id):
    result = read()
    with database.write(clinic_id) as session:
        session.scalars(select(CachedOutlook)).one().engine_version = "0"
    read()
    (entry,) = entries()
    assert (entry.number, entry.computed_at, entry.today, entry.shown) == (1, NOW, TODAY, True)
    assert around(result) | entry.outlook == result
    assert (entry.status, entry.no_forecast_reason, str(entry.recommended_on)) == (
        result["status"],
        None,
        result["recommended_on"],
    )


@pytest.mark.parametrize(("before", "count"), [("craving", 2), (None, 1)])
def test_another_target_measure_is_another_entry(read, entries, database, clinic_id, before, count):
    read()
    with database.write(clinic_id) as session:
        session.scalars(select(CachedOutlook)).one().engine_version = "0"
        entry = session.scalars(select(OutlookChange)).one()
        rest = {name: value for name, value in entry.outlook.items() if name != "target_measure"}
        # An entry from before a measure could be chosen has none.
        entry.outlook = rest if before is None else rest | {"target_measure": before}
    read()
    assert len(entries()) == count


def test_another_status_is_another_entry(read, entries, database, clinic_id, patient_id):
    first = read()
    with database.write(clinic_id) as session:
        patient = session.get_one(Patient, (clinic_id, patient_id))
        factories.infusion(session, patient, TODAY)
    later = read(NOW + timedelta(hours=1))
    one, two = entries()
    assert (one.status, two.status) == (first["status"], later["status"])
    assert one.status != two.status
    assert (two.number, two.computed_at) == (2, NOW + timedelta(hours=1))


def test_a_forecast_ended_by_missing_answers_is_an_entry_with_its_reason(read, entries):
    read()
    read(NOW + timedelta(days=20))
    assert [(entry.status, entry.no_forecast_reason) for entry in entries()][-1] == (
        "overdue",
        "gone_silent",
    )


def test_in_silent_mode_the_history_has_the_forecast_and_the_cache_has_none(
    read, entries, run, database, clinic_id
):
    run("silent")
    result = read()
    assert (result["no_forecast_reason"], result["recommended_on"]) == ("not_shown", None)
    with database.read(clinic_id) as session:
        cached = session.scalars(select(CachedOutlook)).one()
        assert cached.outlook == result
        assert cached.due_on == date.fromisoformat(result["protocol_latest_on"])
        assert cached.status == result["status"]
    (entry,) = entries()
    assert not entry.shown
    assert (entry.outlook["no_forecast_reason"], entry.outlook["recommended_on"]) == (
        None,
        str(entry.recommended_on),
    )
    run("shown")
    assert read()["recommended_on"] == entry.outlook["recommended_on"]
    assert [(each.number, each.shown) for each in entries()] == [(1, False), (2, True)]


def test_a_clinic_that_was_always_off_has_no_history(read, entries, run):
    run("off")
    assert read()["no_forecast_reason"] == "switched_off"
    assert read(NOW + timedelta(days=20))["no_forecast_reason"] == "switched_off"
    assert entries() == []


def test_a_time_of_being_switched_off_is_one_entry_without_a_forecast(read, entries, run):
    shown = read()
    run("off")
    off = [read(NOW + timedelta(hours=1)), read(NOW + timedelta(days=20))]
    assert off[0]["status"] != off[1]["status"]  # by the plan's dates, which no entry is needed for
    run("silent")
    read(NOW + timedelta(days=20, hours=1))
    result = [(entry.number, entry.no_forecast_reason, entry.shown, entry.computed_at) for entry in entries()]
    assert result[:2] == [(1, None, True, NOW), (2, "switched_off", False, NOW + timedelta(hours=1))]
    assert [entry.number for entry in entries()] == [1, 2, 3]
    assert around(off[0]) | entries()[1].outlook == off[0]
    assert (off[0]["due_median_on"], off[0]["p_half_lost"], off[0]["recommended_on"]) == (None, None, None)
    assert shown["p_half_lost"] is not None


@pytest.fixture
def meanwhile(database):
    """Run an action after the next reader computed an outlook, and before it is stored."""

    @contextmanager
    def happens(action: Callable[[], Any]) -> Iterator[None]:
        taken: list[None] = []

        def before_storing(*_connection: Any) -> None:
            taken.append(None)
            if len(taken) == 2:  # the first connection reads, the second writes
                action()

        event.listen(database.engine, "checkout", before_storing)
        yield
        event.remove(database.engine, "checkout", before_storing)
        assert len(taken) > 2

    return happens


def test_a_reader_slower_than_a_change_of_mode_stores_and_records_nothing(
    read, entries, run, meanwhile, database, clinic_id
):
    def silenced() -> None:
        run("silent")
        read()

    with meanwhile(silenced):
        assert read()["no_forecast_reason"] is None
    with database.read(clinic_id) as session:
        cached = session.scalars(select(CachedOutlook)).one()
        assert cached.settings_version == session.get_one(Clinic, clinic_id).version
        assert cached.outlook["no_forecast_reason"] == "not_shown"
    assert [entry.shown for entry in entries()] == [False]


def test_a_computation_that_ends_on_another_day_is_not_stored(read, entries, meanwhile, database, clinic_id):
    turn = local_day.turn_of_day(NOW, factories.ZONE, DAY_START_HOUR)
    with meanwhile(lambda: read(turn + timedelta(seconds=5))):
        read(turn - timedelta(seconds=5))
    with database.read(clinic_id) as session:
        assert session.scalars(select(CachedOutlook)).one().today == TODAY + timedelta(days=1)
    assert [entry.today for entry in entries()] == [TODAY + timedelta(days=1)]


def test_a_reader_slower_with_older_data_records_nothing(read, entries, database, clinic_id, patient_id):
    read()
    with database.write(clinic_id) as session:
        session.scalars(select(CachedOutlook)).one().change_seq += 7
        factories.infusion(session, session.get_one(Patient, (clinic_id, patient_id)), TODAY)
    read()
    assert len(entries()) == 1


def test_of_concurrent_readers_one_records_it(database, clinic_id, patient_id, entries):
    actor = Actor(patient_id, clinic_id, frozenset({Role.CLINICIAN}))
    together, result = Barrier(6), []

    def read_once() -> None:
        with database.read(clinic_id) as session:
            together.wait()
            result.append(snapshot(Context(session, actor, NOW), database, patient_id))

    readers = [Thread(target=read_once) for _ in range(6)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(result) == 6
    assert len({each.outlook_text for each in result}) == 1
    assert [entry.number for entry in entries()] == [1]


def test_a_batch_is_recorded_in_as_many_queries_as_one_patient(database, clinic_id, patient_id, entries):
    asked = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _count(_connection, _cursor, statement, *_more):
        asked.append(statement)

    def refreshed() -> int:
        asked.clear()
        with database.read(clinic_id) as session:
            refresh(session, database, clinic_id, NOW)
        return sum(statement.startswith("SELECT") for statement in asked)

    alone = refreshed()
    with database.write(clinic_id) as session:
        for _ in range(12):
            factories.patient(session)
    assert refreshed() == alone
    assert len(entries()) == 13
    assert patient_id in {entry.patient_id for entry in entries()}
