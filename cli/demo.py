"""flask demo: fill a database with a simulated clinic and print its logins."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from cli.reachable import migrated
from demo import clinic as demo_clinic
from demo import ids as demo_ids
from demo.clinic import logins
from models.database import Database


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing if the database has a clinic already.")
@with_appcontext
def demo(*, if_empty: bool) -> None:
    """Fill a database with a simulated clinic and print one login for each role.

    Each line is a role, its e-mail address or client id, and its password or client secret, separated by
    tabs. Not available in production.
    """
    settings = current_app.extensions["settings"]
    if settings.environment == "production":
        raise click.ClickException("This is a production server: it has no demo clinic.")
    client_secret = settings.derived_key("demo-integration").hex()
    if _ensure(current_app.extensions["database"], client_secret, if_empty=if_empty):
        for login in logins(client_secret):
            click.echo(f"{login.role}\t{login.name}\t{login.password}")


def _ensure(database: Database, client_secret: str, *, if_empty: bool) -> bool:
    """Create the demo clinic unless it exists; return whether the database has it now."""
    with migrated(database).write(demo_ids.CLINIC_ID) as session:
        if demo_clinic.exists(session):
            if not if_empty:
                raise click.ClickException("The demo clinic exists already; --if-empty prints its logins.")
            demo_clinic.set_client_secret(session, client_secret)
            return True
        if if_empty and not demo_clinic.is_empty(session):
            click.echo("The database has another clinic: no demo clinic was created.", err=True)
            return False
        created = demo_clinic.fill(session, client_secret, datetime.now(UTC))
    click.echo(
        f"Created {demo_clinic.CLINIC_NAME}: {created.patients} patients, {created.check_ins} check-ins and "
        f"{created.infusions} infusions. Who is an example of what: docs/demo.md.",
        err=True,
    )
    return True
