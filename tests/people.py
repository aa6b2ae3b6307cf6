"""The callers of every test: a patient, her clinician, the admin, an integration, and another clinic's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Engine, Table, insert, select

from api.http.auth import access_token
from models.accounts import Account
from models.base import Base
from models.database import Database
from models.patients import Patient
from services.access import Role, Scope, split_roles
from services.tokens import Grant
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Person:
    """Somebody who may send requests; `id` is the account's, or the API client's."""

    app: Flask
    name: str
    id: UUID
    clinic_id: UUID
    roles: frozenset[Role]
    email: str | None = None
    patient_id: UUID | None = None
    sign_in_id: UUID | None = None
    device_id: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What they send with a request: a token minted now, so that a test may travel in time."""
        scopes = tuple(sorted(Scope)) if Role.INTEGRATION in self.roles else ()
        with self.app.app_context():
            token = access_token(Grant(self.id, self.roles, self.sign_in_id, scopes=scopes))
        return {"Authorization": f"Bearer {token}"}


@dataclass(frozen=True)
class Nobody:
    """Somebody who is not signed in."""

    name: str = "nobody"

    @property
    def headers(self) -> dict[str, str]:
        """Nothing proves who they are."""
        return {}


@dataclass(frozen=True)
class People:
    """Everybody, and the two clinics they belong to."""

    clinic_id: UUID
    other_clinic_id: UUID
    patient: Person
    other_patient: Person
    clinician: Person
    admin: Person
    integration: Person
    delegate: Person
    """Somebody whom the patient lets read every part."""
    stranger: Person
    strangers_patient: Person
    nobody: Nobody

    def __iter__(self) -> Iterator[Person | Nobody]:
        """Everybody who may call a patient's endpoints, an anonymous caller included."""
        yield from (self.patient, self.other_patient, self.clinician, self.admin, self.integration)
        yield self.delegate
        yield from (self.stranger, self.strangers_patient, self.nobody)


@dataclass(frozen=True)
class StoredRows:
    """The rows that something stored, and an SQLite file with these rows alone."""

    rows: list[tuple[Table, list[dict[str, Any]]]]
    file: Path

    @classmethod
    def of(cls, database: Database, file: Path) -> StoredRows:
        """Read every row of an SQLite file's database, and close it."""
        with database.engine.connect() as connection:
            stored = [
                (table, [dict(row) for row in connection.execute(select(table)).mappings()])
                for table in Base.metadata.sorted_tables
            ]
        database.close()
        return cls([(table, rows) for table, rows in stored if rows], file)

    def insert_into(self, engine: Engine) -> None:
        """Insert the rows into another database."""
        with engine.begin() as connection:
            for table, rows in self.rows:
                connection.execute(insert(table), rows)


@dataclass(frozen=True)
class PeopleRows:
    """Two clinics with their people, and the rows that store them."""

    people: People
    stored: StoredRows

    @classmethod
    def create(cls, app: Flask, file: Path) -> PeopleRows:
        """Create the people in a migrated SQLite file without rows."""
        database = Database(f"sqlite:///{file}")
        return cls(assemble(app, database), StoredRows.of(database, file))


def assemble(app: Flask, database: Database) -> People:
    """Make the two clinics and everybody in them."""
    with database.write() as session:
        here = factories.clinic(session, name="Harbour Clinic").id
        there = factories.clinic(session, name="Meadow Clinic").id
    with database.write(here) as session:
        client = factories.api_client(session, here)
        ours = {
            "patient": _patient(app, session, "patient", display_name="Wren Alder"),
            "other_patient": _patient(app, session, "other_patient", display_name="Kit Marlow"),
            "clinician": _staff(app, session, "clinician", Role.CLINICIAN),
            "admin": _staff(app, session, "admin", Role.ADMIN),
            "integration": Person(app, "integration", client.id, here, frozenset({Role.INTEGRATION})),
        }
        ours["delegate"] = _delegate(app, session, ours["patient"])
    with database.write(there) as session:
        theirs = {
            "stranger": _staff(app, session, "stranger", Role.CLINICIAN),
            "strangers_patient": _patient(app, session, "strangers_patient", display_name="Ash Rowan"),
        }
    return People(clinic_id=here, other_clinic_id=there, nobody=Nobody(), **ours, **theirs)


def _staff(app: Flask, session: Session, name: str, role: Role) -> Person:
    return signed_in(app, session, name, factories.account(session, session.info["clinic_id"], role).id)


def _patient(app: Flask, session: Session, name: str, **given: str) -> Person:
    made: Patient = factories.patient(session, **given)
    return signed_in(app, session, name, made.account_id)


def _delegate(app: Flask, session: Session, of: Person) -> Person:
    account = factories.account(session, of.clinic_id, Role.DELEGATE, display_name="Sage Alder")
    consent = factories.consent(session, session.get_one(Patient, (of.clinic_id, of.patient_id)), account.id)
    return signed_in(app, session, "delegate", consent.account_id)


def signed_in(app: Flask, session: Session, name: str, account_id: UUID) -> Person:
    """Somebody with an account, signed in on a device."""
    account = session.get_one(Account, account_id)
    device = factories.sign_in(session, account_id)
    return Person(
        app=app,
        name=name,
        id=account_id,
        clinic_id=account.clinic_id,
        roles=split_roles(account.roles),
        email=account.email,
        patient_id=account.patient_id,
        sign_in_id=device.id,
        device_id=device.device_id,
    )
