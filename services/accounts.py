"""Invite people, let them accept, and list and revoke the devices they are signed in on."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from clinical.canonical_text import email_key
from clinical.sentences import Sentence
from models.accounts import Account, Invitation, SignIn
from models.password_resets import PasswordReset
from models.second_factors import RecoveryCode, SecondFactor
from services import clock_bounds, event_log, passwords, quotas
from services.access import STAFF, Actor, Role, holds_any, joined_roles
from services.context import Context
from services.errors import Conflict, FieldError, Invalid, InvitationSpent, NotFound
from services.event_log import Agent, Event, agent_for, concerning
from services.passwords import NewPassword
from services.revisions import Page, PageRequest, check_row_version, paged
from services.tokens import secret_hash

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, without letters that are mistaken for digits."""

CODE_LENGTH = 26
"""Characters of an invitation code. Operational."""
RETRY_ACCEPTANCE = timedelta(days=1)
"""How long a device whose answer was lost may send its acceptance again. Operational."""
RESET_LASTING = timedelta(hours=1)
"""Longest time that a code can be used to set another password of somebody who has one (NIST SP 800-63B).
Operational."""
MISREAD = str.maketrans("OIL", "011", "- ")
"""Letters of a code read as the digits they resemble. Operational."""


def new_account(
    clinic_id: UUID, roles: Iterable[Role], display_name: str, email: str | None, now: datetime
) -> Account:
    """Return a new account without a password, which nobody can sign in to yet."""
    return Account(
        id=uuid4(),
        clinic_id=clinic_id,
        roles=joined_roles(roles),
        patient_id=None,
        display_name=display_name,
        invited_email=email_key(email) if email else None,
        email=None,
        password_hash=None,
        disabled_at=None,
        version=1,
        created_at=now,
    )


def invite(session: Session, account: Account, agent: Agent, lasting: timedelta) -> tuple[str, datetime]:
    """Return a new one-use code for an account and its expiry; earlier codes are revoked.

    For an account that has a password it is a reset: whoever accepts it sets another one, and every device
    that was signed in before is signed out. Until then the old password goes on, and the code lasts
    RESET_LASTING at most. Raises Conflict for a disabled account: enabling is to revive no code.
    """
    account, now = lock_account(session, account.id), agent.acts_at
    if account.disabled_at is not None:
        sentence = Sentence("This account is disabled: enable it first.")
        raise Conflict(FieldError("account_id", "disabled", sentence, "parameter"))
    if account.password_hash is not None:
        lasting = min(lasting, RESET_LASTING)
    quotas.count(session, quotas.INVITATIONS, account.id, account.id, now)
    end_codes(session, account.id, now)
    code = new_code()
    invitation = Invitation(
        id=uuid4(),
        account_id=account.id,
        code_hash=code_hash(code),
        created_at=now,
        expires_at=now + lasting,
        accepted_at=None,
        revoked_at=None,
    )
    session.add(invitation)
    event, resets = Event.INVITATION_CREATED, account.password_hash is not None
    event_log.add(session, account.clinic_id, event, agent, concerning(account), resets_password=resets)
    return code, invitation.expires_at


def new_code() -> str:
    """Return a random code of 130 bits, as people can type it."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def code_hash(code: str) -> str:
    """Return the hash of a code as it was typed."""
    return secret_hash(code.upper().translate(MISREAD))


def end_codes(session: Session, account_id: UUID, now: datetime) -> None:
    """End every code of an account that nobody has used: revoke invitations, delete what was mailed."""
    unused = Invitation.account_id == account_id, Invitation.accepted_at.is_(None)
    session.execute(update(Invitation).where(*unused).values(revoked_at=now))
    end_mailed_codes(session, account_id)


def end_mailed_codes(session: Session, account_id: UUID) -> None:
    """Delete the codes for a new password that were mailed to an account's address."""
    session.execute(delete(PasswordReset).where(PasswordReset.account_id == account_id))


def was_accepted(session: Session, account: Account) -> bool:
    """Whether anybody ever accepted an invitation of this account: it may have been used since."""
    accepted = Invitation.account_id == account.id, Invitation.accepted_at.is_not(None)
    found = session.scalar(select(Invitation.id).where(*accepted).limit(1))
    return account.password_hash is not None or found is not None


def address_in_use(session: Session, email: str) -> bool:
    """Whether an account signs in with this address, or was invited with it and has not accepted yet."""
    wanted = email_key(email)
    waiting = Account.email.is_(None) & (Account.invited_email == wanted)
    found = select(Account.id).where((Account.email == wanted) | waiting)
    return session.scalar(found.limit(1)) is not None


def invited_staff(session: Session, email: str, clinic_id: UUID | None) -> list[Account]:
    """Return the staff invited with this address, of that clinic if given, who have no password yet."""
    query = select(Account).where(
        Account.invited_email == email_key(email),
        Account.password_hash.is_(None),
        Account.disabled_at.is_(None),
        holds_any(STAFF),
    )
    if clinic_id is not None:
        query = query.where(Account.clinic_id == clinic_id)
    return list(session.scalars(query))


