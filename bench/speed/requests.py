"""Throughput of the server compared with the floor: same load, HTTP server, token, SQL and durability."""

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
from bench.speed.sql_recorder import SqlRecording, record_sql
from cli.db import upgrade
from cli.serve import gunicorn
from config import Settings
from demo import clinic
from demo import ids as demo_ids
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
MEASUREMENT_S: Final = 1.5
WARM_UP_S: Final = 0.7
WRITERS_S: Final = 4.0
MAX_PUTS_A_SECOND: Final = 4_000
TARGET_RATIOS: Final = {
    "PUT check-in": 0.5,
    "GET summary, 200": 0.4,
    "GET summary, 304": 0.4,
    "worklist": 0.4,
}


@dataclass(frozen=True, slots=True)
class Phone:
    """A signed-in patient of the clinic that the PUT requests write to."""

    patient_id: UUID
    account_id: UUID
    sign_in_id: UUID


@dataclass(slots=True)
class Server:
    """A server under gunicorn; `days_used` counts the PUT requests sent to it, each of another day."""

    port: int
    database_url: str
    days_used: int = 0
    stored: int = 0


@dataclass(slots=True)
class Comparison:
    """Results of one kind of request: of the server, of the floor, and the ratio of each round."""

    server: load.Result = field(default_factory=load.Result)
    floor: load.Result = field(default_factory=load.Result)
    ratios: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Return the figures for the table and the file."""
        p50, p99 = self.server.quantile(0.5), self.server.quantile(0.99)
        return {
            "server_per_second": round(self.server.rate, 1),
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


def compare(kind: str, scale: float = 1.0) -> dict[str, Any]:
    """Measure on one kind of database and return every figure; `scale` multiplies the measuring times."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="afterglow-bench-", dir=build) as folder,
        _databases(kind, Path(folder)) as (server, floor, copy_database),
    ):
        return Benchmark(kind, Path(folder), server, floor, scale).run(copy_database)


