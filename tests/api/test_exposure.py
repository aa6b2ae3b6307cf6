"""Exposure and side effects over time: facts from infusions, check-ins and sessions, beside the outlook."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from models.patients import Patient
from tests import factories

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
URGENT = [{"code": "urgent_urination", "severity": "mild"}]
UNREAL = [{"code": "dissociation", "severity": "moderate"}]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def course(app, people):
    """Six infusions, then intervals of 24, 20 and 16 days, the last with a session."""
    with app.extensions["database"].write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        for ago in (82, 80, 78, 76, 74, 72, 48, 28):
            factories.infusion(session, patient, TODAY - timedelta(days=ago))
        last = factories.infusion(session, patient, TODAY - timedelta(days=12), weight_kg=None)
        start = last.started_at.astimezone(UTC)
        effect = {
            "code": "nausea",
            "severity": "mild",
            "onset_at": (start + timedelta(minutes=15)).isoformat(),
        }
        factories.infusion_session(
            session,
            last,
            systolic=150,
            diastolic=84,
            urinary_symptoms="yes",
            above_hold=[{"limit": "systolic_hold", "value": 150, "set_at": 140}],
            side_effects=[effect | {"ended_at": (start + timedelta(minutes=45)).isoformat()}],
        )
        factories.vital_signs(session, last, systolic=171, diastolic=90)
        factories.vital_signs(session, last, systolic=160, diastolic=99)
        factories.check_in(session, patient, TODAY - timedelta(days=12), side_effects=UNREAL)
        factories.check_in(session, patient, TODAY - timedelta(days=10), side_effects=UNREAL + URGENT)


@pytest.fixture
def ask(client, people):
    def send(what: str, who: Any = None):
        path = f"/v1/patients/{people.patient.patient_id}/{what}"
        return client.get(path, headers=(who or people.clinician).headers).json

    return send


def change_seq(database, people):
    with database.read(people.clinic_id) as session:
        return session.get_one(Patient, (people.clinic_id, people.patient.patient_id)).change_seq


@pytest.mark.usefixtures("course")
def test_exposure_is_facts_and_the_reasons_to_hold_are_in_the_summary_too(ask, people, client, database):
    found = ask("exposure")
    assert {name: number for name, number in found.items() if name.endswith("_count")} == {
        "infusion_count": 9,
        "in_30_days_count": 2,
        "in_90_days_count": 9,
        "in_365_days_count": 9,
        "known_dose_count": 8,
        "elsewhere_count": 0,
    }
    assert found["total_mg_per_kg"] == pytest.approx(4.0)
    assert [each["interval_days"] for each in found["maintenance_intervals"]] == [24, 20, 16]
    assert found["shortest_interval"]["interval_days"] == 2
    codes = [each["code"] for each in found["reasons_to_hold"]]
    assert codes == ["no_consultation", "interval_shrinking", "urinary_symptoms", "blood_pressure_above_hold"]
    before = ask("summary")
    assert before["reasons_to_hold"] == found["reasons_to_hold"]
    assert "reasons_to_hold" not in ask("summary", people.patient)
    # The clinic's own number makes one reason more, at once, and moves nothing in the outlook.
    settings = f"/v1/clinics/{people.clinic_id}/session-settings"
    counted = change_seq(database, people)
    client.put(settings, json={"max_infusions_in_30_days": 1}, headers=people.admin.headers)
    assert (
        change_seq(database, people) == counted
    )  # nothing of the patient changed: no phone has anything to pull
    after = ask("summary")
    assert [each["code"] for each in after["reasons_to_hold"]] == [
        "no_consultation",
        "infusions_in_30_days",
        *codes[1:],
    ]
    others = {"outlook_id": "", "reasons_to_hold": []}
    assert {**after["outlook"], **others} == {**before["outlook"], **others}


@pytest.mark.usefixtures("course")
def test_session_settings_change_the_tag_of_a_summary_and_not_of_the_clinic_settings(client, people, app):
    own, summary = (
        f"/v1/clinics/{people.clinic_id}/settings",
        f"/v1/patients/{people.patient.patient_id}/summary",
    )
    read = client.get(own, headers=people.admin.headers)
    tags = [client.get(summary, headers=people.clinician.headers).headers["ETag"]]
    # Another clinic's settings are no part of it.
    with app.extensions["database"].write(people.other_clinic_id) as session:
        factories.session_settings(session, version=7)
    tags += [client.get(summary, headers=people.clinician.headers).headers["ETag"]]
    for version, most in enumerate((1, 2)):
        path, headers = f"/v1/clinics/{people.clinic_id}/session-settings", people.admin.headers
        body, seen = (
            {"max_infusions_in_30_days": most},
            {"If-Match": f'"v{settings_version(client, people)}"'},
        )
        assert client.put(path, json=body, headers=headers | seen).status_code < 300, version
        tags += [client.get(summary, headers=people.clinician.headers).headers["ETag"]]
    assert (tags[0] == tags[1], len(set(tags))) == (True, 3)
    assert client.get(own, headers=people.admin.headers).json == read.json
    named = people.admin.headers | {"If-Match": read.headers["ETag"]}
    assert client.patch(own, json={"backfill_days": 3}, headers=named).status_code == 200
    assert client.get(summary, headers=people.clinician.headers).headers["ETag"] not in tags


def settings_version(client: Any, people: Any) -> int:
    path = f"/v1/clinics/{people.clinic_id}/session-settings"
    return int(client.get(path, headers=people.admin.headers).json["version"])


@pytest.mark.usefixtures("course")
def test_a_blood_pressure_is_of_the_last_infusion_or_is_no_reason(ask, app, people):
    def codes() -> list[str]:
        return [each["code"] for each in ask("exposure")["reasons_to_hold"]]

    assert "blood_pressure_above_hold" in codes()
    with app.extensions["database"].write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.infusion(session, patient, TODAY - timedelta(days=1))
        patient.change_seq += 1
    assert "blood_pressure_above_hold" not in codes()
    assert ask("summary")["reasons_to_hold"] == ask("exposure")["reasons_to_hold"]


@pytest.mark.usefixtures("course")
def test_side_effects_are_shown_as_reported_and_as_observed(ask):
    found = ask("side-effects")
    assert [(each["burden"], each["days_since_infusion"]) for each in found["days"]] == [(2, 0), (3, 2)]
    assert [(each["code"], each["days_since_infusion"]) for each in found["prolonged"]] == [
        ("dissociation", 2)
    ]
    assert found["urinary"] == [{"month": "2026-11", "asked_day_count": 2, "symptom_day_count": 1}]
    assert found["infusions"][-1]["effects"][0] == {
        "code": "dissociation",
        "onset_day": 0,
        "last_day": 2,
        "day_count": 2,
        "worst": "moderate",
    }
    assert found["sessions"] == [
        {
            "infused_on": "2026-11-09",
            "systolic_before": 150,
            "diastolic_before": 84,
            "highest_systolic": 171,
            "highest_diastolic": 99,
            "observed": [{"code": "nausea", "severity": "mild", "onset_minutes": 15, "lasted_minutes": 30}],
        }
    ]
