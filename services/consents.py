"""Agree to share, change or revoke a consent, and decide what a delegate may read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from clinical import local_day
from clinical.sentences import Sentence
from models.accounts import Account
from models.consents import Consent
from models.patients import Patient
from models.tenancy import prepared
from services import accounts, event_log
from services.access import Actor, Part, Role
from services.clinic_settings import invitation_lasting
from services.columns import to_columns
from services.context import Context
from services.errors import Conflict, FieldError, Forbidden, Invalid, InvitationSpent, NotFound
from services.event_log import Concerned, Event
from services.revisions import Page, PageRequest, Revisions, WriteOutcome, WriteResult, in_force

MAX_ACTIVE = 20
"""Consents of one patient that are neither over nor revoked; a proposal: far more than anybody needs.
Operational."""

MOST_CONSENTS = 200
"""Most patients who share with one delegate at a time: a professional guardian has a few dozen.
Operational."""
TOO_MANY_CONSENTS = Sentence(
    "At most {number} patients can share with one account at a time.", number=MOST_CONSENTS
)

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
    """State of a consent: nobody accepted it yet, in force, its last day is over, or revoked."""

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
class ConsentWithState:
    """The current revision of a consent, and the consent's state."""

    consent: Consent
    state: State


@dataclass(frozen=True, slots=True)
class Shared:
    """What one patient shares with a delegate."""

    consent: Consent
    patient: Patient


class _Consents(Revisions[Consent, ConsentDraft]):
    table = Consent
    draft = ConsentDraft
    key = ("id",)
    increments_change_seq = False
    order = ("id",)

    def is_unchanged(self, columns: dict[str, Any]) -> bool:
        """Whether this is agreed to, and was not revoked."""
        return self.current is not None and not self.current.revoked and super().is_unchanged(columns)

    def to_columns(self, draft: ConsentDraft) -> dict[str, Any]:
        """Return the columns, with the parts as words in order."""
        return to_columns(draft) | {"parts": " ".join(sorted(draft.parts))}

    def validate(self, draft: ConsentDraft) -> None:
        """Refuse a revoked consent, a last day that is over, and notes without check-ins."""
        if self.current is not None and self.current.revoked:
            raise _clash("revoked", Sentence("This was revoked: agree again under a new id."))
        _validate(self.patient, draft, self.ctx.now)

    def extra_columns(self, draft: ConsentDraft) -> dict[str, Any]:
        """Return the delegate's account, made with the first revision."""
        account_id = self.current.account_id if self.current else _delegate(self.ctx, self.patient, draft)
        return {"account_id": account_id, "revoked": False}

    def current_for_error(self) -> ConsentWithState | None:
        """Return the current revision with the consent's state."""
        return None if self.current is None else _with_state(self.ctx, self.patient, self.current)


def put(
    ctx: Context, patient_id: UUID | None, consent_id: UUID, draft: ConsentDraft, expected_version: int | None
) -> WriteResult[ConsentWithState]:
    """Agree to share under an id of the phone's making, or change what was agreed.

    A new consent makes an account for the delegate, for which `invite` returns a code. Raises VersionRequired
    or Stale, Conflict for a consent that was revoked, and Invalid, naming each field at fault.
    """
    consent = _Consents.lock(ctx, patient_id, consent_id)
    stored = consent.append(draft, expected_version)
    if stored.outcome is not WriteOutcome.UNCHANGED:
        parts = sorted(map(str, draft.parts))
        _record(ctx, Event.CONSENT_GIVEN, stored.value, parts=parts)
    return WriteResult(_with_state(ctx, consent.patient, stored.value), stored.outcome)


def revoke(ctx: Context, patient_id: UUID | None, consent_id: UUID) -> ConsentWithState:
    """Revoke a consent, whatever version is current. Idempotent."""
    consent = _Consents.lock(ctx, patient_id, consent_id)
    current = consent.require_current()
    if not current.revoked:
        current = consent.amend(revoked=True)
        _record(ctx, Event.CONSENT_REVOKED, current)
        _close_if_not_accepted(ctx, current.account_id)
    return _with_state(ctx, consent.patient, current)


