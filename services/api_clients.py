"""Issue and revoke the keys of the systems that pull a clinic's summaries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.api_clients import ApiClient
from services.access import Actor, own_clinic
from services.errors import Conflict, FieldError, Invalid, NotFound
from services.tokens import new_secret, secret_hash


def register(
    session: Session,
    actor: Actor,
    clinic_id: UUID,
    client_id: UUID,
    wanted: tuple[str, tuple[str, ...], datetime],
    now: datetime,
) -> tuple[ApiClient, str | None]:
    """Register an API client under the id its admin gave it; its secret is given here once, then never.

    Sent again, the same client is recognised, without its secret; anything else under the id is a Conflict.
    """
    own_clinic(actor, clinic_id)
    name, scopes, expires_at = wanted
    current = session.get(ApiClient, client_id)
    if current is None and expires_at <= now:
        raise Invalid(FieldError("/expires_at", "past", "A client that has expired could never ask."))
    if current is not None:
        if current.clinic_id != clinic_id:
            # The id is the client's to choose: that another clinic holds it must not show.
            raise Conflict(FieldError("client_id", "unusable", "Choose another id.", "parameter"))
        same = (current.name, current.scopes, current.expires_at) == (name, _joined(scopes), expires_at)
        if not same or current.revoked_at is not None:
            raise Conflict(
                FieldError(
                    "client_id",
                    "taken",
                    "A client is registered under this id. Revoke it and register a new one.",
                    "parameter",
                )
            )
        return current, None
    return issue(session, clinic_id, client_id, name, scopes, expires_at, now)


def issue(
    session: Session,
    clinic_id: UUID,
    client_id: UUID,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime,
    now: datetime,
    secret: str | None = None,
) -> tuple[ApiClient, str]:
    """Store a new API client and give its secret, which is kept as a hash only."""
    secret = secret or new_secret()
    client = ApiClient(
        id=client_id,
        clinic_id=clinic_id,
        name=name,
        secret_hash=secret_hash(secret),
        scopes=_joined(scopes),
        version=1,
        created_at=now,
        expires_at=expires_at,
        revoked_at=None,
    )
    session.add(client)
    session.flush()
    return client, secret


def clients(session: Session, actor: Actor, clinic_id: UUID) -> list[ApiClient]:
    """List a clinic's API clients, revoked ones included."""
    own_clinic(actor, clinic_id)
    query = select(ApiClient).where(ApiClient.clinic_id == clinic_id)
    return list(session.scalars(query.order_by(ApiClient.created_at, ApiClient.id)))


def revoke(session: Session, actor: Actor, clinic_id: UUID, client_id: UUID, now: datetime) -> None:
    """Shut an API client out at once; asking again changes nothing."""
    client = session.get(ApiClient, client_id)
    if clinic_id != actor.clinic_id or client is None or client.clinic_id != clinic_id:
        raise NotFound
    client.revoked_at = client.revoked_at or now


def _joined(scopes: Iterable[str]) -> str:
    return " ".join(sorted(set(scopes)))
