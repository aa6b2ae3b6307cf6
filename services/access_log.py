"""Record who read what of a patient, and list it for the patient (audit log, FHIR AuditEvent)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.access_log import AccessLogEntry
from models.accounts import Account
from models.api_clients import ApiClient
from models.consents import Consent
from services import clock_bounds
from services.access import Actor, Role, joined_roles
from services.context import Context
from services.dates import instants_between
from services.revisions import Page, PageRequest, paged, position_of

if TYPE_CHECKING:
    from models.database import Database

_ORDER = AccessLogEntry.read_at, AccessLogEntry.id


@dataclass(frozen=True, slots=True)
class Read:
    """A part of a record that was read, by whom, and when first in that hour.

    `of_all_patients` says that it was a list of the clinic's patients.
    """

    id: UUID
    read_at: datetime
    reader: str
    roles: list[str]
    resource: str
    of_all_patients: bool


def hour_of(now: datetime) -> datetime:
    """Return the hour in which somebody's reading is recorded once."""
    return now.replace(minute=0, second=0, microsecond=0)


def record_access(
    database: Database, actor: Actor, resource: str, patient_ids: Collection[UUID | None], now: datetime
) -> None:
    """Record that somebody read a part of these patients' records; None is every patient at once.

    Durable when it returns. Once an hour is enough for each reader, patient and part.
    """
    missing = set(patient_ids)
    try:
        with database.write(actor.clinic_id) as session:
            missing -= _recorded(session, actor, resource, patient_ids, now)
            session.add_all(_entry(actor, resource, patient_id, now) for patient_id in missing)
    except IntegrityError:
        # Another process recorded the same reader in between.
        if len(missing) > 1:
            for patient_id in missing:
                record_access(database, actor, resource, [patient_id], now)


def page(ctx: Context, patient_id: UUID | None, wanted: PageRequest) -> Page[Read]:
    """Return a page of who read a patient's record, in order of time.

    Lists of every patient are shown from the hour of the patient's enrolment on: read again in it, they are
    not recorded again.
    """
    patient = ctx.load_patient(patient_id)
    # Enrolled by a clock ahead of ours: since when is not known, so all are shown.
    ahead = clock_bounds.is_ahead(patient.enrolled_at, ctx.now)
    since = true() if ahead else AccessLogEntry.hour >= hour_of(patient.enrolled_at)
    of_all = and_(AccessLogEntry.patient_id.is_(None), since)
    # Two questions, each of which an index answers; both in one would be answered by reading every entry.
    between = instants_between(AccessLogEntry.read_at, wanted, patient.time_zone, ctx.now)
    pages: list[Page[AccessLogEntry]] = [
        paged(ctx.session, select(AccessLogEntry).where(whose, *between), _ORDER, wanted)
        for whose in (AccessLogEntry.patient_id == patient.id, of_all)
    ]
    found = [entry for each in pages for entry in each.items]
    found.sort(key=lambda entry: (entry.read_at, entry.id), reverse=wanted.descending)
    items = found[: wanted.limit]
    more = len(found) > wanted.limit or any(each.next_position for each in pages)
    names = _names(ctx.session, patient.id, {entry.reader_id for entry in items})
    return Page(
        [
            Read(
                entry.id,
                entry.read_at,
                names.get(entry.reader_id, ""),
                entry.reader_roles.split(),
                entry.resource,
                entry.patient_id is None,
            )
            for entry in items
        ],
        position_of(items[-1], _ORDER) if more else None,
    )


def is_audited(actor: Actor) -> bool:
    """Whether what somebody reads is recorded: everybody's reading but the patient's own."""
    return not actor.has(Role.PATIENT)


def _recorded(
    session: Session, actor: Actor, resource: str, patient_ids: Iterable[UUID | None], now: datetime
) -> set[UUID | None]:
    asked = list(patient_ids)
    whose: ColumnElement[bool] = AccessLogEntry.patient_id.in_([each for each in asked if each is not None])
    if None in asked:
        whose = or_(whose, AccessLogEntry.patient_id.is_(None))
    query = select(AccessLogEntry.patient_id).where(
        AccessLogEntry.reader_id == actor.id,
        AccessLogEntry.resource == resource,
        AccessLogEntry.hour == hour_of(now),
        whose,
    )
    return set(session.scalars(query))


def _entry(actor: Actor, resource: str, patient_id: UUID | None, now: datetime) -> AccessLogEntry:
    return AccessLogEntry(
        id=uuid4(),
        patient_id=patient_id,
        reader_id=actor.id,
        reader_roles=joined_roles(actor.roles),
        resource=resource,
        hour=hour_of(now),
        read_at=now,
    )


def _names(session: Session, patient_id: UUID, readers: set[UUID]) -> dict[UUID, str]:
    people = select(Account.id, Account.display_name).where(Account.id.in_(readers))
    systems = select(ApiClient.id, ApiClient.name).where(ApiClient.id.in_(readers))
    # A delegate's account has the name that the first patient gave: one patient's word is not another's.
    delegates = (
        select(Consent.account_id, Consent.name)
        .where(Consent.patient_id == patient_id, Consent.account_id.in_(readers))
        .order_by(Consent.known_from, Consent.version)
    )
    return {key: name for query in (people, systems, delegates) for key, name in session.execute(query)}
