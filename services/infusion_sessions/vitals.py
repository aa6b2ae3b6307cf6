"""Take timed readings of vital signs around an infusion; a wrong one is struck out, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.infusion_session import NEAREST
from clinical.sentences import Sentence
from clinical.vitals import MAX_READINGS, VitalReading, exceeded_limits
from models.infusion_sessions import VitalSigns
from models.infusions import Infusion
from services import infusions
from services.access import CARE_TEAM, Actor, Role, Scope
from services.columns import from_columns
from services.context import Context
from services.errors import Conflict, FieldError, Invalid, NotFound
from services.infusion_sessions import timeline
from services.infusion_sessions.settings import settings_in_force


class Taken(StrEnum):
    """What became of one reading."""

    CREATED = "created"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    REJECTED = "rejected"


class Clash(StrEnum):
    """Why a reading whose id is known changes nothing."""

    OTHER_NUMBERS = "other_numbers"
    ENTERED_IN_ERROR = "entered_in_error"
    OTHER_INFUSION = "other_infusion"


SENTENCES = {
    Clash.OTHER_NUMBERS: Sentence(
        "Another reading has this id: delete it, and send this one under an id of its own."
    ),
    Clash.ENTERED_IN_ERROR: Sentence(
        "The reading of this id was entered in error; a new one needs an id of its own."
    ),
    Clash.OTHER_INFUSION: Sentence("This id is taken by a reading at another infusion of the patient."),
}


@dataclass(frozen=True, slots=True)
class NamedReading:
    """A reading under the id that its sender gave it."""

    id: UUID
    reading: VitalReading


@dataclass(frozen=True, slots=True)
class _Around:
    """An infusion with when the patient arrived and left; None where nobody recorded it."""

    infusion: Infusion
    arrived_at: datetime | None
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one reading; `row` is what is stored under its id, None for one that was rejected.

    `refusal` says why it was rejected, or how it clashes with what is stored.
    `shown`: whether the sender may see the current reading; a device that may only send reads nothing.
    """

    taken: Taken
    row: VitalSigns | None
    refusal: Conflict | Invalid | None = None
    shown: bool = False


def take(
    ctx: Context, patient_id: UUID | None, infusion_id: UUID, readings: Sequence[NamedReading | Invalid]
) -> list[Result]:
    """Store readings, each under its id and once, and return the result of each, in the order sent.

    Each is judged alone. One whose id is stored with other numbers, or was struck out, changes nothing and is
    a conflict; one that could not be read, that cannot be, or that would be the 201st of an infusion is
    rejected.
    """
    session, actor = ctx.session, ctx.actor
    patient = ctx.load_patient(patient_id, lock=True)
    infusion = infusions.read(ctx, patient_id, infusion_id)
    around = _Around(
        infusion,
        timeline.arrival(session, patient.id, infusion_id),
        timeline.leaving(session, patient.id, infusion_id),
    )
    known = _known(session, patient.id, readings)
    room = MAX_READINGS - len(_current(session, infusion))
    limits = settings_in_force(session).limits
    results = []
    for at, each in enumerate(readings):
        refusal = each if isinstance(each, Invalid) else _refusal(ctx, f"/readings/{at}", each, around)
        if isinstance(each, Invalid) or refusal is not None:
            results.append(Result(Taken.REJECTED, None, refusal))
            continue
        row = known.get(each.id)
        if row is not None:
            results.append(_again(actor, infusion, f"/readings/{at}/id", each.reading, row))
            continue
        if room == 0:
            sentence = Sentence("An infusion has at most {number} readings.", number=MAX_READINGS)
            refusal = Invalid(FieldError(f"/readings/{at}", "too_many", sentence))
            results.append(Result(Taken.REJECTED, None, refusal))
            continue
        row = _row(ctx, infusion, each)
        row.limits_exceeded = [asdict(limit) for limit in exceeded_limits(each.reading, limits)]
        session.add(row)
        known[each.id] = row
        room -= 1
        results.append(Result(Taken.CREATED, row))
    session.flush()
    return results


def series(ctx: Context, patient_id: UUID | None, infusion_id: UUID) -> list[VitalSigns]:
    """Return the readings of an infusion in order of time, without those struck out."""
    return _current(ctx.session, infusions.read(ctx, patient_id, infusion_id))


