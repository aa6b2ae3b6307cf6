from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from clinical.infusion import InfusionReason, InfusionStatus
from services.access import Actor, Role
from services.context import Context
from services.errors import Conflict, Invalid
from services.infusions import InfusionDraft, page, put
from services.revisions import PageRequest
from tests import factories

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)


def draft(start: int, end: int | None, status: InfusionStatus = InfusionStatus.COMPLETED) -> InfusionDraft:
    """An infusion from one hour before now to another."""
    ended_at = None if end is None else NOW - timedelta(hours=end)
    reason = InfusionReason.SCHEDULED
    return InfusionDraft(
        NOW - timedelta(hours=start), ended_at, "UTC", 35.0, 70.0, "intravenous", status, reason
    )


@pytest.fixture
def clinician(database):
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    return Actor(uuid4(), clinic_id, frozenset({Role.CLINICIAN}))


def test_in_any_order_of_recording_no_two_given_infusions_overlap(database, clinician):
    spans = [(30, 28), (29, 27), (27, 26), (25, 24), (31, 20), (22, None), (23, 21), (19, 19), (18, 17)]
    with database.write(clinician.clinic_id) as session:
        patient = factories.patient(session)
        stored_spans = []
        for start, end in spans:
            try:
                put(Context(session, clinician, NOW), patient.id, uuid4(), draft(start, end), None)
            except Conflict:
                continue
            stored_spans.append((start, end))
        stored = page(Context(session, clinician, NOW), patient.id, PageRequest(100)).items
    assert stored_spans == [(30, 28), (27, 26), (25, 24), (22, None), (19, 19), (18, 17)]
    assert [infusion.started_at for infusion in stored] == [
        NOW - timedelta(hours=start) for start, _ in stored_spans
    ]


def test_both_ends_that_cannot_be_are_named(database, clinician):
    with database.write(clinician.clinic_id) as session:
        patient = factories.patient(session)
        with pytest.raises(Invalid) as refused:
            put(Context(session, clinician, NOW), patient.id, uuid4(), draft(-1, 1), None)
    assert {error.pointer for error in refused.value.errors} == {"/started_at", "/ended_at"}
