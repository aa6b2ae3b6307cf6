"""The demo patient's consent to share, and the access log of their record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from demo.ids import uuid_from
from demo.records import SimulatedPatient
from models.access_log import AccessLogEntry
from models.consents import Consent
from services.access import Part, Role
from services.access_log import hour_of

AGREED_DAYS_AGO: Final = 40
READ: Final = (
    (Role.CLINICIAN, "summary", timedelta(days=21, hours=2)),
    (Role.CLINICIAN, "questionnaire-courses", timedelta(days=21, hours=2)),
    (Role.INTEGRATION, "summary", timedelta(days=9, hours=6)),
    (Role.DELEGATE, "check-ins", timedelta(days=6, hours=3)),
    (Role.DELEGATE, "trends", timedelta(days=6, hours=3)),
    (Role.CLINICIAN, "check-ins", timedelta(days=2, hours=1)),
    (Role.INTEGRATION, "summary", timedelta(days=2, hours=6)),
)
"""Reader, part of the record, and how long ago it was read."""


def rows(
    patient: SimulatedPatient, readers: dict[Role, UUID], now: datetime
) -> Iterator[Consent | AccessLogEntry]:
    """Yield one consent, accepted by the delegate, and recent entries of the access log."""
    rng = Random("sharing")  # noqa: S311  simulated data
    yield Consent(
        clinic_id=patient.clinic_id,
        patient_id=patient.patient_id,
        id=uuid_from(rng),
        version=1,
        account_id=readers[Role.DELEGATE],
        name="My partner",
        relation="family",
        parts=" ".join(sorted((Part.CHECK_INS, Part.NOTES, Part.INFUSIONS))),
        until=None,
        revoked=False,
        recorded_by=patient.account_id,
        known_from=now - timedelta(days=AGREED_DAYS_AGO),
        known_until=None,
    )
    for role, resource, ago in READ:
        yield AccessLogEntry(
            clinic_id=patient.clinic_id,
            id=uuid_from(rng),
            patient_id=patient.patient_id,
            reader_id=readers[role],
            reader_roles=str(role),
            resource=resource,
            hour=hour_of(now - ago),
            read_at=now - ago,
        )
