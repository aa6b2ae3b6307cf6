"""Enrol a patient, keep their details and contact data, discharge them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from clinical import local_day
from clinical.canonical_text import email_key, record_number_key
from clinical.sentences import Sentence
from models.accounts import Account
from models.database import Database
from models.patients import Patient
from services import accounts, event_log, quotas
from services.access import CARE_TEAM, Actor, Role, own_clinic, role_names
from services.clinic_settings import invitation_lasting
from services.context import Context
from services.errors import Conflict, FieldError, Forbidden, Invalid
from services.event_log import Concerned, Event
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


EARLIEST_BIRTH: Final = date(1900, 1, 1)
"""First birth date that is accepted: the life of any patient. Operational."""

MAY_CHANGE: Final[dict[str, tuple[Role, ...]]] = {
    "display_name": (Role.CLINICIAN, Role.FRONT_DESK, Role.ADMIN),
    "discharged": (Role.CLINICIAN, Role.ADMIN),
    "born_on": (Role.CLINICIAN, Role.NURSE, Role.FRONT_DESK, Role.ADMIN),
}
"""Roles that may change a detail; one not named here is open to whoever may change the patient's details."""

CONTACT_COLUMNS: Final = (
    "emergency_contact_name",
    "emergency_contact_relation",
    "emergency_contact_telephone",
)
DERIVED_FROM: Final = frozenset({"display_name", "time_zone", "day_start_hour", "discharged"})
"""Details that the outlook, the worklist or the patient's current day depend on."""


@dataclass(frozen=True, slots=True)
class EmergencyContact:
    """Whom to call if the patient cannot be reached in an emergency; `telephone` is E.164."""

    name: str
    relation: str
    telephone: str


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is to change of a patient; None leaves it, `remove` names what is no longer stored."""

    display_name: str | None = None
    time_zone: str | None = None
    day_start_hour: int | None = None
    discharged: bool | None = None
    telephone: str | None = None
    emergency_contact: EmergencyContact | None = None
    born_on: date | None = None
    language: str | None = None
    remove: frozenset[str] = frozenset()

    @property
    def changed(self) -> frozenset[str]:
        """The names of the details that are to change."""
        names = (field.name for field in fields(self) if field.name != "remove")
        return self.remove | {name for name in names if getattr(self, name) is not None}


def enrol(ctx: Context, clinic_id: UUID, enrolment: Enrolment) -> WriteResult[Patient]:
    """Enrol a patient, or recognise that they are enrolled.

    Sent again, the same enrolment is recognised by the record number; another under it raises Conflict.
    """
    session, now = ctx.session, ctx.now
    own_clinic(ctx.actor, clinic_id)
    current = session.scalar(
        select(Patient)
        .where(Patient.record_number_key == record_number_key(enrolment.record_number))
        .with_for_update()
    )
    if current is not None:
        account = session.get_one(Account, current.account_id)
        folded = replace(enrolment, email=email_key(enrolment.email) if enrolment.email else None)
        if _enrolment_of(current, account) != folded:
            raise Conflict(
                FieldError("/record_number", "taken", Sentence("Another patient has this record number."))
            )
        return WriteResult(current, WriteOutcome.UNCHANGED)
    quotas.count(session, quotas.PATIENTS, ctx.actor.id, clinic_id, now)
    account = accounts.new_account(clinic_id, (Role.PATIENT,), enrolment.display_name, enrolment.email, now)
    patient = Patient(
        id=uuid4(),
        account_id=account.id,
        record_number=enrolment.record_number,
        record_number_key=record_number_key(enrolment.record_number),
        display_name=enrolment.display_name,
        time_zone=enrolment.time_zone,
        day_start_hour=enrolment.day_start_hour,
        change_seq=0,
        version=1,
        enrolled_at=now,
        discharged_at=None,
        telephone=None,
        born_on=None,
        language=None,
        **dict.fromkeys(CONTACT_COLUMNS),
    )
    account.patient_id = patient.id
    session.add_all([account, patient])
    session.flush()
    event_log.record(ctx, Event.PATIENT_ENROLLED, Concerned(account.id, patient.id))
    return WriteResult(patient, WriteOutcome.CREATED)


def read(ctx: Context, patient_id: UUID | None) -> Patient:
    """Return a patient's details."""
    return ctx.load_patient(patient_id)


