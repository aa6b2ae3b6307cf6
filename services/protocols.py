"""Prescribe and adjust a patient's plan; the clinic's settings fill what it leaves open."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import protocol as plan
from models.clinics import Clinic
from models.patients import Patient
from models.protocols import Protocol
from services.access import Actor, load_patient
from services.clinic_settings import Settings
from services.errors import FieldError, Invalid
from services.revisions import check_version_number, in_force, next_revision


@dataclass(frozen=True, slots=True)
class ProtocolDraft:
    """A patient's own plan; an absent number means the clinic's."""

    induction_infusion_count: int | None = None
    induction_days: int | None = None
    min_interval_days: int | None = None
    max_interval_days: int | None = None
    paused_on: date | None = None
    resumes_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Prescribed:
    """A plan as it stands: what the patient's own revision says, and what follows with the clinic's."""

    version: int
    overrides: ProtocolDraft
    in_effect: plan.Protocol


def read(session: Session, actor: Actor, patient_id: UUID | None) -> Prescribed:
    """Give a patient's plan; version 0 where the clinic's settings alone apply."""
    patient = load_patient(session, actor, patient_id)
    return _prescribed(session.get_one(Clinic, patient.clinic_id), _current(session, patient.id))


def put(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    draft: ProtocolDraft,
    expected_version: int | None,
    now: datetime,
) -> Prescribed:
    """Set a patient's plan; raises Invalid for one that cannot hold, field by field."""
    patient = load_patient(session, actor, patient_id, lock=True)
    clinic = session.get_one(Clinic, patient.clinic_id)
    current = _current(session, patient.id)
    prescribed = _prescribed(clinic, current)
    if current is not None and prescribed.overrides == draft:
        return prescribed
    check_version_number(prescribed.version, expected_version, prescribed)
    validate_protocol(in_effect(clinic, draft))
    return _prescribed(clinic, _revise(session, actor, patient, current, draft, now))


def in_effect(clinic: Settings, draft: ProtocolDraft) -> plan.Protocol:
    """The plan that follows from the patient's own settings and, where they are silent, the clinic's."""
    return plan.Protocol(
        induction_infusion_count=_first(draft.induction_infusion_count, clinic.induction_infusion_count),
        induction_days=_first(draft.induction_days, clinic.induction_days),
        min_interval_days=_first(draft.min_interval_days, clinic.min_interval_days),
        max_interval_days=_first(draft.max_interval_days, clinic.max_interval_days),
        paused_on=draft.paused_on,
        resumes_on=draft.resumes_on,
        ended_on=draft.ended_on,
    )


def validate_protocol(protocol: plan.Protocol) -> None:
    """Raise Invalid, naming each field that makes a plan one that cannot hold."""
    found = [
        FieldError(f"/{violation.field}", "cannot_hold", violation.reason.capitalize() + ".")
        for violation in plan.violations(protocol)
    ]
    if found:
        raise Invalid(*found)


def own(row: Protocol | None) -> ProtocolDraft:
    """What a stored revision says for itself; nothing where there is none."""
    if row is None:
        return ProtocolDraft()
    return ProtocolDraft(**{field.name: getattr(row, field.name) for field in fields(ProtocolDraft)})


def _prescribed(clinic: Clinic, row: Protocol | None) -> Prescribed:
    draft = own(row)
    return Prescribed(row.version if row else 0, draft, in_effect(clinic, draft))


def _current(session: Session, patient_id: UUID) -> Protocol | None:
    return session.scalar(select(Protocol).where(Protocol.patient_id == patient_id, in_force(Protocol)))


def _revise(
    session: Session,
    actor: Actor,
    patient: Patient,
    current: Protocol | None,
    draft: ProtocolDraft,
    now: datetime,
) -> Protocol:
    patient.change_seq += 1
    following = next_revision(session, current, now)
    revision = Protocol(
        **asdict(draft),
        patient_id=patient.id,
        recorded_by=actor.id,
        **following,
    )
    session.add(revision)
    session.flush()
    return revision


def _first(mine: int | None, clinics: int) -> int:
    return clinics if mine is None else mine
