"""A clinic with patients whose phones write, the servers they write to, and a look at what was stored."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from api import create_app
from api.http import auth
from cli.db import upgrade
from config import Settings
from models.check_ins import CheckIn
from models.database import Database
from services.access import Role
from services.tokens import Grant
from tests import factories
from tests.postgres import PostgresServer, free_port

ROOT: Final = Path(__file__).resolve().parents[2]
SECRET_KEY: Final = "4k9Xw2mQ7vRb8ZtN1pLs6HcJ3yGdF5uA"  # noqa: S105  of databases that are removed at the end
DAYS: Final = 366
TOKEN_S: Final = 300.0
"""Age at which a phone's token is replaced by a new one, seconds. Operational."""
ANSWER_TIMEOUT_S: Final = 30.0
"""How long a client waits for a response, seconds. Operational."""
START_TIMEOUT_S: Final = 120.0
"""How long a server may take to start on a busy machine, seconds. Operational."""


@dataclass
class Phone:
    """A signed-in patient; `next_day` counts the days written."""

    app: Flask
    patient_id: UUID
    account_id: UUID
    sign_in_id: UUID
    next_day: int = 1
    _token: str = ""
    _token_at: float = -TOKEN_S

    def token(self) -> str:
        """Return an access token that is valid for some minutes more."""
        if time.monotonic() - self._token_at >= TOKEN_S:
            with self.app.app_context():
                self._token = auth.access_token(
                    Grant(self.account_id, frozenset({Role.PATIENT}), self.sign_in_id)
                )
            self._token_at = time.monotonic()
        return self._token


@dataclass(frozen=True)
class Write:
    """One check-in of one day; its note is its name."""

    phone: Phone
    day: date
    name: str

    @classmethod
    def of(cls, phone: Phone, today: date) -> Write:
        """Return the next write of a phone: one day further back."""
        day = today - timedelta(days=phone.next_day)
        phone.next_day += 1
        return cls(phone, day, f"{phone.patient_id}.{day:%Y%m%d}")

    def request(self) -> tuple[str, str, bytes, dict[str, str]]:
        """Return method, path, body and headers."""
        body = {
            "mood": 6,
            "anxiety": 3,
            "note": self.name,
            "time_zone": factories.ZONE,
            "recorded_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        headers = {
            "Authorization": f"Bearer {self.phone.token()}",
            "Content-Type": "application/json",
            # The server answers with the same id, by which a trace of it tells what was acknowledged.
            "X-Request-Id": self.name,
        }
        path = f"/v1/patients/{self.phone.patient_id}/check-ins/{self.day}"
        return "PUT", path, json.dumps(body).encode(), headers


class Clinic:
    """A clinic on a migrated database, with its phones."""

    def __init__(self, database_url: str, phones: int) -> None:
        self.url = database_url
        upgrade(database_url)
        # To a file of the process: what this application logs is not what is measured.
        with redirect_stderr(sys.stdout):
            self.app = create_app(Settings("local", database_url, SECRET_KEY))
        self._database: Database = self.app.extensions["database"]
        self.today = datetime.now(UTC).date()
        with self._database.write() as session:
            self.id = factories.clinic(session, backfill_days=DAYS).id
        with self._database.write(self.id) as session:
            self.phones = [self._phone(session) for _ in range(phones)]
        # The servers are other processes; this one reads again when they are done.
        self._database.close()

    def _phone(self, session: Any) -> Phone:
        patient = factories.patient(session)
        sign_in = factories.sign_in(session, patient.account_id, device_id="device-0")
        return Phone(self.app, patient.id, patient.account_id, sign_in.id)

    def rows(self) -> Mapping[str, int]:
        """Return how many rows, of all versions, have each note."""
        counted: dict[str, int] = {}
        with self._database.read(self.id) as session:
            for note in session.scalars(select(CheckIn.note)):
                counted[note or ""] = counted.get(note or "", 0) + 1
        self._database.close()
        return counted


