"""Agree to share, widen or narrow it, take it back, and tell what a delegate may read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from clinical import local_day
from models.accounts import Account, Invitation
from models.consents import Consent
from models.patients import Patient
from models.tenancy import prepared
from services import accounts
from services.access import Actor, Part, Role, load_patient
from services.errors import Conflict, FieldError, Forbidden, Invalid, InvitationSpent, NotFound
from services.revisions import check_version, in_force, next_revision

MAX_ACTIVE = 20
"""Consents of one patient that are neither over nor revoked; a proposal: far more than anybody needs.
Operational."""

_OF_READER = prepared(
    select(Consent.parts, Consent.until, Patient.time_zone, Patient.day_start_hour)
    .join(Patient, (Patient.clinic_id == Consent.clinic_id) & (Patient.id == Consent.patient_id))
    .where(
        Consent.account_id == bindparam("account_id"),
        Consent.patient_id == bindparam("patient_id"),
        Consent.revoked.is_(False),
        in_force(Consent),
    )
)


class State(StrEnum):
    """How far a consent is: nobody took it up yet, it holds, its last day is over, it was taken back."""

    WAITING = "waiting"
    IN_FORCE = "in_force"
    ENDED = "ended"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class ConsentDraft:
    """Who may read what: `until` is the last day on which it holds, None for as long as nobody revokes it."""

    name: str
    relation: str
    parts: frozenset[Part]
    until: date | None


@dataclass(frozen=True, slots=True)
class OutlookSnapshot:
    """A consent as it stands, and how far it is."""

    consent: Consent
    state: State


@dataclass(frozen=True, slots=True)
class Opened:
    """What one patient opened to a delegate."""

    consent: Consent
    patient: Patient


def put(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    consent_id: UUID,
    draft: ConsentDraft,
    expected_version: int | None,
    now: datetime,
) -> tuple[OutlookSnapshot, bool]:
    """Agree to share under an id of the phone's making, or change what was agreed; tells whether it is new.

    A new one makes an account for the delegate, whom `invite` gives a code. Raises VersionRequired or Stale,
    Conflict for a consent that was revoked, and Invalid for what cannot be.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    current = _current(session, patient.id, consent_id)
    stands = _with_state(session, patient, current, now) if current else None
    if stands is not None and stands.state is not State.REVOKED and _said(stands.consent) == draft:
        return stands, False
    check_version(current, expected_version, stands)
    if current is not None and current.revoked:
        raise _clash("revoked", "This was revoked: agree anew under a new id.")
    _validate(patient, draft, now)
    account_id = current.account_id if current else _delegate(session, patient, draft, now)
    revision = _revise(session, actor, (patient.id, consent_id), current, account_id, draft, now)
    return _with_state(session, patient, revision, now), current is None


def revoke(
    session: Session, actor: Actor, patient_id: UUID | None, consent_id: UUID, now: datetime
) -> OutlookSnapshot:
    """Take a consent back, whatever version stands; asking again changes nothing."""
    patient = load_patient(session, actor, patient_id, lock=True)
    current = _found(session, patient.id, consent_id)
    if not current.revoked:
        draft = _said(current)
        current = _revise(
            session, actor, (patient.id, consent_id), current, current.account_id, draft, now, revoked=True
        )
        _close_if_not_taken_up(session, current.account_id, now)
    return _with_state(session, patient, current, now)


def read(
    session: Session, actor: Actor, patient_id: UUID | None, consent_id: UUID, now: datetime
) -> OutlookSnapshot:
    """Give one consent as it stands."""
    patient = load_patient(session, actor, patient_id)
    return _with_state(session, patient, _found(session, patient.id, consent_id), now)


