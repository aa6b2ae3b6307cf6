"""flask doctor: list what the start of the server checks, and what else deserves a look."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from cli import start_checks
from services.start_checks import Finding, Outcome, other_role

ADDRESS = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--owner-url-file", type=ADDRESS, help="Check too the address that migrations use, in a file.")
@click.option("--backup-url-file", type=ADDRESS, help="Check too the address that backups use, in a file.")
@with_appcontext
def doctor(owner_url_file: Path | None, backup_url_file: Path | None) -> None:
    """Check settings and database as the start does, and print what to do; exit code 1 where it would refuse.

    Outside of production nothing is refused: what production would refuse is a warning.
    """
    in_production = current_app.extensions["settings"].environment == "production"
    _print(Finding("settings", Outcome.FINE, "Every setting can be used."), Outcome.FINE)
    refused = False
    for each in start_checks.findings(current_app):
        softened = each.outcome is Outcome.REFUSED and not in_production
        refused |= each.outcome is Outcome.REFUSED and in_production
        _print(each, Outcome.WARNING if softened else each.outcome)
    for name, file in (("migrations", owner_url_file), ("backups", backup_url_file)):
        if file is not None:
            found = other_role(name, file.read_text(encoding="utf-8").strip())
            _print(found, found.outcome)
    if refused:
        raise click.ClickException("Production does not start on this.")


def _print(found: Finding, outcome: Outcome) -> None:
    click.echo(f"{outcome:<8} {found.name}: {found.sentence}")
    if found.remedy:
        click.echo(f"{'':<8} {found.remedy}")
