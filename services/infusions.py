"""Record and correct infusions; nothing is ever erased."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.infusion import GIVEN, InfusionReason, InfusionStatus
from models.infusion_sessions import DischargeCheck, InfusionSession
from models.infusions import Infusion
from models.patients import Patient
from services.access import Actor, load_patient
from services.baselines import current_baseline
from services.errors import Conflict, FieldError, Gone, Invalid, NotFound
from services.infusion_times import validate_no_overlap, wrong_times
from services.revisions import check_version, in_force, is_already_removed, next_revision


@dataclass(frozen=True, slots=True)
class InfusionDraft:
    """What the clinic says about one infusion; `dose_mg` is the total given, `weight_kg` that day's."""

    started_at: datetime
    ended_at: datetime | None
    time_zone: str
    dose_mg: float | None
    weight_kg: float | None
    route: str
    status: InfusionStatus
    reason: InfusionReason


@dataclass(frozen=True, slots=True)
class Kept:
    """An infusion as it stands after a write, and whether the write made or changed it."""

    infusion: Infusion
    created: bool
    changed: bool


def put(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    infusion_id: UUID,
    draft: InfusionDraft,
    expected_version: int | None,
    now: datetime,
) -> Kept:
    """Record an infusion under the id its client gave it, or correct it by a new revision.

    Raises VersionRequired, Stale or Gone as check-ins do, Invalid for times that cannot be, and Conflict
    when it overlaps another infusion, contradicts its session, or lies before the day of the judged baseline.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    current = _current(session, patient.id, infusion_id)
    if current is not None and not current.removed and _said(current) == draft:
        return Kept(current, created=False, changed=False)
    check_version(current, expected_version)
    found = list(wrong_times(draft.status, draft.started_at, draft.ended_at, _local_date(draft), now))
    if found:
        raise Invalid(*found)
    validate_no_overlap(session, patient.id, infusion_id, draft.status, (draft.started_at, draft.ended_at))
    _validate_after_baseline(session, patient.id, draft)
    if current is not None:
        _validate_within_session(session, current, draft)
    revision = _revise(session, actor, patient, current, infusion_id, draft, now)
    return Kept(revision, created=current is None, changed=True)


def remove(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    infusion_id: UUID,
    expected_version: int | None,
    now: datetime,
) -> Infusion:
    """Mark an infusion as entered in error; its revisions stay, and the one that marks it is given."""
    patient = load_patient(session, actor, patient_id, lock=True)
    current = _current(session, patient.id, infusion_id)
    if current is None:
        raise NotFound
    if is_already_removed(current, expected_version):
        return current
    check_version(current, expected_version)
    return _revise(session, actor, patient, current, infusion_id, _said(current), now, removed=True)


def read(session: Session, actor: Actor, patient_id: UUID | None, infusion_id: UUID) -> Infusion:
    """Give one infusion; raises Gone for one entered in error."""
    patient = load_patient(session, actor, patient_id)
    found = _current(session, patient.id, infusion_id)
    if found is None:
        raise NotFound
    if found.removed:
        raise Gone(found.version)
    return found


def course(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Infusion]:
    """List a patient's infusions in order of start: those after `after`, at most `limit`."""
    patient = load_patient(session, actor, patient_id)
    query = select(Infusion).where(
        Infusion.patient_id == patient.id, Infusion.removed.is_(False), in_force(Infusion)
    )
    if after is not None:
        started_at, last_id = after
        later = (Infusion.started_at > started_at) | (
            (Infusion.started_at == started_at) & (Infusion.id > last_id)
        )
        query = query.where(later)
    return list(session.scalars(query.order_by(Infusion.started_at, Infusion.id).limit(limit)))


def revisions(session: Session, actor: Actor, patient_id: UUID | None, infusion_id: UUID) -> list[Infusion]:
    """List every revision of an infusion, in order."""
    patient = load_patient(session, actor, patient_id)
    query = select(Infusion).where(Infusion.patient_id == patient.id, Infusion.id == infusion_id)
    found = list(session.scalars(query.order_by(Infusion.version)))
    if not found:
        raise NotFound
    return found


def _current(session: Session, patient_id: UUID, infusion_id: UUID) -> Infusion | None:
    return session.scalar(
        select(Infusion).where(
            Infusion.patient_id == patient_id, Infusion.id == infusion_id, in_force(Infusion)
        )
    )


def _validate_after_baseline(session: Session, patient_id: UUID, draft: InfusionDraft) -> None:
    if draft.status not in GIVEN:
        return
    baseline = current_baseline(session, patient_id)
    if baseline is not None and not baseline.removed and _local_date(draft) < baseline.assessed_on:
        sentence = "The baseline was judged after this day: withdraw it, or date it before the infusion."
        raise Conflict(FieldError("/started_at", "before_baseline", sentence))


def _validate_within_session(session: Session, current: Infusion, draft: InfusionDraft) -> None:
    """A correction may not start before the recorded arrival, end after leaving, or undo what was given.

    What is there before a start (arrival, checks, vital signs) may belong to one that was not given:
    somebody came, was measured and was sent home.
    """
    which = (current.patient_id, current.id)
    around = session.scalar(
        select(InfusionSession).where(
            InfusionSession.patient_id == which[0],
            InfusionSession.infusion_id == which[1],
            in_force(InfusionSession),
        )
    )
    left_at = session.scalar(
        select(DischargeCheck.left_at).where(
            DischargeCheck.patient_id == which[0],
            DischargeCheck.infusion_id == which[1],
            in_force(DischargeCheck),
        )
    )
    if draft.status not in GIVEN:
        if current.status in GIVEN and (left_at or (around and (around.rate_changes or around.side_effects))):
            sentence = (
                "Its session or discharge check says that it was given; one entered in error is removed."
            )
            raise Conflict(FieldError("/status", "given", sentence))
        return
    if around is not None and draft.started_at < around.arrived_at:
        sentence = "The session says that they arrived later: correct it first."
        raise Conflict(FieldError("/started_at", "before_arrival", sentence))
    if left_at is not None and (draft.ended_at or draft.started_at) > left_at:
        sentence = "The discharge check says that they left before: correct it first."
        raise Conflict(FieldError("/ended_at", "after_leaving", sentence))


def _revise(
    session: Session,
    actor: Actor,
    patient: Patient,
    current: Infusion | None,
    infusion_id: UUID,
    draft: InfusionDraft,
    now: datetime,
    *,
    removed: bool = False,
) -> Infusion:
    patient.change_seq += 1
    following = next_revision(session, current, now)
    revision = Infusion(
        **asdict(draft),
        patient_id=patient.id,
        id=infusion_id,
        local_date=_local_date(draft),
        removed=removed,
        recorded_by=actor.id,
        change_seq=patient.change_seq,
        **following,
    )
    session.add(revision)
    session.flush()
    return revision


def _local_date(draft: InfusionDraft) -> date:
    return draft.started_at.astimezone(ZoneInfo(draft.time_zone)).date()


def _said(row: Infusion) -> InfusionDraft:
    return InfusionDraft(
        row.started_at,
        row.ended_at,
        row.time_zone,
        row.dose_mg,
        row.weight_kg,
        row.route,
        InfusionStatus(row.status),
        InfusionReason(row.reason),
    )
