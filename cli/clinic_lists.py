"""flask clinic list, staff, patients, clients: what a server holds, one tab-separated line each.

Patients are listed by record number and id, without names: others may read a terminal's history.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cli.reachable import migrated
from models.api_clients import ApiClient
from models.clinics import Clinic
from models.database import Database
from models.patients import Patient
from services import api_clients, clinics

NO_CLINIC = "There is no clinic with this id: flask clinic list prints them."
_of_clinic = click.argument("clinic_id", metavar="[CLINIC_ID]", type=click.UUID, required=False)


@click.group()
def clinic() -> None:
    """Create a clinic and invite its staff; list what a server holds."""


@clinic.command("list")
@with_appcontext
def list_command() -> None:
    """Print every clinic: id, name, time zone, outlook mode, staff, patients, API clients that can ask."""
    now = datetime.now(UTC)
    for clinic, session in _clinics(
        None, "id", "name", "time zone", "outlook", "staff", "patients", "clients"
    ):
        _print(
            clinic.id,
            clinic.name,
            clinic.time_zone,
            clinic.outlook_mode,
            sum(account.disabled_at is None for account in clinics.staff_of(session, clinic.id)),
            session.scalar(select(func.count()).where(Patient.discharged_at.is_(None))),
            sum(
                _client_state(client, now) == "active"
                for client in api_clients.clients_of(session, clinic.id)
            ),
        )


@clinic.command("staff")
@_of_clinic
@with_appcontext
def staff_command(clinic_id: UUID | None) -> None:
    """Print the staff of every clinic, or of one: id, name, address, roles, and whether they can sign in."""
    for clinic, session in _clinics(clinic_id, "clinic", "id", "name", "e-mail", "roles", "state"):
        for account in clinics.staff_of(session, clinic.id):
            invited = "active" if account.password_hash is not None else "invited"
            state = invited if account.disabled_at is None else "disabled"
            email = account.email or account.invited_email or ""
            _print(clinic.id, account.id, account.display_name, email, account.roles, state)


@clinic.command("patients")
@_of_clinic
@with_appcontext
def patients_command(clinic_id: UUID | None) -> None:
    """Print the patients of every clinic, or of one, without their names: id, record number, state."""
    for clinic, session in _clinics(clinic_id, "clinic", "id", "record number", "state"):
        for patient in session.scalars(select(Patient).order_by(Patient.record_number_key, Patient.id)):
            state = "enrolled" if patient.discharged_at is None else "discharged"
            _print(clinic.id, patient.id, patient.record_number, state)


@clinic.command("clients")
@_of_clinic
@with_appcontext
def clients_command(clinic_id: UUID | None) -> None:
    """Print the API clients of every clinic, or of one: id, name, scopes, expiry, state."""
    now = datetime.now(UTC)
    for clinic, session in _clinics(clinic_id, "clinic", "id", "name", "scopes", "expires", "state"):
        for client in api_clients.clients_of(session, clinic.id):
            expires = f"{client.expires_at:%Y-%m-%d}"
            _print(clinic.id, client.id, client.name, client.scopes, expires, _client_state(client, now))


def _clinics(clinic_id: UUID | None, *head: str) -> Iterator[tuple[Clinic, Session]]:
    """Give each clinic, or the one, with a session that reads its own; prints the head of the list first."""
    database: Database = migrated(current_app.extensions["database"])
    query = select(Clinic).order_by(Clinic.name, Clinic.id)
    if clinic_id is not None:
        query = query.where(Clinic.id == clinic_id)
    with database.read() as session:
        found = session.scalars(query).all()
    if clinic_id is not None and not found:
        raise click.ClickException(NO_CLINIC)
    _print(*head)
    for clinic in found:
        with database.read(clinic.id) as session:
            yield clinic, session


def _client_state(client: ApiClient, now: datetime) -> str:
    if client.revoked_at is not None:
        return "revoked"
    return "active" if client.expires_at > now else "expired"


def _print(*cells: object) -> None:
    click.echo("\t".join(str(cell) for cell in cells))