def lock_account(session: Session, account_id: UUID) -> Account:
    """Load an account with a row lock, under which codes are created, used and revoked.

    A transaction that needs the patient's row too locks that first, so that no two wait for each other.
    """
    return session.get_one(Account, account_id, with_for_update=True, populate_existing=True)


def find_invitation(session: Session, code: str) -> Invitation:
    """Return the invitation of a code, used or not; raises InvitationSpent for an unknown code."""
    invitation = session.scalar(select(Invitation).where(Invitation.code_hash == code_hash(code)))
    if invitation is None:
        raise InvitationSpent
    return invitation


def lock_invited_account(session: Session, code: str, now: datetime) -> tuple[Invitation, Account]:
    """Return the invitation of a code and its account, locked; raises InvitationSpent.

    A code of an account that is disabled counts as used.
    """
    invitation = find_invitation(session, code)
    account = lock_account(session, invitation.account_id)
    session.refresh(invitation)
    # A code that a clock ahead of ours made would live longer than the clinic decided.
    over = invitation.expires_at <= now or clock_bounds.is_ahead(invitation.created_at, now)
    spent = invitation.accepted_at or invitation.revoked_at or over
    if spent or account.disabled_at is not None:
        raise InvitationSpent
    return invitation, account


def accepted_on(session: Session, code: str, device_id: str, now: datetime) -> Account | None:
    """Return the account whose code this device has accepted lately; None for any other device or code.

    The answer to the acceptance may have been lost: sent again with the same password, it is answered again.
    """
    invitation = find_invitation(session, code)
    accepted_at = invitation.accepted_at
    if accepted_at is None or clock_bounds.is_over(accepted_at + RETRY_ACCEPTANCE, now, RETRY_ACCEPTANCE):
        return None
    query = select(SignIn.id).where(
        SignIn.account_id == invitation.account_id,
        SignIn.device_id == device_id,
        SignIn.created_at >= accepted_at,
        SignIn.revoked_at.is_(None),
    )
    if session.scalar(query.limit(1)) is None:
        return None
    account = session.get_one(Account, invitation.account_id)
    return None if account.disabled_at is not None else account


def check_acceptance(session: Session, code: str, email: str | None, password: str, now: datetime) -> UUID:
    """Return the account's id; raise what `accept` would, and Invalid for a weak password.

    The password is judged first: of a request that will be refused for it, nothing about the address is said.
    """
    _, account = lock_invited_account(session, code, now)
    known = email or _address_of(account), account.display_name, "afterglow"
    weak = passwords.weakness(password, *known, second_factor=has_second_factor(session, account.id))
    if weak:
        raise Invalid(weak)
    _email_for(session, account, email)
    return account.id


@dataclass(frozen=True, slots=True)
class NewCredentials:
    """With what somebody will sign in: an address, None for the one that was invited, and a password."""

    email: str | None
    password: NewPassword


def accept(session: Session, code: str, credentials: NewCredentials, address: str, now: datetime) -> UUID:
    """Set an account's address and password with its one-use code; returns the account's id.

    Every device that was signed in before is signed out: of a reset, whoever knew the old password. Raises
    Invalid for a short password where there is no second factor.
    """
    invitation, account = lock_invited_account(session, code, now)
    resets = account.password_hash is not None
    account.email = _email_for(session, account, credentials.email)
    _set_password(session, account, credentials.password)
    account.version += 1
    invitation.accepted_at = now
    session.flush()
    end_codes(session, account.id, now)
    sign_out_everywhere(session, account.id, now)
    agent, event = agent_for(account, address, now), Event.INVITATION_ACCEPTED
    event_log.add(session, account.clinic_id, event, agent, concerning(account), resets_password=resets)
    return account.id


def change_password(
    session: Session, account_id: UUID, password: NewPassword, agent: Agent, sign_in_id: UUID | None = None
) -> None:
    """Set another password; ends every code, and signs out every device but the one of a sign-in, if given.

    Raises Invalid for a short password where there is no second factor.
    """
    account, now = lock_account(session, account_id), agent.acts_at
    _set_password(session, account, password)
    account.version += 1
    end_codes(session, account_id, now)
    sign_out_everywhere(session, account_id, now, except_for=sign_in_id)
    event_log.add(session, account.clinic_id, Event.PASSWORD_CHANGED, agent, concerning(account))


def _set_password(session: Session, account: Account, password: NewPassword) -> None:
    # The second factor may have been removed since the password was judged.
    if password.is_short and not has_second_factor(session, account.id):
        sentence = Sentence("Send a longer password: this one needs a second factor.")
        raise Invalid(FieldError("/password", "wrong_length", sentence))
    account.password_hash, account.password_is_short = password.hash, password.is_short


def has_second_factor(session: Session, account_id: UUID) -> bool:
    """Whether an account has a second factor in use."""
    in_use = SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_not(None)
    return session.scalar(select(SecondFactor.account_id).where(*in_use)) is not None


