"""Authenticate users and API clients; issue, refresh and revoke their tokens."""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinical.canonical_text import email_key
from clinical.sentences import Sentence
from models.accounts import Account, SignIn
from models.api_clients import ApiClient
from models.clinics import Clinic
from models.second_factors import SecondFactor
from models.tenancy import prepared
from services import clock_bounds, event_log, login_throttle, passwords, quotas
from services.access import STAFF, Actor, Role, split_roles
from services.context import Context
from services.errors import AccountDisabled, InvalidRefreshToken, WrongClient, WrongCredentials
from services.event_log import Agent, Concerned, Event, agent_for, concerning

if TYPE_CHECKING:
    from models.database import Database

ACCESS_LIFETIME = timedelta(minutes=10)
"""Lifetime of an access token. Operational."""
PATIENT_IDLE = timedelta(days=90)
"""Longest time between two refreshes of a patient. Operational."""
STAFF_LIFETIME = timedelta(hours=12)
"""Longest time that staff stay signed in. Operational."""
GRACE = timedelta(days=1)
"""How long a device whose answer was lost may still ask for the same successor again, unless that was used:
a phone may be without a network for a day. Operational."""
PER_SECOND_FACTOR = 5
"""Most tries at a second factor in a window of the login throttle: of a million codes three are good at a
time. Operational."""
Counters = list[tuple[str, int]]
"""Keys of the login throttle that an attempt counts against, each with its limit."""
INTEGRATION = frozenset({Role.INTEGRATION})

_SIGNED_IN = prepared(
    select(
        Account.clinic_id,
        Account.roles,
        Account.patient_id,
        Account.disabled_at,
        SignIn.device_id,
        SignIn.created_at,
        SignIn.expires_at,
        SignIn.revoked_at,
        Clinic.staff_second_factor,
        SecondFactor.confirmed_at,
    )
    .join(Account, SignIn.account_id == Account.id)
    .join(Clinic, Account.clinic_id == Clinic.id)
    .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
    .where(SignIn.id == bindparam("sign_in_id"), Account.id == bindparam("subject"))
)


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys for signing refresh and device tokens, for hashing the keys of the login throttle, and for seeds.

    `seeds` encrypt second factors: the present key first, then one that is being replaced.
    """

    refresh: bytes
    throttle: bytes
    device: bytes
    seeds: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Device:
    """The device signing in; `device_id` is the app's own, the same at every sign-in.

    `address` is the network address that the request came from.
    """

    device_id: str
    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Where a try at a password comes from: a network address, and a device with what it was given before.

    `device_token` is what an earlier sign-in of the account gave to that device, None or anything else where
    there was none.
    """

    address: str
    device_id: str
    device_token: str | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody signed in who states their password, and the network address that the request came from."""

    actor: Actor
    address: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A successful authentication, from which tokens are made; API clients get no refresh or device token."""

    subject: UUID
    roles: frozenset[Role]
    sign_in_id: UUID | None = None
    refresh_token: str | None = None
    device_token: str | None = None
    scopes: tuple[str, ...] = ()


def authenticate(
    database: Database, keys: Keys, email: str, password: str, attempt: Attempt, now: datetime
) -> UUID:
    """Return the id of the account with this e-mail address and password.

    Raises TooManyAttempts, or WrongCredentials in the same time and words whether or not the account exists.
    The slow hash is computed outside any transaction, or it would block every writer.
    """
    with database.read() as session:
        account = session.scalar(
            select(Account).where(Account.email == email_key(email), Account.disabled_at.is_(None))
        )
    if account is not None and _is_known_device(keys, account.id, attempt):
        counted = device_counters(keys, account.id, attempt.device_id)
    else:
        counted = _counters(keys, email, attempt.address)
    count_attempt(database, counted, now)
    if not passwords.matches(account.password_hash if account else None, password) or account is None:
        _record_failure(database, account, counted, attempt.address, now)
        raise WrongCredentials
    outdated = account.password_hash is not None and passwords.needs_rehash(account.password_hash)
    fresh = passwords.hash_password(password) if outdated else None
    with database.write() as session:
        login_throttle.reset(session, counted)
        if fresh:
            session.execute(update(Account).where(Account.id == account.id).values(password_hash=fresh))
    return account.id


