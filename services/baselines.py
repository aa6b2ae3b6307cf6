"""How a patient was before treatment, as a clinician judged it; every judgement is kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.baseline import AssessedBaseline
from clinical.infusion import GIVEN
from models.baselines import Baseline
from models.infusions import Infusion
from models.patients import Patient
from services.access import Actor, load_patient
from services.check_ins import EARLIEST, Outcome
from services.errors import Conflict, FieldError, Gone, Invalid, NotFound
from services.revisions import check_version, in_force, is_already_removed, next_revision


@dataclass(frozen=True, slots=True)
class Kept:
    """A baseline as it stands after a write, and whether the write changed it."""

    baseline: Baseline
    outcome: Outcome


def put(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    judged: AssessedBaseline,
    expected_version: int | None,
    now: datetime,
) -> Kept:
    """Store a judged baseline, or recognise that it is stored already.

    Raises VersionRequired, Stale or Gone as check-ins do, Invalid for a day that lies ahead or too long past,
    and Conflict for one after the day of the first infusion given.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    current = current_baseline(session, patient.id)
    if current is not None and not current.removed and said(current) == judged:
        return Kept(current, Outcome.UNCHANGED)
    check_version(current, expected_version)
    _validate_day(judged.assessed_on, now)
    _validate_before_first_infusion(session, patient.id, judged.assessed_on)
    revision = _revise(session, actor, patient, current, judged, now)
    return Kept(revision, Outcome.CREATED if current is None else Outcome.UPDATED)


def remove(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    expected_version: int | None,
    now: datetime,
) -> Baseline:
    """Withdraw a judged baseline; its revisions stay, and asking again changes nothing."""
    patient = load_patient(session, actor, patient_id, lock=True)
    current = current_baseline(session, patient.id)
    if current is None:
        raise NotFound
    if is_already_removed(current, expected_version):
        return current
    check_version(current, expected_version)
    return _revise(session, actor, patient, current, said(current), now, removed=True)


def read(session: Session, actor: Actor, patient_id: UUID | None) -> Baseline:
    """Give a patient's judged baseline; raises Gone for one that was withdrawn."""
    patient = load_patient(session, actor, patient_id)
    found = current_baseline(session, patient.id)
    if found is None:
        raise NotFound
    if found.removed:
        raise Gone(found.version)
    return found


def current_baseline(session: Session, patient_id: UUID) -> Baseline | None:
    """The revision in force, a withdrawn one included."""
    return session.scalar(select(Baseline).where(Baseline.patient_id == patient_id, in_force(Baseline)))


def said(row: Baseline) -> AssessedBaseline:
    """What a stored revision says."""
    return AssessedBaseline(row.assessed_on, row.mood, row.anxiety)


def _validate_day(assessed_on: date, now: datetime) -> None:
    if not local_day.has_begun_somewhere(assessed_on, now):
        raise Invalid(FieldError("/assessed_on", "in_the_future", "This day has not begun anywhere yet."))
    if assessed_on < EARLIEST:
        sentence = f"Days are kept from {EARLIEST:%Y} on."
        raise Invalid(FieldError("/assessed_on", "too_long_past", sentence))


def _validate_before_first_infusion(session: Session, patient_id: UUID, assessed_on: date) -> None:
    first = session.scalar(
        select(func.min(Infusion.local_date)).where(
            Infusion.patient_id == patient_id,
            Infusion.removed.is_(False),
            Infusion.status.in_([str(status) for status in GIVEN]),
            in_force(Infusion),
        )
    )
    if first is not None and assessed_on > first:
        sentence = "A baseline is judged before the first infusion given, at the latest that morning."
        raise Conflict(FieldError("/assessed_on", "after_first_infusion", sentence))


def _revise(
    session: Session,
    actor: Actor,
    patient: Patient,
    current: Baseline | None,
    judged: AssessedBaseline,
    now: datetime,
    *,
    removed: bool = False,
) -> Baseline:
    patient.change_seq += 1
    following = next_revision(session, current, now)
    revision = Baseline(
        **asdict(judged),
        patient_id=patient.id,
        removed=removed,
        recorded_by=actor.id,
        **following,
    )
    session.add(revision)
    session.flush()
    return revision
