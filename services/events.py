"""Record, correct, remove and list what happens around the infusions; nothing is ever erased but a note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.events import DatedEvent, EventKind, Visibility
from models.events import Event
from models.patients import Patient
from services.access import Actor, Part, Role, load_patient
from services.check_ins import EARLIEST
from services.errors import FieldError, Forbidden, Gone, Invalid, NotFound
from services.revisions import check_version, in_force, is_already_removed, next_revision


@dataclass(frozen=True, slots=True)
class EventDraft:
    """What somebody says happened on a local day; `note` is sensitive, and None where nothing was written."""

    local_date: date
    kind: EventKind
    visibility: Visibility
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """An event as it stands after a write, and whether the write made it."""

    event: Event
    created: bool


def put(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    event_id: UUID,
    draft: EventDraft,
    expected_version: int | None,
    now: datetime,
) -> Kept:
    """Record an event under the id its client gave it, or correct it by a new revision.

    Raises VersionRequired, Stale or Gone as check-ins do, Forbidden for whoever would put their words in the
    place of the other side's, and Invalid for what cannot be.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    current = _current(session, actor, patient.id, event_id)
    _check_author(actor, current)
    if current is not None and not current.removed and _said(current) == draft:
        return Kept(current, created=False)
    check_version(current, expected_version)
    _validate(actor, draft, now)
    revision = _revise(session, actor, patient, current, event_id, draft, now)
    return Kept(revision, created=current is None)


def remove(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    event_id: UUID,
    expected_version: int | None,
    now: datetime,
) -> Event:
    """Leave a tombstone where an event stood, without its note; asking again changes nothing.

    A patient removes what patients told, a clinician anything that was told in error.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    current = _current(session, actor, patient.id, event_id)
    if current is None:
        raise NotFound
    if actor.role is Role.PATIENT:
        _check_author(actor, current)
    if is_already_removed(current, expected_version):
        return current
    check_version(current, expected_version)
    said = EventDraft(current.local_date, EventKind(current.kind), Visibility(current.visibility))
    return _revise(session, actor, patient, current, event_id, said, now, removed=True)


def read(session: Session, actor: Actor, patient_id: UUID | None, event_id: UUID) -> Event:
    """Give one event; raises Gone for a removed one, and NotFound for one that is not the actor's to see."""
    patient = load_patient(session, actor, patient_id)
    found = _current(session, actor, patient.id, event_id)
    if found is None:
        raise NotFound
    if found.removed:
        raise Gone(found.version)
    return found


def listed(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    between: tuple[date | None, date | None],
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[Event]:
    """List events in order of day: those after `after`, within the days given, at most `limit`."""
    patient = load_patient(session, actor, patient_id)
    query = select(Event).where(
        Event.patient_id == patient.id, Event.removed.is_(False), in_force(Event), _seen_by(actor)
    )
    first, last = between
    if first is not None:
        query = query.where(Event.local_date >= first)
    if last is not None:
        query = query.where(Event.local_date <= last)
    if after is not None:
        day, last_id = after
        same_day = and_(Event.local_date == day, Event.id > last_id)
        query = query.where(or_(Event.local_date > day, same_day))
    return list(session.scalars(query.order_by(Event.local_date, Event.id).limit(limit)))


def revisions(session: Session, actor: Actor, patient_id: UUID | None, event_id: UUID) -> list[Event]:
    """List every revision of an event, in order."""
    patient = load_patient(session, actor, patient_id)
    query = select(Event).where(Event.patient_id == patient.id, Event.id == event_id)
    found = list(session.scalars(query.order_by(Event.version)))
    if not found:
        raise NotFound
    return found


def marks(
    session: Session, actor: Actor, patient_id: UUID, as_of: datetime | None = None
) -> list[tuple[UUID, DatedEvent]]:
    """Give each event the actor may see as its id, day and kind, in order of day; never what was written."""
    if not actor.is_shown(Part.EVENTS):
        return []
    query = (
        select(Event.id, Event.local_date, Event.kind)
        .where(
            Event.patient_id == patient_id, Event.removed.is_(False), in_force(Event, as_of), _seen_by(actor)
        )
        .order_by(Event.local_date, Event.id)
    )
    return [(key, DatedEvent(day, EventKind(kind))) for key, day, kind in session.execute(query)]


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """A clinician sees them all; anybody else what the patient may see."""
    if actor.role is Role.CLINICIAN:
        return true()
    return Event.visibility == str(Visibility.PATIENT)


def _current(session: Session, actor: Actor, patient_id: UUID, event_id: UUID) -> Event | None:
    found = session.scalar(
        select(Event).where(Event.patient_id == patient_id, Event.id == event_id, in_force(Event))
    )
    if found is not None and actor.sees_as_patient and found.visibility == Visibility.STAFF:
        raise NotFound
    return found


def _check_author(actor: Actor, current: Event | None) -> None:
    if current is not None and str(actor.role) != current.reported_by:
        detail = f"Only the {current.reported_by} side that reported this event may change it."
        raise Forbidden(detail, required_roles=(current.reported_by,))


def _validate(actor: Actor, draft: EventDraft, now: datetime) -> None:
    found = []
    if not local_day.has_begun_somewhere(draft.local_date, now):
        found.append(FieldError("/local_date", "not_begun", "This day has not begun anywhere yet."))
    elif draft.local_date < EARLIEST:
        found.append(FieldError("/local_date", "too_long_past", f"Days are kept from {EARLIEST:%Y} on."))
    if draft.kind is EventKind.ANNOTATION and draft.note is None:
        found.append(FieldError("/note", "required", "An annotation is what is written in it."))
    if actor.role is Role.PATIENT and draft.kind is EventKind.ANNOTATION:
        found.append(FieldError("/kind", "clinicians_only", "Annotations are the clinic's."))
    if actor.role is Role.PATIENT and draft.visibility is not Visibility.PATIENT:
        found.append(FieldError("/visibility", "clinicians_only", "A patient sees what they told."))
    if found:
        raise Invalid(*found)


def _revise(
    session: Session,
    actor: Actor,
    patient: Patient,
    current: Event | None,
    event_id: UUID,
    draft: EventDraft,
    now: datetime,
    *,
    removed: bool = False,
) -> Event:
    following = next_revision(session, current, now)
    revision = Event(
        local_date=draft.local_date,
        kind=str(draft.kind),
        visibility=str(draft.visibility),
        note=draft.note,
        patient_id=patient.id,
        id=event_id,
        reported_by=current.reported_by if current else str(actor.role),
        removed=removed,
        recorded_by=actor.id,
        **following,
    )
    session.add(revision)
    session.flush()
    return revision


def _said(row: Event) -> EventDraft:
    return EventDraft(row.local_date, EventKind(row.kind), Visibility(row.visibility), row.note)
