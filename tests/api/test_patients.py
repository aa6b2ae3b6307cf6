"""Enrol a patient, keep their details, discharge them."""

from __future__ import annotations

import pytest

from tests import factories

FERN = {"record_number": "LB-0061", "display_name": "Fern Hollow", "time_zone": factories.ZONE}


@pytest.fixture
def enrol(client, people):
    path = f"/v1/clinics/{people.clinic_id}/patients"
    return lambda **given: client.post(path, json=FERN | given, headers=people.clinician.headers)


def if_match(person, version):
    return {**person.headers, "If-Match": f'"v{version}"'}


def test_the_same_patient_enrolled_twice_is_one_patient(enrol):
    first, again = enrol(), enrol()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert first.headers["ETag"] == '"v1"'
    assert first.json["day_start_hour"] == 4


@pytest.mark.parametrize(
    "other", [{"display_name": "F. Hollow"}, {"time_zone": "Europe/Paris"}, {"email": "f@patients.test"}]
)
def test_another_under_the_same_record_number_is_refused_by_name(other, enrol):
    enrol()
    refused = enrol(**other)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (409, "#/record_number")


def test_two_clinics_may_use_one_record_number(client, people, enrol):
    enrol()
    path = f"/v1/clinics/{people.other_clinic_id}/patients"
    assert client.post(path, json=FERN, headers=people.stranger.headers).status_code == 201


@pytest.mark.parametrize("who", ["clinician", "admin"])
def test_staff_rename_discharge_and_readmit_a_patient(who, client, people):
    path, person = f"/v1/patients/{people.patient.patient_id}", getattr(people, who)
    changed = client.patch(
        path, json={"display_name": "Wren B.", "discharged": True}, headers=if_match(person, 1)
    )
    assert (changed.json["display_name"], changed.json["discharged"]) == ("Wren B.", True)
    back = client.patch(path, json={"discharged": False}, headers=if_match(person, 2))
    assert (back.json["discharged"], back.headers["ETag"]) == (False, '"v3"')


@pytest.mark.parametrize(
    "body", [{"display_name": "Dr. Wren"}, {"discharged": True}, {"discharged": False, "day_start_hour": 5}]
)
def test_a_patient_changes_neither_name_nor_discharge(body, client, people):
    refused = client.patch("/v1/patients/me", json=body, headers=if_match(people.patient, 1))
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert client.get("/v1/patients/me", headers=people.patient.headers).json["version"] == 1


def test_a_patient_moves_and_sets_when_their_day_starts(client, people):
    body = {"time_zone": "Europe/Lisbon", "day_start_hour": 0}
    assert client.patch("/v1/patients/me", json=body, headers=people.patient.headers).status_code == 428
    changed = client.patch("/v1/patients/me", json=body, headers=if_match(people.patient, 1))
    assert body.items() <= changed.json.items()
    stale = client.patch("/v1/patients/me", json=body, headers=if_match(people.patient, 1))
    assert (stale.status_code, stale.json["current"]) == (412, changed.json)


def test_a_discharged_patient_leaves_the_worklist(client, people):
    path = f"/v1/clinics/{people.clinic_id}/patients"
    before = client.get(path, headers=people.clinician.headers).json["items"]
    client.patch(
        f"/v1/patients/{people.patient.patient_id}",
        json={"discharged": True},
        headers=if_match(people.clinician, 1),
    )
    after = client.get(path, headers=people.clinician.headers).json["items"]
    assert len(after) == len(before) - 1