def _record_failure(
    database: Database, account: Account | None, counted: Counters, address: str, now: datetime
) -> None:
    """Record that a sign-in failed; for an address that nobody has, write as much elsewhere.

    A commit takes milliseconds: without one, the answer for an unknown address would come sooner.
    """
    with database.write() as session:
        if account is None:
            login_throttle.rewrite(session, counted[0][0])
            return
        agent = Agent(address, now)
        event_log.add(session, account.clinic_id, Event.SIGN_IN_FAILED, agent, concerning(account))


def verify_password(
    database: Database, keys: Keys, caller: Caller, password: str, now: datetime
) -> tuple[str, str]:
    """Return the address and name of somebody signed in who knows their password: a new one has neither.

    Raises TooManyAttempts or WrongPassword. Tries are counted for the device, which is signed in: nobody else
    can use them up.
    """
    with database.read() as session:
        account = session.get_one(Account, caller.actor.id)
    email, name, password_hash = account.email or "", account.display_name, account.password_hash
    counted = device_counters(keys, account.id, caller.actor.device_id or "")
    count_attempt(database, counted, now)
    if not passwords.matches(password_hash, password):
        _record_failure(database, account, counted, caller.address, now)
        raise WrongPassword
    with database.write() as session:
        login_throttle.reset(session, counted)
    return email, name


def lift_throttle(session: Session, keys: Keys, account: Account) -> None:
    """End the login throttle of an account, on each of its devices too; what an address did stays counted."""
    query = select(SignIn.device_id).where(SignIn.account_id == account.id).distinct()
    known = session.scalars(query).all()
    counted = [counter for each in known for counter in device_counters(keys, account.id, each)]
    # Without a token nothing is known of a device, and the counter is the account's.
    counted += second_factor_counters(keys, account.id, Attempt("", ""))
    for each in known:
        counted += _device_counter(keys, "second factor", account.id, each, PER_SECOND_FACTOR)
    names = [name for name, _ in counted]
    if account.email is not None:
        names.append(login_throttle.key_of(keys.throttle, "account", account.email))
    login_throttle.lift(session, names)


def lift_throttle_of(ctx: Context, keys: Keys, account: Account) -> None:
    """End an account's login throttle on behalf of the actor."""
    lift_throttle(ctx.session, keys, account)
    event_log.record(ctx, Event.THROTTLE_LIFTED, concerning(account))


def count_invitation_attempt(database: Database, keys: Keys, invitation_id: UUID, now: datetime) -> None:
    """Count a try to accept an invitation; raises TooManyAttempts.

    With a code one could otherwise ask, address by address, which ones are in use.
    """
    key = login_throttle.key_of(keys.throttle, "invitation", str(invitation_id))
    count_attempt(database, [(key, login_throttle.PER_ACCOUNT)], now)


def device_counters(keys: Keys, account_id: UUID, device_id: str) -> Counters:
    """Return the counter of an account's tries on a device that has signed in before, and its limit.

    Neither tries elsewhere nor those of others at its address count against it, so nobody can shut it out.
    """
    return _device_counter(keys, "device", account_id, device_id, login_throttle.PER_ACCOUNT)


def second_factor_counters(keys: Keys, account_id: UUID, attempt: Attempt) -> Counters:
    """Return the counter of tries at an account's second factor: a known device has one of its own."""
    known = _is_known_device(keys, account_id, attempt)
    device_id = attempt.device_id if known else ""
    return _device_counter(keys, "second factor", account_id, device_id, PER_SECOND_FACTOR)


def signed_in_second_factor_counters(keys: Keys, actor: Actor) -> Counters:
    """Return the counter of a signed-in person's tries at their second factor."""
    return _device_counter(keys, "second factor", actor.id, actor.device_id or "", PER_SECOND_FACTOR)


def _device_counter(keys: Keys, kind: str, account_id: UUID, device_id: str, limit: int) -> Counters:
    return [(login_throttle.key_of(keys.throttle, kind, f"{account_id}:{device_id}"), limit)]


def _counters(keys: Keys, email: str, address: str) -> Counters:
    return [
        (login_throttle.key_of(keys.throttle, "account", email_key(email)), login_throttle.PER_ACCOUNT),
        (
            login_throttle.key_of(keys.throttle, "address", login_throttle.network_of(address)),
            login_throttle.PER_ADDRESS,
        ),
    ]


