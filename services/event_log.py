"""Record sign-ins and changes of who may do what, and list them for admins and the people concerned.

An event is a row added in the transaction of the change it describes: neither is stored without the other.
Only a failure, which changes nothing else, has a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.api_clients import ApiClient
from models.clinics import Clinic
from models.event_log import EventLogEntry
from models.tenancy import restrict
from services.access import Role, joined_roles, own_clinic, split_roles
from services.context import Context
from services.dates import instants_between
from services.event_log_chain import link_at_commit
from services.revisions import Page, PageRequest, WriteOutcome, WriteResult, paged

COMMAND: Final = "command line"
"""Address of an event that somebody at the server's command line caused."""

WORKER: Final = "worker"
"""Address of an event of the worker's own, for which whoever asked did not have to sign in."""

_ORDER = EventLogEntry.occurred_at, EventLogEntry.id


class Event(StrEnum):
    """What happened."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    REFRESH_TOKEN_REUSED = "refresh_token_reused"  # noqa: S105  the name of an event
    DEVICE_SIGNED_OUT = "device_signed_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  the name of an event
    PASSWORD_RESET_SENT = "password_reset_sent"  # noqa: S105  the name of an event
    EMAIL_CHANGED = "email_changed"
    INVITATION_CREATED = "invitation_created"
    INVITATION_ACCEPTED = "invitation_accepted"
    ACCEPTANCE_UNDONE = "acceptance_undone"
    THROTTLE_LIFTED = "throttle_lifted"
    SECOND_FACTOR_ENABLED = "second_factor_enabled"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SECOND_FACTOR_RESET = "second_factor_reset"
    CLINIC_CREATED = "clinic_created"
    STAFF_ADDED = "staff_added"
    STAFF_CHANGED = "staff_changed"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    PATIENT_ENROLLED = "patient_enrolled"
    CONSENT_GIVEN = "consent_given"
    CONSENT_ACCEPTED = "consent_accepted"
    CONSENT_REVOKED = "consent_revoked"
    API_CLIENT_REGISTERED = "api_client_registered"
    API_CLIENT_REVOKED = "api_client_revoked"
    SETTINGS_CHANGED = "settings_changed"
    HOLD_OVERRIDDEN = "hold_overridden"
    OUTLOOK_OVERRIDDEN = "outlook_overridden"
    EXPORTED = "exported"
    ALERT_ACKNOWLEDGED = "alert_acknowledged"
    ALERT_CLOSED = "alert_closed"
    TEST_MESSAGE_SENT = "test_message_sent"


ACCESS_EVENTS: Final = frozenset({
    Event.CLINIC_CREATED, Event.STAFF_ADDED, Event.STAFF_CHANGED, Event.ACCOUNT_DISABLED,
    Event.ACCOUNT_ENABLED, Event.API_CLIENT_REGISTERED, Event.API_CLIENT_REVOKED,
})  # fmt: skip
"""Events that change who reads patients' records, which the care team sees besides admins: an admin reads no
answers, and could otherwise make an account or a key that does without anybody noticing."""


FAILURES: Final = frozenset({Event.SIGN_IN_FAILED, Event.REFRESH_TOKEN_REUSED})
"""Events whose outcome is a failure: what was tried was refused."""


@dataclass(frozen=True, slots=True)
class Agent:
    """Who causes an event, at which network address and when.

    Without an id for a command of the operator, and for whoever is not signed in.
    """

    address: str
    acts_at: datetime
    id: UUID | None = None
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom an event concerns, besides its agent."""

    account_id: UUID | None = None
    patient_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """An event with the names of the people and systems in it; `address` is absent where it is not shown."""

    id: UUID
    occurred_at: datetime
    event: str
    outcome: str
    actor_name: str | None
    actor_roles: list[str]
    account_name: str | None
    patient_id: UUID | None
    address: str | None
    details: dict[str, Any]


NOBODY_ELSE: Final = Concerned()


def by_command(now: datetime) -> Agent:
    """Return a command of the operator as the agent of an event."""
    return Agent(COMMAND, now)


def agent_for(account: Account, address: str, now: datetime) -> Agent:
    """Return the holder of an account, who is not signed in yet, as the agent of an event."""
    return Agent(address, now, account.id, split_roles(account.roles))


def concerning(account: Account) -> Concerned:
    """Return the holder of an account as the one whom an event concerns."""
    return Concerned(account.id, account.patient_id)


def agent_of(ctx: Context) -> Agent:
    """Return the actor of a request as the agent of an event."""
    return Agent(ctx.address, ctx.now, ctx.actor.id, ctx.actor.roles)


