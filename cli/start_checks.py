"""Start-up in production: refuse to serve what `services/start_checks.py` refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from demo.ids import CLINIC_ID
from services import start_checks
from services.start_checks import Finding, Outcome

if TYPE_CHECKING:
    from flask import Flask


def findings(app: Flask) -> list[Finding]:
    """Return what every check found about an application's settings and database."""
    settings = app.extensions["settings"]
    database = app.extensions["database"]
    situation = start_checks.Situation(database, CLINIC_ID, bool(settings.smtp_host), datetime.now(UTC))
    return start_checks.run(situation)


def refusals(app: Flask, *, may_wait: bool = False) -> list[str]:
    """Return a line for each thing that production must not start on; none on a laptop.

    With `may_wait`, a database that does not answer is no reason: a process that gunicorn replaces during a
    restart of PostgreSQL serves again with it, and readiness says so until then.
    """
    if app.extensions["settings"].environment != "production":
        return []
    found = findings(app)
    if may_wait and start_checks.does_not_answer(found):
        return []
    return [f"{each.sentence} {each.remedy}" for each in found if each.outcome is Outcome.REFUSED]


def refuse(app: Flask, *, may_wait: bool = False) -> None:
    """Raise ClickException with what production must not start on."""
    if refused := refusals(app, may_wait=may_wait):
        raise click.ClickException(" ".join(["Afterglow does not start.", *refused]))
