"""The server's entry point: gunicorn and flask find `app` here."""

from api import create_app
from api.http.settings import Settings
from cli import register

app = create_app(Settings.from_env())
register(app)
