"""flask outlook: refresh cached outlooks, and evaluate past forecasts."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from cli.outlook_report import table
from cli.reachable import migrated
from models.clinics import Clinic
from models.database import Database
from services.outlooks import current as current_outlooks
from services.reports import forecast as forecast_report
from services.reports.backtest import ReplayedCycle

NO_CLINIC = "There is no clinic yet."
CHANGED = "The clinic's settings changed meanwhile: run it again."

STOPPED = 130
"""The exit code of a command that was stopped with Ctrl-C, as in a shell."""

ONE_CLINIC = click.option(
    "--clinic", "clinic_id", type=click.UUID, help="The clinic's id; every clinic by default."
)


@click.group("outlook")
def outlook() -> None:
    """Refresh outlooks, and compare past forecasts with what happened."""


@outlook.command("refresh")
@ONE_CLINIC
@click.option("--quiet", is_flag=True, help="Print nothing unless something failed; for a timer.")
@with_appcontext
def refresh_command(clinic_id: UUID | None, *, quiet: bool) -> None:
    """Compute every outlook that is no longer fresh, so that the worklist opens at once.

    Meant for a timer every ten minutes; otherwise the first reader waits for the computation. Without a
    clinic there is nothing to do, which is no failure.
    """
    database = current_app.extensions["database"]
    clinics = clinics_wanted(database, clinic_id)
    if not clinics and not quiet:
        click.echo(NO_CLINIC)
    for clinic in clinics:
        with with_busy_message(), database.read(clinic.id) as session:
            refreshed = current_outlooks.refresh(session, database, clinic.id, datetime.now(UTC))
        if not quiet:
            click.echo(f"{clinic.name}: {refreshed} computed")


@outlook.command("backtest")
@ONE_CLINIC
@click.option(
    "--json",
    "file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Also write the figures to this file.",
)
@click.option("--force", is_flag=True, help="Replay every patient again, whatever is stored.")
@with_appcontext
def backtest_command(clinic_id: UUID | None, file: Path | None, *, force: bool) -> None:
    """Replay every past day with what was known on that day, and compare forecasts with what happened.

    Each patient's replay is stored: stopped with Ctrl-C, the next run continues from there, and later runs
    replay only patients whose record changed. The last report is served to the clinic.
    """
    database = current_app.extensions["database"]
    clinics = some_clinic(clinics_wanted(database, clinic_id))
    if file is not None:
        _validate_writable(file)
    reports = []
    for clinic in clinics:
        with with_busy_message():
            reports.append(_backtest(database, clinic, force=force))
    if file is not None:
        _write(file, clinics, reports)
    # Printed last: the reader of the output may have gone, as `| head` closes the pipe.
    for clinic, report in zip(clinics, reports, strict=True):
        for line in table(clinic.name, report):
            click.echo(line)


def _validate_writable(file: Path) -> None:
    """Raise BadParameter before anything is replayed; click has checked a file that exists."""
    if not file.exists() and not (file.parent.is_dir() and os.access(file.parent, os.W_OK)):
        raise click.BadParameter("no file can be created there", param_hint="--json")


def _write(file: Path, clinics: Sequence[Clinic], reports: Sequence[dict[str, Any]]) -> None:
    pairs = zip(clinics, reports, strict=True)
    documents = [{"clinic_id": str(clinic.id), "clinic": clinic.name, **report} for clinic, report in pairs]
    try:
        file.write_text(json.dumps({"reports": documents}, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"The file cannot be written: {error.strerror}.") from None


def _backtest(database: Database, clinic: Clinic, *, force: bool) -> dict[str, Any]:
    """Replay one clinic's patients and return its report; exit with 130 if stopped."""
    begun, replayed = replayed_patients(database, clinic, force=force)
    try:
        return forecast_report.store_report(database, begun, replayed)
    except forecast_report.SettingsChanged:
        raise click.ClickException(CHANGED) from None


def replayed_patients(
    database: Database, clinic: Clinic, *, force: bool
) -> tuple[forecast_report.Backtest, list[list[ReplayedCycle]]]:
    """Return each patient's replayed cycles, and the run that made them; exit with 130 if stopped."""
    begun = forecast_report.start_backtest(database, clinic.id, datetime.now(UTC))
    replayed: list[list[ReplayedCycle]] = []
    try:
        quiet = not sys.stderr.isatty()
        bar = click.progressbar(begun.patients, label=clinic.name, file=sys.stderr, hidden=quiet)
        with _deferred_interrupt() as stopped, bar:
            for patient_id in bar:
                replayed.append(forecast_report.replay_patient(database, begun, patient_id, force=force))
                if stopped.is_set():
                    break
        if len(replayed) == len(begun.patients):
            return begun, replayed
    except forecast_report.SettingsChanged:
        raise click.ClickException(CHANGED) from None
    click.echo(
        f"\nStopped after patient {len(replayed)} of {len(begun.patients)}. What was replayed is stored: "
        "the same command, without --force, continues from there.",
        err=True,
    )
    sys.exit(STOPPED)


@contextmanager
def _deferred_interrupt() -> Iterator[Event]:
    """Defer Ctrl-C until a patient is stored; an exception raised in a destructor would be lost."""
    stopped = Event()
    before = signal.signal(signal.SIGINT, lambda *_: stopped.set())
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)


def some_clinic(found: Sequence[Clinic]) -> Sequence[Clinic]:
    """Return the clinics; raise ClickException if there is none."""
    if not found:
        raise click.ClickException(NO_CLINIC)
    return found


@contextmanager
def with_busy_message() -> Iterator[None]:
    """Raise ClickException if the database does not answer in time."""
    try:
        yield
    except OperationalError:
        raise click.ClickException(
            "The database did not answer in time. What was done is stored: run the same command again."
        ) from None


def clinics_wanted(database: Database, clinic_id: UUID | None) -> Sequence[Clinic]:
    """Return the clinic of that id, or all of them in order of creation."""
    query = select(Clinic).order_by(Clinic.created_at, Clinic.id)
    if clinic_id is not None:
        query = query.where(Clinic.id == clinic_id)
    with migrated(database).read() as session:
        found = list(session.scalars(query))
    if clinic_id and not found:
        raise click.ClickException("There is no such clinic.")
    return found
