"""Invite a person, let them take up their account, and see where they are signed in."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.accounts import Account, Invitation, SignIn
from services import passwords
from services.access import STAFF, Actor, Role
from services.errors import Conflict, FieldError, Invalid, InvitationSpent, NotFound
from services.tokens import secret_hash

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing in it is mistaken for something else when typed."""

CODE_LENGTH = 26
"""Characters of an invitation code. Operational."""
MISREAD = str.maketrans("OIL", "011", "- ")
"""Letters of a code read as the digits they resemble. Operational."""


def new_account(clinic_id: UUID, role: Role, display_name: str, email: str | None, now: datetime) -> Account:
    """Make an account that nobody can sign in to yet."""
    return Account(
        id=uuid4(),
        clinic_id=clinic_id,
        role=role,
        patient_id=None,
        display_name=display_name,
        invited_email=email.casefold() if email else None,
        email=None,
        password_hash=None,
        disabled_at=None,
        version=1,
        created_at=now,
    )


def invite(session: Session, account: Account, now: datetime, lasting: timedelta) -> tuple[str, datetime]:
    """Make a one-use code for an account, and withdraw any earlier one; gives the code and its end.

    Raises Conflict when the account was already taken up.
    """
    account = held(session, account.id)
    if account.password_hash is not None:
        raise Conflict(FieldError("/patient_id", "already_accepted", "This person already has a password."))
    unused = Invitation.account_id == account.id, Invitation.accepted_at.is_(None)
    session.execute(update(Invitation).where(*unused).values(revoked_at=now))
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    invitation = Invitation(
        id=uuid4(),
        account_id=account.id,
        code_hash=secret_hash(code),
        created_at=now,
        expires_at=now + lasting,
        accepted_at=None,
        revoked_at=None,
    )
    session.add(invitation)
    return code, invitation.expires_at


def address_in_use(session: Session, email: str) -> bool:
    """Tell whether somebody signs in with this address, or was invited with it and has not taken it up."""
    wanted = email.casefold()
    waiting = Account.email.is_(None) & (Account.invited_email == wanted)
    found = select(Account.id).where((Account.email == wanted) | waiting)
    return session.scalar(found.limit(1)) is not None


def invited_staff(session: Session, email: str, clinic_id: UUID | None) -> list[Account]:
    """List the staff added with this address, of that clinic if named, who have no password yet."""
    query = select(Account).where(
        Account.invited_email == email.strip().casefold(),
        Account.password_hash.is_(None),
        Account.disabled_at.is_(None),
        Account.role.in_([str(role) for role in STAFF]),
    )
    if clinic_id is not None:
        query = query.where(Account.clinic_id == clinic_id)
    return list(session.scalars(query))


def held(session: Session, account_id: UUID) -> Account:
    """Load an account, held against whoever else would invite, take up or shut it.

    Who needs a patient's row as well holds that first; codes are made, spent and withdrawn only under this.
    """
    return session.get_one(Account, account_id, with_for_update=True, populate_existing=True)


def made_for(session: Session, code: str) -> Invitation:
    """Find what a code is, spent or not; raises InvitationSpent for one that nobody made."""
    plain = code.upper().translate(MISREAD)
    invitation = session.scalar(select(Invitation).where(Invitation.code_hash == secret_hash(plain)))
    if invitation is None:
        raise InvitationSpent
    return invitation


def invited(session: Session, code: str, now: datetime) -> tuple[Invitation, Account]:
    """Find the account a code was made for, held; raises InvitationSpent, for a wrong code too.

    A code of an account that was taken up or shut is spent, whatever it says itself.
    """
    invitation = made_for(session, code)
    account = held(session, invitation.account_id)
    session.refresh(invitation)
    spent = invitation.accepted_at or invitation.revoked_at or invitation.expires_at <= now
    if spent or account.password_hash is not None or account.disabled_at is not None:
        raise InvitationSpent
    return invitation, account


def check_acceptance(session: Session, code: str, email: str | None, password: str, now: datetime) -> None:
    """Refuse what cannot be accepted, before time is spent on hashing the password."""
    _, account = invited(session, code, now)
    _email_for(session, account, email)
    weak = passwords.weakness(password, email or "", account.display_name, "afterglow")
    if weak:
        raise Invalid(weak)


def accept(session: Session, code: str, email: str | None, password_hash: str, now: datetime) -> UUID:
    """Take up an account with a code, once; gives the account's id."""
    invitation, account = invited(session, code, now)
    account.email = _email_for(session, account, email)
    account.password_hash = password_hash
    account.version += 1
    invitation.accepted_at = now
    return account.id


def _email_for(session: Session, account: Account, email: str | None) -> str:
    wanted = (email or account.invited_email or "").casefold()
    if not wanted:
        raise Invalid(FieldError("/email", "required", "Send the e-mail address to sign in with."))
    if session.scalar(select(Account.id).where(Account.email == wanted, Account.id != account.id)):
        raise Conflict(FieldError("/email", "taken", "This e-mail address cannot be used."))
    return wanted


def account_of(session: Session, actor: Actor) -> Account:
    """Load the signed-in person's own account."""
    return session.get_one(Account, actor.id)


def devices(session: Session, account_id: UUID, now: datetime) -> list[SignIn]:
    """List where an account is signed in, the latest first."""
    query = (
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.revoked_at.is_(None), SignIn.expires_at > now)
        .order_by(SignIn.rotated_at.desc(), SignIn.id)
    )
    return list(session.scalars(query))


def revoke_device(session: Session, account_id: UUID, sign_in_id: UUID, now: datetime) -> None:
    """Sign one device out; raises NotFound for a device of somebody else."""
    sign_in = session.get(SignIn, sign_in_id)
    if sign_in is None or sign_in.account_id != account_id:
        raise NotFound
    sign_in.revoked_at = sign_in.revoked_at or now
