"""A clinic's safety settings: whom patients can contact, and who is notified of unacknowledged alerts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.safety import SHIPPED_CONTACTS, CrisisContact
from clinical.sentences import Sentence
from models.safety import SafetySettings
from models.tenancy import prepared
from services import event_log
from services.access import own_clinic
from services.context import Context
from services.errors import FieldError, Invalid
from services.outbound_urls import host_of, is_sample, names_nobody, validate_url
from services.revisions import ClinicRevisions, WriteResult

_IN_FORCE = prepared(select(SafetySettings).where(SafetySettings.known_until.is_(None)))
_EVER_ASKED = prepared(
    select(SafetySettings.version).where(SafetySettings.safety_question.is_(True)).limit(1)
)


@dataclass(frozen=True, slots=True)
class SafetyDraft:
    """All safety settings of a clinic; what is absent is not set.

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
class SettingsInForce:
    """The settings in force and their version, 0 where a clinic set none."""

    settings: SafetyDraft
    version: int


@dataclass(frozen=True, slots=True)
class OutboundCapabilities:
    """What this server can send: whether it has a mail server, and whether loopback may be called.

    `sample_addresses` says whether addresses of documentation are accepted, which lead nowhere.
    """

    mail: bool
    loopback: bool
    sample_addresses: bool = True


class _Settings(ClinicRevisions[SafetySettings, SafetyDraft]):
    table = SafetySettings
    draft = SafetyDraft
    default = NOTHING_SET
    capabilities: OutboundCapabilities

    def validate(self, draft: SafetyDraft) -> None:
        """Raise Invalid for a question without the settings it needs, or an address that cannot be used."""
        _validate(draft, self.capabilities)

    def current_for_error(self) -> SettingsInForce:
        """Return the settings in force."""
        return _versioned(self.current)


def read(ctx: Context, clinic_id: UUID) -> SettingsInForce:
    """Return the settings of the actor's own clinic."""
    own_clinic(ctx.actor, clinic_id)
    return in_force(ctx.session)


def for_patient(ctx: Context, patient_id: UUID | None) -> SafetyDraft:
    """Return the settings in force for one patient: those of their clinic."""
    ctx.load_patient(patient_id)
    return in_force(ctx.session).settings


def in_force(session: Session) -> SettingsInForce:
    """Return the current settings of the session's clinic."""
    return _versioned(session.scalar(_IN_FORCE))


def contacts_in_force(session: Session) -> tuple[CrisisContact, ...]:
    """Return the crisis contacts that the session's clinic shows."""
    return contacts_of(in_force(session).settings)


def contacts_of(settings: SafetyDraft) -> tuple[CrisisContact, ...]:
    """Return the contacts that these settings show: the clinic's own, else those shipped for its country."""
    return settings.crisis_contacts or SHIPPED_CONTACTS.get(settings.country or "", ())


def ever_asked(session: Session) -> bool:
    """Return whether the session's clinic ever asked the daily question: a phone may have been offline."""
    return session.scalar(_EVER_ASKED) is not None


def put(
    ctx: Context,
    clinic_id: UUID,
    draft: SafetyDraft,
    expected_version: int | None,
    capabilities: OutboundCapabilities,
) -> WriteResult[SettingsInForce]:
    """Store the settings, or recognise that they are stored already; every revision is stored.

    Raises VersionRequired or Stale as check-ins do, and Invalid, naming the field, for a question switched
    on before everything it needs is set, or an address that could never be reached.
    """
    settings = _Settings.lock_clinic(ctx, clinic_id)
    settings.capabilities = capabilities
    stored = settings.append(draft, expected_version)
    event_log.record_settings(ctx, "safety-settings", stored)
    return WriteResult(_versioned(stored.value), stored.outcome)


def _validate(draft: SafetyDraft, capabilities: OutboundCapabilities) -> None:
    found = list(_missing(draft)) if draft.safety_question else []
    if draft.on_call_email is not None and not capabilities.mail:
        sentence = Sentence("This server has no mail server; its operator sets SMTP_HOST.")
        found.append(FieldError("/on_call_email", "no_mail_server", sentence))
    if draft.on_call_email is not None and not draft.on_call_email.isascii():
        # Only some mail servers on the way accept other letters, and an alert must not depend on them.
        sentence = Sentence("Send an address of ASCII letters; write a domain of others as xn--.")
        found.append(FieldError("/on_call_email", "not_ascii", sentence))
    found += _unusable_domains(draft, capabilities)
    if draft.on_call_webhook is not None:
        found += validate_url("/on_call_webhook", draft.on_call_webhook, loopback=capabilities.loopback)
    if found:
        raise Invalid(*found)


def _unusable_domains(draft: SafetyDraft, capabilities: OutboundCapabilities) -> list[FieldError]:
    """Return an error for each address of a domain that exists nowhere, as a sample (clinic.example)."""
    email = (draft.on_call_email or "").rpartition("@")[2]
    webhook = host_of(draft.on_call_webhook) if draft.on_call_webhook is not None else ""
    sentence = Sentence("Nobody is reached at this domain: send an address that the on-call reads.")
    return [
        FieldError(pointer, "unusable_domain", sentence)
        for pointer, domain in (("/on_call_email", email), ("/on_call_webhook", webhook))
        if names_nobody(domain) or (is_sample(domain) and not capabilities.sample_addresses)
    ]


def _missing(draft: SafetyDraft) -> list[FieldError]:
    """Return an error for each setting that the question needs and that is not set."""
    found = []
    if not contacts_of(draft):
        sentence = Sentence("Send crisis contacts before the question is switched on.")
        found.append(FieldError("/crisis_contacts", "needed_for_question", sentence))
    if draft.escalate_after_minutes is None:
        sentence = Sentence("Send after how many minutes the on-call is notified; there is no default.")
        found.append(FieldError("/escalate_after_minutes", "needed_for_question", sentence))
    if draft.on_call_email is None and draft.on_call_webhook is None:
        sentence = Sentence("Send an on-call e-mail address or webhook before the question is switched on.")
        found.append(FieldError("/on_call_email", "needed_for_question", sentence))
    return found


def _versioned(row: SafetySettings | None) -> SettingsInForce:
    if row is None:
        return SettingsInForce(NOTHING_SET, 0)
    return SettingsInForce(_Settings.to_draft(row), row.version)
