"""`flask serve` as systemd starts it: on a socket that is held open outside, across the server's restarts."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from tests.e2e.server import ROOT, START_TIMEOUT

BACKLOG = 1024
"""As in deploy/systemd/afterglow.socket."""
# What systemd does between fork and exec: the socket becomes descriptor 3, and the process learns its own id.
AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3, inheritable=True)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""


class HeldSocket:
    """A unix socket that is listened on here, so that clients wait in its queue while no server runs."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "afterglow.sock"
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(self.path))
        self._socket.listen(BACKLOG)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the socket."""
        self._socket.close()

    def start(self, environment: dict[str, str], log: Path, *options: str) -> subprocess.Popen[bytes]:
        """Start `flask serve` with the socket as systemd passes it."""
        descriptor = str(self._socket.fileno())
        command = [sys.executable, "-c", AS_SYSTEMD, descriptor, *serve_command("--no-worker", *options)]
        return started(command, environment, log, pass_fds=(int(descriptor),))

    def start_by_descriptor(
        self, environment: dict[str, str], log: Path, *options: str
    ) -> subprocess.Popen[bytes]:
        """Start `flask serve --fd` on the socket."""
        descriptor = self._socket.fileno()
        command = serve_command("--no-worker", "--fd", str(descriptor), *options)
        return started(command, environment, log, pass_fds=(descriptor,))


def serve_command(*options: str) -> list[str]:
    """Return the command that serves."""
    return [sys.executable, "-m", "flask", "--app", "wsgi", "serve", *options]


def started(
    command: list[str], environment: dict[str, str], log: Path, pass_fds: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    """Start a server of our own in a process group of its own."""
    with log.open("ab") as file:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            pass_fds=pass_fds,
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes]) -> int:
    """Stop a server as systemd does (KillMode=mixed): SIGTERM to the first process; return its exit code."""
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(timeout=30)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


class UnixConnection(http.client.HTTPConnection):
    """A connection to a unix socket, as the proxy's."""

    def __init__(self, path: Path, timeout: float = START_TIMEOUT) -> None:
        super().__init__("127.0.0.1", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        """Connect."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def ask(path: Path, method: str = "GET", address: str = "/health/ready", **options: Any) -> tuple[int, bytes]:
    """Send a request on a connection of its own, as the shipped proxy does; return status and body."""
    connection = UnixConnection(path)
    try:
        headers = {"Connection": "close", **options.pop("headers", {})}
        connection.request(method, address, headers=headers, **options)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
