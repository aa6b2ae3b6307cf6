"""Every command behind `flask`; a command's module is imported when the command is wanted."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click
from flask import Flask

if TYPE_CHECKING:
    from config import Settings

COMMANDS: Final = {
    "account": "cli.accounts:account",
    "clinic": "cli.clinic_lists:clinic",
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
    "clinic": "cli.clinic:COMMANDS",
    "db": "cli.backups:COMMANDS",
    "outlook": "cli.recalibrations:COMMANDS",
}
"""Where more commands of a group are: module and name of a tuple."""

WITHOUT_DATABASE: Final = frozenset({"version"})
"""Commands that use no database: its tables take longer to import than these to run."""


def wanted(arguments: Sequence[str]) -> str | None:
    """Return which of our commands a command line runs; None for one of Flask's own, or for help."""
    return next((each for each in arguments if each in COMMANDS), None)


def make_app(settings: Settings, line: Sequence[str]) -> Flask | None:
    """Create what one command runs in: the settings, the database and that command, without the API.

    The API takes longer to import than most commands take to run. None where the API may be needed.
    """
    name = wanted(line)
    if name is None:
        return None
    app = Flask("afterglow", static_folder=None)
    app.extensions["settings"] = settings
    if name not in WITHOUT_DATABASE:
        from models.database import Database  # noqa: PLC0415

        app.extensions["database"] = Database(settings.database_url)
    register(app, [name], line)
    return app


def register(app: Flask, names: Iterable[str] = tuple(COMMANDS), line: Sequence[str] = ()) -> None:
    """Put commands behind `flask`; of a group only those of the one module that a command line needs."""
    for name in names:
        command = _load(COMMANDS[name])
        if name in MORE and not _names_one_of(command, line):
            for more in _load(MORE[name]):
                command.add_command(more)
        if name not in WITHOUT_DATABASE:
            from cli.reachable import with_sentences  # noqa: PLC0415

            with_sentences(command)
        app.cli.add_command(command)
    if "openapi" in app.cli.commands:
        _describe_openapi(app)


def _names_one_of(group: click.Group, line: Sequence[str]) -> bool:
    """Return whether a command line names a command of a group, right after the group."""
    return any(before == group.name and after in group.commands for before, after in itertools.pairwise(line))


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def _describe_openapi(app: Flask) -> None:
    """Replace flask-smorest's group, which has no help of its own and a command for several APIs."""
    theirs: click.Group = app.cli.commands["openapi"]  # type: ignore[assignment]
    commands = {name: theirs.commands[name] for name in ("print", "write")}
    app.cli.add_command(click.Group("openapi", commands, help="Print openapi.json, or write it to a file."))
