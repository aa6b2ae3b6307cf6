"""Set another password with a code that was sent by e-mail.

A request stores a row, whoever it names: the worker finds the account, makes the code and sends the mail, so
that the answer to a request and the time it takes are the same for every address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from clinical.canonical_text import email_key
from clinical.sentences import Sentence
from clinical.translations import ENGLISH, LANGUAGES, translated
from models.accounts import Account
from models.password_resets import PasswordReset
from models.patients import Patient
from services import accounts, event_log, login_throttle, mail, passwords, tokens
from services.errors import Invalid, ServiceError
from services.event_log import WORKER, Agent, Event
from services.mail import Message

if TYPE_CHECKING:
    from models.database import Database
    from services.mail import Mail
    from services.passwords import NewPassword
    from services.tokens import Keys

LASTING: Final = accounts.RESET_LASTING
"""How long a code that was sent by mail can be used. Operational."""

PER_ACCOUNT: Final = 3
"""Most requests for one address in a window of the login throttle. Operational."""

PER_ADDRESS: Final = 30
"""Most requests from one network address in such a window: a clinic's patients may share one. Operational."""

LEASE: Final = timedelta(minutes=2)
"""How long a claim holds: longer than a try takes, so that only a worker that died loses its claim.
Operational."""

RETRY_AFTER: Final = timedelta(minutes=1)
"""How long to wait after a try that failed. Operational."""

GIVE_UP_AFTER: Final = timedelta(minutes=30)
"""How long a mail is tried: whoever waits for it has given up by then. Operational."""

TIMEOUT_S: Final = 15
"""Longest wait for an answer of the mail server, seconds. Operational."""

MAX_BATCH: Final = 20
"""Most mails that a worker sends, and most old requests that one deletes, at a time. Operational."""


class NoMail(ServiceError):
    """This server sends no e-mail, so that nobody can be sent a code."""

    code = "no_mail"
    detail = Sentence(
        "This server sends no e-mail. Ask the clinic for a code: your care team makes one, for staff an "
        "admin."
    )


