"""Whom the demo patient lets read what, and who has read their record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from demo.records import Habits, uuid_from
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
"""Who read which part, and how long ago."""


def rows(habits: Habits, readers: dict[Role, UUID], now: datetime) -> Iterator[Consent | AccessLogEntry]:
    """One consent, taken up by the demo's delegate, and what was read lately; `readers` by their role."""
    chance = Random("sharing")  # noqa: S311  made-up data, the same every time
    yield Consent(
        clinic_id=habits.clinic_id,
        patient_id=habits.patient_id,
        id=uuid_from(chance),
        version=1,
        account_id=readers[Role.DELEGATE],
        name="My partner",
        relation="family",
        parts=" ".join(sorted((Part.CHECK_INS, Part.NOTES, Part.INFUSIONS))),
        until=None,
        revoked=False,
        recorded_by=habits.account_id,
        known_from=now - timedelta(days=AGREED_DAYS_AGO),
        known_until=None,
    )
    for role, resource, ago in READ:
        yield AccessLogEntry(
            clinic_id=habits.clinic_id,
            id=uuid_from(chance),
            patient_id=habits.patient_id,
            reader_id=readers[role],
            reader_role=str(role),
            resource=resource,
            hour=hour_of(now - ago),
            read_at=now - ago,
        )
