"""A second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for its loss."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from uuid import UUID

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from clinical.sentences import Sentence
from models.accounts import Account
from models.second_factors import RecoveryCode, SecondFactor
from services import accounts, event_log, login_throttle, tokens
from services.context import Context
from services.errors import Conflict, FieldError, NotFound, ServiceError, WrongCredentials
from services.event_log import Agent, Event, concerning

if TYPE_CHECKING:
    from models.database import Database
    from services.tokens import Counters, Keys

STEP_S: Final = 30
"""Seconds after which the code changes (RFC 6238, section 5.2). Operational."""

STEP_TOLERANCE: Final = 1
"""Codes before and after the present one that are accepted, for clocks that differ (RFC 6238, section 5.2).
Operational."""

RECOVERY_CODES: Final = 10
"""Number of recovery codes. Operational."""

NONCE_BYTES: Final = 12
"""Length of the random nonce in front of an encrypted seed (NIST SP 800-38D). Operational."""

MAX_BATCH: Final = 50
"""Most seeds that are encrypted anew at a time. Operational."""

ISSUER: Final = "Afterglow"


class SecondFactorRequired(ServiceError):
    """The password is right, and the account has a second factor, of which no code was sent."""

    code = "second_factor_required"
    detail = Sentence(
        "This account has a second factor. Send the same request with totp_code, the six digits that your "
        "authenticator app shows, or with recovery_code."
    )


class WrongSecondFactor(WrongCredentials):
    """The code is not the present one, was used before, or the second factor cannot be read any more."""

    code = "wrong_second_factor"
    detail = Sentence(
        "This code does not fit or was used before: wait for the next one. If you have lost your "
        "authenticator app, send recovery_code, or ask the clinic to reset your second factor."
    )


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try at an account's second factor: at most one of both codes, and what it counts against."""

    account_id: UUID
    counters: Counters
    totp_code: str | None = None
    recovery_code: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Whether an account has a second factor in use, and how many recovery codes are left."""

    enabled: bool
    enabled_at: datetime | None
    recovery_codes_left: int


def read(session: Session, account_id: UUID) -> State:
    """Return the state of an account's second factor."""
    row = session.get(SecondFactor, account_id)
    if row is None or row.confirmed_at is None:
        return State(enabled=False, enabled_at=None, recovery_codes_left=0)
    left = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account_id)
    return State(enabled=True, enabled_at=row.confirmed_at, recovery_codes_left=session.scalar(left) or 0)


def start(session: Session, keys: Keys, account_id: UUID, now: datetime) -> tuple[str, str]:
    """Make a new secret; return it and its otpauth address, which are shown once.

    It is not in use before `confirm`, and replaces one that was not confirmed. Raises Conflict where a second
    factor is in use.
    """
    account = accounts.lock_account(session, account_id)
    row = session.get(SecondFactor, account_id)
    if row is not None and row.confirmed_at is not None:
        raise _clash("enabled", Sentence("A second factor is in use: remove it first."))
    secret = pyotp.random_base32()
    if row is None:
        row = SecondFactor(account_id=account_id)
        session.add(row)
    row.seed, row.key_id = _encrypted(keys.seeds[0], account_id, secret), _key_id(keys.seeds[0])
    row.created_at, row.confirmed_at, row.last_step = now, None, None
    session.flush()
    return secret, pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)


