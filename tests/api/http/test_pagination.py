"""Lists whose length a history sets are read page by page, and none without an end is left."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from models.patients import Patient
from tests import factories

pytestmark = pytest.mark.both_databases

FIRST_KNOWN = datetime(2026, 11, 20, 12, tzinfo=UTC)
DEVICES = 5


def collected(client, path, headers, limit=2, order=None):
    """Every item of a list, read in pages of at most `limit`."""
    items, query = [], {"limit": str(limit)} | ({"order": order} if order else {})
    while True:
        answer = client.get(path, query_string=query, headers=headers)
        assert answer.status_code == 200, answer.json
        assert len(answer.json["items"]) <= limit
        items += answer.json["items"]
        if "next_cursor" not in answer.json:
            return items
        assert 'rel="next"' in answer.headers["Link"]
        query["cursor"] = answer.json["next_cursor"]


def revise_check_in(client, people, times):
    path = "/v1/patients/me/check-ins/2026-11-20"
    for version in range(times):
        body = {
            "mood": version % 11,
            "anxiety": 3,
            "time_zone": factories.ZONE,
            "recorded_at": "2026-11-20T21:14:05-06:00",
        }
        headers = people.patient.headers | ({"If-Match": f'"v{version}"'} if version else {})
        assert client.put(path, json=body, headers=headers).status_code in (200, 201)
    return f"{path}/revisions"


def test_revisions_are_read_page_by_page_in_either_order(client, people):
    path = revise_check_in(client, people, 7)
    found = [each["version"] for each in collected(client, path, people.patient.headers)]
    assert found == list(range(1, 8))
    latest = collected(client, path, people.patient.headers, limit=3, order="desc")
    assert [each["version"] for each in latest] == list(range(7, 0, -1))


def test_a_page_has_fifty_revisions_where_nobody_says_how_many(client, people, database):
    path = "/v1/patients/me/check-ins/2026-11-20/revisions"
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        for version in range(1, 61):
            moment = FIRST_KNOWN + timedelta(minutes=version)
            later = None if version == 60 else moment + timedelta(minutes=1)
            held = {"version": version, "known_from": moment, "known_until": later}
            factories.check_in(session, patient, date(2026, 11, 20), **held)
    first = client.get(path, headers=people.patient.headers).json
    assert (len(first["items"]), "next_cursor" in first) == (50, True)
    refused = client.get(path, query_string={"limit": "201"}, headers=people.patient.headers)
    assert refused.status_code == 422


def test_a_cursor_of_another_record_is_refused(client, people):
    path = revise_check_in(client, people, 3)
    cursor = client.get(path, query_string={"limit": "1"}, headers=people.patient.headers).json["next_cursor"]
    other = path.replace("2026-11-20", "2026-11-19")
    refused = client.get(other, query_string={"cursor": cursor}, headers=people.patient.headers)
    assert (refused.status_code, refused.json["code"]) == (400, "cursor_mismatch")
    for position in range(0, len(cursor), 7):
        flipped = cursor[:position] + ("A" if cursor[position] != "A" else "B") + cursor[position + 1 :]
        refused = client.get(path, query_string={"cursor": flipped}, headers=people.patient.headers)
        assert refused.status_code == 400


def test_devices_are_read_page_by_page_the_latest_first(client, people, database):
    with database.write(people.clinic_id) as session:
        used = [datetime.now(UTC) - timedelta(minutes=age) for age in range(DEVICES)]
        made = [factories.sign_in(session, people.patient.id, rotated_at=at).id for at in used]
    for path, person in (("/v1/me/devices", people.patient), ("/v1/patients/me/devices", people.patient)):
        found = [UUID(each["sign_in_id"]) for each in collected(client, path, person.headers)]
        assert [each for each in found if each in made] == made


@pytest.mark.parametrize("what", ["staff", "api-clients"])
def test_what_a_clinic_has_is_read_page_by_page(client, people, what):
    path = f"/v1/clinics/{people.clinic_id}/{what}"
    whole = collected(client, path, people.admin.headers, limit=200)
    assert collected(client, path, people.admin.headers, limit=1) == whole
    assert len({repr(each) for each in whole}) == len(whole)


def test_the_care_team_is_read_page_by_page(client, people):
    path = f"/v1/clinics/{people.clinic_id}/care-team"
    whole = collected(client, path, people.clinician.headers, limit=200)
    assert collected(client, path, people.clinician.headers, limit=1) == whole
    assert str(people.clinician.id) in {each["id"] for each in whole}