def listed(
    session: Session, actor: Actor, patient_id: UUID | None, after: UUID | None, limit: int, now: datetime
) -> list[OutlookSnapshot]:
    """List a patient's consents, whatever became of them, in order of id."""
    patient = load_patient(session, actor, patient_id)
    query = (
        select(Consent, Account.password_hash.is_not(None))
        .join(Account, Account.id == Consent.account_id)
        .where(Consent.patient_id == patient.id, in_force(Consent))
    )
    if after is not None:
        query = query.where(Consent.id > after)
    found = session.execute(query.order_by(Consent.id).limit(limit))
    return [_judged(patient, consent, taken_up, now) for consent, taken_up in found]


def revisions(session: Session, actor: Actor, patient_id: UUID | None, consent_id: UUID) -> list[Consent]:
    """List every revision of a consent, in order."""
    patient = load_patient(session, actor, patient_id)
    query = select(Consent).where(Consent.patient_id == patient.id, Consent.id == consent_id)
    found = list(session.scalars(query.order_by(Consent.version)))
    if not found:
        raise NotFound
    return found


def invite(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    consent_id: UUID,
    now: datetime,
    lasting: timedelta,
) -> tuple[str, datetime]:
    """Make the one-use code that the patient hands to the delegate; gives it and its end."""
    patient = load_patient(session, actor, patient_id, lock=True)
    consent = _found(session, patient.id, consent_id)
    if consent.revoked:
        raise _clash("revoked", "This was revoked.")
    account = session.get_one(Account, consent.account_id)
    if account.password_hash is not None:
        raise _clash("already_accepted", "It was taken up already.")
    return accounts.invite(session, account, now, lasting)


def take_up(session: Session, actor: Actor, code: str, now: datetime) -> Opened:
    """Add what a code opens to a delegate who has an account already; raises InvitationSpent."""
    waiting = session.scalar(
        select(Consent).where(
            Consent.account_id == accounts.made_for(session, code).account_id,
            Consent.revoked.is_(False),
            in_force(Consent),
        )
    )
    if waiting is None:
        raise InvitationSpent
    which = actor.clinic_id, waiting.patient_id
    patient = session.get_one(Patient, which, with_for_update=True, populate_existing=True)
    invitation, first = accounts.invited(session, code, now)
    # The patient may have revoked it, or changed it, while the lock was waited for.
    session.refresh(waiting)
    if waiting.known_until is not None:
        raise InvitationSpent
    draft = _said(waiting)
    revision = _revise(session, actor, (patient.id, waiting.id), waiting, actor.id, draft, now)
    invitation.accepted_at = now
    first.disabled_at = now
    return Opened(revision, patient)


def opened_to(session: Session, actor: Actor, now: datetime) -> list[Opened]:
    """List what is open to a delegate today."""
    query = (
        select(Consent, Patient)
        .join(Patient, (Patient.clinic_id == Consent.clinic_id) & (Patient.id == Consent.patient_id))
        .where(Consent.account_id == actor.id, Consent.revoked.is_(False), in_force(Consent))
        .order_by(Patient.display_name, Consent.id)
    )
    found = [Opened(consent, patient) for consent, patient in session.execute(query)]
    return [each for each in found if _holds(each.consent.until, _today(each.patient, now))]


def reader(session: Session, actor: Actor, patient_id: UUID | None, part: Part, now: datetime) -> Actor:
    """Give a delegate as whoever may read that patient today.

    Raises NotFound where no consent of the patient's holds, and Forbidden where none is about this part.
    """
    if patient_id is None:
        raise NotFound
    who: dict[str, Any] = {"account_id": actor.id, "patient_id": patient_id}
    found = session.execute(_OF_READER, who).all()
    holding = [
        parts
        for parts, until, time_zone, day_start_hour in found
        if _holds(until, local_day.today(now, time_zone, day_start_hour))
    ]
    if not holding:
        raise NotFound
    agreed = frozenset(Part(word) for parts in holding for word in parts.split())
    if part not in agreed:
        detail = (
            f"The patient has not shared this part of the record with you: {part}. They can in a new consent."
        )
        raise Forbidden(detail, required_part=part)
    return replace(actor, patient_id=patient_id, parts=agreed)


