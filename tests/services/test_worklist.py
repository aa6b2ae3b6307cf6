"""The worklist: what it lists is current when it is listed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from models.clinics import Clinic
from models.patients import Patient
from services.access import Actor, Role
from services.context import Context
from services.revisions import PageRequest
from services.worklist import Filters, Sort, page
from tests import factories

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)  # half past nine in the evening in Chicago
TODAY = date(2026, 11, 21)


@pytest.fixture
def clinic_id(database):
    """A clinic with three patients whose last infusion was 23 days ago."""
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        for _ in range(3):
            patient = factories.patient(session)
            for back in (40, 37, 33, 30, 26, 23):
                factories.infusion(session, patient, TODAY - timedelta(days=back))
            for back in range(55):
                mood = 3 if back > 40 else 3 + max(4 - max(23 - back, 0) // 7, 0)
                factories.check_in(session, patient, TODAY - timedelta(days=back), mood=mood)
    return clinic_id


@pytest.fixture
def listed(database, clinic_id):
    def asked(**filters):
        actor = Actor(clinic_id, clinic_id, frozenset({Role.CLINICIAN}))
        with database.read(clinic_id) as session:
            ctx = Context(session, actor, NOW)
            return page(ctx, database, clinic_id, Filters(**filters), PageRequest(50)).items

    return asked


@pytest.fixture
def before_it_is_listed(database):
    """Let something happen when every outlook is fresh and the list is about to be read."""

    def happens(action: Callable[[], None]) -> None:
        waiting = [action]

        @event.listens_for(database.engine, "before_cursor_execute")
        def _listing(_connection, _cursor, statement, *_more):
            if waiting and "display_name" in statement and "outlooks.attention_level" in statement:
                waiting.pop()()

    return happens


# A reader of SQLite sees the database as it was when it began.
@pytest.mark.parametrize("kind", ["postgresql"])
@pytest.mark.parametrize("sort", Sort)
def test_a_forecast_cached_while_it_was_shown_is_not_listed_once_the_clinic_is_silent(
    sort, listed, before_it_is_listed, database, clinic_id
):
    def silenced() -> None:
        with database.write() as session:
            clinic = session.get_one(Clinic, clinic_id)
            clinic.outlook_mode = "silent"
            clinic.version += 1

    before_it_is_listed(silenced)
    assert [row.snapshot.outlook["no_forecast_reason"] for row in listed(sort=sort)] == ["not_shown"] * 3


@pytest.mark.parametrize("kind", ["postgresql"])
@pytest.mark.parametrize("sort", Sort)
def test_a_patient_who_answers_while_the_list_is_read_stays_on_it_as_they_are_now(
    sort, listed, before_it_is_listed, database, clinic_id
):
    def answered() -> None:
        with database.write(clinic_id) as session:
            patient = session.scalars(select(Patient)).first()
            assert patient is not None
            factories.infusion(session, patient, TODAY)
            patient.change_seq += 1

    before_it_is_listed(answered)
    assert sorted(row.snapshot.outlook["days_since_infusion"] for row in listed(sort=sort)) == [0, 23, 23]
