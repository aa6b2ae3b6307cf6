"""flask demo: fill a database with a made-up clinic, and say how to sign in to it."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from cli.db import migrated
from demo import clinic as made_up
from demo.clinic import logins
from models.database import Database


@click.command()
@click.option("--if-empty", is_flag=True, help="Where a clinic is there already, make none.")
@with_appcontext
def demo(*, if_empty: bool) -> None:
    """Fill a database with a made-up clinic, and print one login for each role.

    Each line is a role, its e-mail address or client id, and its password or client secret, with tabs
    between them. Refused in production.
    """
    settings = current_app.extensions["settings"]
    if settings.environment == "production":
        raise click.ClickException("This is a production server: its clinic is real.")
    client_secret = settings.derived_key("demo-integration").hex()
    if _present(current_app.extensions["database"], client_secret, if_empty=if_empty):
        for login in logins(client_secret):
            click.echo(f"{login.role}\t{login.name}\t{login.words}")


def _present(database: Database, client_secret: str, *, if_empty: bool) -> bool:
    """See to it that the demo clinic is there; tell whether it is."""
    with migrated(database).write(made_up.CLINIC_ID) as session:
        if made_up.is_there(session):
            if not if_empty:
                raise click.ClickException("The demo clinic is already there; --if-empty prints its logins.")
            made_up.set_client_secret(session, client_secret)
            return True
        if if_empty and not made_up.is_empty(session):
            click.echo("Another clinic is there: nothing was made.", err=True)
            return False
        made = made_up.fill(session, client_secret, datetime.now(UTC))
    click.echo(
        f"Made {made_up.CLINIC_NAME}: {made.patients} patients, {made.check_ins} check-ins and "
        f"{made.infusions} infusions.",
        err=True,
    )
    return True
