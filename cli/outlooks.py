"""flask outlook: keep outlooks fresh before anybody asks, and see how forecasts turned out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext

if TYPE_CHECKING:
    from models.clinics import Clinic
    from models.session import Sessions

ONE_CLINIC = click.option("--clinic", "clinic_id", type=click.UUID, help="The clinic's id; else every clinic.")


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
        with sessions.reading(clinic.id) as session:
            refreshed = outlooks.refresh(session, sessions, clinic.id, datetime.now(UTC))
        click.echo(f"{clinic.name}: {refreshed} worked out")


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
