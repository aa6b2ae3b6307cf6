"""The server's entry point: gunicorn and flask find `app` here."""

import os
import sys
from pathlib import Path
from typing import NoReturn

from cli import commands, start_checks
from config import ConfigError, Settings

IS_COMMAND = "FLASK_RUN_FROM_CLI" in os.environ
ENDS_GUNICORN = 3
"""Exit code of a process that gunicorn does not start again: it would be refused again. Operational."""


def _refuse(sentence: str) -> NoReturn:
    sys.stderr.write(f"Afterglow does not start: {sentence.rstrip('.')}.\n")
    sys.exit(1 if IS_COMMAND else ENDS_GUNICORN)


try:
    settings = Settings.from_env(root=Path(__file__).parent)
except ConfigError as error:
    _refuse(str(error))

command = commands.wanted(sys.argv[1:]) if IS_COMMAND else None
if command is None:
    # Imported here: most commands need no API, and it takes the longest to import.
    from api import create_app

    app = create_app(settings)
    if IS_COMMAND:
        # A server runs none, and to import them all would take a tenth of its start.
        commands.register(app)
else:
    app = commands.make_app(settings, command)

# Commands check for themselves: flask db upgrade must run on what is no schema yet.
if not IS_COMMAND and (refused := start_checks.refusals(app, may_wait=True)):
    _refuse(" ".join(refused))