class ResetSpent(ServiceError):
    """The code was used, replaced or has expired."""

    code = "reset_spent"
    detail = Sentence(
        "This code was used, replaced by a newer one or has expired. Ask for another e-mail, or the clinic "
        "for a code."
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail to send now: to whom, with which code, in which language."""

    id: UUID
    email: str
    code: str
    language: str


def request(database: Database, keys: Keys, email: str, address: str, now: datetime) -> None:
    """Ask for a code for whoever signs in with an address, if anybody does; raises TooManyAttempts."""
    name = email_key(email)
    counted = [
        (login_throttle.key_of(keys.throttle, "reset of account", name), PER_ACCOUNT),
        (
            login_throttle.key_of(keys.throttle, "reset from", login_throttle.network_of(address)),
            PER_ADDRESS,
        ),
    ]
    tokens.count_attempt(database, counted, now)
    with database.write() as session:
        _purge(session, now)
        session.add(
            PasswordReset(
                id=uuid4(),
                email=name,
                requested_at=now,
                due_at=now,
                attempt_count=0,
                account_id=None,
                code_hash=None,
                expires_at=None,
            )
        )


def send_due(database: Database, config: Mail, public_url: str, clock: Callable[[], datetime]) -> int:
    """Send the mails that are due, each claimed before and settled after the attempt; return how many went.

    If a worker stops in between, another mail is sent once the lease has ended, with another code.
    """
    sent = 0
    for _ in range(MAX_BATCH):
        with database.read() as session:
            if session.scalar(_due(clock()).limit(1)) is None:
                break
        with database.write() as session:
            claim = _claim(session, clock())
        if claim is None:
            continue
        delivered = _send(claim, config, public_url, clock())
        with database.write() as session:
            _settle(session, claim, clock(), delivered=delivered)
        sent += delivered
    return sent


def message(link: str, code: str) -> tuple[Sentence, Sentence]:
    """Return the subject and the text of the mail: nothing of a clinic, and nothing of treatment."""
    text = Sentence(
        "Somebody asked for a new password for the account that signs in with this address. If it was you, "
        "open this link within an hour:\n\n{link}\n\nOr enter this code in the app: {code}\n\n"
        "If it was not you, there is nothing to do: the password stays as it is.",
        link=link,
        code=code,
    )
    return Sentence("Set a new password"), text


def check(session: Session, code: str, password: str, now: datetime) -> None:
    """Raise what `complete` would, and Invalid for a weak password, before the password is hashed."""
    account = _account_of(session, code, now)
    known = account.email or "", account.display_name, "afterglow"
    weak = passwords.weakness(password, *known, second_factor=accounts.has_second_factor(session, account.id))
    if weak:
        raise Invalid(weak)


def complete(session: Session, keys: Keys, code: str, password: NewPassword, agent: Agent) -> UUID:
    """Set another password with a code; returns the account's id.

    Every device is signed out, every other code ends, and so does the login throttle. A second factor stays.
    Raises ResetSpent.
    """
    now = agent.acts_at
    account = accounts.lock_account(session, _account_of(session, code, now).id)
    # Somebody else may have used it, or the clinic disabled the account, while the lock was waited for.
    if _account_of(session, code, now).id != account.id:
        raise ResetSpent
    accounts.change_password(session, account.id, password, agent)
    tokens.lift_throttle(session, keys, account)
    return account.id


def _account_of(session: Session, code: str, now: datetime) -> Account:
    found = session.scalar(
        select(Account)
        .join(PasswordReset, PasswordReset.account_id == Account.id)
        .where(
            PasswordReset.code_hash == accounts.code_hash(code),
            PasswordReset.expires_at > now,
            PasswordReset.expires_at <= now + LASTING,
            Account.disabled_at.is_(None),
        )
    )
    if found is None:
        raise ResetSpent
    return found


def _due(now: datetime) -> Select[PasswordReset]:
    return select(PasswordReset).where(PasswordReset.due_at <= now).order_by(PasswordReset.due_at)


def _claim(session: Session, now: datetime) -> Claim | None:
    """Claim the first mail that is due and make its code; None where there is nobody to send one to."""
    row = session.scalar(_due(now).limit(1).with_for_update(skip_locked=True))
    if row is None:
        return None
    account = session.scalar(
        select(Account).where(
            Account.email == row.email, Account.disabled_at.is_(None), Account.password_hash.is_not(None)
        )
    )
    if account is None or now - row.requested_at > GIVE_UP_AFTER:
        session.delete(row)
        return None
    others = PasswordReset.account_id == account.id, PasswordReset.id != row.id
    session.execute(delete(PasswordReset).where(*others))
    code = accounts.new_code()
    row.account_id, row.code_hash = account.id, accounts.code_hash(code)
    row.expires_at, row.due_at = now + LASTING, now + LEASE
    row.attempt_count += 1
    return Claim(row.id, row.email, code, _language_of(session, account))


def _language_of(session: Session, account: Account) -> str:
    if account.patient_id is None:
        return ENGLISH
    session.info["clinic_id"] = account.clinic_id
    found = session.scalar(select(Patient.language).where(Patient.id == account.patient_id))
    language = (found or ENGLISH).partition("-")[0].lower()
    return language if language in LANGUAGES else ENGLISH


def _send(claim: Claim, config: Mail, public_url: str, now: datetime) -> bool:
    subject, text = message(f"{public_url}/reset-password#{claim.code}", claim.code)
    written = translated(subject, claim.language), f"{translated(text, claim.language)}\n"
    try:
        made = Message(str(uuid4()), claim.email, *written)
        return mail.send(config, made, now, TIMEOUT_S) is None
    except Exception:  # noqa: BLE001  unsettled, it would be claimed first again and block the others
        return False


def _settle(session: Session, claim: Claim, now: datetime, *, delivered: bool) -> None:
    row = session.get(PasswordReset, claim.id, with_for_update=True)
    if row is None or row.code_hash != accounts.code_hash(claim.code):
        return
    if delivered:
        row.due_at = None
        account = session.get_one(Account, row.account_id)
        concerned = event_log.concerning(account)
        event_log.add(session, account.clinic_id, Event.PASSWORD_RESET_SENT, Agent(WORKER, now), concerned)
    else:
        row.code_hash, row.expires_at = None, None
        row.due_at = now + RETRY_AFTER


def _purge(session: Session, now: datetime) -> None:
    """Delete some requests that are over."""
    over = PasswordReset.requested_at < now - GIVE_UP_AFTER - LASTING - LEASE
    some = select(PasswordReset.id).where(over).limit(MAX_BATCH).with_for_update(skip_locked=True)
    ids = session.scalars(some).all()
    if ids:
        session.execute(delete(PasswordReset).where(PasswordReset.id.in_(ids)))
