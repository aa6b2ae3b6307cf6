"""Record, revise, remove and list a day's answers: never lost, never twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.check_in import CheckInDraft, EntryMode
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.patients import Patient
from models.tenancy import prepared
from services.access import Actor, Role, load_patient, patient_of
from services.errors import FieldError, Gone, Invalid, NotFound
from services.revisions import check_version, in_force, is_already_removed, next_revision

EARLIEST = date(2000, 1, 1)
"""Ketamine's effect on mood was first published that year; what is older is a phone without a clock."""


# The join may read a day older than the lock; then the insert clashes, and the request looks again.
_DAY = prepared(
    select(Patient, Clinic.backfill_days, CheckIn)
    .join(Clinic, Clinic.id == Patient.clinic_id)
    .outerjoin(
        CheckIn,
        and_(CheckIn.patient_id == Patient.id, CheckIn.local_date == bindparam("day"), in_force(CheckIn)),
    )
    .where(Patient.id == bindparam("patient"))
    .with_for_update(of=Patient)
    # What this session saw before it had the lock may have changed since.
    .execution_options(populate_existing=True)
)


class Outcome(StrEnum):
    """What became of a write."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Kept:
    """A day as it stands after a write, and whether the write changed it."""

    check_in: CheckIn
    outcome: Outcome


def put(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    local_date: date,
    draft: CheckInDraft,
    expected_version: int | None,
    now: datetime,
) -> Kept:
    """Store a day's answers, or recognise that they are stored already.

    Raises VersionRequired or Stale when other answers stand there, Gone when the day was removed, Invalid
    for a day that has not begun or is too long past for a patient to fill in.
    """
    patient, backfill_days, current = _look(session, actor, patient_id, local_date)
    answers = _answers(draft)
    if current is not None and not current.removed and _said(current) == answers:
        return Kept(current, Outcome.UNCHANGED)
    check_version(current, expected_version)
    # A phone whose clock runs ahead of ours answered when its answer came.
    recorded_at = min(draft.recorded_at, now)
    mode = local_day.entry_mode(local_date, recorded_at, draft.time_zone, patient.day_start_hour)
    allowed = backfill_days if mode is EntryMode.BACKFILL else None
    _validate_day(actor, allowed, local_date, draft, now)
    revision = _revise(session, actor, patient, current, local_date, now)
    for name, value in answers.items():
        setattr(revision, name, value)
    revision.entry_mode = mode
    revision.received_at = now
    revision.clock_suspect = local_day.is_ahead(draft.recorded_at, now)
    session.add(revision)
    session.flush()
    return Kept(revision, Outcome.CREATED if current is None else Outcome.UPDATED)


def remove(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    local_date: date,
    expected_version: int | None,
    now: datetime,
) -> Kept:
    """Leave a tombstone where a day's answers stood; asking again changes nothing."""
    patient, _, current = _look(session, actor, patient_id, local_date)
    if current is None:
        raise NotFound
    if is_already_removed(current, expected_version):
        return Kept(current, Outcome.UNCHANGED)
    check_version(current, expected_version)
    tombstone = _revise(session, actor, patient, current, local_date, now)
    for name, value in _said(current).items():
        setattr(tombstone, name, value)
    tombstone.note = None
    tombstone.entry_mode = current.entry_mode
    tombstone.received_at = now
    tombstone.clock_suspect = current.clock_suspect
    tombstone.removed = True
    session.add(tombstone)
    session.flush()
    return Kept(tombstone, Outcome.UPDATED)


