"""Every command behind `flask`."""

from __future__ import annotations

from flask import Flask

from cli import admin, db, demo, imports, outlooks, priors, serve, worker


def register(app: Flask) -> None:
    """Put every command behind `flask`."""
    outlooks.outlook.add_command(priors.learn_command)

    of_data = (admin.clinic, db.db, demo.demo, imports.imports, outlooks.outlook)
    for command in (*of_data, serve.serve, worker.worker):
        app.cli.add_command(command)
