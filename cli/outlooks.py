"""flask outlook: keep outlooks fresh before anybody asks, and see how forecasts turned out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext

from cli.outlooks_report import table

if TYPE_CHECKING:
    from models.clinics import Clinic
    from models.session import Sessions

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
@with_appcontext
def refresh_command(clinic_id: UUID | None) -> None:
    """Work out every outlook that no longer holds, so that the morning list opens at once.

    Meant for a timer early each morning; whoever reads first would otherwise wait for it.
    """
    from services import outlooks

    sessions = current_app.extensions["sessions"]
    for clinic in clinics_wanted(sessions, clinic_id):
        with said_plainly(), sessions.reading(clinic.id) as session:
            refreshed = outlooks.refresh(session, sessions, clinic.id, datetime.now(UTC))
        click.echo(f"{clinic.name}: {refreshed} worked out")


@outlook.command("backtest")
@ONE_CLINIC
@click.option(
    "--json",
    "file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Also write the figures to this file.",
)
@click.option("--anew", is_flag=True, help="Walk every patient again, whatever was kept.")
@with_appcontext
def backtest_command(clinic_id: UUID | None, file: Path | None, *, anew: bool) -> None:
    """Walk every past day with what was known on that day, and say how forecasts turned out.

    Each patient that was walked is kept: stopped with Ctrl-C, it goes on from there when it is run again, and
    next time only patients are walked of whom something changed. The last report is served to the clinic.
    """
    sessions = current_app.extensions["sessions"]
    reports = []
    for clinic in clinics_wanted(sessions, clinic_id):
        with said_plainly():
            report = _backtest(sessions, clinic, anew=anew)
        reports.append({"clinic_id": str(clinic.id), "clinic": clinic.name, **report})
        for line in table(clinic.name, report):
            click.echo(line)
    if file is not None:
        file.write_text(json.dumps({"reports": reports}, indent=2) + "\n", encoding="utf-8")


def _backtest(sessions: Sessions, clinic: Clinic, *, anew: bool) -> dict[str, Any]:
    """Walk one clinic's patients, and make its report; exits with 130 if it is stopped."""
    from services import reports

    now = datetime.now(UTC)
    with sessions.reading(clinic.id) as session:
        patients = reports.patients(session)
    walked: list[Any] = []
    try:
        quiet = not sys.stderr.isatty()
        with click.progressbar(patients, label=clinic.name, file=sys.stderr, hidden=quiet) as bar:
            for patient_id in bar:
                cycles = reports.walked(sessions, clinic.id, patient_id, now, anew=anew)
                walked.append(cycles)
        return reports.finish(sessions, clinic.id, walked, now)
    except KeyboardInterrupt:
        click.echo(
            f"\nStopped at patient {len(walked) + 1} of {len(patients)}. Whoever was walked is kept: the "
            "same command, without --anew, goes on from there.",
            err=True,
        )
        sys.exit(STOPPED)


@contextmanager
def said_plainly() -> Iterator[None]:
    """Say in a sentence that the database did not answer in time."""
    from sqlalchemy.exc import OperationalError

    try:
        yield
    except OperationalError:
        raise click.ClickException(
            "The database did not answer in time. What was done is kept: run the same command again."
        ) from None


def clinics_wanted(sessions: Sessions, clinic_id: UUID | None) -> Sequence[Clinic]:
    """Give the clinic of that id, or all of them in the order in which they were opened."""
    from sqlalchemy import select

    from models.clinics import Clinic

    query = select(Clinic).order_by(Clinic.created_at, Clinic.id)
    if clinic_id is not None:
        query = query.where(Clinic.id == clinic_id)
    with sessions.reading() as session:
        found = list(session.scalars(query))
    if not found:
        raise click.ClickException("There is no such clinic." if clinic_id else "There is no clinic yet.")
    return found
