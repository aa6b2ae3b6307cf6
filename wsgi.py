"""The server's entry point: gunicorn and flask find `app` here."""

import sys
from pathlib import Path

from api import create_app
from config import Settings, Unusable
from cli.commands import register

try:
    settings = Settings.from_env(root=Path(__file__).parent)
except Unusable as unusable:
    sys.exit(f"Afterglow does not start: {unusable}.")

app = create_app(settings)
register(app)
