"""flask import: import check-ins, patients, infusions and totals of questionnaires from files."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO, Any
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cli.reachable import migrated
from clinical.canonical_text import email_key, record_number_key
from imports import files
from imports.files import Importer, Settings
from imports.lines import Report
from imports.scales import Direction
from imports.table_file import Unreadable
from models.accounts import Account
from models.clinics import Clinic
from models.database import Database
from models.patients import Patient
from services.access import CARE_TEAM, Actor, Role, holds_any, split_roles

REPORT_EVERY = 1000
WORDS = 5


@click.group("import")
def imports() -> None:
    """Import check-ins, patients, infusions and scores from files."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every import has."""
    for option in (
        with_appcontext,
        click.option("--dry-run", is_flag=True, help="Validate every line and store nothing."),
        click.option("--time-zone", metavar="ZONE", help="Time zone of lines without one."),
        click.option("--as", "staff", metavar="EMAIL", help="The member of staff who imports it."),
        click.argument("file", type=click.File("rb")),
    ):
        command = option(command)
    return command


@imports.command("check-ins")
@_options
@click.option("--patient", required=True, help="The patient's id or record number.")
@click.option("--scale", metavar="SCALE", help="Scale of the ratings, as 1-5; or daylio: 1 best to 5 worst.")
@click.option(
    "--direction",
    type=click.Choice([str(each) for each in Direction]),
    default=str(Direction.HIGHER_IS_BETTER),
    help="Whether a higher mood and enjoyment is better.",
)
@click.option("--moods", metavar="WORDS", help="Five mood words of a Daylio export, best first: a,b,c,d,e.")
def check_ins_command(**options: Any) -> None:
    """Import a diary, FILE (- for standard input): CSV, or a Daylio export; docs/import.md has its columns.

    Days that are stored with the same answers are unchanged; days stored with other answers are refused.
    The days are recorded as entered by a member of staff: the clinic's first admin, or the one given by --as.
    """
    words = tuple(options["moods"].split(",")) if options["moods"] else ()
    if words and len({word.strip().casefold() for word in words}) != WORDS:
        raise click.UsageError("--moods takes five different words, best first, separated by commas.")
    try:
        scale = files.stated_scale(options["scale"], options["direction"])
    except Unreadable as why:
        raise click.UsageError(why.detail) from None
    _import(options, Settings("check_ins", options["patient"], options["time_zone"], scale, words))


@imports.command("patients")
@_options
def patients_command(**options: Any) -> None:
    """Enrol the patients of FILE (- for standard input), a CSV file; docs/import.md has its columns."""
    _import(options, Settings("patients", None, options["time_zone"]))


@imports.command("infusions")
@_options
@click.option("--patient", help="The patient's id or record number, unless each line has a record_number.")
def infusions_command(**options: Any) -> None:
    """Import infusions from FILE (- for standard input), a CSV file; docs/import.md has its columns."""
    _import(options, Settings("infusions", options["patient"], options["time_zone"]))


@imports.command("scores")
@_options
@click.option("--patient", help="The patient's id or record number, unless each line has a record_number.")
def scores_command(**options: Any) -> None:
    """Import totals of questionnaires from FILE (- for standard input); docs/import.md has its columns."""
    _import(options, Settings("scores", options["patient"], options["time_zone"]))


def _import(options: dict[str, Any], settings: Settings) -> None:
    database = migrated(current_app.extensions["database"])
    now, file, dry_run = datetime.now(UTC), options["file"], options["dry_run"]
    actor = find_actor(database, settings.patient, options["staff"])
    content = _content(file)
    importer = Importer(database, actor, now, dry_run, _progress)
    try:
        parsed = importer.parse(content, settings)
    except Unreadable as why:
        raise click.ClickException(why.detail) from None
    report = importer.store(parsed)
    _print(report, dry_run=dry_run)
    if report.refused:
        sys.exit(1)


def _content(file: IO[bytes]) -> bytes:
    content: bytes = file.read()
    return content


def find_actor(database: Database, patient: str | None, email: str | None) -> Actor:
    """Return the member of staff on whose behalf a file is stored: the one named, else the first admin.

    The clinic is theirs, or the one that has the patient, or the only one.
    """
    with database.read() as session:
        staff = None if email is None else _member_of_staff(session, email)
        clinics = [staff.clinic_id] if staff else list(session.scalars(select(Clinic.id)))
    found = []
    for clinic_id in clinics:
        with database.read(clinic_id) as session:
            is_its = patient is None or session.scalar(_named(patient)) is not None
            found += [staff or _first_admin(session, clinic_id)] if is_its else []
    if len(found) != 1:
        if patient is None:
            raise click.ClickException("There are several clinics, or none: use --as.")
        why = "There is no such patient." if not found else "Several clinics have such a patient: use --as."
        raise click.ClickException(why)
    (account,) = found
    if account is None:
        raise click.ClickException("The patient's clinic has no admin: choose a member of staff with --as.")
    return Actor(account.id, account.clinic_id, split_roles(account.roles))


def _named(wanted: str) -> Any:
    named: ColumnElement[bool]
    try:
        named = (Patient.id == UUID(wanted)) | (Patient.record_number_key == record_number_key(wanted))
    except ValueError:
        named = Patient.record_number_key == record_number_key(wanted)
    return select(Patient.id).where(named)


def _member_of_staff(session: Session, email: str) -> Account:

    account = session.scalar(
        select(Account).where(Account.email == email_key(email), Account.disabled_at.is_(None))
    )
    if account is None or split_roles(account.roles).isdisjoint((*CARE_TEAM, Role.ADMIN)):
        raise click.ClickException("No clinician, nurse or admin has that e-mail address.")
    return account


def _first_admin(session: Session, clinic_id: UUID) -> Account | None:

    admins = select(Account).where(
        Account.clinic_id == clinic_id, holds_any([Role.ADMIN]), Account.disabled_at.is_(None)
    )
    return session.scalar(admins.order_by(Account.created_at, Account.id).limit(1))


def _progress(done: int, of: int) -> None:
    if done % REPORT_EVERY == 0:
        click.echo(f"{done} of {of} lines", err=True)


def _print(report: Report, *, dry_run: bool) -> None:
    """Print which lines were not stored and why, and the counts; never the content of a line."""
    for each in report.warnings:
        for error in each.errors:
            click.echo(f"line {each.line}: warning: {error.pointer}: {error.detail} ({error.code})")
    for line in report.unused:
        click.echo(f"line {line}: not used: a later entry of its day was")
    for each in sorted(report.refused, key=lambda refused: refused.line):
        for error in each.errors:
            click.echo(f"line {each.line}: {error.pointer}: {error.detail} ({error.code})")
    stored, unchanged = report.counts["created"], report.counts["unchanged"]
    unused = f", {len(report.unused)} not used" if report.unused else ""
    would = "would be stored" if dry_run else "stored"
    click.echo(f"{stored} {would}, {unchanged} unchanged, {len(report.refused)} refused{unused}")
