"""The cached outlook: never served when stale, never delaying a reader."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, event, func, select

from models.database import SQLITE_SETTINGS, Database
from models.outlooks import CachedOutlook
from models.patients import Patient
from services.access import Actor, Role
from services.context import Context
from services.errors import NotFound
from services.outlooks.current import LONGEST_FRESH, refresh, snapshot, snapshot_as_of
from tests import factories
from tests.concurrent_writers import Writer
from tests.effort import amount

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
ROUNDS = amount("rounds of random writes", 6, 12)


@pytest.fixture
def clinic_id(database):
    with database.write() as session:
        return factories.clinic(session).id


@pytest.fixture
def patient_id(database, clinic_id):
    with database.write(clinic_id) as session:
        return factories.patient(session).id


@pytest.fixture
def read(database, clinic_id, patient_id):
    actor = Actor(patient_id, clinic_id, frozenset({Role.CLINICIAN}))

    def at(now: datetime = NOW):
        with database.read(clinic_id) as session:
            return snapshot(Context(session, actor, now), database, patient_id)

    return at


@pytest.mark.parametrize(
    "given",
    [
        {"engine_version": "0"},
        {"fresh_until": NOW},
        {"fresh_from": NOW + timedelta(seconds=1), "fresh_until": NOW + timedelta(days=1)},
        {"change_seq": -1},
        {"settings_version": 0},
    ],
    ids=["an older engine", "yesterday's", "a clock ahead", "another count", "other settings"],
)
def test_a_row_computed_from_other_inputs_is_computed_again(read, database, clinic_id, given):
    right = read()
    with database.write(clinic_id) as session:
        cached = session.scalars(select(CachedOutlook)).one()
        cached.outlook = {"status": "made up"}
        for name, value in given.items():
            setattr(cached, name, value)
    assert read() == right
    with database.read(clinic_id) as session:
        assert session.scalars(select(CachedOutlook)).one().outlook == right.outlook


def test_a_fresh_row_is_returned_as_stored(read, database, clinic_id):
    read()
    with database.write(clinic_id) as session:
        session.scalars(select(CachedOutlook)).one().outlook = {"status": "as kept"}
    assert read().outlook == {"status": "as kept"}


def test_a_cached_outlook_is_the_text_that_was_computed(read, database, clinic_id, patient_id):
    with database.write(clinic_id) as session:
        patient = session.get_one(Patient, (clinic_id, patient_id))
        for days in range(1, 60):
            factories.check_in(session, patient, (NOW - timedelta(days=days)).date(), mood=days % 11)
        for days in (45, 42, 38, 35, 31, 28):
            factories.infusion(session, patient, (NOW - timedelta(days=days)).date())
    first, second = read(), read()
    assert json.dumps(first.outlook) == json.dumps(second.outlook)
    assert json.dumps(first.summary) == json.dumps(second.summary)


@pytest.mark.parametrize("jump", [timedelta(minutes=-90), timedelta(hours=8), timedelta(days=40)])
def test_a_clock_that_was_wrong_for_one_read_leaves_no_outlook_of_another_day(
    read, database, clinic_id, jump
):
    right, wrong = read(), read(NOW + jump)
    assert read() == right
    assert read(NOW + timedelta(minutes=5)) == right
    if jump >= timedelta(days=1):
        assert wrong != right
    with database.read(clinic_id) as session:
        row = session.scalars(select(CachedOutlook)).one()
        assert row.fresh_until <= NOW + LONGEST_FRESH
        assert row.outlook == right.outlook


@pytest.mark.usefixtures("patient_id")
def test_a_clinics_refresh_replaces_what_a_clock_ahead_computed(database, clinic_id):
    def refreshed(now):
        with database.read(clinic_id) as session:
            return refresh(session, database, clinic_id, now)

    ahead = NOW + timedelta(days=40)
    assert (refreshed(NOW), refreshed(NOW), refreshed(ahead), refreshed(ahead)) == (1, 0, 1, 0)
    assert (refreshed(NOW), refreshed(NOW + timedelta(seconds=1)), refreshed(NOW)) == (1, 0, 0)


@pytest.mark.either_database
@pytest.mark.parametrize("seed", range(amount("seeds of random writes", 2, 12)))
def test_after_any_writes_the_cached_outlook_equals_one_computed_again(database, clinic_id, patient_id, seed):
    writer = Writer(database, clinic_id, patient_id, NOW - timedelta(days=70), seed)
    actor = Actor(patient_id, clinic_id, frozenset({Role.CLINICIAN}))

    def at(now: datetime):
        with database.read(clinic_id) as session:
            return snapshot(Context(session, actor, now), database, patient_id)

    texts, forecasts = set(), 0
    for _ in range(ROUNDS):
        for _ in range(20):
            writer.step()
        cached = at(writer.now)
        assert at(writer.now) == cached
        with database.write(clinic_id) as session:
            session.execute(delete(CachedOutlook))
        assert at(writer.now) == cached
        texts.add(cached.outlook_text)
        forecasts += cached.outlook["due_median_on"] is not None
    assert len(texts) == ROUNDS
    assert forecasts > 1


@pytest.mark.either_database
@pytest.mark.parametrize("seed", range(amount("seeds of random writes", 2, 12)))
def test_later_writes_do_not_change_as_of(database, clinic_id, patient_id, seed):
    writer = Writer(database, clinic_id, patient_id, NOW - timedelta(days=70), seed)
    actor = Actor(patient_id, clinic_id, frozenset({Role.CLINICIAN}))

    def known_at(when: datetime):
        with database.read(clinic_id) as session:
            known = snapshot_as_of(session, actor, patient_id, when)
        return known.outlook, known.summary

    known = []
    for _ in range(amount("rounds of writes before each instant", 4, 8)):
        for _ in range(25):
            writer.step()
        known.append((writer.now, known_at(writer.now)))
    for when, then in known:
        assert known_at(when) == then
    assert len({str(then) for _, then in known}) == len(known)


def test_a_reader_does_not_wait_for_another_writer(sqlite_url, monkeypatch):
    monkeypatch.setattr("models.database.BUSY_TIMEOUT_MS", 50)
    monkeypatch.setitem(SQLITE_SETTINGS, "busy_timeout", 50)
    database = Database(sqlite_url)
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        patient_id = factories.patient(session).id
    actor = Actor(patient_id, clinic_id, frozenset({Role.CLINICIAN}))
    with database.write(clinic_id) as busy:
        factories.patient(busy)
        with database.read(clinic_id) as session:
            assert (
                snapshot(Context(session, actor, NOW), database, patient_id).outlook["status"]
                == "not_started"
            )
    database.close()


def test_as_of_stores_nothing(database, clinic_id, patient_id):
    actor = Actor(patient_id, clinic_id, frozenset({Role.CLINICIAN}))
    with database.read(clinic_id) as session:
        assert snapshot_as_of(session, actor, patient_id, NOW).outlook["status"] == "not_started"
        assert session.scalar(select(func.count()).select_from(CachedOutlook)) == 0


def test_a_refresh_computes_stale_rows_and_only_those(database, clinic_id, patient_id):
    with database.write(clinic_id) as session:
        factories.patient(session)
        factories.patient(session, discharged_at=NOW)
    for expected in (2, 0):
        with database.read(clinic_id) as session:
            assert refresh(session, database, clinic_id, NOW) == expected
    with database.write(clinic_id) as session:
        factories.check_in(session, session.get_one(Patient, (clinic_id, patient_id)), NOW.date())
    with database.read(clinic_id) as session:
        assert refresh(session, database, clinic_id, NOW) == 1


@pytest.mark.parametrize("kind", ["postgresql"])  # in SQLite one writer waits for the other
@pytest.mark.usefixtures("patient_id")
def test_a_refresh_counts_only_what_it_stored_itself(database, clinic_id):
    counted: list[int] = []
    others: list[str] = []

    def refreshed() -> None:
        with database.read(clinic_id) as session:
            counted.append(refresh(session, database, clinic_id, NOW))

    @event.listens_for(database.engine, "before_cursor_execute")
    def _somebody_else_is_faster(_connection, _cursor, statement, *_more):
        if statement.startswith("INSERT") and not others:
            others.append(statement)
            refreshed()

    refreshed()
    assert counted == [1, 0]


def test_another_clinics_patient_is_not_there(database, patient_id):
    with database.write() as session:
        elsewhere = factories.clinic(session).id
    actor = Actor(patient_id, elsewhere, frozenset({Role.CLINICIAN}))
    with database.read(elsewhere) as session, pytest.raises(NotFound):
        snapshot(Context(session, actor, NOW), database, patient_id)
