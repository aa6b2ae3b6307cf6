"""The server's entry point: gunicorn and flask find `app` here."""

import gc
import os
import sys
from pathlib import Path
from typing import NoReturn

from cli import commands
from config import ConfigError, Settings

IS_COMMAND = "FLASK_RUN_FROM_CLI" in os.environ
ENDS_GUNICORN = 3
"""Exit code of a process that gunicorn does not start again: it would be refused again. Operational."""


def _refuse(sentence: str) -> NoReturn:
    sys.stderr.write(f"Afterglow does not start: {sentence.rstrip('.')}.\n")
    sys.exit(1 if IS_COMMAND else ENDS_GUNICORN)


if IS_COMMAND:
    # What is imported stays until the end: looking for garbage in it takes a third of a short command's time.
    gc.disable()
try:
    settings = Settings.from_env(root=Path(__file__).parent)
except ConfigError as error:
    _refuse(str(error))

made = commands.make_app(settings, sys.argv[1:]) if IS_COMMAND else None
if made is None:
    # Imported here: most commands need no API, and it takes the longest to import.
    from api import create_app

    app = create_app(settings)
    if IS_COMMAND:
        # A server runs none, and to import them all would take a tenth of its start.
        commands.register(app)
else:
    app = made

if IS_COMMAND:
    gc.freeze()
    gc.enable()
else:
    # Commands check for themselves: flask db upgrade must run on what is no schema yet.
    from cli import start_checks

    if refused := start_checks.refusals(app, may_wait=True):
        _refuse(" ".join(refused))
