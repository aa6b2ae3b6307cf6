"""The server's entry point: gunicorn and flask find `app` here."""

import sys
from pathlib import Path

from api import create_app
from cli.commands import register
from config import ConfigError, Settings

try:
    settings = Settings.from_env(root=Path(__file__).parent)
except ConfigError as error:
    sys.exit(f"Afterglow does not start: {str(error).rstrip('.')}.")

app = create_app(settings)
register(app)
