from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url

from cli.db import upgrade
from models.database import Database
from services import start_checks
from services.start_checks import Outcome, Situation
from tests import factories
from tests.postgres import PostgresServer

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DEMO = uuid4()
FACTORY = {"fsync": "off", "synchronous_commit": "off"}


@pytest.fixture
def situation(database):
    return Situation(database, DEMO, sends_mail=False, now=NOW)


def wrong(situation: Situation, outcome: Outcome = Outcome.REFUSED) -> dict[str, str]:
    """What the checks refuse, or warn of, and what to do about it."""
    found = start_checks.run(situation)
    assert all(each.sentence.endswith(".") for each in found)
    assert all(each.remedy for each in found if each.outcome is not Outcome.FINE)
    return {each.name: each.sentence for each in found if each.outcome is outcome}


@contextmanager
def opened(url: str):
    database = Database(url)
    yield Situation(database, DEMO, sends_mail=False, now=NOW)
    database.close()


def test_a_new_database_on_sqlite_is_served(sqlite_url):
    with opened(sqlite_url) as situation:
        assert wrong(situation) == {}
        assert {each.name for each in start_checks.run(situation)} == {
            "database",
            "schema",
            *start_checks.CHECKS,
        }


def test_the_demo_clinic_is_refused(situation, database):
    with database.write() as session:
        factories.clinic(session, id=DEMO)
    assert "demo clinic" in wrong(situation)


@pytest.mark.parametrize(
    ("revision", "words"), [(None, "no tables"), ("0001_clinics", "older"), ("later", "newer")]
)
def test_another_schema_is_refused(revision, words, empty_url, at_revision):
    url = empty_url
    if revision is not None:
        url = at_revision("head" if revision == "later" else revision)
    if revision == "later":
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_later'")
        engine.dispose()
    with opened(url) as situation:
        (sentence,) = wrong(situation).values()
    assert words in sentence


@pytest.mark.parametrize("ending", ["", "-wal"])
def test_a_file_that_others_may_read_is_refused(ending, sqlite_url, tmp_path):
    with opened(sqlite_url) as situation:
        with situation.database.write() as session:
            factories.clinic(session)
        assert wrong(situation) == {}
        (tmp_path / f"afterglow.db{ending}").chmod(0o604)
        assert str(tmp_path / f"afterglow.db{ending}") in wrong(situation)["database file"]


@pytest.fixture(scope="module")
def own():
    """A PostgreSQL that keeps what it acknowledges, with a role of its own for each task."""
    with PostgresServer(durable=True) as server:
        yield server


def as_role(own: PostgresServer, *statements: str) -> str:
    """Make a migrated database and a role, run statements as a superuser, and give the role's address."""
    role, password = f"role_{secrets.token_hex(4)}", secrets.token_hex(8)
    url = own.create_database(f"of_{role}")
    upgrade(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        grants = (
            "CREATE ROLE {role} LOGIN PASSWORD '{password}'",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            *statements,
        )
        for each in grants:
            connection.exec_driver_sql(each.format(role=role, password=password))
    engine.dispose()
    return make_url(url).set(username=role, password=password).render_as_string(hide_password=False)


@pytest.mark.postgres
def test_a_role_that_may_change_rows_is_served_and_can_store(own):
    with opened(as_role(own)) as situation:
        assert wrong(situation) == {}
        with situation.database.write() as session:
            factories.clinic(session)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER ROLE {role} SUPERUSER", "superuser"),
        ("ALTER ROLE {role} BYPASSRLS", "bypasses"),
        ("ALTER TABLE clinics OWNER TO {role}", "owns"),
        ("ALTER ROLE {role} SET synchronous_commit = off", "synchronous_commit"),
    ],
)
def test_a_role_that_may_do_too_much_or_too_little_is_refused(statement, words, own):
    with opened(as_role(own, statement)) as situation:
        (sentence,) = wrong(situation).values()
    assert words in sentence


@pytest.mark.postgres
def test_a_member_of_the_owners_role_is_refused(own):
    statements = (
        "CREATE ROLE {role}_owner",
        "ALTER TABLE clinics OWNER TO {role}_owner",
        "GRANT {role}_owner TO {role}",
    )
    with opened(as_role(own, *statements)) as situation:
        assert "owns" in wrong(situation)["database role"]


@pytest.mark.postgres
def test_a_database_that_does_not_keep_what_it_acknowledges_is_refused(postgresql_url):
    engine = create_engine(postgresql_url)
    with engine.connect() as connection:
        if connection.exec_driver_sql("SHOW fsync").scalar() != "off":
            pytest.skip("The database that TEST_DATABASE_URL names is durable.")
    engine.dispose()
    with opened(postgresql_url) as situation:
        assert "durability" in wrong(situation)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://afterglow:whose-secret@127.0.0.1:1/afterglow",
        "sqlite:///{letter}",
    ],
)
def test_a_database_that_cannot_be_used_is_a_sentence(url, tmp_path):
    (tmp_path / "letter.db").write_text("This is no database. " * 100)
    with opened(url.format(letter=tmp_path / "letter.db")) as situation:
        found = start_checks.run(situation)
    assert [each.name for each in found] == ["database"]
    assert start_checks.does_not_answer(found)
    assert "whose-secret" not in found[0].sentence


@pytest.mark.postgres
def test_a_wrong_password_and_an_unknown_database_are_named_without_their_values(own):
    right = make_url(own.url())
    for url in (right.set(password="whose-secret"), right.set(database="whose-database")):
        with opened(url.render_as_string(hide_password=False)) as situation:
            (sentence,) = wrong(situation).values()
        assert "refuses the account" in sentence
        assert "whose" not in sentence


def test_what_deserves_a_look_is_a_warning(situation, database, monkeypatch):
    assert wrong(situation, Outcome.WARNING) == {}
    with database.write() as session:
        clinic = factories.clinic(session, created_at=NOW)
        silent = factories.clinic(session, created_at=NOW)
    with database.write(clinic.id) as session:
        contact = {"label": "Front desk", "kind": "call", "address": "112"}
        factories.safety_settings(session, crisis_contacts=[contact], on_call_email="on-call@clinic.example")
    with database.write(silent.id) as session:
        factories.safety_settings(session, crisis_contacts=[], country=None, on_call_email=None)
    found = wrong(situation, Outcome.WARNING)
    assert set(found) == {"mail", "safety settings"}
    assert "mail" not in wrong(replace(situation, sends_mail=True), Outcome.WARNING)
    assert "clock" in wrong(replace(situation, now=NOW - timedelta(hours=1)), Outcome.WARNING)
    if database.file is not None:
        monkeypatch.setattr(start_checks, "LITTLE_SPACE_SHARE", 1.01)
        assert "disk" in wrong(situation, Outcome.WARNING)


def test_a_message_that_nobody_sends_is_a_warning(situation, database):
    with database.write() as session:
        clinic = factories.clinic(session, created_at=NOW)
    with database.write(clinic.id) as session:
        patient = factories.patient(session)
        alert = factories.alert(session, patient, factories.LONG_AGO.date(), opened_at=factories.LONG_AGO)
        session.add(waiting(alert, NOW - timedelta(hours=1)))
    assert "worker" in wrong(situation, Outcome.WARNING)
    assert "worker" not in wrong(replace(situation, now=NOW - timedelta(hours=1)), Outcome.WARNING)


def waiting(alert, due_at):
    from models.outbox import Delivery  # noqa: PLC0415

    return Delivery(
        id=uuid4(),
        alert_id=alert.id,
        channel="webhook",
        state="waiting",
        attempt_count=0,
        created_at=due_at,
        due_at=due_at,
    )