def record(ctx: Context, event: Event, concerned: Concerned = NOBODY_ELSE, **details: Any) -> None:
    """Add an event that the actor of a request caused, in the transaction of the request."""
    add(ctx.session, ctx.actor.clinic_id, event, agent_of(ctx), concerned, **details)


def record_settings(ctx: Context, resource: str, stored: WriteResult[Any]) -> None:
    """Add an event that settings of the actor's clinic changed, unless the write changed nothing."""
    if stored.outcome is not WriteOutcome.UNCHANGED:
        record(ctx, Event.SETTINGS_CHANGED, resource=resource, version=stored.value.version)


def add(
    session: Session,
    clinic_id: UUID,
    event: Event,
    agent: Agent,
    concerned: Concerned = NOBODY_ELSE,
    **details: Any,
) -> None:
    """Add an event to a session; `details` are names of fields, roles, scopes and ids, never content."""
    # A sign-in begins without a clinic: from here on the session has the one of its account.
    restrict(session, clinic_id)
    entry = EventLogEntry(
        clinic_id=clinic_id,
        id=uuid4(),
        occurred_at=agent.acts_at,
        event=str(event),
        outcome="failure" if event in FAILURES else "success",
        actor_id=agent.id,
        actor_roles=joined_roles(agent.roles),
        account_id=concerned.account_id,
        patient_id=concerned.patient_id,
        address=agent.address,
        details={name: value for name, value in sorted(details.items()) if value is not None},
    )
    session.add(entry)
    link_at_commit(session, entry)


def page(
    ctx: Context, clinic_id: UUID, wanted: PageRequest, event: str | None, account_id: UUID | None
) -> Page[ListedEvent]:
    """Return a page of a clinic's events; whoever is no admin gets those that change access to records."""
    own_clinic(ctx.actor, clinic_id)
    chosen: list[ColumnElement[bool]] = []
    if not ctx.actor.has(Role.ADMIN):
        chosen.append(EventLogEntry.event.in_(map(str, ACCESS_EVENTS)))
    if event is not None:
        chosen.append(EventLogEntry.event == event)
    if account_id is not None:
        chosen.append(or_(EventLogEntry.account_id == account_id, EventLogEntry.actor_id == account_id))
    return _page(ctx, wanted, chosen, shows_address=lambda _: True)


def page_of_own(ctx: Context, wanted: PageRequest) -> Page[ListedEvent]:
    """Return a page of the events that the actor caused or that concern them, as a patient too.

    Network addresses only of what happened at their own account: nobody is shown where staff work.
    """
    own = ctx.actor.id
    whose = [EventLogEntry.account_id == own, EventLogEntry.actor_id == own]
    if ctx.actor.has(Role.PATIENT):
        whose.append(EventLogEntry.patient_id == ctx.actor.patient_id)

    def is_own(row: EventLogEntry) -> bool:
        return row.actor_id in (None, own) and row.address not in {COMMAND, WORKER}

    return _page(ctx, wanted, [or_(*whose)], shows_address=is_own)


def _page(
    ctx: Context,
    wanted: PageRequest,
    chosen: list[ColumnElement[bool]],
    shows_address: Callable[[EventLogEntry], bool],
) -> Page[ListedEvent]:
    zone = ctx.session.get_one(Clinic, ctx.actor.clinic_id).time_zone
    days = instants_between(EventLogEntry.occurred_at, wanted, zone, ctx.now)
    found = paged(ctx.session, select(EventLogEntry).where(*chosen, *days), _ORDER, wanted)
    ids = {one for row in found.items for one in (row.actor_id, row.account_id) if one is not None}
    names = _names(ctx.session, ctx.actor.clinic_id, ids)
    return Page([_listed(row, names, shows_address(row)) for row in found.items], found.next_position)


def _listed(row: EventLogEntry, names: dict[UUID, str], with_address: bool) -> ListedEvent:
    return ListedEvent(
        row.id,
        row.occurred_at,
        row.event,
        row.outcome,
        None if row.actor_id is None else names.get(row.actor_id, ""),
        row.actor_roles.split(),
        None if row.account_id is None else names.get(row.account_id, ""),
        row.patient_id,
        row.address if with_address else None,
        row.details,
    )


def _names(session: Session, clinic_id: UUID, ids: set[UUID]) -> dict[UUID, str]:
    people = select(Account.id, Account.display_name)
    systems = select(ApiClient.id, ApiClient.name)
    queries = (
        people.where(Account.clinic_id == clinic_id, Account.id.in_(ids)),
        systems.where(ApiClient.clinic_id == clinic_id, ApiClient.id.in_(ids)),
    )
    return {key: name for query in queries for key, name in session.execute(query)}
