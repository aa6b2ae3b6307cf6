"""flask clinic open: open a clinic and invite its first admin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
from flask import current_app
from flask.cli import with_appcontext


@click.group()
def clinic() -> None:
    """Clinics, and the people who run them."""


@clinic.command("open")
@click.argument("name")
@click.option("--time-zone", required=True, help="IANA name, as Europe/Lisbon.")
@click.option("--admin-email", required=True)
@click.option("--admin-name", required=True)
@with_appcontext
def open_command(name: str, time_zone: str, admin_email: str, admin_name: str) -> None:
    """Open the clinic NAME, and print its id and the one-use code of its first admin."""
    from zoneinfo import available_timezones

    from schemas.clinics import ClinicChangeSchema, NewMemberSchema
    from services import accounts, clinics
    from services.access import Role

    if time_zone not in available_timezones():
        raise click.BadParameter("not the name of a time zone", param_hint="--time-zone")
    name, admin_name = name.strip(), admin_name.strip()
    if ClinicChangeSchema().validate({"name": name}):
        raise click.BadParameter("1 to 200 characters", param_hint="NAME")
    wrong = NewMemberSchema().validate({"email": admin_email, "display_name": admin_name, "role": "admin"})
    if wrong:
        names = {"email": "--admin-email", "display_name": "--admin-name"}
        raise click.BadParameter("cannot be used", param_hint=", ".join(names[field] for field in wrong))
    settings = current_app.extensions["settings"]
    now = datetime.now(UTC)
    with current_app.extensions["sessions"].writing() as session:
        opened = clinics.open_clinic(session, name, time_zone, now)
        admin, _ = clinics.add_member(session, opened.id, Role.ADMIN, admin_name, admin_email, now)
        lasting = timedelta(minutes=settings.invitation_minutes)
        code, expires_at = accounts.invite(session, admin, now, lasting)
    click.echo(f"clinic      {opened.id}")
    click.echo(f"invitation  {code}  (until {expires_at:%Y-%m-%d %H:%M} UTC)")
    click.echo(
        "outlook     silent: forecasts are made and scored, and shown to nobody until an admin sets "
        "outlook_mode to shown"
    )
    click.echo(f"accept it   POST /v1/auth/invitations/{code}/accept")
