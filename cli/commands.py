"""Every command behind `flask`."""

from __future__ import annotations

from flask import Flask

from cli import clinic, db, demo, imports, outlook, priors, serve, version, worker


def register(app: Flask) -> None:
    """Put every command behind `flask`."""
    outlook.outlook.add_command(priors.fit_prior_command)

    of_data = (clinic.clinic, db.db, demo.demo, imports.imports, outlook.outlook)
    for command in (*of_data, serve.serve, version.version, worker.worker):
        app.cli.add_command(command)