@dataclass
class Outcome:
    """What became of the writes of some clients."""

    acknowledged: set[str] = field(default_factory=set)
    unanswered: int = 0
    errors: set[str] = field(default_factory=set)
    already_stored: int = 0
    surprises: list[str] = field(default_factory=list)

    def compare(self, rows: Mapping[str, int]) -> dict[str, Any]:
        """Return the counts, with what was lost and what is stored twice."""
        return {
            "acknowledged": len(self.acknowledged),
            "unanswered_then_repeated": self.unanswered,
            "errors": sorted(self.errors),
            "already_stored_when_repeated": self.already_stored,
            "lost": len([name for name in self.acknowledged if name not in rows]),
            "twice": len([name for name, count in rows.items() if count > 1]),
            "other_responses": self.surprises[:5],
        }


class Writers:
    """Clients, each with phones of its own, that write until stopped and repeat what was not answered."""

    def __init__(self, clinic: Clinic, connections: Any, clients: int = 8) -> None:
        self._clinic, self._connections, self._clients = clinic, connections, clients
        self.outcome = Outcome()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(clients)]

    def __enter__(self) -> Self:
        """Start them."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop them once each has its last write acknowledged."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, more: int) -> None:
        """Wait until so many more writes are acknowledged; raises TimeoutError."""
        wanted, until = len(self.outcome.acknowledged) + more, time.monotonic() + START_TIMEOUT_S
        while len(self.outcome.acknowledged) < wanted:
            if time.monotonic() > until:
                raise TimeoutError(f"Writes are not acknowledged: {self.outcome.surprises[:3]}")
            time.sleep(0.005)

    def _run(self, number: int) -> None:
        phones = self._clinic.phones[number :: self._clients]
        turn = number
        while not self._stopped.is_set():
            turn += 1
            self._write(Write.of(phones[turn % len(phones)], self._clinic.today), turn)

    def _write(self, write: Write, turn: int) -> None:
        doubtful = False
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until:
            method, path, body, headers = write.request()
            connection = self._connections(turn)
            try:
                connection.request(method, path, body, headers | {"Connection": "close"})
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException) as error:
                with self._lock:
                    self.outcome.unanswered += 1
                    self.outcome.errors.add(type(error).__name__)
                doubtful = True
                turn += 1
                time.sleep(0.02)
                continue
            finally:
                connection.close()
            self._record(write, response.status, doubtful=doubtful)
            return

    def _record(self, write: Write, status: int, *, doubtful: bool) -> None:
        with self._lock:
            if status in {200, 201}:
                self.outcome.acknowledged.add(write.name)
                self.outcome.already_stored += doubtful and status == 200
            else:
                self.outcome.surprises.append(f"{write.name}: {status}")


class Server:
    """`flask serve` on a port of its own."""

    def __init__(self, database_url: str, log: Path, workers: int = 2) -> None:
        self.port = 0
        self._log, self._workers = log, workers
        self._environment = {
            "PATH": os.environ["PATH"],
            "AFTERGLOW_ENV": "local",
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET_KEY,
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Tell whether it was started and not killed."""
        return self.process is not None

    def start(self, *wrapped_in: str) -> None:
        """Start it, and return once it answers; a port of its own each time."""
        self.launch(*wrapped_in)
        until = time.monotonic() + START_TIMEOUT_S
        while not self.answers():
            if time.monotonic() > until:
                raise TimeoutError(f"The server did not start: {self._log.read_text()[-2000:]}")
            time.sleep(0.05)

    def launch(self, *wrapped_in: str) -> None:
        """Start it, under another program if one is given, without waiting."""
        self.port = free_port()
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--no-worker"]
        shape = ["--port", str(self.port), "--workers", str(self._workers)]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  our own server
                [*wrapped_in, *command, *shape],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def connection(self) -> http.client.HTTPConnection:
        """Return a new connection to it."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_TIMEOUT_S)

    def answers(self) -> bool:
        """Tell whether it is ready."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """End all its processes at once, with SIGKILL."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """End it with SIGTERM."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
            self.kill()


@contextmanager
def database(kind: str) -> Iterator[tuple[str, Path]]:
    """Yield the URL of an empty durable database, and a folder for other files."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="afterglow-reliability-", dir=build) as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/afterglow.db", Path(folder)
            return
        with PostgresServer(durable=True) as postgres:
            yield postgres.create_database("reliability"), Path(folder)
