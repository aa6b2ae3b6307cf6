"""Response curves over HTTP: for clinicians, each infusion on days counted from it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import time_machine

from models.patients import Patient
from tests import builders

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def test_each_infusion_is_told_from_its_day_on_as_json_and_csv_and_as_of_then(client, cast, sessions):
    with time_machine.travel(NOW, tick=False):
        with sessions.writing(cast.clinic_id) as session:
            patient = session.get_one(Patient, (cast.clinic_id, cast.patient.patient_id))
            for back in (40, 20):
                builders.infusion(session, patient, TODAY - timedelta(days=back))
            for back in range(50):
                good = 30 <= back <= 40 or 10 <= back <= 20
                builders.check_in(session, patient, TODAY - timedelta(days=back), mood=8 if good else 2)
        path = f"/v1/patients/{cast.patient.patient_id}/response-curve"
        told = client.get(path, headers=cast.clinician.headers).json
        lines = client.get(path, headers={**cast.clinician.headers, "Accept": "text/csv"}).text.splitlines()
        then = client.get(f"{path}?as_of=2026-10-20", headers=cast.clinician.headers).json
        refused = client.get(path, headers=cast.patient.headers)
    assert [(curve["number"], curve["until"]) for curve in told["curves"]] == [(1, 19), (2, 20)]
    assert all(10 < curve["half_lost"] < 14 for curve in told["curves"])
    assert (lines[0].split(",")[:3], len(lines)) == (["infusion", "infusion_day", "since"], 42)
    assert len(then["curves"]) == 1
    assert refused.status_code == 403
