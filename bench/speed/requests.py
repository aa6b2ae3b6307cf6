"""Our requests against the floor's: the same load, server, token, SQL and durability, by turns."""

from __future__ import annotations

import json
import os
import pickle
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any, Final, TextIO
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import func, select

from api import create_app
from api.http import auth
from bench.speed import load
from bench.speed.floor_setup import ENVIRONMENT, FloorSetup
from bench.speed.sql_recorder import Tape, recording
from cli.db import upgrade
from cli.serve import gunicorn
from config import Settings
from demo import clinic
from models.check_ins import CheckIn
from models.database import Database
from models.patients import Patient
from services.access import Role
from services.tokens import Grant
from tests import factories
from tests.postgres import PostgresServer, free_port

ROOT: Final = Path(__file__).resolve().parents[2]
SECRET_KEY: Final = secrets.token_urlsafe(32)
CONNECTIONS: Final = 8
PHONES: Final = 200
BACKFILL_DAYS: Final = 366
ROUNDS: Final = 3
SLICE_S: Final = 1.5
WARM_UP_S: Final = 0.7
EIGHT_WRITERS_S: Final = 4.0
MAX_PUTS_A_SECOND: Final = 4_000
AIMS: Final = {"PUT check-in": 0.5, "GET summary, 200": 0.4, "GET summary, 304": 0.4, "morning list": 0.4}


@dataclass(frozen=True, slots=True)
class Phone:
    """One signed-in patient of the clinic that is written to."""

    patient_id: UUID
    account_id: UUID
    sign_in_id: UUID


@dataclass(slots=True)
class Server:
    """One server under gunicorn, and which of the days nobody has answered yet it has used up."""

    port: int
    database_url: str
    days_used: int = 0
    stored: int = 0


@dataclass(slots=True)
class Race:
    """One kind of request, raced: what each side did, and the ratio of each round."""

    ours: load.Result = field(default_factory=load.Result)
    floor: load.Result = field(default_factory=load.Result)
    ratios: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """The figures of the table and of the file."""
        p50, p99 = self.ours.quantile(0.5), self.ours.quantile(0.99)
        return {
            "ours_per_second": round(self.ours.rate, 1),
            "floor_per_second": round(self.floor.rate, 1),
            "ratio": round(median(self.ratios), 3),
            "lowest_ratio": round(min(self.ratios), 3),
            "highest_ratio": round(max(self.ratios), 3),
            "p50_ms": round(1000 * p50, 2),
            "p99_ms": round(1000 * p99, 2),
            "p99_to_p50": round(p99 / p50, 1),
            "floor_p50_ms": round(1000 * self.floor.quantile(0.5), 2),
            "floor_p99_ms": round(1000 * self.floor.quantile(0.99), 2),
        }