class Benchmark:
    """Comparison of server and floor on one kind of database; `server` and `floor` are database URLs."""

    def __init__(self, kind: str, folder: Path, server: str, floor: str, scale: float) -> None:
        self._kind, self._folder, self._scale = kind, folder, scale
        self._server_url, self._floor_url = server, floor
        self._settings = Settings(environment="local", database_url=server, secret_key=SECRET_KEY)
        self._phones: list[Phone] = []
        self._body = b""
        self._puts: list[bytes] = []
        self._reads: dict[str, list[bytes]] = {}

    def run(self, copy_database: Any) -> dict[str, Any]:
        """Prepare, measure every kind of request, and check that every write that was answered is stored."""
        upgrade(self._server_url)
        with redirect_stderr(_log()):
            app = create_app(self._settings)
            setup = self._prepare(app)
            app.extensions["database"].close()
        copy_database()
        with self._serve("wsgi:app", self._server_url) as server:
            (self._folder / "floor").write_bytes(pickle.dumps(setup))
            with self._serve("bench.speed.floor:application", self._floor_url) as floor:
                return self._compare(server, floor)

    def _compare(self, server: Server, floor: Server) -> dict[str, Any]:
        comparisons = {name: Comparison() for name in TARGET_RATIOS}
        for each in (server, floor):
            for name in TARGET_RATIOS:
                self._measure(each, name, WARM_UP_S)
        for _ in range(ROUNDS):
            for name, one in comparisons.items():
                of_server, of_floor = (self._measure(each, name, MEASUREMENT_S) for each in (server, floor))
                one.server.add(of_server)
                one.floor.add(of_floor)
                one.ratios.append(of_server.rate / of_floor.rate)
        eight = self._measure(server, "PUT check-in", WRITERS_S)
        for each in (server, floor):
            assert _stored(each.database_url) == each.stored, "writes that were answered are not stored"
        p50, p99 = eight.quantile(0.5), eight.quantile(0.99)
        return {name: one.figures() for name, one in comparisons.items()} | {
            "eight writers": {
                "per_second": round(eight.rate, 1),
                "p50_ms": round(1000 * p50, 2),
                "p99_ms": round(1000 * p99, 2),
                "longest_ms": round(1000 * max(eight.latencies), 2),
                "p99_to_p50": round(p99 / p50, 1),
            }
        }

    def _measure(self, server: Server, name: str, seconds: float) -> load.Result:
        seconds *= self._scale
        wanted = int(seconds * MAX_PUTS_A_SECOND)
        expected = 201 if name.startswith("PUT") else 304 if name.endswith("304") else 200
        if name.startswith("PUT"):
            requests = self._puts[server.days_used : server.days_used + wanted]
            assert len(requests) == wanted, "too few days for so long a measurement"
            server.days_used += wanted
        else:
            requests = self._reads[name]
        result = load.run(server.port, requests, CONNECTIONS, seconds)
        assert set(result.statuses) == {expected}, f"{name} answered {dict(result.statuses)}"
        if name.startswith("PUT"):
            assert len(result.latencies) < wanted, "a day was written twice: MAX_PUTS_A_SECOND is too low"
            server.stored += len(result.latencies)
        return result

    def _prepare(self, app: Flask) -> FloorSetup:
        """Fill the database, build every request, and record the statements and responses of the server."""
        database: Database = app.extensions["database"]
        now = datetime.now(UTC)
        with database.write(demo_ids.CLINIC_ID) as session:
            clinic.fill(session, "unused", now)
            # Signed in without the slow password hash.
            clinician = factories.sign_in(session, demo_ids.CLINICIAN_ID)
            patients = list(session.scalars(select(Patient.id)))
        self._phones = list(_phones(database))
        self._write_body(now)
        with app.app_context():
            token = auth.access_token(Grant(demo_ids.CLINICIAN_ID, frozenset({Role.CLINICIAN}), clinician.id))
            tokens = [
                auth.access_token(Grant(phone.account_id, frozenset({Role.PATIENT}), phone.sign_in_id))
                for phone in self._phones
            ]
        days = [(now - timedelta(days=number)).date() for number in range(2, BACKFILL_DAYS)]
        self._puts = [
            load.request("PUT", f"/v1/patients/{phone.patient_id}/check-ins/{day}", token_of, self._body)
            for day in days
            for phone, token_of in zip(self._phones, tokens, strict=True)
        ]
        listing = f"/v1/clinics/{demo_ids.CLINIC_ID}/patients?limit=50"
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
            "worklist": [load.request("GET", listing, token)],
            "GET summary, 200": [load.request("GET", path, token) for path in paths.values()],
            "GET summary, 304": [
                load.request("GET", path, token, If_None_Match=summaries[patient][0])
                for patient, path in paths.items()
            ],
        }
        staff = {"account": demo_ids.CLINICIAN_ID, "sign_in": clinician.id}
        recordings: dict[str, SqlRecording] = {}
        with record_sql(database.engine, staff) as recordings["worklist"]:
            client.get(listing, headers=headers)
        with record_sql(database.engine, staff | {"patient": patients[0]}) as recordings["summary"]:
            client.get(paths[str(patients[0])], headers=headers)
        recordings["put"], put_answer = self._record_put(database, app, tokens[-1])
        return FloorSetup(
            database_url=self._floor_url,
            key=app.config["JWT_SECRET_KEY"],
            issuer=auth.ISSUER,
            audience=auth.AUDIENCE,
            recordings=recordings,
            put_answer=put_answer,
            summaries=summaries,
            worklist=listed.data,
        )

    def _record_put(self, database: Database, app: Flask, token: str) -> tuple[SqlRecording, bytes]:
        """Record one PUT, of a day that no measurement writes."""
        phone = self._phones[-1]
        day = (datetime.now(UTC) - timedelta(days=1)).date()
        client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
        path = f"/v1/patients/{phone.patient_id}/check-ins/{day}"
        named = {
            "patient": phone.patient_id,
            "account": phone.account_id,
            "sign_in": phone.sign_in_id,
            "day": day,
            "counter": FIRST_CHANGE_SEQ,
        }
        with record_sql(database.engine, named) as recording:
            answer = client.put(path, headers=headers, data=self._body, content_type="application/json")
        assert answer.status_code == 201, answer.data
        return recording, answer.data

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
        """Run the server or the floor under the gunicorn command of `flask serve`."""
        port = free_port()
        name = application.partition(":")[0]
        environment = {
            "PATH": os.environ["PATH"],
            "AFTERGLOW_ENV": "local",
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET_KEY,
            "DEAR_READS_PER_MINUTE": "1000000",  # the bench measures what a read takes, not the limit
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


FIRST_CHANGE_SEQ: Final = 1_234_567
"""First change_seq of the patients: a number that no other parameter is likely to have."""


@cache
def _log() -> TextIO:
    """Return the log file of the preparations; never closed, since the process's logger holds on to it."""
    return (ROOT / "build" / "bench.log").open("w")


def _phones(database: Database) -> Iterator[Phone]:
    """Create the clinic of the PUT requests: many patients, each signed in on a phone."""
    clinic_id = uuid4()
    with database.write(clinic_id) as session:
        factories.clinic(session, id=clinic_id, backfill_days=BACKFILL_DAYS)
        for _ in range(PHONES):
            patient = factories.patient(session, change_seq=FIRST_CHANGE_SEQ)
            sign_in = factories.sign_in(session, patient.account_id, device_id="device-0")
            yield Phone(patient.id, patient.account_id, sign_in.id)


@contextmanager
def _databases(kind: str, folder: Path) -> Iterator[tuple[str, str, Any]]:
    """Yield the URLs of two databases and a function that makes the second a copy of the first."""
    if kind == "sqlite":
        server, floor = folder / "server.db", folder / "floor.db"
        yield f"sqlite:///{server}", f"sqlite:///{floor}", lambda: shutil.copy(server, floor)
        return
    with PostgresServer(durable=True) as postgres:
        url = postgres.create_database("server")
        yield url, postgres.url("floor"), lambda: postgres.create_database("floor", template="server")


def _stored(database_url: str) -> int:
    """Return the number of check-ins in the clinic of the PUT requests."""
    database = Database(database_url)
    with database.engine.connect() as connection:
        theirs = CheckIn.clinic_id != demo_ids.CLINIC_ID
        counted = connection.scalar(select(func.count()).select_from(CheckIn).where(theirs))
    database.close()
    return counted or 0


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            load.once(port, load.request("GET", "/health/live", "nobody"))
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("The server did not start.")
