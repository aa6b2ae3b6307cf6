"""Enter, correct, remove and list totals of questionnaires; nothing is ever erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from clinical.score import HIGHEST_TOTAL, Instrument
from models.patients import Patient
from models.scores import Score
from services.access import Actor, load_patient
from services.check_ins import Outcome, refuse_off_the_calendar
from services.errors import FieldError, Gone, Invalid, NotFound, Stale
from services.revisions import in_force, moment_after, refuse_unless_current


@dataclass(frozen=True, slots=True)
class Occasion:
    """One questionnaire, on the local day on which it was answered."""

    instrument: Instrument
    local_date: date


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
    total: int,
    expected_version: int | None,
    now: datetime,
) -> Kept:
    """Store a total, or recognise that it is stored already.

    Raises VersionRequired, Stale or Gone as check-ins do, and Invalid for a day that has not begun, one too
    long past, or a total that the questionnaire cannot give.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    standing = _standing(session, patient.id, occasion)
    if standing is not None:
        if not standing.removed and standing.total == total:
            return Kept(standing, Outcome.UNCHANGED)
        refuse_unless_current(standing, expected_version)
    elif expected_version is not None:
        raise Stale(0)
    refuse_off_the_calendar(occasion.local_date, now)
    _refuse_impossible_total(occasion.instrument, total)
    revision = _revise(session, actor, patient, standing, occasion, total, now)
    return Kept(revision, Outcome.CREATED if standing is None else Outcome.UPDATED)


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
    standing = _standing(session, patient.id, occasion)
    if standing is None:
        raise NotFound
    if standing.removed and expected_version in (None, standing.version - 1, standing.version):
        return standing
    refuse_unless_current(standing, expected_version)
    return _revise(session, actor, patient, standing, occasion, standing.total, now, removed=True)


def read(session: Session, actor: Actor, patient_id: UUID | None, occasion: Occasion) -> Score:
    """Give one total; raises Gone for a removed one."""
    patient = load_patient(session, actor, patient_id)
    found = _standing(session, patient.id, occasion)
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


def _standing(session: Session, patient_id: UUID, occasion: Occasion) -> Score | None:
    return session.scalar(select(Score).where(Score.patient_id == patient_id, _of(occasion), in_force(Score)))


def _refuse_impossible_total(instrument: Instrument, total: int) -> None:
    highest = HIGHEST_TOTAL[instrument]
    if not 0 <= total <= highest:
        sentence = f"A total of this questionnaire lies from 0 to {highest}."
        raise Invalid(FieldError("/total", "out_of_range", sentence))


def _revise(
    session: Session,
    actor: Actor,
    patient: Patient,
    standing: Score | None,
    occasion: Occasion,
    total: int,
    now: datetime,
    *,
    removed: bool = False,
) -> Score:
    patient.change_seq += 1
    known_from = moment_after(now, standing.known_from if standing else None)
    if standing is not None:
        standing.known_until = known_from
        session.flush()
    revision = Score(
        patient_id=patient.id,
        instrument=str(occasion.instrument),
        local_date=occasion.local_date,
        version=standing.version + 1 if standing else 1,
        total=total,
        removed=removed,
        recorded_by=actor.id,
        change_seq=patient.change_seq,
        known_from=known_from,
        known_until=None,
    )
    session.add(revision)
    session.flush()
    return revision
