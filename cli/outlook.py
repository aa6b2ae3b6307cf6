"""flask outlook: keep outlooks fresh before anybody asks, and see how forecasts turned out."""

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

from cli.db import migrated
from cli.outlook_report import table
from models.clinics import Clinic
from models.database import Database
from services.outlooks import current as current_outlooks
from services.reports import forecast as forecast_report

NO_CLINIC = "There is no clinic yet."

STOPPED = 130
"""What a shell answers for a command that was stopped with Ctrl-C."""

ONE_CLINIC = click.option(
    "--clinic", "clinic_id", type=click.UUID, help="The clinic's id; else every clinic."
)


@click.group("outlook")
def outlook() -> None:
    """Outlooks: kept fresh, and held to what came of them."""


@outlook.command("refresh")
@ONE_CLINIC
@click.option("--quiet", is_flag=True, help="Say nothing where nothing failed; for a timer.")
@with_appcontext
def refresh_command(clinic_id: UUID | None, *, quiet: bool) -> None:
    """Work out every outlook that no longer holds, so that the morning list opens at once.

    Meant for a timer every ten minutes; whoever reads first would otherwise wait for it. Where there is no
    clinic yet, nothing is to be done, and nothing has failed.
    """
    database = current_app.extensions["database"]
    clinics = clinics_wanted(database, clinic_id)
    if not clinics and not quiet:
        click.echo(NO_CLINIC)
    for clinic in clinics:
        with said_plainly(), database.read(clinic.id) as session:
            refreshed = current_outlooks.refresh(session, database, clinic.id, datetime.now(UTC))
        if not quiet:
            click.echo(f"{clinic.name}: {refreshed} worked out")


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
    """Walk every past day with what was known on that day, and say how forecasts turned out.

    Each patient that was walked is kept: stopped with Ctrl-C, it goes on from there when it is run again, and
    next time only patients are walked of whom something changed. The last report is served to the clinic.
    """
    database = current_app.extensions["database"]
    clinics = some_clinic(clinics_wanted(database, clinic_id))
    if file is not None:
        _refuse_unwritable(file)
    reports = []
    for clinic in clinics:
        with said_plainly():
            reports.append(_backtest(database, clinic, force=force))
    if file is not None:
        _write(file, clinics, reports)
    # Last, for whoever reads it may have gone: `| head` closes the pipe.
    for clinic, report in zip(clinics, reports, strict=True):
        for line in table(clinic.name, report):
            click.echo(line)


def _refuse_unwritable(file: Path) -> None:
    """Say so before anything is walked, rather than after; click has looked at a file that is there."""
    if not file.exists() and not (file.parent.is_dir() and os.access(file.parent, os.W_OK)):
        raise click.BadParameter("no file can be made there", param_hint="--json")


def _write(file: Path, clinics: Sequence[Clinic], reports: Sequence[dict[str, Any]]) -> None:
    pairs = zip(clinics, reports, strict=True)
    told = [{"clinic_id": str(clinic.id), "clinic": clinic.name, **report} for clinic, report in pairs]
    try:
        file.write_text(json.dumps({"reports": told}, indent=2) + "\n", encoding="utf-8")
    except OSError as why:
        raise click.ClickException(f"The file cannot be written: {why.strerror}.") from None


def _backtest(database: Database, clinic: Clinic, *, force: bool) -> dict[str, Any]:
    """Walk one clinic's patients, and make its report; exits with 130 if it is stopped."""
    begun = forecast_report.set_out(database, clinic.id, datetime.now(UTC))
    walked: list[Any] = []
    try:
        quiet = not sys.stderr.isatty()
        bar = click.progressbar(begun.patients, label=clinic.name, file=sys.stderr, hidden=quiet)
        with _told_to_stop() as stopped, bar:
            for patient_id in bar:
                walked.append(forecast_report.walked(database, begun, patient_id, force=force))
                if stopped.is_set():
                    break
        if len(walked) == len(begun.patients):
            return forecast_report.finish(database, begun, walked)
    except forecast_report.SettingsChanged:
        raise click.ClickException("The clinic's settings changed meanwhile: run it again.") from None
    click.echo(
        f"\nStopped after patient {len(walked)} of {len(begun.patients)}. Whoever was walked is kept: "
        "the same command, without --force, goes on from there.",
        err=True,
    )
    sys.exit(STOPPED)


@contextmanager
def _told_to_stop() -> Iterator[Event]:
    """Let Ctrl-C wait until a patient is kept: raised while Python lets go of something, it would be lost."""
    stopped = Event()
    before = signal.signal(signal.SIGINT, lambda *_: stopped.set())
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)


def some_clinic(found: Sequence[Clinic]) -> Sequence[Clinic]:
    """Give the clinics back, or say that there is none to look at."""
    if not found:
        raise click.ClickException(NO_CLINIC)
    return found


@contextmanager
def said_plainly() -> Iterator[None]:
    """Say in a sentence that the database did not answer in time."""
    try:
        yield
    except OperationalError:
        raise click.ClickException(
            "The database did not answer in time. What was done is kept: run the same command again."
        ) from None


def clinics_wanted(database: Database, clinic_id: UUID | None) -> Sequence[Clinic]:
    """Give the clinic of that id, or all of them, if any, in the order in which they were opened."""
    query = select(Clinic).order_by(Clinic.created_at, Clinic.id)
    if clinic_id is not None:
        query = query.where(Clinic.id == clinic_id)
    with migrated(database).read() as session:
        found = list(session.scalars(query))
    if clinic_id and not found:
        raise click.ClickException("There is no such clinic.")
    return found
