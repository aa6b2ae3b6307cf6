"""What a clinic set up for safety: whom patients are referred to, and who is told when nobody looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.safety import SHIPPED_CONTACTS, ContactKind, CrisisContact
from models.clinics import Clinic
from models.safety import SafetySettings
from models.tenancy import prepared
from services.access import Actor, load_patient, own_clinic
from services.errors import FieldError, Invalid
from services.outbound_urls import validate_url
from services.revisions import check_version_number, next_revision

_IN_FORCE = prepared(select(SafetySettings).where(SafetySettings.known_until.is_(None)))
_EVER_ASKED = prepared(
    select(SafetySettings.version).where(SafetySettings.safety_question.is_(True)).limit(1)
)


@dataclass(frozen=True, slots=True)
class SafetyDraft:
    """Everything a clinic sets for safety, whole; what is absent is not set.

    `country` is ISO 3166-1 alpha-2. `crisis_contacts` are the clinic's own; without any, those shipped for
    the country are shown. `escalate_after_minutes` has no default: the clinic decides.
    """

    country: str | None = None
    crisis_contacts: tuple[CrisisContact, ...] = ()
    safety_question: bool = False
    escalate_after_minutes: int | None = None
    on_call_email: str | None = None
    on_call_webhook: str | None = None


NOTHING_SET = SafetyDraft()


@dataclass(frozen=True, slots=True)
class Kept:
    """The settings in force, their version (0 where a clinic set none), and whether a write was first."""

    settings: SafetyDraft
    version: int
    created: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """What this server can send: whether it has a mail server, and whether its own machine may be called."""

    mail: bool
    loopback: bool


def read(session: Session, actor: Actor, clinic_id: UUID) -> Kept:
    """Give the settings of the actor's own clinic."""
    own_clinic(actor, clinic_id)
    return in_force(session)


def for_patient(session: Session, actor: Actor, patient_id: UUID | None) -> SafetyDraft:
    """Give the settings that hold for one patient: those of their clinic."""
    load_patient(session, actor, patient_id)
    return in_force(session).settings


def in_force(session: Session) -> Kept:
    """The present settings of the session's clinic."""
    row = session.scalar(_IN_FORCE)
    return _kept(row)


def contacts_in_force(session: Session) -> tuple[CrisisContact, ...]:
    """The crisis contacts that the session's clinic shows."""
    return contacts_of(in_force(session).settings)


def contacts_of(settings: SafetyDraft) -> tuple[CrisisContact, ...]:
    """The contacts that these settings show: the clinic's own, or else those shipped for its country."""
    return settings.crisis_contacts or SHIPPED_CONTACTS.get(settings.country or "", ())


def ever_asked(session: Session) -> bool:
    """Whether the session's clinic asks the daily question, or asked it once: a phone may have been away."""
    return session.scalar(_EVER_ASKED) is not None


def put(
    session: Session,
    actor: Actor,
    clinic_id: UUID,
    draft: SafetyDraft,
    expected_version: int | None,
    reach: Reach,
    now: datetime,
) -> Kept:
    """Store the settings, or recognise that they are stored already; each revision is kept.

    Raises VersionRequired or Stale as check-ins do, and Invalid, naming the field, for a question switched
    on before everything it needs is set, or an address that could never be reached.
    """
    own_clinic(actor, clinic_id)
    # Its own row would not do for a lock: the first settings have none yet.
    session.get_one(Clinic, clinic_id, with_for_update=True)
    row = session.scalar(_IN_FORCE)
    current = _kept(row)
    if row is not None and current.settings == draft:
        return current
    check_version_number(current.version, expected_version, current)
    _validate(draft, reach)
    version = _revise(session, actor, row, draft, now)
    return Kept(draft, version, created=row is None)


def _validate(draft: SafetyDraft, reach: Reach) -> None:
    found = list(_missing(draft)) if draft.safety_question else []
    if draft.on_call_email is not None and not reach.mail:
        sentence = "This server has no mail server; whoever runs it sets SMTP_HOST."
        found.append(FieldError("/on_call_email", "no_mail_server", sentence))
    if draft.on_call_email is not None and not draft.on_call_email.isascii():
        # Only some mail servers on the way take other letters, and an alert must not depend on them.
        sentence = "Give an address of ASCII letters; a domain of others is written as xn--."
        found.append(FieldError("/on_call_email", "not_ascii", sentence))
    if draft.on_call_webhook is not None:
        found += validate_url("/on_call_webhook", draft.on_call_webhook, loopback=reach.loopback)
    if found:
        raise Invalid(*found)


def _missing(draft: SafetyDraft) -> list[FieldError]:
    """What the question needs before it may be asked."""
    found = []
    if not contacts_of(draft):
        sentence = "Name whom patients can turn to before the question is switched on."
        found.append(FieldError("/crisis_contacts", "needed_for_question", sentence))
    if draft.escalate_after_minutes is None:
        sentence = "Say after how many minutes the on-call is told; nothing is assumed."
        found.append(FieldError("/escalate_after_minutes", "needed_for_question", sentence))
    if draft.on_call_email is None and draft.on_call_webhook is None:
        sentence = "Name an on-call address, by e-mail or webhook, before the question is switched on."
        found.append(FieldError("/on_call_email", "needed_for_question", sentence))
    return found


def _revise(
    session: Session, actor: Actor, row: SafetySettings | None, draft: SafetyDraft, now: datetime
) -> int:
    following = next_revision(session, row, now)
    session.add(
        SafetySettings(
            country=draft.country,
            crisis_contacts=[_document(contact) for contact in draft.crisis_contacts],
            safety_question=draft.safety_question,
            escalate_after_minutes=draft.escalate_after_minutes,
            on_call_email=draft.on_call_email,
            on_call_webhook=draft.on_call_webhook,
            recorded_by=actor.id,
            **following,
        )
    )
    session.flush()
    version: int = following["version"]
    return version


def _document(contact: CrisisContact) -> dict[str, Any]:
    return {"label": contact.label, "kind": str(contact.kind), "address": contact.address}


def _kept(row: SafetySettings | None) -> Kept:
    return Kept(NOTHING_SET, 0) if row is None else Kept(_said(row), row.version)


def _said(row: SafetySettings) -> SafetyDraft:
    return SafetyDraft(
        row.country,
        tuple(
            CrisisContact(each["label"], ContactKind(each["kind"]), each["address"])
            for each in row.crisis_contacts
        ),
        row.safety_question,
        row.escalate_after_minutes,
        row.on_call_email,
        row.on_call_webhook,
    )