def _clash(code: str, detail: str) -> Conflict:
    return Conflict(FieldError("consent_id", code, detail, "parameter"))


def _today(patient: Patient, now: datetime) -> date:
    return local_day.today(now, patient.time_zone, patient.day_start_hour)


def _holds(until: date | None, today: date) -> bool:
    return until is None or today <= until


def _with_state(session: Session, patient: Patient, consent: Consent, now: datetime) -> OutlookSnapshot:
    taken_up = session.get_one(Account, consent.account_id).password_hash is not None
    return _judged(patient, consent, taken_up, now)


def _judged(patient: Patient, consent: Consent, taken_up: bool, now: datetime) -> OutlookSnapshot:
    if consent.revoked:
        return OutlookSnapshot(consent, State.REVOKED)
    if not _holds(consent.until, _today(patient, now)):
        return OutlookSnapshot(consent, State.ENDED)
    return OutlookSnapshot(consent, State.IN_FORCE if taken_up else State.WAITING)


def _current(session: Session, patient_id: UUID, consent_id: UUID) -> Consent | None:
    query = select(Consent).where(
        Consent.patient_id == patient_id, Consent.id == consent_id, in_force(Consent)
    )
    return session.scalar(query)


def _found(session: Session, patient_id: UUID, consent_id: UUID) -> Consent:
    found = _current(session, patient_id, consent_id)
    if found is None:
        raise NotFound
    return found


def _said(row: Consent) -> ConsentDraft:
    return ConsentDraft(row.name, row.relation, frozenset(map(Part, row.parts.split())), row.until)


def _validate(patient: Patient, draft: ConsentDraft, now: datetime) -> None:
    found = []
    if not _holds(draft.until, _today(patient, now)):
        found.append(
            FieldError("/expires_on", "already_over", "This day is over: name today or a later one.")
        )
    if Part.NOTES in draft.parts and Part.CHECK_INS not in draft.parts:
        found.append(
            FieldError("/parts", "notes_without_check_ins", "Notes are part of check-ins: share those, too.")
        )
    if found:
        raise Invalid(*found)


def _delegate(session: Session, patient: Patient, draft: ConsentDraft, now: datetime) -> UUID:
    not_over = or_(Consent.until.is_(None), Consent.until >= _today(patient, now))
    query = select(Consent.id).where(
        Consent.patient_id == patient.id, Consent.revoked.is_(False), in_force(Consent), not_over
    )
    if len(session.scalars(query.limit(MAX_ACTIVE)).all()) == MAX_ACTIVE:
        raise _clash("too_many", f"At most {MAX_ACTIVE} at a time: revoke one first.")
    account = accounts.new_account(patient.clinic_id, Role.DELEGATE, draft.name, None, now)
    session.add(account)
    session.flush()
    return account.id


def _close_if_not_taken_up(session: Session, account_id: UUID, now: datetime) -> None:
    account = accounts.held(session, account_id)
    if account.password_hash is None:
        account.disabled_at = now
        unused = Invitation.account_id == account_id, Invitation.accepted_at.is_(None)
        session.execute(update(Invitation).where(*unused).values(revoked_at=now))


def _revise(
    session: Session,
    actor: Actor,
    which: tuple[UUID, UUID],
    current: Consent | None,
    account_id: UUID,
    draft: ConsentDraft,
    now: datetime,
    *,
    revoked: bool = False,
) -> Consent:
    following = next_revision(session, current, now)
    revision = Consent(
        patient_id=which[0],
        id=which[1],
        account_id=account_id,
        name=draft.name,
        relation=draft.relation,
        parts=" ".join(sorted(draft.parts)),
        until=draft.until,
        revoked=revoked,
        recorded_by=actor.id,
        **following,
    )
    session.add(revision)
    session.flush()
    return revision
