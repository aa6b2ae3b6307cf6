"""flask event-log verify: whether the event log is as it was written."""

from __future__ import annotations

from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from cli.reachable import migrated
from models.clinics import Clinic
from services.event_log_chain import BrokenChain, Head, verify

EXPECTED = "CLINIC_ID:COUNT:HASH"


@click.group("event-log")
def event_log() -> None:
    """The log of sign-ins and changes of access."""


@event_log.command("verify")
@click.option(
    "--expect", "expected", metavar=EXPECTED, multiple=True, help="A head that was printed earlier."
)
@with_appcontext
def verify_command(expected: tuple[str, ...]) -> None:
    """Compare every clinic's event log with its hash chain, and print the head of each.

    Write the heads down on another machine: given to --expect, they show whether entries were cut off or
    computed anew since. Fails if an entry was changed, deleted or added around the chain.
    """
    heads = dict(map(_read, expected))
    database = migrated(current_app.extensions["database"])
    with database.read() as session:
        clinics = list(session.scalars(select(Clinic.id).order_by(Clinic.created_at, Clinic.id)))
    for unknown in set(heads) - set(clinics):
        raise click.ClickException(f"{unknown}: there is no such clinic")
    broken = False
    for clinic_id in clinics:
        try:
            with database.read(clinic_id) as session:
                head = verify(session, heads.get(clinic_id))
            click.echo(f"{clinic_id}:{head.sequence}:{head.chain_hash}")
        except BrokenChain as error:
            broken = True
            click.echo(f"{clinic_id}: {error}", err=True)
    if broken:
        raise click.exceptions.Exit(1)


def _read(text: str) -> tuple[UUID, Head]:
    try:
        clinic_id, count, chain_hash = text.split(":")
        return UUID(clinic_id), Head(int(count), chain_hash)
    except ValueError:
        raise click.BadParameter(f"must be {EXPECTED}, as it was printed", param_hint="--expect") from None
