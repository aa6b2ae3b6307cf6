"""flask serve: run the server under gunicorn."""

from __future__ import annotations

import os
import sys

import click
from flask import current_app
from flask.cli import with_appcontext


@click.command()
@click.option("--port", default=8000, envvar="PORT", show_default=True, help="The port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes; each has eight threads.")
@with_appcontext
def serve(port: int, workers: int) -> None:
    """Run the server on this machine's own address; a proxy in front of it faces the network."""
    click.echo(f"Afterglow   http://127.0.0.1:{port}/v1")
    click.echo(f"API docs    http://127.0.0.1:{port}/docs")
    click.echo("Stop it with Ctrl-C.")
    # The server's own processes open the database anew: a connection must not cross into them.
    current_app.extensions["sessions"].close()
    gunicorn = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}"]
    shape = ["--worker-class", "gthread", "--workers", str(workers), "--threads", "8"]
    quiet = ["--log-level", "warning", "--graceful-timeout", "20", "--no-control-socket"]
    sys.stdout.flush()
    os.execv(sys.executable, [*gunicorn, *shape, *quiet])  # noqa: S606  our own server, no shell between
