"""flask serve: run the server under gunicorn."""

from __future__ import annotations

import os
import socket
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from cli import start_checks
from cli.gunicorn_hooks import NO_WORKER
from config import MAX_PORT, VERSION

HOST = "127.0.0.1"
WORKER_CLASS = "cli.buffering_worker.BufferingWorker"
WORKERS = 2
THREADS = 8


@click.command()
@click.option(
    "--port",
    default=8000,
    type=click.IntRange(1, MAX_PORT),
    envvar="PORT",
    show_default=True,
    help="The port to listen on.",
)
@click.option("--workers", default=WORKERS, show_default=True, help="Processes; each has eight threads.")
@click.option("--no-worker", is_flag=True, help="Leave the escalation of safety alerts to `flask worker`.")
@with_appcontext
def serve(port: int, workers: int, *, no_worker: bool) -> None:
    """Run the server on the loopback address; a reverse proxy in front of it faces the network.

    It also escalates safety alerts that nobody acknowledged to the on-call, as `flask worker` does.
    """
    _check_port(port)
    start_checks.refuse(current_app)
    click.echo(f"Afterglow {VERSION}   http://127.0.0.1:{port}/v1")
    click.echo(f"API docs          http://127.0.0.1:{port}/docs")
    if log_path := current_app.extensions["settings"].log_path:
        click.echo(f"Log               {log_path}")
    click.echo("Stop it with Ctrl-C.")
    # Each worker process opens its own connections: one must not be shared across a fork.
    current_app.extensions["database"].close()
    sys.stdout.flush()
    os.environ.pop(NO_WORKER, None)
    # What follows is a server and no command: wsgi.py checks what it serves.
    os.environ.pop("FLASK_RUN_FROM_CLI", None)
    if no_worker:
        os.environ[NO_WORKER] = "yes"
    command = [*gunicorn("wsgi:app", port, workers), "--config", "python:cli.gunicorn_hooks"]
    os.execv(sys.executable, command)  # noqa: S606  our own server, without a shell


def _check_port(port: int) -> None:
    """Raise ClickException if the port is taken; gunicorn would only retry and print a traceback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            message = (
                f"Port {port} cannot be used ({error.strerror}). Choose another: PORT=8080, or --port 8080."
            )
            raise click.ClickException(message) from None


def gunicorn(application: str, port: int, workers: int = WORKERS) -> list[str]:
    """Return the command that serves an application; the benchmark serves its floor with the same one."""
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"{HOST}:{port}"]
    shape = ["--worker-class", WORKER_CLASS, "--workers", str(workers), "--threads", str(THREADS)]
    quiet = ["--log-level", "warning", "--graceful-timeout", "20", "--no-control-socket"]
    return [*command, *shape, *quiet]
