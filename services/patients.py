"""Enrol a patient, keep their details, discharge them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.patients import Patient
from services import accounts
from services.access import Actor, Role, load_patient, own_clinic
from services.errors import Conflict, FieldError, Forbidden, Stale, VersionRequired

DAY_START_HOUR = 4
"""Hour at which a patient's day begins: entries of the small hours belong to the evening before. Source: a
proposal. Changed by: a clinician, `PATCH /v1/patients/{id}`."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a clinic says of a new patient; `record_number` is its own number for them."""

    record_number: str
    display_name: str
    time_zone: str
    day_start_hour: int = DAY_START_HOUR
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is to change of a patient; None leaves it."""

    display_name: str | None = None
    time_zone: str | None = None
    day_start_hour: int | None = None
    discharged: bool | None = None


def enrol(
    session: Session, actor: Actor, clinic_id: UUID, enrolment: Enrolment, now: datetime
) -> tuple[Patient, bool]:
    """Enrol a patient; gives them, and whether they are new.

    Sent again, the same enrolment is recognised by the record number; another under it raises Conflict.
    """
    own_clinic(actor, clinic_id)
    current = session.scalar(
        select(Patient).where(Patient.record_number == enrolment.record_number).with_for_update()
    )
    if current is not None:
        account = session.get_one(Account, current.account_id)
        if _said(current, account) != enrolment:
            raise Conflict(FieldError("/record_number", "taken", "Another patient has this record number."))
        return current, False
    account = accounts.new_account(clinic_id, Role.PATIENT, enrolment.display_name, enrolment.email, now)
    patient = Patient(
        id=uuid4(),
        account_id=account.id,
        record_number=enrolment.record_number,
        display_name=enrolment.display_name,
        time_zone=enrolment.time_zone,
        day_start_hour=enrolment.day_start_hour,
        change_seq=0,
        version=1,
        enrolled_at=now,
        discharged_at=None,
    )
    account.patient_id = patient.id
    session.add_all([account, patient])
    session.flush()
    return patient, True


def read(session: Session, actor: Actor, patient_id: UUID | None) -> Patient:
    """Give a patient's details."""
    return load_patient(session, actor, patient_id)


def adjust(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    adjustment: Adjustment,
    expected_version: int | None,
    now: datetime,
) -> Patient:
    """Change a patient's details; only staff may rename or discharge."""
    patient = load_patient(session, actor, patient_id, lock=True)
    if expected_version is None:
        raise VersionRequired(patient.version, patient)
    if expected_version != patient.version:
        raise Stale(patient.version, patient)
    staff_only = adjustment.display_name is not None or adjustment.discharged is not None
    if actor.role is Role.PATIENT and staff_only:
        detail = "Only staff may rename or discharge a patient: leave display_name and discharged out."
        raise Forbidden(detail, required_roles=(Role.CLINICIAN, Role.ADMIN))
    for name in ("display_name", "time_zone", "day_start_hour"):
        if (value := getattr(adjustment, name)) is not None:
            setattr(patient, name, value)
    if adjustment.discharged is not None:
        patient.discharged_at = (patient.discharged_at or now) if adjustment.discharged else None
    patient.version += 1
    # The day may turn at another hour now, and "today" decides the outlook.
    patient.change_seq += 1
    session.flush()
    return patient


def invite(
    session: Session, actor: Actor, patient_id: UUID | None, now: datetime, lasting: timedelta
) -> tuple[str, datetime]:
    """Make the one-use code that a patient's phone scans or types; gives it and its end."""
    patient = load_patient(session, actor, patient_id)
    return accounts.invite(session, session.get_one(Account, patient.account_id), now, lasting)


def account_id_of(session: Session, actor: Actor, patient_id: UUID | None) -> UUID:
    """Tell which account is a patient's."""
    return load_patient(session, actor, patient_id).account_id


def _said(patient: Patient, account: Account) -> Enrolment:
    return Enrolment(
        patient.record_number,
        patient.display_name,
        patient.time_zone,
        patient.day_start_hour,
        account.invited_email,
    )
