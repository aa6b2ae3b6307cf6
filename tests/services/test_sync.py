"""What only shows when somebody else writes between two of our looks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from clinical.check_in import CheckInDraft
from models.check_ins import CheckIn
from models.database import Database
from models.patients import Patient
from services import sync
from services.access import Actor, Role
from services.context import Context
from services.errors import CursorExpired, Stale
from tests import factories

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def draft(mood: int) -> CheckInDraft:
    return CheckInDraft("America/Chicago", NOW, mood, 3)


@pytest.fixture
def actor(database) -> Actor:
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        return Actor(patient.account_id, clinic_id, frozenset({Role.PATIENT}), patient_id=patient.id)


def write(database: Any, actor: Actor, day: date, mood: int = 6) -> None:
    with database.write(actor.clinic_id) as session:
        sync.put_or_remove_check_in(Context(session, actor, NOW), day, draft(mood), None)


@pytest.mark.postgres
def test_an_operation_refused_before_another_phone_wrote_does_not_count_from_what_it_saw(
    postgresql_url,
):
    # On SQLite nobody else can write meanwhile.
    database = Database(postgresql_url)
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        actor = Actor(patient.account_id, clinic_id, frozenset({Role.PATIENT}), patient_id=patient.id)
    write(database, actor, TODAY)
    with database.write(clinic_id) as session:
        seen = session.get_one(Patient, (clinic_id, actor.patient_id))
        ctx = Context(session, actor, NOW)
        with pytest.raises(Stale):
            sync.put_or_remove_check_in(ctx, TODAY, draft(1), None)
        write(database, actor, TODAY - timedelta(days=1))
        sync.put_or_remove_check_in(ctx, TODAY - timedelta(days=2), draft(2), None)
        assert seen.change_seq == 3
    with database.read(clinic_id) as session:
        assert sorted(session.scalars(select(CheckIn.change_seq))) == [1, 2, 3]
    database.close()


def test_what_is_stored_while_a_page_is_read_is_not_skipped(database, actor):
    write(database, actor, TODAY)
    with database.read(actor.clinic_id) as session:
        interrupted: list[str] = []

        @event.listens_for(session, "do_orm_execute")
        def _meanwhile(state: Any) -> None:
            # Between the look at the check-ins and that at the infusions, one of each is stored.
            if "infusions" in str(state.statement) and not interrupted:
                interrupted.append("once")
                write(database, actor, TODAY - timedelta(days=1))
                with database.write(actor.clinic_id) as other:
                    patient = other.get_one(Patient, (actor.clinic_id, actor.patient_id))
                    for back in (3, 6):
                        factories.infusion(other, patient, TODAY - timedelta(days=back))

        first = sync.changes(Context(session, actor, NOW), None, 1, 1)
        assert interrupted
    seen = [change.row.change_seq for change in first.changes]
    since, more = first.next_seq, True
    with database.read(actor.clinic_id) as session:
        while more:
            page = sync.changes(Context(session, actor, NOW), None, since, 1)
            seen += [change.row.change_seq for change in page.changes]
            since, more = page.next_seq, page.has_more
    assert seen == [2, 3, 4]


def test_a_count_this_server_never_reached_has_expired(database, actor):
    write(database, actor, TODAY)
    with database.read(actor.clinic_id) as session:
        assert sync.changes(Context(session, actor, NOW), None, 1, 10).changes == []
        with pytest.raises(CursorExpired):
            sync.changes(Context(session, actor, NOW), None, 2, 10)