def read(ctx: Context, patient_id: UUID | None, consent_id: UUID) -> ConsentWithState:
    """Return the current revision of a consent, with its state."""
    return _with_state(ctx, ctx.load_patient(patient_id), _Consents.read(ctx, patient_id, consent_id))


def page(ctx: Context, patient_id: UUID | None, wanted: PageRequest) -> Page[ConsentWithState]:
    """Return a page of a patient's consents, ended and revoked ones too, in order of id."""
    patient = ctx.load_patient(patient_id)
    found = _Consents.page(ctx, patient.id, wanted)
    ids = [consent.account_id for consent in found.items]
    query = select(Account.id).where(Account.id.in_(ids), Account.password_hash.is_not(None))
    accepted = set(ctx.session.scalars(query))
    items = [_state_of(ctx, patient, consent, consent.account_id in accepted) for consent in found.items]
    return Page(items, found.next_position)


def revisions(ctx: Context, patient_id: UUID | None, consent_id: UUID, wanted: PageRequest) -> Page[Consent]:
    """Return a page of the revisions of a consent, in order."""
    return _Consents.revisions(ctx, patient_id, consent_id, wanted=wanted)


def account_of(ctx: Context, patient_id: UUID | None, consent_id: UUID) -> Account:
    """Return the account of the delegate to whom a consent is given."""
    return ctx.session.get_one(Account, _Consents.read(ctx, patient_id, consent_id).account_id)


def invite(ctx: Context, patient_id: UUID | None, consent_id: UUID) -> tuple[str, datetime]:
    """Make the one-use code that the patient hands to the delegate; return it and when it expires."""
    consent = _Consents.lock(ctx, patient_id, consent_id).require_current()
    if consent.revoked:
        raise _clash("revoked", Sentence("This was revoked."))
    account = ctx.session.get_one(Account, consent.account_id)
    if account.password_hash is not None:
        raise _clash("already_accepted", Sentence("It was accepted already."))
    return accounts.invite(ctx.session, account, event_log.agent_of(ctx), invitation_lasting(ctx))


def accept(ctx: Context, code: str) -> Shared:
    """Give what a code shares to a delegate who has an account already; raises InvitationSpent."""
    session, actor = ctx.session, ctx.actor
    waiting = session.scalar(
        select(Consent).where(
            Consent.account_id == accounts.find_invitation(session, code).account_id,
            Consent.revoked.is_(False),
            in_force(Consent),
        )
    )
    if waiting is None:
        raise InvitationSpent
    which = actor.clinic_id, waiting.patient_id
    patient = session.get_one(Patient, which, with_for_update=True, populate_existing=True)
    invitation, first = accounts.lock_invited_account(session, code, ctx.now)
    # The patient may have revoked it, or changed it, while the lock was waited for.
    session.refresh(waiting)
    if waiting.known_until is not None:
        raise InvitationSpent
    if len(shared_with(ctx)) >= MOST_CONSENTS:
        raise _clash("too_many", TOO_MANY_CONSENTS)
    revision = _Consents(ctx, patient, (waiting.id,), waiting).amend(account_id=actor.id)
    invitation.accepted_at = ctx.now
    first.disabled_at = ctx.now
    _record(ctx, Event.CONSENT_ACCEPTED, revision)
    return Shared(revision, patient)


def shared_with(ctx: Context) -> list[Shared]:
    """Return what is shared with a delegate today."""
    query = (
        select(Consent, Patient)
        .join(Patient, (Patient.clinic_id == Consent.clinic_id) & (Patient.id == Consent.patient_id))
        .where(Consent.account_id == ctx.actor.id, Consent.revoked.is_(False), in_force(Consent))
        .order_by(Patient.display_name, Consent.id)
    )
    found = [Shared(consent, patient) for consent, patient in ctx.session.execute(query)]
    return [each for each in found if _holds(each.consent.until, _today(each.patient, ctx.now))]


