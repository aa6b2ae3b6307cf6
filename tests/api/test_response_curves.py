"""Response curves over HTTP: for clinicians, each infusion on days counted from it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import time_machine

from models.patients import Patient
from tests import factories

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def test_each_response_is_given_from_day_0_as_json_csv_and_chart_and_as_of_then(client, people, database):
    with time_machine.travel(NOW, tick=False):
        with database.write(people.clinic_id) as session:
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            for back in (40, 20):
                factories.infusion(session, patient, TODAY - timedelta(days=back))
            for back in range(50):
                good = 30 <= back <= 40 or 10 <= back <= 20
                factories.check_in(session, patient, TODAY - timedelta(days=back), mood=8 if good else 2)
        path = f"/v1/patients/{people.patient.patient_id}/response-curve"
        result = client.get(path, headers=people.clinician.headers).json
        lines = client.get(path, headers={**people.clinician.headers, "Accept": "text/csv"}).text.splitlines()
        then = client.get(f"{path}?as_of=2026-10-20", headers=people.clinician.headers).json
        refused = client.get(path, headers=people.patient.headers)
        drawn = client.get(path, headers={**people.clinician.headers, "Accept": "image/svg+xml"})
        painted = client.get(
            f"{path}?width=400&theme=dark", headers={**people.clinician.headers, "Accept": "image/png"}
        )
    assert [(curve["number"], curve["last_day"]) for curve in result["curves"]] == [(1, 19), (2, 20)]
    assert all(10 < curve["half_rise_lost_day"] < 14 for curve in result["curves"])
    assert (lines[0].split(",")[:3], len(lines)) == (["infusion_number", "infused_on", "day"], 42)
    assert len(then["curves"]) == 1
    assert refused.status_code == 403
    assert "After 2 of 2 infusions wellbeing rose a point or more" in drawn.text
    assert drawn.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert drawn.headers["Cache-Control"] == "private, no-cache"
    assert painted.data.startswith(b"\x89PNG")
