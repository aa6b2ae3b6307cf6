"""The server's entry point: gunicorn and flask find `app` here."""

import os
import sys
from pathlib import Path

from api import create_app
from cli import start_checks
from cli.commands import register
from config import ConfigError, Settings

try:
    settings = Settings.from_env(root=Path(__file__).parent)
except ConfigError as error:
    sys.exit(f"Afterglow does not start: {str(error).rstrip('.')}.")

app = create_app(settings)
register(app)

# Commands check for themselves: flask db upgrade must run on what is no schema yet.
if "FLASK_RUN_FROM_CLI" not in os.environ and (refused := start_checks.refusals(app, may_wait=True)):
    sys.exit(f"Afterglow does not start: {' '.join(refused)}")