def strike(ctx: Context, patient_id: UUID | None, infusion_id: UUID, reading_id: UUID) -> None:
    """Strike out a reading that was wrong; it stays stored. Idempotent."""
    patient = ctx.load_patient(patient_id, lock=True)
    infusions.read(ctx, patient_id, infusion_id)
    query = select(VitalSigns).where(
        VitalSigns.patient_id == patient.id,
        VitalSigns.infusion_id == infusion_id,
        VitalSigns.id == reading_id,
    )
    row = ctx.session.scalar(query)
    if row is None:
        raise NotFound
    if row.marked_in_error_at is None:
        row.marked_in_error_at, row.marked_in_error_by = ctx.now, ctx.actor.id


def to_reading(row: VitalSigns) -> VitalReading:
    """Return the reading that a row stores."""
    return from_columns(VitalReading, row)


def _again(actor: Actor, infusion: Infusion, place: str, reading: VitalReading, row: VitalSigns) -> Result:
    if row.infusion_id != infusion.id:
        clash = Clash.OTHER_INFUSION
    elif row.marked_in_error_at is not None:
        clash = Clash.ENTERED_IN_ERROR
    elif to_reading(row) != reading:
        clash = Clash.OTHER_NUMBERS
    else:
        return Result(Taken.UNCHANGED, row)
    refusal = Conflict(FieldError(place, str(clash), SENTENCES[clash]))
    reads = actor.has(*CARE_TEAM) or Scope.TRENDS_READ in actor.scopes
    return Result(Taken.CONFLICT, row, refusal, shown=reads and clash is Clash.OTHER_NUMBERS)


def _current(session: Session, infusion: Infusion) -> list[VitalSigns]:
    query = select(VitalSigns).where(
        VitalSigns.patient_id == infusion.patient_id,
        VitalSigns.infusion_id == infusion.id,
        VitalSigns.marked_in_error_at.is_(None),
    )
    return list(session.scalars(query.order_by(VitalSigns.measured_at, VitalSigns.id)))


def _known(
    session: Session, patient_id: UUID, readings: Sequence[NamedReading | Invalid]
) -> dict[UUID, VitalSigns]:
    ids = [each.id for each in readings if isinstance(each, NamedReading)]
    query = select(VitalSigns).where(VitalSigns.patient_id == patient_id, VitalSigns.id.in_(ids))
    return {row.id: row for row in session.scalars(query)}


def _refusal(ctx: Context, place: str, named: NamedReading, around: _Around) -> Invalid | None:
    found = list(_wrong(place, named.reading, around, ctx.now))
    return Invalid(*found) if found else None


def _wrong(place: str, reading: VitalReading, around: _Around, now: datetime) -> Iterable[FieldError]:
    if reading.measured_at > now:
        yield FieldError(f"{place}/measured_at", "in_the_future", Sentence("This has not happened yet."))
    elif abs(reading.measured_at - around.infusion.started_at) > NEAREST:
        sentence = Sentence("It lies more than a day from the infusion's start.")
        yield FieldError(f"{place}/measured_at", "outside_session", sentence)
    elif around.arrived_at is not None and reading.measured_at < around.arrived_at:
        yield FieldError(f"{place}/measured_at", "before_arrival", Sentence("It lies before the arrival."))
    elif around.left_at is not None and reading.measured_at > around.left_at:
        sentence = Sentence("The discharge check says that they had left.")
        yield FieldError(f"{place}/measured_at", "after_leaving", sentence)
    if reading == VitalReading(reading.measured_at):
        yield FieldError(place, "nothing_measured", Sentence("Send at least one measurement."))
    yield from timeline.wrong_pressure(place, reading.systolic, reading.diastolic)


def _row(ctx: Context, infusion: Infusion, named: NamedReading) -> VitalSigns:
    return VitalSigns(
        **asdict(named.reading),
        patient_id=infusion.patient_id,
        infusion_id=infusion.id,
        id=named.id,
        source="device" if ctx.actor.has(Role.INTEGRATION) else "hand",
        recorded_by=ctx.actor.id,
        received_at=ctx.now,
        marked_in_error_at=None,
        marked_in_error_by=None,
    )
