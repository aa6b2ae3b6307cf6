"""flask clinic: create a clinic and invite its first admin, or invite a member of staff again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import available_timezones

import click
from flask import current_app
from flask.cli import with_appcontext

from cli.db import migrated
from schemas.clinics import ClinicChangeSchema, NewMemberSchema
from services import accounts, clinics
from services.access import Role

TAKEN = (
    "An account has this e-mail address already, or was invited with it: nothing was made. Each account "
    "needs an address of its own; flask clinic invite EMAIL makes a new invitation for one that was not "
    "taken up."
)
NOBODY = "Nobody who was added with this e-mail address is waiting for an invitation."
SEVERAL = "Several clinics have added this e-mail address: say with --clinic which one."


@click.group()
def clinic() -> None:
    """Clinics, and the people who run them."""


@clinic.command("create")
@click.argument("name")
@click.option("--time-zone", required=True, help="IANA name, as Europe/Lisbon.")
@click.option("--admin-email", required=True)
@click.option("--admin-name", required=True)
@with_appcontext
def create_command(name: str, time_zone: str, admin_email: str, admin_name: str) -> None:
    """Create the clinic NAME, and print its id and the one-use code of its first admin."""
    if time_zone not in available_timezones():
        raise click.BadParameter("not the name of a time zone", param_hint="--time-zone")
    name, admin_name = name.strip(), admin_name.strip()
    if ClinicChangeSchema().validate({"name": name}):
        raise click.BadParameter("one line of 1 to 200 characters", param_hint="NAME")
    wrong = NewMemberSchema().validate({"email": admin_email, "display_name": admin_name, "role": "admin"})
    if wrong:
        names = {"email": "--admin-email", "display_name": "--admin-name"}
        raise click.BadParameter("cannot be used", param_hint=", ".join(names[field] for field in wrong))
    now = datetime.now(UTC)
    with migrated(current_app.extensions["database"]).write() as session:
        if accounts.address_in_use(session, admin_email):
            raise click.ClickException(TAKEN)
        opened = clinics.create_clinic(session, name, time_zone, now)
        admin, _ = clinics.add_member(session, opened.id, Role.ADMIN, admin_name, admin_email, now)
        code, expires_at = accounts.invite(session, admin, now, _lasting())
    click.echo(f"clinic      {opened.id}")
    _tell(code, expires_at)
    click.echo(
        "outlook     silent: forecasts are made and scored, and shown to nobody until an admin sets "
        "outlook_mode to shown"
    )
    click.echo(
        "safety      nobody is told of alerts, which item 9 opens from the first day, until an admin sets "
        f"crisis contacts and an on-call: PUT /v1/clinics/{opened.id}/safety-settings"
    )


@clinic.command("invite")
@click.argument("email")
@click.option("--clinic", "clinic_id", type=click.UUID, help="The clinic's id, where several invited them.")
@with_appcontext
def invite_command(email: str, clinic_id: UUID | None) -> None:
    """Invite the member of staff again who was added with EMAIL; an earlier code is withdrawn.

    For an invitation that ran out before its clinic had an admin to make another.
    """
    now = datetime.now(UTC)
    with migrated(current_app.extensions["database"]).write() as session:
        found = accounts.invited_staff(session, email, clinic_id)
        if len(found) != 1:
            raise click.ClickException(SEVERAL if found else NOBODY)
        code, expires_at = accounts.invite(session, found[0], now, _lasting())
    _tell(code, expires_at)


def _lasting() -> timedelta:
    return timedelta(minutes=current_app.extensions["settings"].invitation_minutes)


def _tell(code: str, expires_at: datetime) -> None:
    click.echo(f"invitation  {code}  (until {expires_at:%Y-%m-%d %H:%M} UTC)")
    click.echo(f"accept it   POST /v1/auth/invitations/{code}/accept")
