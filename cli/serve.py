"""flask serve: run the server under gunicorn."""

from __future__ import annotations

import os
import socket
import stat
import sys
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from cli import start_checks
from cli.gunicorn_hooks import BANNER, NO_WORKER
from config import MAX_PORT, PORT, VERSION

HOST = "127.0.0.1"
WORKERS = 2
THREADS = 8
GRACEFUL_TIMEOUT_S = 20
"""How long requests that are being answered may take after SIGTERM, seconds. Operational."""
FIRST_PASSED_SOCKET = 3
"""Descriptor of the first socket that systemd passes to a service (sd_listen_fds). Operational."""
WORKER_CLASS = "cli.gunicorn_worker.QuietWorker"
LOGGER_CLASS = "cli.gunicorn_worker.QuietLogger"
OURS = ["--worker-class", WORKER_CLASS, "--logger-class", LOGGER_CLASS]
ALERT_WORKER = ["--config", "python:cli.gunicorn_hooks"]


@click.command()
@click.option(
    "--port",
    default=PORT,
    type=click.IntRange(1, MAX_PORT),
    envvar="PORT",
    show_default=True,
    help="The port to listen on.",
)
@click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
@click.option(
    "--socket",
    "socket_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Listen on a unix socket, made at this path, instead of a port.",
)
@click.option(
    "--fd",
    "descriptor",
    type=click.IntRange(3),
    help="Listen on a socket that is open already, by its file descriptor. One that systemd passes is found.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=WORKERS,
    show_default=True,
    help="Processes; each has eight threads.",
)
@click.option("--no-worker", is_flag=True, help="Leave the escalation of safety alerts to `flask worker`.")
@with_appcontext
def serve(workers: int, *, no_worker: bool, **listener: Any) -> None:
    """Run the server on the loopback address; a reverse proxy in front of it faces the network.

    It also escalates safety alerts that nobody acknowledged to the on-call, as `flask worker` does. On
    SIGTERM it answers the requests it has, for 20 seconds at most, and takes no new ones.
    """
    binding, lines = _listen(**listener)
    start_checks.refuse(current_app)
    if log_path := current_app.extensions["settings"].log_path:
        lines.append(f"Log               {log_path}")
    lines.append("Stop it with Ctrl-C.")
    # Each worker process opens its own connections: one must not be shared across a fork.
    current_app.extensions["database"].close()
    # Gunicorn prefers a socket from systemd to the one it is told to make.
    passed = None if listener["socket_path"] else passed_socket(listener["descriptor"])
    # Printed once the server listens: what fails before is a sentence by itself.
    variables = environment(listener["port"], no_worker=no_worker) | {BANNER: "\n".join(lines)}
    if passed is not None:
        variables |= hand_over(passed)
    command = [*_command("wsgi:app", binding, workers), *OURS, *ALERT_WORKER]
    os.execve(sys.executable, command, variables)  # noqa: S606  our own server, without a shell


def environment(port: int, *, no_worker: bool) -> dict[str, str]:
    """Return the environment of the server's processes: ours, with the port in use, to which links lead."""
    # What follows is a server and no command: wsgi.py checks what it serves.
    left_out = {NO_WORKER, "LISTEN_FDS", "FLASK_RUN_FROM_CLI"}
    found = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**found, "PORT": str(port), **({NO_WORKER: "yes"} if no_worker else {})}


def passed_socket(descriptor: int | None) -> int | None:
    """Return the descriptor of an open socket to listen on: the one named, or else the one from systemd."""
    if descriptor is not None:
        return descriptor
    to_us = os.environ.get("LISTEN_PID") == str(os.getpid()) and os.environ.get("LISTEN_FDS", "0") != "0"
    return FIRST_PASSED_SOCKET if to_us else None


def hand_over(descriptor: int) -> dict[str, str]:
    """Leave an open socket to the program that this process becomes; return the variables that name it.

    Gunicorn removes the file of a unix socket when it ends, but of a socket passed so it does not.
    """
    if descriptor == FIRST_PASSED_SOCKET:
        os.set_inheritable(descriptor, True)  # noqa: FBT003  the standard library's own signature
    else:
        os.dup2(descriptor, FIRST_PASSED_SOCKET, inheritable=True)
    return {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}


def _listen(
    *, host: str, port: int, socket_path: Path | None, descriptor: int | None
) -> tuple[list[str], list[str]]:
    """Return gunicorn's arguments that say where to listen, and lines that tell the operator."""
    if socket_path is not None and descriptor is not None:
        raise click.UsageError("Choose one of --socket and --fd.")
    passed = passed_socket(descriptor) if socket_path is None else None
    if passed is not None:
        _validate_listening(passed)
        return [], [f"Afterglow {VERSION}   on the socket of descriptor {passed}"]
    if socket_path is not None:
        _validate_socket_path(socket_path)
        return ["--bind", f"unix:{socket_path}"], [f"Afterglow {VERSION}   {socket_path}"]
    _check_port(host, port)
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"Afterglow {VERSION}   http://{address}/v1", f"API docs          http://{address}/docs"]
    return ["--bind", address], lines


def _validate_listening(descriptor: int) -> None:
    """Raise ClickException unless the descriptor is a listening stream socket."""
    try:
        with socket.socket(fileno=os.dup(descriptor)) as passed:
            listening = passed.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError:
        listening = 0
    if not listening:
        raise click.ClickException(f"Descriptor {descriptor} is not a socket that listens.")


def _validate_socket_path(path: Path) -> None:
    """Raise ClickException if no socket can be made at the path; gunicorn would print a traceback."""
    parent = path.absolute().parent
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise click.ClickException(
            f"No socket can be made in {parent}: make a folder that this user may write to."
        )
    with socket.socket(socket.AF_UNIX) as probe:
        # Where nobody listens, what a server left that was killed is replaced.
        if probe.connect_ex(str(path)) == 0:
            raise click.ClickException(f"A server listens on {path} already: stop it, or name another path.")
    if path.exists() and not stat.S_ISSOCK(path.stat().st_mode):
        raise click.ClickException(f"{path} is a file that is no socket: choose another path.")


def _check_port(host: str, port: int) -> None:
    """Raise ClickException if the port is taken; gunicorn would only retry and print a traceback."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise click.ClickException(f"--host {host} is no address of this machine.") from None
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            message = (
                f"Port {port} cannot be used ({error.strerror}). Choose another: PORT=8080, or --port 8080."
            )
            raise click.ClickException(message) from None


def gunicorn(application: str, port: int, workers: int = WORKERS) -> list[str]:
    """Return the command that serves an application; the benchmark serves its floor with the same one."""
    return [*_command(application, ["--bind", f"{HOST}:{port}"], workers), "--worker-class", "gthread"]


def _command(application: str, binding: list[str], workers: int) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", application, *binding]
    shape = ["--workers", str(workers), "--threads", str(THREADS)]
    quiet = ["--log-level", "warning", "--graceful-timeout", str(GRACEFUL_TIMEOUT_S), "--no-control-socket"]
    return [*command, *shape, *quiet]
