"""Latency of the worklist after a night of check-ins, and of a pull of every summary.

Run by `python -m bench.speed.worklist_overnight`.
"""

from __future__ import annotations

import argparse
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from time import perf_counter
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from api.http.auth import access_token
from bench.simulation.cohort import Patient as Simulated
from bench.simulation.cohort import patient as simulated
from cli.db import upgrade
from config import Settings
from models.check_ins import CheckIn
from models.database import Database
from models.patients import Patient
from services.access import Role, Scope
from services.outlooks import current as current_outlooks
from services.tokens import Grant
from tests import factories

PATIENTS: Final = 1_000
CHECK_INS: Final = 500
DAYS: Final = 180
MISSING: Final = 0.3
REPEATS: Final = 5


def main() -> None:
    """Fill a clinic and time the worklist before and after check-ins of some patients."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed.worklist_overnight", description=__doc__)
    parser.add_argument("--patients", type=int, default=PATIENTS)
    parser.add_argument("--check-ins", type=int, default=CHECK_INS)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="afterglow-bench-") as folder, redirect_stderr(StringIO()):
        url = f"sqlite:///{folder}/bench.db"
        upgrade(url)
        app = create_app(Settings("local", url, secrets.token_urlsafe(32)))
        clinic_id, patients = _fill_clinic(app.extensions["database"], chosen.patients)
        _measure(app, clinic_id, patients, chosen.check_ins)
        app.extensions["database"].close()


def _measure(app: Flask, clinic_id: UUID, patients: list[UUID], check_ins: int) -> None:
    database: Database = app.extensions["database"]
    with database.write(clinic_id) as session:
        clinician = factories.account(session, clinic_id)
        sign_in = factories.sign_in(session, clinician.id)
    with app.app_context():
        token = access_token(Grant(clinician.id, frozenset({Role.CLINICIAN}), sign_in.id))
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/v1/clinics/{clinic_id}/patients?limit=50"
    client = app.test_client()
    began = perf_counter()
    with database.read(clinic_id) as session:
        computed = current_outlooks.refresh(session, database, clinic_id, datetime.now(UTC))
    taken = perf_counter() - began
    print(f"refresh of {computed} patients   {taken:6.2f} s, {1000 * taken / max(computed, 1):.1f} ms each")
    print(f"list, nothing changed        {1000 * _listed(client, path, headers):6.0f} ms")
    began = perf_counter()
    for patient_id in patients[:check_ins]:
        answer = client.put(f"/v1/patients/{patient_id}/check-ins/{_today()}", json=_body(), headers=headers)
        assert answer.status_code in {201, 200}, answer.data
    print(f"{check_ins} check-ins                {perf_counter() - began:6.2f} s")
    print(f"list, the first after them   {1000 * _listed(client, path, headers, 1):6.0f} ms")
    print(f"list, the next               {1000 * _listed(client, path, headers):6.0f} ms")
    with database.write(clinic_id) as session:
        system = factories.api_client(session, clinic_id)
    with app.app_context():
        token = access_token(
            Grant(system.id, frozenset({Role.INTEGRATION}), scopes=(str(Scope.SUMMARY_READ),))
        )
    headers = {"Authorization": f"Bearer {token}"}
    for which in ("each read audited", "within the hour"):
        began = perf_counter()
        for patient_id in patients:
            assert client.get(f"/v1/patients/{patient_id}/summary", headers=headers).status_code == 200
        taken = perf_counter() - began
        each = 1000 * taken / len(patients)
        print(f"{len(patients)} summaries, {which:18} {taken:6.2f} s, {each:.1f} ms each")


def _listed(client: FlaskClient, path: str, headers: dict[str, str], repeats: int = REPEATS) -> float:
    """Return the shortest latency of some requests, seconds."""
    times = []
    for _ in range(repeats):
        began = perf_counter()
        assert client.get(path, headers=headers).status_code == 200
        times.append(perf_counter() - began)
    return min(times)


def _fill_clinic(database: Database, how_many: int) -> tuple[UUID, list[UUID]]:
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    ids = []
    for number in range(how_many):
        with database.write(clinic_id) as session:
            patient = factories.patient(session)
            ids.append(patient.id)
            who = simulated(number, 11, MISSING)
            last = min(DAYS, (max(one.reading.day for one in who.answers) - who.first).days)
            shift = _today() - timedelta(days=1) - who.day(last)
            for given in who.infusions:
                if given.day <= who.day(last):
                    factories.infusion(session, patient, given.day + shift, reason=str(given.reason))
            session.add_all(_rows(patient, who, last, shift))
    return clinic_id, ids


def _rows(patient: Patient, who: Simulated, last: int, shift: timedelta) -> Iterator[CheckIn]:
    readings = {one.reading.day: one.reading for one in who.answers if one.entered <= last}
    for day, reading in sorted(readings.items()):
        patient.change_seq += 1
        answered = datetime.combine(day + shift, time(20), ZoneInfo(factories.ZONE)).astimezone(UTC)
        yield CheckIn(
            patient_id=patient.id,
            local_date=day + shift,
            version=1,
            mood=round(reading.mood),
            enjoyment=None if reading.enjoyment is None else round(reading.enjoyment),
            anxiety=None if reading.anxiety is None else round(reading.anxiety),
            side_effects=None,
            note=None,
            benefit_left=reading.benefit_left,
            time_zone=factories.ZONE,
            recorded_at=answered,
            received_at=answered,
            entry_mode="live",
            clock_suspect=False,
            reported_by="patient",
            removed=False,
            recorded_by=None,
            device_id=None,
            change_seq=patient.change_seq,
            known_from=answered,
            known_until=None,
        )


def _today() -> date:
    return datetime.now(ZoneInfo(factories.ZONE)).date()


def _body() -> dict[str, object]:
    return {
        "mood": 5,
        "anxiety": 4,
        "time_zone": factories.ZONE,
        "recorded_at": datetime.now(UTC).isoformat(),
    }


if __name__ == "__main__":
    main()
