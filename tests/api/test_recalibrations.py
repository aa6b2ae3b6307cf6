"""Recalibrations over HTTP: listed, applied by the settings alone, and shown on the outlook that used one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from models.patients import Patient
from tests import factories

pytestmark = pytest.mark.either_database

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
TODAY = date(2026, 11, 21)
INFUSIONS = (70, 67, 63, 60, 56, 53, 25)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def treated(database, people):
    """A patient whose benefit falls from infusion to infusion."""
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        for ago in INFUSIONS:
            factories.infusion(session, patient, TODAY - timedelta(days=ago))
        for ago in range(85):
            since = min((given - ago for given in INFUSIONS if given >= ago), default=99)
            mood = 3 if ago > 70 else 3 + max(4 - since // 6, 0)
            factories.check_in(session, patient, TODAY - timedelta(days=ago), mood=mood, anxiety=9 - mood)


@pytest.fixture
def change(client, people):
    def send(name: str, version: int, who=None):
        headers = {**(who or people.admin).headers, "If-Match": f'"v{version}"'}
        path = f"/v1/clinics/{people.clinic_id}/settings"
        return client.patch(path, json={"outlook_recalibration": name}, headers=headers)

    return send


@pytest.mark.usefixtures("treated")
def test_one_is_applied_and_withdrawn_in_the_settings_and_named_by_the_outlook(
    database, client, people, change
):
    with database.write(people.clinic_id) as session:
        name = factories.estimated_recalibration(session, location=1.0).name

    def read(query: str = ""):
        path = f"/v1/patients/{people.patient.patient_id}/outlook{query}"
        return client.get(path, headers=people.clinician.headers).json

    before = read()
    assert "recalibration_version" not in before
    assert change(name, 1, people.clinician).status_code == 403
    assert change(name, 1).status_code == 200
    applied = read()
    assert applied["recalibration_version"] == name
    assert f"recalibrated by how this clinic's own cycles ended ({name})" in applied["disclaimers"][-1]
    assert applied["due_median_on"] > before["due_median_on"]
    assert applied["p_half_lost"] < before["p_half_lost"]
    listing = client.get(f"/v1/clinics/{people.clinic_id}/recalibrations", headers=people.admin.headers).json
    (item,) = listing["items"]
    assert (listing["recalibration_in_use"], item["applied"]) == (name, True)
    assert item["accepted_by"] == str(people.admin.id)
    path = f"/v1/patients/{people.patient.patient_id}/outlook/history"
    history = client.get(path, headers=people.clinician.headers).json["items"]
    assert [entry.get("recalibration_version") for entry in history] in ([name], [name, None])
    assert change("none", 2).status_code == 200
    assert "recalibration_version" not in read()
    assert read()["p_half_lost"] == pytest.approx(before["p_half_lost"])


@pytest.mark.usefixtures("treated")
def test_what_was_applied_then_is_applied_as_of_then(database, client, people, change, clock):
    with database.write(people.clinic_id) as session:
        name = factories.estimated_recalibration(session).name
    assert change(name, 1).status_code == 200
    then = (NOW + timedelta(minutes=1)).isoformat().replace("+00:00", "Z")
    clock.shift(timedelta(minutes=2))
    assert change("none", 2).status_code == 200
    path = f"/v1/patients/{people.patient.patient_id}/outlook"
    past = client.get(path, query_string={"as_of": then}, headers=people.clinician.headers).json
    assert past["recalibration_version"] == name
    assert "recalibration_version" not in client.get(path, headers=people.clinician.headers).json


@pytest.mark.parametrize(
    ("engine", "name", "code"),
    [
        ("wear-off-0", "recalibration-1", "other_forecasts"),
        ("wear-off-0", "recalibration-7", "unknown_recalibration"),
        ("wear-off-0", "clinic-1", "unknown_recalibration"),
    ],
)
def test_what_cannot_be_applied_is_refused_by_name(database, people, change, engine, name, code):
    with database.write(people.clinic_id) as session:
        factories.estimated_recalibration(session, engine_version=engine)
    refused = change(name, 1)
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [
        ("#/outlook_recalibration", code)
    ]
