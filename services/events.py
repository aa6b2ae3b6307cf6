"""Record, correct, remove and list events around the infusions; a removed one loses its note everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from clinical import local_day
from clinical.events import DatedEvent, EventKind, Visibility
from clinical.local_day import CLOCK_TOLERANCE
from clinical.sentences import Sentence
from models.events import Event
from services.access import CARE_TEAM, Actor, Part, Role, patient_of
from services.context import Context
from services.dates import date_errors, declared_time_zones
from services.errors import FieldError, Forbidden, Gone, Invalid, NotFound
from services.revisions import AsOf, Page, PageRequest, Revisions, WriteResult, in_force


@dataclass(frozen=True, slots=True)
class EventDraft:
    """What happened on a local day; `note` is sensitive, and None where nothing was written."""

    local_date: date
    kind: EventKind
    visibility: Visibility
    note: str | None = None


class _Events(Revisions[Event, EventDraft]):
    table = Event
    draft = EventDraft
    key = ("id",)
    cleared_on_removal = ("note",)
    order = ("local_date", "id")

    def extra_columns(self, draft: EventDraft) -> dict[str, Any]:  # noqa: ARG002  it does not depend on the draft
        """Return which side reported the event: the one that reported it first."""
        return {"reported_by": self.current.reported_by if self.current else self.ctx.actor.side}

    def validate(self, draft: EventDraft) -> None:
        """Refuse a day that cannot be, an empty annotation, and what only clinicians may write."""
        is_patient = self.ctx.actor.has(Role.PATIENT)
        found = list(self.day_errors(draft.local_date))
        if draft.kind is EventKind.ANNOTATION and draft.note is None:
            found.append(FieldError("/note", "required", Sentence("An annotation is what is written in it.")))
        if is_patient and draft.kind is EventKind.ANNOTATION:
            found.append(FieldError("/kind", "clinicians_only", Sentence("Annotations are the clinic's.")))
        if is_patient and draft.visibility is not Visibility.PATIENT:
            found.append(
                FieldError("/visibility", "clinicians_only", Sentence("A patient sees what they reported."))
            )
        if found:
            raise Invalid(*found)

    def day_errors(self, day: date) -> Iterator[FieldError]:
        """Yield what is wrong with the day: with no moment sent, it has to have begun by now."""
        yield from (found := list(date_errors(day, self.ctx.now, "/local_date")))
        zones = declared_time_zones(self.ctx, self.patient, day)
        if found or local_day.has_begun(day, self.ctx.now + CLOCK_TOLERANCE, zones):
            return
        expected = local_day.today(self.ctx.now, self.patient.time_zone, self.patient.day_start_hour)
        sentence = Sentence(
            "This day has not begun for the patient, for whom it is {expected}.", expected=expected
        )
        yield FieldError("/local_date", "not_begun", sentence, expected_on=expected)

    def check_author(self) -> None:
        """Raise Forbidden for an event that the other side reported."""
        if self.current is not None and self.ctx.actor.side != self.current.reported_by:
            side = self.current.reported_by
            detail = Sentence("Only the {side} side that reported this event may change it.", side=side)
            raise Forbidden(detail, required_roles=(Role.PATIENT,) if side == "patient" else CARE_TEAM)


def put(
    ctx: Context, patient_id: UUID | None, event_id: UUID, draft: EventDraft, expected_version: int | None
) -> WriteResult[Event]:
    """Record an event under the id its client gave it, or correct it by a new revision.

    Raises VersionRequired, Stale or Gone as check-ins do, Forbidden for a correction of what the other side
    reported, and Invalid, naming each field at fault.
    """
    event = _lock(ctx, patient_id, event_id)
    event.check_author()
    return event.append(draft, expected_version)


def remove(
    ctx: Context, patient_id: UUID | None, event_id: UUID, expected_version: int | None
) -> WriteResult[Event]:
    """Append a tombstone to an event, and erase the note from all its revisions. Idempotent.

    A patient removes what patients reported, a clinician any event that was entered in error.
    """
    event = _lock(ctx, patient_id, event_id)
    if ctx.actor.has(Role.PATIENT):
        event.check_author()
    return event.remove(expected_version)


def read(ctx: Context, patient_id: UUID | None, event_id: UUID) -> Event:
    """Return one event; raises Gone for a removed one, NotFound for one that the actor may not see."""
    found = _Events.find(ctx.session, patient_of(ctx.actor, patient_id), event_id)
    _check_visible(ctx.actor, found)
    if found is None:
        raise NotFound
    if found.removed:
        raise Gone(found.version)
    return found


def page(ctx: Context, patient_id: UUID | None, wanted: PageRequest) -> Page[Event]:
    """Return a page of the events that the actor may see, in order of day."""
    return _Events.page(ctx, patient_id, wanted, _visible_to(ctx.actor))


def revisions(ctx: Context, patient_id: UUID | None, event_id: UUID, wanted: PageRequest) -> Page[Event]:
    """Return a page of the revisions of an event, in order."""
    return _Events.revisions(ctx, patient_id, event_id, wanted=wanted)


def marks(ctx: Context, patient_id: UUID, as_of: AsOf | None = None) -> list[tuple[UUID, DatedEvent]]:
    """Return id, day and kind of each event the actor may see, in order of day; never what was written."""
    if not ctx.actor.is_shown(Part.EVENTS):
        return []
    query = (
        select(Event.id, Event.local_date, Event.kind)
        .where(
            Event.patient_id == patient_id,
            Event.removed.is_(False),
            in_force(Event, as_of),
            _visible_to(ctx.actor),
        )
        .order_by(Event.local_date, Event.id)
    )
    return [(key, DatedEvent(day, EventKind(kind))) for key, day, kind in ctx.session.execute(query)]


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the criterion of what is visible: all to the care team, else what the patient may see."""
    if actor.has(*CARE_TEAM):
        return true()
    return Event.visibility == str(Visibility.PATIENT)


def _check_visible(actor: Actor, found: Event | None) -> None:
    if found is not None and actor.sees_as_patient and found.visibility == Visibility.STAFF:
        raise NotFound


def _lock(ctx: Context, patient_id: UUID | None, event_id: UUID) -> _Events:
    event = _Events.lock(ctx, patient_id, event_id)
    _check_visible(ctx.actor, event.current)
    return event
