"""Every command behind `flask`."""

from __future__ import annotations

import click
from flask import Flask

from cli import (
    accounts,
    backups,
    clinic,
    clinic_lists,
    db,
    demo,
    doctor,
    event_log,
    imports,
    outlook,
    priors,
    serve,
    version,
    worker,
)


def register(app: Flask) -> None:
    """Put every command behind `flask`."""
    outlook.outlook.add_command(priors.fit_prior_command)
    for command in clinic_lists.LISTS:
        clinic.clinic.add_command(command)
    for command in backups.COMMANDS:
        db.db.add_command(command)
    _describe_openapi(app)

    of_data = (accounts.account, clinic.clinic, db.db, demo.demo, imports.imports, outlook.outlook)
    of_server = (doctor.doctor, event_log.event_log, serve.serve, version.version, worker.worker)
    for command in (*of_data, *of_server):
        db.with_sentences(command)
        app.cli.add_command(command)


def _describe_openapi(app: Flask) -> None:
    """Replace flask-smorest's group, which has no help of its own and a command for several APIs."""
    theirs: click.Group = app.cli.commands["openapi"]  # type: ignore[assignment]
    commands = {name: theirs.commands[name] for name in ("print", "write")}
    app.cli.add_command(click.Group("openapi", commands, help="Print openapi.json, or write it to a file."))
