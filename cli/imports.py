"""flask import: import diaries from files."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cli.db import migrated
from cli.diaries import csv_file
from cli.diaries.csv_file import Diary, Entry, RefusedLine
from models.accounts import Account
from models.clinics import Clinic
from models.database import Database
from models.patients import Patient
from services import check_ins
from services.access import CARE_TEAM, Actor, Role, holds_any, split_roles
from services.context import Context
from services.errors import FieldError, Gone, Invalid, ServiceError, VersionRequired

AT_ONCE = 100
"""Lines per transaction, so that a long file does not block other writers."""

REPORT_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose diary it is, and the member of staff on whose behalf it is stored."""

    actor: Actor
    patient_id: UUID
    time_zone: str


@click.group("import")
def imports() -> None:
    """Import diaries from files."""


@imports.command("check-ins")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--patient", required=True, help="The patient's id or record number.")
@click.option("--as", "staff", metavar="EMAIL", help="The member of staff who imports it.")
@click.option("--time-zone", metavar="ZONE", help="Time zone of the entries; the patient's by default.")
@click.option("--dry-run", is_flag=True, help="Validate every line and store nothing.")
@with_appcontext
def check_ins_command(
    file: Path, patient: str, staff: str | None, time_zone: str | None, *, dry_run: bool
) -> None:
    """Import a diary, FILE: a CSV file, or a Daylio export; docs/import.md has its columns.

    Days that are stored with the same answers are unchanged; days stored with other answers are refused.
    The days are recorded as entered by a member of staff: the clinic's first admin, or the one given by --as.
    """
    database = migrated(current_app.extensions["database"])
    now = datetime.now(UTC)
    whose = _whose(database, patient, staff)
    try:
        diary = csv_file.read(file.read_bytes(), time_zone or whose.time_zone, now)
    except csv_file.Unreadable as why:
        raise click.ClickException(str(why)) from None
    counts, refused = _store(database, whose, diary, now, dry_run=dry_run)
    _report(diary, counts, refused, dry_run=dry_run)
    if refused:
        sys.exit(1)


def _whose(database: Database, wanted: str, email: str | None) -> Whose:
    """Find the patient and the member of staff, in the clinic of the latter if named."""
    with database.read() as session:
        staff = None if email is None else _member_of_staff(session, email)
        clinics = [staff.clinic_id] if staff else list(session.scalars(select(Clinic.id)))
    found = []
    for clinic_id in clinics:
        with database.read(clinic_id) as session:
            found += [
                (patient, staff or _first_admin(session, clinic_id)) for patient in _patients(session, wanted)
            ]
    if len(found) != 1:
        why = "There is no such patient." if not found else "Several clinics have such a patient: use --as."
        raise click.ClickException(why)
    patient, account = found[0]
    if account is None:
        raise click.ClickException("The patient's clinic has no admin: choose a member of staff with --as.")
    return Whose(
        Actor(account.id, account.clinic_id, split_roles(account.roles)), patient.id, patient.time_zone
    )


def _patients(session: Session, wanted: str) -> list[Patient]:

    named: ColumnElement[bool]
    try:
        named = (Patient.id == UUID(wanted)) | (Patient.record_number == wanted)
    except ValueError:
        named = Patient.record_number == wanted
    return list(session.scalars(select(Patient).where(named)))


def _member_of_staff(session: Session, email: str) -> Account:

    account = session.scalar(
        select(Account).where(Account.email == email.strip().casefold(), Account.disabled_at.is_(None))
    )
    if account is None or split_roles(account.roles).isdisjoint((*CARE_TEAM, Role.ADMIN)):
        raise click.ClickException("No clinician, nurse or admin has that e-mail address.")
    return account


def _first_admin(session: Session, clinic_id: UUID) -> Account | None:

    admins = select(Account).where(
        Account.clinic_id == clinic_id, holds_any([Role.ADMIN]), Account.disabled_at.is_(None)
    )
    return session.scalar(admins.order_by(Account.created_at, Account.id).limit(1))


def _store(
    database: Database, whose: Whose, diary: Diary, now: datetime, *, dry_run: bool
) -> tuple[Counter[str], list[RefusedLine]]:
    """Store what can be, line by line; gives how often what came of it, and every refusal."""
    counts: Counter[str] = Counter()
    refused = list(diary.refused)
    for start in range(0, len(diary.entries), AT_ONCE):
        if start and start % REPORT_EVERY == 0:
            click.echo(f"{start} of {len(diary.entries)} days", err=True)
        entries = diary.entries[start : start + AT_ONCE]
        with database.write(whose.actor.clinic_id) as session, session.begin_nested() as batch:
            refused += _store_some(session, whose, entries, now, counts)
            if dry_run:
                batch.rollback()
    return counts, sorted(refused, key=lambda line: line.line)


def _store_some(
    session: Session, whose: Whose, entries: Sequence[Entry], now: datetime, counts: Counter[str]
) -> list[RefusedLine]:

    refused = []
    for entry in entries:
        try:
            counts[_store_one(session, whose, entry, now)] += 1
        except ServiceError as why:
            refused.append(RefusedLine(entry.line, _reasons(why)))
    return refused


def _store_one(session: Session, whose: Whose, entry: Entry, now: datetime) -> str:
    """Store one day in a savepoint of its own; gives what came of it."""

    def put() -> str:
        with session.begin_nested():
            ctx = Context(session, whose.actor, now)
            stored = check_ins.put_imported(ctx, whose.patient_id, entry.local_date, entry.draft)
        return str(stored.outcome)

    try:
        return put()
    except IntegrityError:
        # Somebody stored the same day meanwhile: look again, and recognise or refuse it.
        return put()


def _reasons(why: ServiceError) -> tuple[FieldError, ...]:

    if isinstance(why, Invalid):
        return tuple(FieldError("date", error.code, error.detail, "column") for error in why.errors)
    if isinstance(why, VersionRequired):
        sentence = "Other answers are stored for this day; they were left as they are."
        return (FieldError("date", "differs", sentence, "column"),)
    if isinstance(why, Gone):
        sentence = "This day's answers were removed, and stay so."
        return (FieldError("date", why.code, sentence, "column"),)
    return (FieldError("date", why.code, why.detail, "column"),)


def _report(diary: Diary, counts: Counter[str], refused: list[RefusedLine], *, dry_run: bool) -> None:
    """Print which lines were not stored and why, and the counts; never the content of a line."""
    for line in diary.set_aside:
        click.echo(f"line {line}: not used: a later entry of its day was")
    for each in refused:
        for error in each.errors:
            click.echo(f"line {each.line}: {error.pointer}: {error.detail} ({error.code})")
    stored, unchanged = counts["created"], counts["unchanged"]
    aside = f", {len(diary.set_aside)} not used" if diary.set_aside else ""
    would = "would be stored" if dry_run else "stored"
    click.echo(f"{stored} {would}, {unchanged} unchanged, {len(refused)} refused{aside}")
