"""Who is asking, in which roles, and whom they may ask about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from models.accounts import Account
from models.clinics import Clinic
from models.patients import Patient
from services.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


class Role(StrEnum):
    """What somebody is to a clinic; a member of staff may hold several, everybody else holds one."""

    PATIENT = "patient"
    CLINICIAN = "clinician"
    NURSE = "nurse"
    FRONT_DESK = "front_desk"
    BILLING = "billing"
    ADMIN = "admin"
    INTEGRATION = "integration"
    DELEGATE = "delegate"


STAFF: Final = (Role.CLINICIAN, Role.NURSE, Role.FRONT_DESK, Role.BILLING, Role.ADMIN)
"""The roles of a clinic's staff."""

CARE_TEAM: Final = (Role.CLINICIAN, Role.NURSE)
"""The roles that read a patient's clinical record (FHIR: CareTeam)."""


def role_names(roles: Iterable[Role]) -> list[str]:
    """Return the names of roles, each once, in the order of Role."""
    held = frozenset(roles)
    return [str(role) for role in Role if role in held]


def joined_roles(roles: Iterable[Role]) -> str:
    """Return roles as `accounts.roles` stores them, a space between them."""
    return " ".join(role_names(roles))


def split_roles(text: str) -> frozenset[Role]:
    """Return the roles that `joined_roles` wrote."""
    return frozenset(Role(word) for word in text.split())


def holds_any(roles: Iterable[Role], account: type[Account] = Account) -> ColumnElement[bool]:
    """Return the criterion of accounts that hold at least one of these roles; of an alias too."""
    # No role's name is part of another's.
    return or_(*(account.roles.contains(str(role)) for role in roles))


def in_care_team(account: type[Account] = Account) -> ColumnElement[bool]:
    """Return the criterion of accounts of the care team that can sign in; of an alias too."""
    can_sign_in = account.disabled_at.is_(None), account.password_hash.is_not(None)
    return and_(*can_sign_in, holds_any(CARE_TEAM, account))


class Scope(StrEnum):
    """What an integration may pull, and the one thing that it may send."""

    SUMMARY_READ = "summary:read"
    TRENDS_READ = "trends:read"
    REPORTS_READ = "reports:read"
    VITALS_WRITE = "vitals:write"


class Part(StrEnum):
    """A part of their record that a patient may let a delegate read."""

    CHECK_INS = "check_ins"
    NOTES = "notes"
    QUESTIONNAIRES = "questionnaires"
    INFUSIONS = "infusions"
    EVENTS = "events"
    COSTS = "costs"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody whose token was checked: a person at a device, or an API client of the clinic.

    `id` is the account's or the API client's. `patient_id` is set for patients, and for a delegate while they
    ask about a patient who lets them read `parts`. `must_enrol`: the clinic requires a second factor of its
    staff, and they have none yet.
    """

    id: UUID
    clinic_id: UUID
    roles: frozenset[Role]
    sign_in_id: UUID | None = None
    device_id: str | None = None
    patient_id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    parts: frozenset[Part] = frozenset()
    must_enrol: bool = False

    def has(self, *roles: Role) -> bool:
        """Whether they hold at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def sees_as_patient(self) -> bool:
        """Whether they are shown no more than the patient is."""
        return self.has(Role.PATIENT, Role.DELEGATE)

    @property
    def side(self) -> str:
        """Whose account of something theirs is, as `reported_by` stores it: `patient` or `staff`."""
        return "patient" if self.has(Role.PATIENT) else "staff"

    def is_shown(self, part: Part) -> bool:
        """Whether they are shown a part of what they asked for; a delegate only what was agreed to."""
        return not self.has(Role.DELEGATE) or part in self.parts


def may_see_outlooks(actor: Actor) -> bool:
    """Tell whether the actor may be shown an outlook at all: never a patient."""
    if actor.has(Role.INTEGRATION):
        return Scope.SUMMARY_READ in actor.scopes
    return actor.has(*CARE_TEAM)


def own_clinic(actor: Actor, clinic_id: UUID) -> UUID:
    """Give the clinic meant; raises NotFound for any but the actor's own."""
    if clinic_id != actor.clinic_id:
        raise NotFound
    return clinic_id


def patient_of(actor: Actor, wanted: UUID | None) -> UUID:
    """Tell which patient is meant; None is "me". Raises NotFound for anybody the actor may not know of.

    A delegate may know of the patient whose consent was found for this request, and of nobody where none was.
    A patient of another clinic is not looked up at all here: the session's clinic hides them.
    """
    if actor.sees_as_patient:
        if actor.patient_id is None or wanted not in (None, actor.patient_id):
            raise NotFound
        return actor.patient_id
    if wanted is None:
        raise NotFound
    return wanted


def lock_clinic(session: Session, clinic_id: UUID) -> Clinic:
    """Return a clinic, locked against other changes of it until the transaction ends.

    Rows that refer to the clinic can be added meanwhile (FOR NO KEY UPDATE): a transaction that holds an
    account and records an event would else wait for one that holds the clinic and wants the account.
    """
    return session.get_one(Clinic, clinic_id, with_for_update={"key_share": True})


def load_patient(session: Session, actor: Actor, wanted: UUID | None, *, lock: bool = False) -> Patient:
    """Return the patient with that id, or the actor's own for None; raises NotFound.

    With `lock`, the row is locked against other writers until the transaction ends.
    """
    query = select(Patient).where(Patient.id == patient_of(actor, wanted))
    if lock:
        # What this session saw before it had the lock may have changed since.
        query = query.with_for_update().execution_options(populate_existing=True)
    patient = session.scalar(query)
    if patient is None:
        raise NotFound
    return patient
