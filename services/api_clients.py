"""Issue and revoke the keys of the systems that pull a clinic's summaries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.sentences import Sentence
from models.api_clients import ApiClient
from services import event_log, quotas
from services.access import own_clinic
from services.context import Context
from services.errors import Conflict, FieldError, Invalid, NotFound
from services.event_log import Event
from services.revisions import Page, PageRequest, paged
from services.tokens import new_secret, secret_hash

LONGEST_LIFETIME = timedelta(days=2 * 366)
"""Longest validity of an API client's secret: two years. Operational."""


@dataclass(frozen=True, slots=True)
class NewClient:
    """An API client to register: its name, the scopes it is granted, and when it expires."""

    name: str
    scopes: tuple[str, ...]
    expires_at: datetime


def register(ctx: Context, clinic_id: UUID, client_id: UUID, new: NewClient) -> tuple[ApiClient, str | None]:
    """Register an API client under the id its admin gave it; its secret is returned here once, then never.

    Sent again, the same client is recognised, without its secret; anything else under the id is a Conflict.
    """
    own_clinic(ctx.actor, clinic_id)
    current = ctx.session.get(ApiClient, client_id)
    if current is None and new.expires_at <= ctx.now:
        raise Invalid(
            FieldError("/expires_at", "past", Sentence("A client that has expired could never ask."))
        )
    if current is None and new.expires_at - ctx.now > LONGEST_LIFETIME:
        sentence = Sentence("Send a moment within two years: a key that nobody renews is forgotten.")
        raise Invalid(FieldError("/expires_at", "too_late", sentence))
    if current is not None:
        if current.clinic_id != clinic_id:
            # The id is the client's to choose: that another clinic holds it must not show.
            raise Conflict(FieldError("client_id", "unusable", Sentence("Choose another id."), "parameter"))
        wanted = new.name, _joined(new.scopes), new.expires_at
        same = (current.name, current.scopes, current.expires_at) == wanted
        if not same or current.revoked_at is not None:
            raise Conflict(
                FieldError(
                    "client_id",
                    "taken",
                    Sentence("A client is registered under this id. Revoke it and register a new one."),
                    "parameter",
                )
            )
        return current, None
    quotas.count(ctx.session, quotas.API_CLIENTS, ctx.actor.id, clinic_id, ctx.now)
    scopes = sorted(set(new.scopes))
    event_log.record(ctx, Event.API_CLIENT_REGISTERED, client_id=str(client_id), name=new.name, scopes=scopes)
    return issue(ctx.session, (clinic_id, client_id), new, ctx.now)


def issue(
    session: Session, ids: tuple[UUID, UUID], new: NewClient, now: datetime, secret: str | None = None
) -> tuple[ApiClient, str]:
    """Store a new API client under its clinic's and its own id; return its secret, stored as a hash only."""
    clinic_id, client_id = ids
    secret = secret or new_secret()
    client = ApiClient(
        id=client_id,
        clinic_id=clinic_id,
        name=new.name,
        secret_hash=secret_hash(secret),
        scopes=_joined(new.scopes),
        version=1,
        created_at=now,
        expires_at=new.expires_at,
        revoked_at=None,
    )
    session.add(client)
    session.flush()
    return client, secret


def page(ctx: Context, clinic_id: UUID, wanted: PageRequest) -> Page[ApiClient]:
    """Return a page of the API clients of the actor's own clinic, revoked ones included, as they came."""
    own_clinic(ctx.actor, clinic_id)
    query = select(ApiClient).where(ApiClient.clinic_id == clinic_id)
    return paged(ctx.session, query, (ApiClient.created_at, ApiClient.id), wanted)


def clients_of(session: Session, clinic_id: UUID) -> list[ApiClient]:
    """Return a clinic's API clients in the order of their creation, revoked ones included."""
    query = select(ApiClient).where(ApiClient.clinic_id == clinic_id)
    return list(session.scalars(query.order_by(ApiClient.created_at, ApiClient.id)))


def revoke(ctx: Context, clinic_id: UUID, client_id: UUID) -> None:
    """Revoke an API client's access at once. Idempotent."""
    client = ctx.session.get(ApiClient, client_id)
    if clinic_id != ctx.actor.clinic_id or client is None or client.clinic_id != clinic_id:
        raise NotFound
    if client.revoked_at is None:
        client.revoked_at = ctx.now
        event_log.record(ctx, Event.API_CLIENT_REVOKED, client_id=str(client_id), name=client.name)


def _joined(scopes: Iterable[str]) -> str:
    return " ".join(sorted(set(scopes)))