def count_attempt(database: Database, attempts: Counters, now: datetime) -> None:
    """Count an attempt against each key in a transaction of its own; raises TooManyAttempts."""
    try:
        with database.write() as session:
            login_throttle.count_attempt(session, attempts, now)
    except IntegrityError:
        # A concurrent first attempt inserted the same key: count this one in its row.
        with database.write() as session:
            login_throttle.count_attempt(session, attempts, now)


def open_sign_in(session: Session, keys: Keys, account_id: UUID, device: Device, now: datetime) -> Grant:
    """Sign an account in on a device; returns the grant of a new token family.

    A device has one: an earlier one of the same account on it ends.
    """
    account = session.get_one(Account, account_id)
    quotas.count(session, quotas.SIGN_INS, account_id, account_id, now)
    session.execute(
        update(SignIn)
        .where(
            SignIn.account_id == account_id,
            SignIn.device_id == device.device_id,
            SignIn.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    sign_in = SignIn(
        id=uuid4(),
        account_id=account.id,
        device_id=device.device_id,
        device_name=device.name,
        generation=1,
        rotated_at=now,
        created_at=now,
        expires_at=now + (STAFF_LIFETIME if _is_staff(account) else PATIENT_IDLE),
        revoked_at=None,
    )
    session.add(sign_in)
    agent = agent_for(account, device.address, now)
    event_log.add(
        session, account.clinic_id, Event.SIGNED_IN, agent, concerning(account), device_name=device.name
    )
    return _grant(account, sign_in, keys)


def refresh(database: Database, keys: Keys, token: str, device: Device, now: datetime) -> Grant:
    """Exchange a refresh token for the next one; raises InvalidRefreshToken.

    A token used twice is in two hands, so the whole family is revoked (RFC 9700), except within GRACE from
    the same device, which missed the response: it gets the same next token again. The reuse is an event that
    the person and the admins see.
    """
    sign_in_id, generation = _read(keys, token)
    reused = False
    with database.write() as session:
        sign_in = session.get(SignIn, sign_in_id, with_for_update=True)
        account = session.get(Account, sign_in.account_id) if sign_in else None
        if sign_in is None or account is None:
            raise InvalidRefreshToken
        if account.disabled_at is not None:
            raise AccountDisabled
        over = _is_over(sign_in.created_at, sign_in.expires_at, split_roles(account.roles), now)
        if sign_in.revoked_at is not None or over:
            raise InvalidRefreshToken
        same_device = hmac.compare_digest(sign_in.device_id.encode(), device.device_id.encode())
        if generation == sign_in.generation and same_device:
            sign_in.generation += 1
            sign_in.rotated_at = now
            if not _is_staff(account):
                sign_in.expires_at = now + PATIENT_IDLE
        elif not (
            generation == sign_in.generation - 1
            and same_device
            and now - sign_in.rotated_at <= GRACE
            and not clock_bounds.is_ahead(sign_in.rotated_at, now)
        ):
            sign_in.revoked_at = now
            reused = True
            agent, event = Agent(device.address, now), Event.REFRESH_TOKEN_REUSED
            name = sign_in.device_name
            event_log.add(session, account.clinic_id, event, agent, concerning(account), device_name=name)
        grant = _grant(account, sign_in, keys)
    # Raised only here: inside the block it would have rolled the revocation back.
    if reused:
        raise InvalidRefreshToken
    return grant


def sign_out(ctx: Context) -> None:
    """End the sign-in the actor's token belongs to."""
    ctx.session.execute(update(SignIn).where(SignIn.id == ctx.actor.sign_in_id).values(revoked_at=ctx.now))
    event_log.record(ctx, Event.SIGNED_OUT, Concerned(ctx.actor.id, ctx.actor.patient_id))


def client_grant(session: Session, client_id: str, secret: str, scope: str | None, now: datetime) -> Grant:
    """Return the grant of an API client; raises WrongClient or ScopeNotGranted."""
    try:
        client = session.get(ApiClient, UUID(client_id))
    except ValueError:
        client = None
    stored = client.secret_hash if client else secret_hash("")
    if not hmac.compare_digest(stored, secret_hash(secret)) or client is None:
        raise WrongClient
    if client.revoked_at is not None or client.expires_at <= now:
        raise WrongClient
    granted = client.scopes.split()
    requested = scope.split() if scope else granted
    if not set(requested) <= set(granted):
        raise ScopeNotGranted
    return Grant(client.id, INTEGRATION, scopes=tuple(sorted(set(requested))))


class WrongPassword(WrongCredentials):
    """The present password of somebody who is signed in is not the one that was sent."""

    detail = Sentence("This is not your present password. Check it and try again.")


class ScopeNotGranted(WrongCredentials):
    """The API client requested a scope it was not granted."""

    code = "insufficient_scope"
    detail = Sentence(
        "This API client was not granted every scope in scope: request fewer, or leave scope out for all."
    )


def new_secret() -> str:
    """Return a random secret of 256 bits."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """Return the SHA-256 of a secret of full entropy, which needs no slow hash."""
    return sha256(secret.encode()).hexdigest()


def actor_of(
    session: Session, subject: UUID | None, sign_in_id: UUID | None, scopes: frozenset[str], now: datetime
) -> Actor | None:
    """Return whom a verified token identifies; None once the sign-in is revoked or expired.

    Raises AccountDisabled.
    """
    if sign_in_id is None:
        return _client_actor(session, subject, scopes, now)
    who = {"sign_in_id": sign_in_id, "subject": subject}
    found = session.execute(_SIGNED_IN, who).one_or_none()
    if found is None or subject is None:
        return None
    (
        clinic_id,
        roles,
        patient_id,
        disabled_at,
        device_id,
        created_at,
        expires_at,
        revoked_at,
        rule,
        confirmed_at,
    ) = found
    if disabled_at is not None:
        raise AccountDisabled
    held = split_roles(roles)
    if revoked_at is not None or _is_over(created_at, expires_at, held, now):
        return None
    must_enrol = rule == "required" and confirmed_at is None and not held.isdisjoint(STAFF)
    return Actor(subject, clinic_id, held, sign_in_id, device_id, patient_id, must_enrol=must_enrol)


def _client_actor(
    session: Session, subject: UUID | None, scopes: frozenset[str], now: datetime
) -> Actor | None:
    client = session.get(ApiClient, subject) if subject else None
    if client is None or client.revoked_at is not None or client.expires_at <= now:
        return None
    return Actor(client.id, client.clinic_id, INTEGRATION, scopes=scopes & set(client.scopes.split()))


def _is_staff(account: Account) -> bool:
    return not split_roles(account.roles).isdisjoint(STAFF)


def _is_over(created_at: datetime, expires_at: datetime, roles: frozenset[Role], now: datetime) -> bool:
    """Return whether a sign-in has ended.

    Staff's ends too where a clock ahead of ours began it. A patient's does not: every phone that was in use
    meanwhile would be signed out, and the next refresh sets its end anew.
    """
    return expires_at <= now or (not roles.isdisjoint(STAFF) and clock_bounds.is_ahead(created_at, now))


def _grant(account: Account, sign_in: SignIn, keys: Keys) -> Grant:
    refresh_token = _write(keys, sign_in.id, sign_in.generation)
    device_token = _device_token(keys, account.id, sign_in.device_id)
    return Grant(account.id, split_roles(account.roles), sign_in.id, refresh_token, device_token)


def _device_token(keys: Keys, account_id: UUID, device_id: str) -> str:
    """Return what proves that a device has signed in to an account: it gives a counter, and no access."""
    signed = hmac.digest(keys.device, f"{account_id}:{device_id}".encode(), "sha256")
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def _is_known_device(keys: Keys, account_id: UUID, attempt: Attempt) -> bool:
    expected = _device_token(keys, account_id, attempt.device_id)
    return hmac.compare_digest(expected.encode(), (attempt.device_token or "").encode())


# A refresh token is the family and the generation, signed: nothing in the database can be used in its place.
# Signed without a time, so that the next token is the same each time, which is what GRACE needs.
def _serializer(keys: Keys) -> URLSafeSerializer:
    signer = {"key_derivation": "hmac", "digest_method": sha256}
    return URLSafeSerializer(keys.refresh, salt="refresh-token", signer_kwargs=signer)


def _write(keys: Keys, sign_in_id: UUID, generation: int) -> str:
    return str(_serializer(keys).dumps([sign_in_id.hex, generation]))


def _read(keys: Keys, token: str) -> tuple[UUID, int]:
    try:
        family, generation = _serializer(keys).loads(token)
    except BadData:
        raise InvalidRefreshToken from None
    return UUID(family), generation
