"""The server's entry point: gunicorn and flask find `app` here."""

from pathlib import Path

from api import create_app
from api.http.settings import Settings
from cli import register

app = create_app(Settings.from_env(root=Path(__file__).parent))
register(app)