def read(session: Session, actor: Actor, patient_id: UUID | None, local_date: date) -> CheckIn:
    """Give a day's answers; raises Gone for a removed day."""
    wanted = patient_of(actor, patient_id)
    query = select(CheckIn).where(
        CheckIn.patient_id == wanted, CheckIn.local_date == local_date, in_force(CheckIn)
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound
    if found.removed:
        raise Gone(found.version)
    return found


def days(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    between: tuple[date | None, date | None],
    after: date | None,
    limit: int,
) -> list[CheckIn]:
    """List answered days in order of date: those after `after`, within the dates given, at most `limit`."""
    patient = load_patient(session, actor, patient_id)
    query = select(CheckIn).where(
        CheckIn.patient_id == patient.id, CheckIn.removed.is_(False), in_force(CheckIn)
    )
    first, last = between
    if first is not None:
        query = query.where(CheckIn.local_date >= first)
    if last is not None:
        query = query.where(CheckIn.local_date <= last)
    if after is not None:
        query = query.where(CheckIn.local_date > after)
    return list(session.scalars(query.order_by(CheckIn.local_date).limit(limit)))


def revisions(session: Session, actor: Actor, patient_id: UUID | None, local_date: date) -> list[CheckIn]:
    """List everything that was ever said about a day, in order."""
    patient = load_patient(session, actor, patient_id)
    query = select(CheckIn).where(CheckIn.patient_id == patient.id, CheckIn.local_date == local_date)
    found = list(session.scalars(query.order_by(CheckIn.version)))
    if not found:
        raise NotFound
    return found


def validate_local_date(local_date: date, now: datetime) -> None:
    """Raise Invalid for the day of a path that has not begun anywhere, or is before all that is kept."""
    if not local_day.has_begun_somewhere(local_date, now):
        raise Invalid(
            FieldError("local_date", "not_begun", "This day has not begun anywhere yet.", "parameter")
        )
    if local_date < EARLIEST:
        sentence = f"Days are kept from {EARLIEST:%Y} on."
        raise Invalid(FieldError("local_date", "too_long_past", sentence, "parameter"))


def _look(
    session: Session, actor: Actor, patient_id: UUID | None, local_date: date
) -> tuple[Patient, int, CheckIn | None]:
    """Lock the patient against other writers, and see what stands at the day."""
    which = {"patient": patient_of(actor, patient_id), "day": local_date}
    found = session.execute(_DAY, which).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1], found[2]


def _validate_day(
    actor: Actor, backfill_days: int | None, local_date: date, draft: CheckInDraft, now: datetime
) -> None:
    """Refuse a day that has not begun, or is too long past; `backfill_days` is None for a live entry."""
    validate_local_date(local_date, now)
    if backfill_days is None or actor.role is not Role.PATIENT:
        return
    if local_day.days_late(local_date, draft.recorded_at, now, draft.time_zone) > backfill_days:
        sentence = f"A day can be filled in up to {backfill_days} days later; ask the clinic."
        raise Invalid(FieldError("local_date", "too_long_past", sentence, "parameter"))


def _revise(
    session: Session,
    actor: Actor,
    patient: Patient,
    current: CheckIn | None,
    local_date: date,
    now: datetime,
) -> CheckIn:
    """Begin the day's next revision, and end the one that stands."""
    patient.change_seq += 1
    following = next_revision(session, current, now)
    return CheckIn(
        patient_id=patient.id,
        local_date=local_date,
        removed=False,
        recorded_by=actor.id,
        device_id=actor.device_id,
        change_seq=patient.change_seq,
        **following,
    )


def _answers(draft: CheckInDraft) -> dict[str, Any]:
    effects = None
    if draft.side_effects is not None:
        effects = [
            {"code": effect.code, "severity": str(effect.severity)} for effect in sorted(draft.side_effects)
        ]
    return {
        "mood": draft.mood,
        "enjoyment": draft.enjoyment,
        "anxiety": draft.anxiety,
        "side_effects": effects,
        "note": draft.note,
        "benefit_left": draft.benefit_left,
        "ratings": dict(sorted(draft.ratings.items())) if draft.ratings else None,
        "time_zone": draft.time_zone,
        "recorded_at": draft.recorded_at,
    }


def _said(row: CheckIn) -> dict[str, Any]:
    return {
        "mood": row.mood,
        "enjoyment": row.enjoyment,
        "anxiety": row.anxiety,
        "side_effects": row.side_effects,
        "note": row.note,
        "benefit_left": row.benefit_left,
        "ratings": row.ratings,
        "time_zone": row.time_zone,
        "recorded_at": row.recorded_at,
    }