def confirm(ctx: Context, keys: Keys, totp_code: str) -> list[str]:
    """Put a new secret to use with its first code; return the recovery codes, which are shown once.

    Every other device is signed out. Raises WrongSecondFactor, and Conflict where nothing was started.
    """
    session, now, account_id = ctx.session, ctx.now, ctx.actor.id
    account = accounts.lock_account(session, account_id)
    row = session.get(SecondFactor, account_id)
    if row is None or row.confirmed_at is not None:
        raise _clash("not_started", Sentence("Start a second factor first, then confirm it with a code."))
    _use_step(row, keys, totp_code, now)
    row.confirmed_at = now
    codes = [accounts.new_code() for _ in range(RECOVERY_CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.add_all(RecoveryCode(account_id=account_id, code_hash=accounts.code_hash(each)) for each in codes)
    accounts.sign_out_everywhere(session, account_id, now, except_for=ctx.actor.sign_in_id)
    event_log.record(ctx, Event.SECOND_FACTOR_ENABLED, concerning(account))
    return codes


def verify(database: Database, keys: Keys, attempt: Attempt, now: datetime) -> None:
    """Use up a code of an account's second factor, if it has one.

    Raises SecondFactorRequired, WrongSecondFactor or TooManyAttempts. In transactions of its own: a code that
    was used stays used, whatever becomes of the request.
    """
    with database.read() as session:
        enabled = accounts.has_second_factor(session, attempt.account_id)
    if not enabled:
        return
    if not (attempt.totp_code or attempt.recovery_code):
        raise SecondFactorRequired
    tokens.count_attempt(database, attempt.counters, now)
    with database.write() as session:
        _use(session, keys, attempt, now)
        login_throttle.reset(session, attempt.counters)


def remove(ctx: Context) -> None:
    """Remove a second factor; every other device is signed out.

    Raises NotFound where there is none, Conflict where the password is too short to be the only factor.
    """
    session, account = ctx.session, accounts.lock_account(ctx.session, ctx.actor.id)
    if not accounts.has_second_factor(session, account.id):
        raise NotFound
    if account.password_is_short:
        sentence = Sentence("Your password is too short without a second factor: set a longer one first.")
        raise _clash("password_too_short", sentence)
    accounts.delete_second_factor(session, account.id)
    accounts.sign_out_everywhere(session, account.id, ctx.now, except_for=ctx.actor.sign_in_id)
    event_log.record(ctx, Event.SECOND_FACTOR_REMOVED, concerning(account))


def reset(session: Session, account: Account, agent: Agent) -> None:
    """Remove the second factor of somebody who has lost it, and sign them out. Idempotent.

    A password that is too short without one stops working: they need a code for another.
    """
    account = accounts.lock_account(session, account.id)
    if not accounts.has_second_factor(session, account.id):
        return
    accounts.delete_second_factor(session, account.id)
    if account.password_is_short:
        account.password_hash, account.password_is_short = None, False
    account.version += 1
    accounts.sign_out_everywhere(session, account.id, agent.acts_at)
    event_log.add(session, account.clinic_id, Event.SECOND_FACTOR_RESET, agent, concerning(account))


def reencrypt(database: Database, seed_keys: tuple[bytes, ...]) -> int:
    """Encrypt some seeds that still need an earlier key with the present one; return how many."""
    if len(seed_keys) < 2:
        return 0
    outdated = SecondFactor.key_id != _key_id(seed_keys[0])
    with database.read() as session:
        if session.scalar(select(SecondFactor.account_id).where(outdated).limit(1)) is None:
            return 0
    done = 0
    with database.write() as session:
        query = select(SecondFactor).where(outdated).limit(MAX_BATCH).with_for_update(skip_locked=True)
        for row in session.scalars(query):
            secret = _decrypted(seed_keys, row)
            if secret is not None:
                row.seed = _encrypted(seed_keys[0], row.account_id, secret)
                row.key_id = _key_id(seed_keys[0])
                done += 1
    return done


def _use(session: Session, keys: Keys, attempt: Attempt, now: datetime) -> None:
    row = session.get(SecondFactor, attempt.account_id, with_for_update=True, populate_existing=True)
    if row is None:
        return
    if attempt.totp_code:
        _use_step(row, keys, attempt.totp_code, now)
        return
    code_hash = accounts.code_hash(attempt.recovery_code or "")
    code = session.get(RecoveryCode, (attempt.account_id, code_hash))
    if code is None:
        raise WrongSecondFactor
    session.delete(code)


def _use_step(row: SecondFactor, keys: Keys, totp_code: str, now: datetime) -> None:
    secret = _decrypted(keys.seeds, row)
    if secret is None:
        raise WrongSecondFactor
    totp = pyotp.TOTP(secret, interval=STEP_S)
    try:
        step = totp.verify_and_get_timecode(totp_code, for_time=now, valid_window=STEP_TOLERANCE)
    except OTPVerificationError:
        raise WrongSecondFactor from None
    # A step far ahead was stored by a clock that was wrong then: it must not shut its owner out.
    ahead = row.last_step is not None and row.last_step > totp.timecode(now) + STEP_TOLERANCE
    if row.last_step is not None and (step == row.last_step or (step < row.last_step and not ahead)):
        raise WrongSecondFactor
    row.last_step = step
    if row.key_id != _key_id(keys.seeds[0]):
        row.seed, row.key_id = _encrypted(keys.seeds[0], row.account_id, secret), _key_id(keys.seeds[0])


def _clash(code: str, detail: Sentence) -> Conflict:
    return Conflict(FieldError("", code, detail))


def _key_id(key: bytes) -> str:
    return sha256(key).hexdigest()[:8]


def _bound_to(account_id: UUID) -> bytes:
    """Return what an encrypted seed is bound to: moved to another account, it cannot be decrypted."""
    return b"second_factors.seed:" + account_id.bytes


def _encrypted(key: bytes, account_id: UUID, secret: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret.encode(), _bound_to(account_id))


def _decrypted(keys: tuple[bytes, ...], row: SecondFactor) -> str | None:
    """Return the secret; None where its key is not known any more, or it was altered."""
    for key in keys:
        if _key_id(key) == row.key_id:
            nonce, sealed = row.seed[:NONCE_BYTES], row.seed[NONCE_BYTES:]
            try:
                return AESGCM(key).decrypt(nonce, sealed, _bound_to(row.account_id)).decode()
            except InvalidTag:
                return None
    return None
