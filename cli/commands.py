"""Every command behind `flask`; a command's module is imported when the command is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click
from flask import Flask

from cli import db
from models.database import Database

if TYPE_CHECKING:
    from config import Settings

COMMANDS: Final = {
    "account": "cli.accounts:account",
    "clinic": "cli.clinic:clinic",
    "db": "cli.db:db",
    "demo": "cli.demo:demo",
    "doctor": "cli.doctor:doctor",
    "event-log": "cli.event_log:event_log",
    "import": "cli.imports:imports",
    "outlook": "cli.outlook:outlook",
    "serve": "cli.serve:serve",
    "version": "cli.version:version",
    "worker": "cli.worker:worker",
}
"""Where each command is: module and name."""

MORE: Final = {
    "clinic": "cli.clinic_lists:COMMANDS",
    "db": "cli.backups:COMMANDS",
    "outlook": "cli.priors:COMMANDS",
}
"""Where more commands of a group are: module and name of a tuple."""


def wanted(arguments: Sequence[str]) -> str | None:
    """Return which of our commands a command line runs; None for one of Flask's own, or for help."""
    return next((each for each in arguments if each in COMMANDS), None)


def make_app(settings: Settings, name: str) -> Flask:
    """Create what one command runs in: the settings, the database and that command, without the API.

    The API takes longer to import than most commands take to run.
    """
    app = Flask("afterglow", static_folder=None)
    app.extensions["settings"] = settings
    app.extensions["database"] = Database(settings.database_url)
    register(app, [name])
    return app


def register(app: Flask, names: Iterable[str] = tuple(COMMANDS)) -> None:
    """Put commands behind `flask`."""
    for name in names:
        command = _load(COMMANDS[name])
        for more in _load(MORE[name]) if name in MORE else ():
            command.add_command(more)
        db.with_sentences(command)
        app.cli.add_command(command)
    if "openapi" in app.cli.commands:
        _describe_openapi(app)


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def _describe_openapi(app: Flask) -> None:
    """Replace flask-smorest's group, which has no help of its own and a command for several APIs."""
    theirs: click.Group = app.cli.commands["openapi"]  # type: ignore[assignment]
    commands = {name: theirs.commands[name] for name in ("print", "write")}
    app.cli.add_command(click.Group("openapi", commands, help="Print openapi.json, or write it to a file."))
