"""flask account: reset the password of somebody whom no admin can help."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from cli.clinic import print_invitation, validity
from cli.reachable import migrated
from clinical.canonical_text import email_key
from models.accounts import Account
from services import accounts, second_factors
from services.event_log import by_command

NO_ACCOUNT = "Nobody signs in with this e-mail address."
INVITED = (
    "This account was invited and has no password yet: flask clinic invite makes another invitation for an "
    "admin, an admin for everybody else."
)
DISABLED = "This account is disabled. An admin of the clinic enables it first."


@click.group()
def account() -> None:
    """Accounts of people who sign in."""


@account.command("reset")
@click.argument("email")
@click.option("--second-factor", is_flag=True, help="Remove the second factor too, for whoever has lost it.")
@with_appcontext
def reset_command(email: str, *, second_factor: bool) -> None:
    """Print a one-use code to reset the password of the account that signs in with EMAIL.

    For a clinic's only admin; others are given a code by an admin, patients by their care team. Once the code
    is accepted, every device that was signed in is signed out. A second factor stays and is asked for, unless
    --second-factor removes it, which signs them out at once.
    """
    now = datetime.now(UTC)
    with migrated(current_app.extensions["database"]).write() as session:
        found = session.scalar(select(Account).where(Account.email == email_key(email)))
        if found is None or found.password_hash is None:
            raise click.ClickException(NO_ACCOUNT if found is None else INVITED)
        if found.disabled_at is not None:
            raise click.ClickException(DISABLED)
        if second_factor:
            second_factors.reset(session, found, by_command(now))
        code, expires_at = accounts.invite(session, found, by_command(now), validity())
    print_invitation(found, code, expires_at)