def race(kind: str, scale: float = 1.0) -> dict[str, Any]:
    """Race on one kind of database; gives every figure. `scale` lengthens or shortens the slices."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="afterglow-bench-", dir=build) as folder,
        _databases(kind, Path(folder)) as (ours, floor, bring_over),
    ):
        return Bench(kind, Path(folder), ours, floor, scale).run(bring_over)


class Bench:
    """The races on one kind of database."""

    def __init__(self, kind: str, folder: Path, ours: str, floor: str, scale: float) -> None:
        self._kind, self._folder, self._scale = kind, folder, scale
        self._ours, self._floor = ours, floor
        self._settings = Settings(environment="local", database_url=ours, secret_key=SECRET_KEY)
        self._phones: list[Phone] = []
        self._body = b""
        self._puts: list[bytes] = []
        self._reads: dict[str, list[bytes]] = {}

    def run(self, bring_over: Any) -> dict[str, Any]:
        """Prepare, race every kind of request, and see that all that was answered was stored."""
        upgrade(self._ours)
        with redirect_stderr(_log()):
            app = create_app(self._settings)
            setup = self._prepare(app)
            app.extensions["database"].close()
        bring_over()
        with self._serve("wsgi:app", self._ours) as ours:
            (self._folder / "floor").write_bytes(pickle.dumps(setup))
            with self._serve("bench.floor:application", self._floor) as floor:
                return self._race(ours, floor)

    def _race(self, ours: Server, floor: Server) -> dict[str, Any]:
        races = {name: Race() for name in AIMS}
        for server in (ours, floor):
            for name in AIMS:
                self._slice(server, name, WARM_UP_S)
        for _ in range(ROUNDS):
            for name, one in races.items():
                mine, theirs = (self._slice(server, name, SLICE_S) for server in (ours, floor))
                one.ours.add(mine)
                one.floor.add(theirs)
                one.ratios.append(mine.rate / theirs.rate)
        eight = self._slice(ours, "PUT check-in", EIGHT_WRITERS_S)
        for server in (ours, floor):
            assert _stored(server.database_url) == server.stored, "what was answered is not what was stored"
        p50, p99 = eight.quantile(0.5), eight.quantile(0.99)
        return {name: one.figures() for name, one in races.items()} | {
            "eight writers": {
                "per_second": round(eight.rate, 1),
                "p50_ms": round(1000 * p50, 2),
                "p99_ms": round(1000 * p99, 2),
                "longest_ms": round(1000 * max(eight.latencies), 2),
                "p99_to_p50": round(p99 / p50, 1),
            }
        }

    def _slice(self, server: Server, name: str, seconds: float) -> load.Result:
        seconds *= self._scale
        wanted = int(seconds * MAX_PUTS_A_SECOND)
        expected = 201 if name.startswith("PUT") else 304 if name.endswith("304") else 200
        if name.startswith("PUT"):
            requests = self._puts[server.days_used : server.days_used + wanted]
            assert len(requests) == wanted, "there are not enough days for so long a race"
            server.days_used += wanted
        else:
            requests = self._reads[name]
        result = load.run(server.port, requests, CONNECTIONS, seconds)
        assert set(result.statuses) == {expected}, f"{name} answered {dict(result.statuses)}"
        if name.startswith("PUT"):
            assert len(result.latencies) < wanted, "a day was answered twice: the race was too quick"
            server.stored += len(result.latencies)
        return result

    def _prepare(self, app: Flask) -> FloorSetup:
        """Fill the database, write every request, and take down what ours sends and answers."""
        database: Database = app.extensions["database"]
        now = datetime.now(UTC)
        with database.write(clinic.CLINIC_ID) as session:
            clinic.fill(session, "unused", now)
            # The bench's clinician signs in once, without the slow hash.
            clinician = factories.sign_in(session, clinic.CLINICIAN_ID)
            patients = list(session.scalars(select(Patient.id)))
        self._phones = list(_phones(database))
        self._write_body(now)
        with app.app_context():
            token = auth.access_token(Grant(clinic.CLINICIAN_ID, Role.CLINICIAN, clinician.id))
            tokens = [
                auth.access_token(Grant(phone.account_id, Role.PATIENT, phone.sign_in_id))
                for phone in self._phones
            ]
        days = [(now - timedelta(days=number)).date() for number in range(2, BACKFILL_DAYS)]
        self._puts = [
            load.request("PUT", f"/v1/patients/{phone.patient_id}/check-ins/{day}", token_of, self._body)
            for day in days
            for phone, token_of in zip(self._phones, tokens, strict=True)
        ]
        listing = f"/v1/clinics/{clinic.CLINIC_ID}/patients?limit=50"
        client = app.test_client()
        headers = {"Authorization": f"Bearer {token}"}
        listed = client.get(listing, headers=headers)
        assert listed.status_code == 200, listed.data
        assert listed.json is not None
        assert len(listed.json["items"]) == 50
        paths = {str(patient): f"/v1/patients/{patient}/summary" for patient in patients}
        summaries = {}
        for patient, path in paths.items():
            answer = client.get(path, headers=headers)
            assert answer.status_code == 200, answer.data
            summaries[patient] = (answer.headers["ETag"], answer.data)
        self._reads = {
            "morning list": [load.request("GET", listing, token)],
            "GET summary, 200": [load.request("GET", path, token) for path in paths.values()],
            "GET summary, 304": [
                load.request("GET", path, token, If_None_Match=summaries[patient][0])
                for patient, path in paths.items()
            ],
        }
        staff = {"account": clinic.CLINICIAN_ID, "sign_in": clinician.id}
        tapes: dict[str, Tape] = {}
        with recording(database.engine, staff) as tapes["morning list"]:
            client.get(listing, headers=headers)
        with recording(database.engine, staff | {"patient": patients[0]}) as tapes["summary"]:
            client.get(paths[str(patients[0])], headers=headers)
        tapes["put"], put_answer = self._take_down_a_put(database, app, tokens[-1])
        return FloorSetup(
            database_url=self._floor,
            key=app.config["JWT_SECRET_KEY"],
            issuer=auth.ISSUER,
            audience=auth.AUDIENCE,
            tapes=tapes,
            put_answer=put_answer,
            summaries=summaries,
            morning_list=listed.data,
        )

    def _take_down_a_put(self, database: Database, app: Flask, token: str) -> tuple[Tape, bytes]:
        """Record one PUT, on a day that no race gets to."""
        phone = self._phones[-1]
        day = (datetime.now(UTC) - timedelta(days=1)).date()
        client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
        path = f"/v1/patients/{phone.patient_id}/check-ins/{day}"
        named = {
            "patient": phone.patient_id,
            "account": phone.account_id,
            "sign_in": phone.sign_in_id,
            "day": day,
            "counter": PHONES_COUNTER,
        }
        with recording(database.engine, named) as tape:
            answer = client.put(path, headers=headers, data=self._body, content_type="application/json")
        assert answer.status_code == 201, answer.data
        return tape, answer.data

    def _write_body(self, now: datetime) -> None:
        body = {
            "mood": 6,
            "enjoyment": 5,
            "anxiety": 3,
            "side_effects": [{"code": "nausea", "severity": "mild"}],
            "note": "slept badly, better after breakfast",
            "time_zone": factories.ZONE,
            "recorded_at": (now - timedelta(minutes=10)).isoformat(timespec="seconds"),
        }
        self._body = json.dumps(body).encode()

    @contextmanager
    def _serve(self, application: str, database_url: str) -> Iterator[Server]:
        """Run one of the two under the gunicorn that `flask serve` runs."""
        port = free_port()
        name = application.partition(":")[0]
        environment = {
            "PATH": os.environ["PATH"],
            "AFTERGLOW_ENV": "local",
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET_KEY,
            ENVIRONMENT: str(self._folder / "floor"),
        }
        with (self._folder / f"{self._kind}-{name}.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603  our own server
                gunicorn(application, port), cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        try:
            _wait_for(port, process)
            yield Server(port, database_url, stored=1)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


PHONES_COUNTER: Final = 1_234_567
"""Where the patients' counters start: a number that no other parameter is likely to have."""


