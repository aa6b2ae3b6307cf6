"""flask clinic: create a clinic and invite its first admin, or invite a member of staff again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import available_timezones

import click
from flask import current_app
from flask.cli import with_appcontext

from cli.reachable import migrated
from clinical.canonical_text import canonical_line
from models.accounts import Account
from models.database import Database
from schemas.clinics import ClinicChangeSchema, NewMemberSchema
from services import accounts, clinics
from services.access import STAFF, Role
from services.event_log import by_command

ADDRESS_IN_USE = (
    "An account has this e-mail address already, or was invited with it: nothing was created. Each account "
    "needs an address of its own; flask clinic invite EMAIL makes a new invitation if the first one expired."
)
BESIDE_DEMO = (
    "The database has the demo clinic, whose passwords are public: nothing was created. Point DATABASE_URL "
    "at an empty database and run flask db upgrade."
)
NO_INVITATION = "No invited member of staff with this e-mail address has yet to accept."
SEVERAL_CLINICS = "Several clinics have invited this e-mail address: choose one with --clinic."


@click.command("create")
@click.argument("name")
@click.option("--time-zone", required=True, help="IANA name, as Europe/Lisbon.")
@click.option("--admin-email", required=True)
@click.option("--admin-name", required=True)
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([str(role) for role in STAFF]),
    help="Another role of the first admin, as clinician; may be given several times.",
)
@with_appcontext
def create_command(
    name: str, time_zone: str, admin_email: str, admin_name: str, roles: tuple[str, ...]
) -> None:
    """Create the clinic NAME, and print its id and the one-use code of its first admin."""
    if time_zone not in available_timezones():
        raise click.BadParameter("not the name of a time zone", param_hint="--time-zone")
    if ClinicChangeSchema().validate({"name": name}):
        raise click.BadParameter("one line of 1 to 200 characters", param_hint="NAME")
    person = {"email": admin_email, "display_name": admin_name, "roles": ["admin"]}
    wrong = NewMemberSchema().validate(person)
    if wrong:
        names = {"email": "--admin-email", "display_name": "--admin-name"}
        raise click.BadParameter("cannot be used", param_hint=", ".join(names[field] for field in wrong))
    refuse_beside_demo(current_app.extensions["database"])
    name, admin_name = canonical_line(name), canonical_line(admin_name)
    now = datetime.now(UTC)
    with migrated(current_app.extensions["database"]).write() as session:
        if accounts.address_in_use(session, admin_email):
            raise click.ClickException(ADDRESS_IN_USE)
        created = clinics.create_clinic(session, name, time_zone, now)
        admin = clinics.NewMember(frozenset({Role.ADMIN, *map(Role, roles)}), admin_name, admin_email)
        account = clinics.add_member(session, created.id, admin, by_command(now)).value
        code, expires_at = accounts.invite(session, account, by_command(now), validity())
    click.echo(f"clinic      {created.id}")
    print_invitation(account, code, expires_at)
    click.echo(
        "outlook     silent trial: forecasts are computed and scored, and shown to nobody until an admin "
        "sets outlook_mode to shown"
    )
    click.echo(
        "safety      item 9 opens alerts from the first day; nobody is notified of them until an admin sets "
        f"crisis contacts and an on-call: PUT /v1/clinics/{created.id}/safety-settings"
    )


def refuse_beside_demo(database: Database) -> None:
    """Raise ClickException in production where the database has the demo clinic."""
    if current_app.extensions["settings"].environment != "production":
        return
    # Imported here: the other commands start without it.
    from demo import clinic as demo_clinic  # noqa: PLC0415

    with migrated(database).read() as session:
        if demo_clinic.exists(session):
            raise click.ClickException(BESIDE_DEMO)


@click.command("invite")
@click.argument("email")
@click.option(
    "--clinic", "clinic_id", type=click.UUID, help="The clinic's id, if several invited this address."
)
@with_appcontext
def invite_command(email: str, clinic_id: UUID | None) -> None:
    """Invite the member of staff with the address EMAIL again; an earlier code is revoked.

    For an invitation that expired before its clinic had an admin who could make another.
    """
    now = datetime.now(UTC)
    with migrated(current_app.extensions["database"]).write() as session:
        found = accounts.invited_staff(session, email, clinic_id)
        if len(found) != 1:
            raise click.ClickException(SEVERAL_CLINICS if found else NO_INVITATION)
        code, expires_at = accounts.invite(session, found[0], by_command(now), validity())
    print_invitation(found[0], code, expires_at)


COMMANDS: Sequence[click.Command] = (create_command, invite_command)


def validity() -> timedelta:
    """Return how long an invitation code can be used."""
    return timedelta(minutes=current_app.extensions["settings"].invitation_minutes)


def print_invitation(account: Account, code: str, expires_at: datetime) -> None:
    """Print a code, whom it is for and how it is accepted."""
    click.echo(f"roles       {account.roles.replace(' ', ', ')}")
    click.echo(f"invitation  {code}  (until {expires_at:%Y-%m-%d %H:%M} UTC)")
    click.echo(f"accept it   POST /v1/auth/invitations/{code}/accept")
