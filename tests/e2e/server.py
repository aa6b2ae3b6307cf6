"""The real server: gunicorn with two workers of eight threads, on a port of its own."""

from __future__ import annotations

import gc
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Self

from cli.buffering_worker import RECEIVE_S
from cli.serve import WORKER_CLASS
from tests.postgres import free_port

ROOT: Final = Path(__file__).resolve().parents[2]
START_TIMEOUT: Final = 60.0
SHAPE: Final = ("--worker-class", WORKER_CLASS, "--workers", "2", "--threads", "8")
QUIET: Final = ("--log-level", "warning", "--no-control-socket")


class ServerForker:
    """Starts servers quickly: a process that has imported everything forks one whenever it is asked.

    What is forked has made nothing yet, neither an application nor a connection.
    """

    def __enter__(self) -> Self:
        """Start the process that forks."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.server"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._running: set[int] = set()
        return self

    def __exit__(self, *_: object) -> None:
        """End it, and every server that still runs."""
        for group in list(self._running):
            self.kill(group)
        self._process.communicate(timeout=20)

    def fork(self, environment: dict[str, str], port: int, log: Path, receive_s: float) -> int:
        """Start a server; gives its process group."""
        order = {"environment": environment, "port": port, "log": str(log), "receive_s": receive_s}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        group = int(self._process.stdout.readline())
        self._running.add(group)
        return group

    def kill(self, group: int) -> None:
        """End a whole server at once, as losing its power would."""
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        self._running.discard(group)


class Server:
    """One server's life after life, on one database; each life has a port of its own."""

    def __init__(
        self,
        forker: ServerForker,
        database_url: str,
        secret_key: str,
        folder: Path,
        receive_s: float = RECEIVE_S,
    ) -> None:
        self.port = 0
        self._receive_s = receive_s
        self._forker = forker
        self._group = 0
        self._phones: list[Phone] = []
        self._log = folder / "server.log"
        self._environment = {"AFTERGLOW_ENV": "local", "DATABASE_URL": database_url, "SECRET_KEY": secret_key}

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End it for good."""
        self.kill()
        for phone in self._phones:
            phone.hang_up()

    def start(self) -> None:
        """Return once it answers."""
        port = free_port()
        self._group = self._forker.fork(self._environment, port, self._log, self._receive_s)
        until = time.monotonic() + START_TIMEOUT
        while not _answers(port):
            if time.monotonic() > until:
                raise RuntimeError(f"The server did not start:\n{self._log.read_text()[-4000:]}")
            time.sleep(0.02)
        self.port = port

    @property
    def group(self) -> int:
        """The process group of its present life."""
        return self._group

    @property
    def is_running(self) -> bool:
        """Whether it was started and not killed."""
        return self._group != 0

    def kill(self) -> None:
        """End every process of it, with no chance to tidy up."""
        if self.is_running:
            self._forker.kill(self._group)
            self._group = 0

    def connection(self) -> http.client.HTTPConnection:
        """Give a new connection to it."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def phone(self, headers: dict[str, str]) -> Phone:
        """Give a client of this server, which hangs up when the server is done with."""
        made = Phone(self, headers)
        self._phones.append(made)
        return made

    def lines(self) -> list[dict[str, Any]]:
        """What it logged, all its lives together; raises ValueError for a line that is not JSON."""
        whole = self._log.read_text().splitlines(keepends=True)
        # Of the line that a kill cut short, half is left.
        return [json.loads(line) for line in whole if line.endswith("}\n") and line.startswith("{")]

    def failures(self) -> list[dict[str, Any]]:
        """Every request that the server itself failed, and every error it logged."""
        return [line for line in self.lines() if line.get("status", 0) >= 500 or line.get("level") == "error"]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class Phone:
    """A client that keeps its connection, and asks again where one broke."""

    server: Server
    headers: dict[str, str]
    broken: int = 0
    dice: random.Random = field(default_factory=random.Random)
    _connection: http.client.HTTPConnection | None = None

    def once(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request; raises OSError or HTTPException when no answer came."""
        try:
            return self._sent(method, path, body, headers)
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request until it is answered."""
        until = time.monotonic() + START_TIMEOUT
        while True:
            try:
                return self.once(method, path, body, **headers)
            except (OSError, http.client.HTTPException):
                self.broken += 1
                if time.monotonic() > until:
                    raise
                time.sleep(0.02 + 0.05 * self.dice.random())

    def hang_up(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _sent(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        if self._connection is None:
            self._connection = self.server.connection()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given |= {} if body is None else {"Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        self._connection.request(method, path, data, self.headers | given)
        response = self._connection.getresponse()
        read = response.read()
        if response.will_close:
            self.hang_up()
        return Answer(response.status, dict(response.getheaders()), json.loads(read) if read else None)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/live")
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return response.status == 200
    finally:
        connection.close()


def _fork() -> None:
    """Fork a server for every line read, and answer with its process group."""
    import gunicorn.app.wsgiapp  # noqa: F401, PLC0415
    import sqlalchemy.dialects.postgresql.psycopg  # noqa: PLC0415
    import sqlalchemy.dialects.sqlite.pysqlite  # noqa: F401, PLC0415

    import api  # noqa: F401, PLC0415
    import cli.gunicorn_worker  # noqa: PLC0415
    import cli.start_checks  # noqa: F401, PLC0415
    from cli import commands  # noqa: PLC0415

    for place in (*commands.COMMANDS.values(), *commands.MORE.values()):
        import_module(place.partition(":")[0])  # as wsgi.py does
    gc.collect()
    gc.freeze()  # or each child would go through, and so copy, what it has of us
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are buried without us
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become_server(json.loads(line))
        print(child, flush=True)  # noqa: T201


def _become_server(order: dict[str, Any]) -> None:
    from gunicorn.app.wsgiapp import run  # noqa: PLC0415

    from cli import buffering_worker  # noqa: PLC0415

    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, onto in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(descriptor, onto)
    os.environ.update(order["environment"])
    buffering_worker.RECEIVE_S = order["receive_s"]
    sys.argv = ["gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{order['port']}", *SHAPE, *QUIET]
    run(prog="gunicorn")


if __name__ == "__main__":
    _fork()