def adjust(
    ctx: Context, patient_id: UUID | None, adjustment: Adjustment, expected_version: int | None
) -> Patient:
    """Change a patient's details; raises Forbidden for one that the actor's roles may not change."""
    patient = ctx.load_patient(patient_id, lock=True)
    check_row_version(patient, expected_version)
    for name in sorted(adjustment.changed & set(MAY_CHANGE)):
        if not ctx.actor.has(*MAY_CHANGE[name]):
            detail = Sentence(
                "Your account's roles do not allow a change of {name}: leave it out.", name=name
            )
            raise Forbidden(detail, required_roles=role_names(MAY_CHANGE[name]))
    for name in ("display_name", "time_zone", "day_start_hour", "telephone", "born_on", "language"):
        if name in adjustment.changed:
            setattr(patient, name, getattr(adjustment, name))
    if "emergency_contact" in adjustment.changed:
        _set_emergency_contact(patient, adjustment.emergency_contact)
    if adjustment.discharged is not None:
        patient.discharged_at = (patient.discharged_at or ctx.now) if adjustment.discharged else None
    _validate_birth(patient, ctx.now)
    patient.version += 1
    if adjustment.changed & DERIVED_FROM:
        # The day may turn at another hour now, and "today" decides the outlook.
        patient.change_seq += 1
    ctx.session.flush()
    return patient


def _set_emergency_contact(patient: Patient, contact: EmergencyContact | None) -> None:
    values = (None, None, None) if contact is None else astuple(contact)
    for column, value in zip(CONTACT_COLUMNS, values, strict=True):
        setattr(patient, column, value)


def _validate_birth(patient: Patient, now: datetime) -> None:
    if patient.born_on is None:
        return
    if patient.born_on > local_day.today(now, patient.time_zone, 0):
        sentence = Sentence("A birth date is not in the future: send the day on which the patient was born.")
        raise Invalid(FieldError("/born_on", "in_the_future", sentence))
    if patient.born_on < EARLIEST_BIRTH:
        sentence = Sentence(
            "Birth dates are stored from {earliest_birth:%Y} on.", earliest_birth=EARLIEST_BIRTH
        )
        raise Invalid(FieldError("/born_on", "too_long_past", sentence))


def invite(ctx: Context, patient_id: UUID | None) -> tuple[str, datetime]:
    """Make the one-use code that a patient's phone scans or types; return it and when it expires.

    For a patient who has accepted one already it is a reset. Raises Forbidden for one by others than the care
    team: whoever has the code could read what the patient answered.
    """
    account = ctx.session.get_one(Account, ctx.load_patient(patient_id).account_id)
    if not ctx.actor.has(*CARE_TEAM) and accounts.was_accepted(ctx.session, account):
        raise Forbidden(required_roles=role_names(CARE_TEAM))
    return accounts.invite(ctx.session, account, event_log.agent_of(ctx), invitation_lasting(ctx))


def account_id_of(ctx: Context, patient_id: UUID | None) -> UUID:
    """Return the id of a patient's account."""
    return ctx.load_patient(patient_id).account_id


def account_of(ctx: Context, patient_id: UUID | None) -> Account:
    """Return a patient's account."""
    return ctx.session.get_one(Account, account_id_of(ctx, patient_id))


def _enrolment_of(patient: Patient, account: Account) -> Enrolment:
    return Enrolment(
        patient.record_number,
        patient.display_name,
        patient.time_zone,
        patient.day_start_hour,
        account.invited_email,
    )


def language_of(database: Database, actor: Actor) -> str | None:
    """Return the language of the signed-in patient's record as a BCP 47 tag; None where none is known.

    A session of its own: the request's may have failed. Whatever goes wrong here, a crisis message is still
    written, in English then.
    """
    with suppress(Exception), database.read(actor.clinic_id) as session:
        found: str | None = session.scalar(select(Patient.language).where(Patient.id == actor.patient_id))
        return found
    return None
