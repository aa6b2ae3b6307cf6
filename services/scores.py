"""Enter, correct, remove and list totals of questionnaires; nothing is ever erased."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from clinical.score import KINDS, MAX, STEPS, Instrument, Rater
from models.patients import Patient
from models.scores import Score
from services.access import Actor, Role, load_patient
from services.check_ins import Outcome, validate_local_date
from services.errors import FieldError, Forbidden, Gone, Invalid, NotFound
from services.revisions import check_version, in_force, is_already_removed, next_revision

NEVER_SHARED: Final = frozenset({Instrument.C_SSRS})
"""Scales of thoughts of suicide, no delegate's to read, as item 9 and the daily safety answer are not."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One questionnaire, on the local day on which it was answered."""

    instrument: Instrument
    local_date: date


@dataclass(frozen=True, slots=True)
class Entry:
    """A total as it was entered; its range where the catalogue knows none, and who judged, where told."""

    total: int
    lowest: int | None = None
    highest: int | None = None
    rater: Rater | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A total as it stands after a write, and whether the write changed it."""

    score: Score
    outcome: Outcome


def put(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    occasion: Occasion,
    entry: Entry,
    expected_version: int | None,
    now: datetime,
) -> Kept:
    """Store a total, or recognise that it is stored already.

    Raises VersionRequired, Stale or Gone as check-ins do, and Invalid for a day that has not begun, one too
    long past, a total that the questionnaire cannot give, or a range that is missing or not its own.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    current = _current(session, patient.id, occasion)
    entry = _without_known_range(occasion.instrument, entry)
    if current is not None and not current.removed and _said(current) == entry:
        return Kept(current, Outcome.UNCHANGED)
    check_version(current, expected_version)
    validate_local_date(occasion.local_date, now)
    _validate_total(occasion.instrument, entry)
    revision = _revise(session, actor, patient, current, occasion, entry, now)
    return Kept(revision, Outcome.CREATED if current is None else Outcome.UPDATED)


def remove(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    occasion: Occasion,
    expected_version: int | None,
    now: datetime,
) -> Score:
    """Leave a tombstone where a total stood; asking again changes nothing."""
    patient = load_patient(session, actor, patient_id, lock=True)
    current = _current(session, patient.id, occasion)
    if current is None:
        raise NotFound
    if is_already_removed(current, expected_version):
        return current
    check_version(current, expected_version)
    return _revise(session, actor, patient, current, occasion, _said(current), now, removed=True)


def read(session: Session, actor: Actor, patient_id: UUID | None, occasion: Occasion) -> Score:
    """Give one total; raises Gone for a removed one, and Forbidden for one that is never shared."""
    if actor.role is Role.DELEGATE and occasion.instrument in NEVER_SHARED:
        raise Forbidden("A delegate is never shown the totals of this questionnaire.")
    patient = load_patient(session, actor, patient_id)
    found = _current(session, patient.id, occasion)
    if found is None:
        raise NotFound
    if found.removed:
        raise Gone(found.version)
    return found


def totals(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    between: tuple[date | None, date | None],
    after: Occasion | None,
    limit: int,
) -> list[Score]:
    """List totals in order of day, then instrument: those after `after`, within the days given."""
    patient = load_patient(session, actor, patient_id)
    query = select(Score).where(Score.patient_id == patient.id, Score.removed.is_(False), in_force(Score))
    if actor.role is Role.DELEGATE:
        query = query.where(Score.instrument.not_in([str(instrument) for instrument in NEVER_SHARED]))
    first, last = between
    if first is not None:
        query = query.where(Score.local_date >= first)
    if last is not None:
        query = query.where(Score.local_date <= last)
    if after is not None:
        same_day = and_(Score.local_date == after.local_date, Score.instrument > str(after.instrument))
        query = query.where(or_(Score.local_date > after.local_date, same_day))
    return list(session.scalars(query.order_by(Score.local_date, Score.instrument).limit(limit)))


def revisions(session: Session, actor: Actor, patient_id: UUID | None, occasion: Occasion) -> list[Score]:
    """List every revision of a total, in order."""
    patient = load_patient(session, actor, patient_id)
    query = select(Score).where(Score.patient_id == patient.id, _of(occasion))
    found = list(session.scalars(query.order_by(Score.version)))
    if not found:
        raise NotFound
    return found


def _of(occasion: Occasion) -> ColumnElement[bool]:
    return and_(Score.instrument == str(occasion.instrument), Score.local_date == occasion.local_date)


def _current(session: Session, patient_id: UUID, occasion: Occasion) -> Score | None:
    return session.scalar(select(Score).where(Score.patient_id == patient_id, _of(occasion), in_force(Score)))


def _said(row: Score) -> Entry:
    return Entry(row.total, row.lowest, row.highest, None if row.rater is None else Rater(row.rater))


def _without_known_range(instrument: Instrument, entry: Entry) -> Entry:
    """Leave out a range that says what the catalogue knows: with it or without, it is the same entry."""
    known = KINDS[instrument].highest
    says_the_same = known is not None and (entry.lowest or 0, entry.highest or known) == (0, known)
    return replace(entry, lowest=None, highest=None) if says_the_same else entry


def _validate_total(instrument: Instrument, entry: Entry) -> None:
    known = KINDS[instrument].highest
    found = []
    if known is not None:
        if entry.lowest or entry.highest:
            sentence = f"The range of this questionnaire is 0 to {known}: leave it out."
            found.append(FieldError("/highest", "another_range", sentence))
    elif entry.lowest is None or entry.highest is None:
        sentence = "Say between which totals yours lies: of this questionnaire no range is known here."
        missing = [name for name in ("lowest", "highest") if getattr(entry, name) is None]
        found += [FieldError(f"/{name}", "required", sentence) for name in missing]
    elif entry.lowest >= entry.highest:
        found.append(FieldError("/highest", "out_of_range", "The highest total is above the lowest."))
    lowest, highest = (0, known) if known is not None else (entry.lowest or 0, entry.highest or MAX)
    if not found and not lowest <= entry.total <= highest:
        sentence = f"A total of this questionnaire lies from {lowest} to {highest}."
        found.append(FieldError("/total", "off_scale", sentence))
    elif not found and entry.total % (step := STEPS.get(instrument, 1)):
        sentence = (
            f"A total of this questionnaire is a multiple of {step}: send {step} times the sum of its items."
        )
        found.append(FieldError("/total", "off_scale", sentence))
    if found:
        raise Invalid(*found)


def _revise(
    session: Session,
    actor: Actor,
    patient: Patient,
    current: Score | None,
    occasion: Occasion,
    entry: Entry,
    now: datetime,
    *,
    removed: bool = False,
) -> Score:
    patient.change_seq += 1
    following = next_revision(session, current, now)
    revision = Score(
        patient_id=patient.id,
        instrument=str(occasion.instrument),
        local_date=occasion.local_date,
        total=entry.total,
        lowest=entry.lowest,
        highest=entry.highest,
        rater=None if entry.rater is None else str(entry.rater),
        removed=removed,
        recorded_by=actor.id,
        change_seq=patient.change_seq,
        **following,
    )
    session.add(revision)
    session.flush()
    return revision