def delete_second_factor(session: Session, account_id: UUID) -> None:
    """Delete an account's second factor and recovery codes."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))


def change_email(ctx: Context, email: str) -> None:
    """Set another address of the actor's to sign in with; raises Conflict for one that is in use."""
    account = lock_account(ctx.session, ctx.actor.id)
    account.email = _email_for(ctx.session, account, email)
    account.version += 1
    end_mailed_codes(ctx.session, account.id)
    event_log.record(ctx, Event.EMAIL_CHANGED, concerning(account))


def set_address(session: Session, account: Account, email: str) -> None:
    """Set the address of an account as staff state it: to sign in with, once the invitation is accepted."""
    wanted = _email_for(session, account, email)
    account.invited_email = wanted
    if account.email is not None:
        account.email = wanted
        end_mailed_codes(session, account.id)


def sign_out_everywhere(
    session: Session, account_id: UUID, now: datetime, except_for: UUID | None = None
) -> None:
    """Revoke every sign-in of an account, but for `except_for`; they stay revoked."""
    ended = update(SignIn).where(SignIn.account_id == account_id, SignIn.revoked_at.is_(None))
    if except_for is not None:
        ended = ended.where(SignIn.id != except_for)
    session.execute(ended.values(revoked_at=now))


def set_disabled(ctx: Context, account: Account, *, disabled: bool) -> None:
    """Disable or enable an account; disabling ends its sign-ins and codes for good: enabling revives none."""
    if disabled != (account.disabled_at is not None):
        event = Event.ACCOUNT_DISABLED if disabled else Event.ACCOUNT_ENABLED
        event_log.record(ctx, event, concerning(account))
    account.disabled_at = (account.disabled_at or ctx.now) if disabled else None
    if disabled:
        sign_out_everywhere(ctx.session, account.id, ctx.now)
        end_codes(ctx.session, account.id, ctx.now)


def change_disabled(
    ctx: Context, account_id: UUID, expected_version: int | None, *, disabled: bool
) -> Account:
    """Disable or enable the account of a patient or a delegate; what they recorded stays.

    Raises VersionRequired or Stale.
    """
    account = lock_account(ctx.session, account_id)
    check_row_version(account, expected_version)
    set_disabled(ctx, account, disabled=disabled)
    account.version += 1
    ctx.session.flush()
    return account


def undo_acceptance(ctx: Context, account: Account) -> None:
    """Take an account back from whoever accepted its invitation: as if nobody had, until the next code.

    Their password, address, second factor and devices stop working, and so do all codes. Idempotent.
    """
    session, account = ctx.session, lock_account(ctx.session, account.id)
    if account.password_hash is not None:
        event_log.record(ctx, Event.ACCEPTANCE_UNDONE, concerning(account))
    account.email = account.password_hash = None
    account.password_is_short = False
    account.version += 1
    delete_second_factor(session, account.id)
    sign_out_everywhere(session, account.id, ctx.now)
    end_codes(session, account.id, ctx.now)


def _address_of(account: Account) -> str:
    """Return the address with which somebody signs in, or else was invited; empty where there is none."""
    return account.email or account.invited_email or ""


def _email_for(session: Session, account: Account, email: str | None) -> str:
    wanted = email_key(email or _address_of(account))
    if not wanted:
        raise Invalid(FieldError("/email", "required", Sentence("Send the e-mail address to sign in with.")))
    # An address with which somebody else was invited is theirs, also before they have accepted.
    invited = Account.email.is_(None) & (Account.invited_email == wanted) & Account.disabled_at.is_(None)
    taken = (Account.email == wanted) | invited
    if session.scalar(select(Account.id).where(taken, Account.id != account.id).limit(1)):
        raise Conflict(
            FieldError("/email", "taken", Sentence("This e-mail address cannot be used: send another."))
        )
    return wanted


def account_of(session: Session, actor: Actor) -> Account:
    """Return the signed-in user's own account."""
    return session.get_one(Account, actor.id)


def devices(session: Session, account_id: UUID, now: datetime, wanted: PageRequest) -> Page[SignIn]:
    """Return a page of the current sign-ins of an account by when they were last used."""
    query = select(SignIn).where(
        SignIn.account_id == account_id, SignIn.revoked_at.is_(None), SignIn.expires_at > now
    )
    return paged(session, query, (SignIn.rotated_at, SignIn.id), wanted)


def revoke_device(ctx: Context, account_id: UUID, sign_in_id: UUID) -> None:
    """Revoke a sign-in; raises NotFound for one of another account. Idempotent."""
    sign_in = ctx.session.get(SignIn, sign_in_id)
    if sign_in is None or sign_in.account_id != account_id:
        raise NotFound
    if sign_in.revoked_at is None:
        sign_in.revoked_at = ctx.now
        account = ctx.session.get_one(Account, account_id)
        event_log.record(ctx, Event.DEVICE_SIGNED_OUT, concerning(account), device_name=sign_in.device_name)
