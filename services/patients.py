"""Enrol a patient, keep their details, discharge them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from models.accounts import Account
from models.patients import Patient
from services import accounts
from services.access import Role, own_clinic
from services.context import Context
from services.errors import Conflict, FieldError, Forbidden
from services.revisions import WriteOutcome, WriteResult, check_row_version

DAY_START_HOUR = 4
"""Hour at which a patient's day begins: entries of the small hours belong to the evening before. Source: a
proposal. Changed by: a clinician, `PATCH /v1/patients/{id}`."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A new patient as a clinic enters them; `record_number` is its own number for them."""

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


def enrol(ctx: Context, clinic_id: UUID, enrolment: Enrolment) -> WriteResult[Patient]:
    """Enrol a patient, or recognise that they are enrolled.

    Sent again, the same enrolment is recognised by the record number; another under it raises Conflict.
    """
    session, now = ctx.session, ctx.now
    own_clinic(ctx.actor, clinic_id)
    current = session.scalar(
        select(Patient).where(Patient.record_number == enrolment.record_number).with_for_update()
    )
    if current is not None:
        account = session.get_one(Account, current.account_id)
        if _enrolment_of(current, account) != enrolment:
            raise Conflict(FieldError("/record_number", "taken", "Another patient has this record number."))
        return WriteResult(current, WriteOutcome.UNCHANGED)
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
    return WriteResult(patient, WriteOutcome.CREATED)


def read(ctx: Context, patient_id: UUID | None) -> Patient:
    """Return a patient's details."""
    return ctx.load_patient(patient_id)


def adjust(
    ctx: Context, patient_id: UUID | None, adjustment: Adjustment, expected_version: int | None
) -> Patient:
    """Change a patient's details; only staff may rename or discharge."""
    patient = ctx.load_patient(patient_id, lock=True)
    check_row_version(patient, expected_version)
    staff_only = adjustment.display_name is not None or adjustment.discharged is not None
    if ctx.actor.role is Role.PATIENT and staff_only:
        detail = "Only staff may rename or discharge a patient: leave display_name and discharged out."
        raise Forbidden(detail, required_roles=(Role.CLINICIAN, Role.ADMIN))
    for name in ("display_name", "time_zone", "day_start_hour"):
        if (value := getattr(adjustment, name)) is not None:
            setattr(patient, name, value)
    if adjustment.discharged is not None:
        patient.discharged_at = (patient.discharged_at or ctx.now) if adjustment.discharged else None
    patient.version += 1
    # The day may turn at another hour now, and "today" decides the outlook.
    patient.change_seq += 1
    ctx.session.flush()
    return patient


def invite(ctx: Context, patient_id: UUID | None, lasting: timedelta) -> tuple[str, datetime]:
    """Make the one-use code that a patient's phone scans or types; return it and when it expires."""
    account = ctx.session.get_one(Account, ctx.load_patient(patient_id).account_id)
    return accounts.invite(ctx.session, account, ctx.now, lasting)


def account_id_of(ctx: Context, patient_id: UUID | None) -> UUID:
    """Return the id of a patient's account."""
    return ctx.load_patient(patient_id).account_id


def _enrolment_of(patient: Patient, account: Account) -> Enrolment:
    return Enrolment(
        patient.record_number,
        patient.display_name,
        patient.time_zone,
        patient.day_start_hour,
        account.invited_email,
    )