def delegate_for_patient(ctx: Context, patient_id: UUID | None, part: Part) -> Actor:
    """Return a delegate as an actor who may read that patient today.

    Raises NotFound where no consent of the patient's is in force, Forbidden where none shares this part.
    """
    if patient_id is None:
        raise NotFound
    names: dict[str, Any] = {"account_id": ctx.actor.id, "patient_id": patient_id}
    found = ctx.session.execute(_OF_READER, names).all()
    in_force_today = [
        parts
        for parts, until, time_zone, day_start_hour in found
        if _holds(until, local_day.today(ctx.now, time_zone, day_start_hour))
    ]
    if not in_force_today:
        raise NotFound
    agreed = frozenset(Part(word) for parts in in_force_today for word in parts.split())
    if part not in agreed:
        detail = Sentence(
            "The patient has not shared this part of the record with you: {part}. They can in a new consent.",
            part=part,
        )
        raise Forbidden(detail, required_part=part)
    return replace(ctx.actor, patient_id=patient_id, parts=agreed)


def _record(ctx: Context, event: Event, consent: Consent, **details: Any) -> None:
    concerned = Concerned(consent.account_id, consent.patient_id)
    event_log.record(ctx, event, concerned, consent_id=str(consent.id), **details)


def _clash(code: str, detail: Sentence) -> Conflict:
    return Conflict(FieldError("consent_id", code, detail, "parameter"))


def _today(patient: Patient, now: datetime) -> date:
    return local_day.today(now, patient.time_zone, patient.day_start_hour)


def _holds(until: date | None, today: date) -> bool:
    return until is None or today <= until


def _with_state(ctx: Context, patient: Patient, consent: Consent) -> ConsentWithState:
    accepted = ctx.session.get_one(Account, consent.account_id).password_hash is not None
    return _state_of(ctx, patient, consent, accepted)


def _state_of(ctx: Context, patient: Patient, consent: Consent, accepted: bool) -> ConsentWithState:
    if consent.revoked:
        return ConsentWithState(consent, State.REVOKED)
    if not _holds(consent.until, _today(patient, ctx.now)):
        return ConsentWithState(consent, State.ENDED)
    return ConsentWithState(consent, State.IN_FORCE if accepted else State.WAITING)


def _validate(patient: Patient, draft: ConsentDraft, now: datetime) -> None:
    found = []
    if not _holds(draft.until, _today(patient, now)):
        found.append(
            FieldError(
                "/expires_on", "already_over", Sentence("This day is over: name today or a later one.")
            )
        )
    if Part.NOTES in draft.parts and Part.CHECK_INS not in draft.parts:
        found.append(
            FieldError(
                "/parts",
                "notes_without_check_ins",
                Sentence("Notes are part of check-ins: share those, too."),
            )
        )
    if found:
        raise Invalid(*found)


def _delegate(ctx: Context, patient: Patient, draft: ConsentDraft) -> UUID:
    not_over = or_(Consent.until.is_(None), Consent.until >= _today(patient, ctx.now))
    query = select(Consent.id).where(
        Consent.patient_id == patient.id, Consent.revoked.is_(False), in_force(Consent), not_over
    )
    if len(ctx.session.scalars(query.limit(MAX_ACTIVE)).all()) == MAX_ACTIVE:
        raise _clash("too_many", Sentence("At most {number} at a time: revoke one first.", number=MAX_ACTIVE))
    account = accounts.new_account(patient.clinic_id, (Role.DELEGATE,), draft.name, None, ctx.now)
    ctx.session.add(account)
    ctx.session.flush()
    return account.id


def _close_if_not_accepted(ctx: Context, account_id: UUID) -> None:
    account = accounts.lock_account(ctx.session, account_id)
    if account.password_hash is None:
        accounts.set_disabled(ctx, account, disabled=True)
