"""flask serve: run the server under gunicorn."""

from __future__ import annotations

import os
import socket
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from cli.gunicorn_hooks import NO_WORKER

HOST = "127.0.0.1"
WORKERS = 2
THREADS = 8


@click.command()
@click.option("--port", default=8000, envvar="PORT", show_default=True, help="The port to listen on.")
@click.option("--workers", default=WORKERS, show_default=True, help="Processes; each has eight threads.")
@click.option("--no-worker", is_flag=True, help="Leave telling the on-call of alerts to `flask worker`.")
@with_appcontext
def serve(port: int, workers: int, *, no_worker: bool) -> None:
    """Run the server on this machine's own address; a proxy in front of it faces the network.

    It also tells the on-call of safety alerts that nobody took on, as `flask worker` does.
    """
    _refuse_busy(port)
    click.echo(f"Afterglow   http://127.0.0.1:{port}/v1")
    click.echo(f"API docs    http://127.0.0.1:{port}/docs")
    click.echo("Stop it with Ctrl-C.")
    # The server's own processes open the database anew: a connection must not cross into them.
    current_app.extensions["database"].close()
    sys.stdout.flush()
    os.environ.pop(NO_WORKER, None)
    if no_worker:
        os.environ[NO_WORKER] = "yes"
    command = [*gunicorn("wsgi:app", port, workers), "--config", "python:cli.gunicorn_hooks"]
    os.execv(sys.executable, command)  # noqa: S606  our own server, no shell between


def _refuse_busy(port: int) -> None:
    """Say in a sentence that somebody else listens there, before the server's processes try in vain."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, port))
        except OSError as why:
            sentence = (
                f"Port {port} cannot be used ({why.strerror}). Choose another: PORT=8080, or --port 8080."
            )
            raise click.ClickException(sentence) from None


def gunicorn(application: str, port: int, workers: int = WORKERS) -> list[str]:
    """Give the command that serves an application; the benchmark runs its floor by the same one."""
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"{HOST}:{port}"]
    shape = ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(THREADS)]
    quiet = ["--log-level", "warning", "--graceful-timeout", "20", "--no-control-socket"]
    return [*command, *shape, *quiet]