@cache
def _log() -> TextIO:
    """Where the preparations are logged; never closed, for a process has one logger and it keeps its file."""
    return (ROOT / "build" / "bench.log").open("w")


def _phones(database: Database) -> Iterator[Phone]:
    """Make the clinic that is written to: many patients, each signed in on a phone."""
    clinic_id = uuid4()
    with database.write(clinic_id) as session:
        factories.clinic(session, id=clinic_id, backfill_days=BACKFILL_DAYS)
        for _ in range(PHONES):
            patient = factories.patient(session, change_seq=PHONES_COUNTER)
            sign_in = factories.sign_in(session, patient.account_id, device_id="device-0")
            yield Phone(patient.id, patient.account_id, sign_in.id)


@contextmanager
def _databases(kind: str, folder: Path) -> Iterator[tuple[str, str, Any]]:
    """Give the addresses of two databases, and what makes the second a copy of the first."""
    if kind == "sqlite":
        ours, floor = folder / "ours.db", folder / "floor.db"
        yield f"sqlite:///{ours}", f"sqlite:///{floor}", lambda: shutil.copy(ours, floor)
        return
    with PostgresServer(durable=True) as server:
        ours_url = server.create_database("ours")
        yield ours_url, server.url("floor"), lambda: server.create_database("floor", template="ours")


def _stored(database_url: str) -> int:
    """Tell how many check-ins the phones' clinic has."""
    database = Database(database_url)
    with database.engine.connect() as connection:
        theirs = CheckIn.clinic_id != clinic.CLINIC_ID
        counted = connection.scalar(select(func.count()).select_from(CheckIn).where(theirs))
    database.close()
    return counted or 0


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            load.once(port, load.request("GET", "/health/live", "nobody"))
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("The server did not start.")
