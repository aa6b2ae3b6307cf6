"""What the API accepts as a worklist entry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from services.access import Role
from tests import factories

NOW = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)
SNOOZED = {"state": "snoozed", "snoozed_until_on": "2026-12-04", "reason": "Travelling.", "outlook_id": "s1"}


def without(*names):
    return {name: value for name, value in SNOOZED.items() if name not in names}


@pytest.fixture
def put(client, people):
    def send(body, who=None, patient_id=None):
        path = f"/v1/patients/{patient_id or people.patient.patient_id}/worklist-entry"
        with time_machine.travel(NOW, tick=False):
            return client.put(path, json=body, headers=(who or people.clinician).headers)

    return send


@pytest.fixture
def current(client, people):
    """The version of the summary that the list shows."""
    with time_machine.travel(NOW, tick=False):
        path = f"/v1/clinics/{people.clinic_id}/patients?sort=record_number"
        items = client.get(path, headers=people.clinician.headers).json["items"]
    (found,) = (row["outlook_id"] for row in items if row["patient_id"] == str(people.patient.patient_id))
    return found


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (without("snoozed_until_on", "reason"), {("snoozed_until_on", "required"), ("reason", "required")}),
        (without("outlook_id"), {("outlook_id", "required")}),
        ({"state": "handled"}, {("outlook_id", "required")}),
        ({"state": "open", "snoozed_until_on": "2026-12-04"}, {("snoozed_until_on", "not_allowed")}),
        ({}, {("state", "required")}),
        ({"state": "done"}, {("state", "unknown_state")}),
        (SNOOZED | {"reason": " "}, {("reason", "nothing_written")}),
        (SNOOZED | {"reason": "a" * 501}, {("reason", "wrong_length")}),
        ({"state": "open", "assigned_to": str(uuid4())}, {("assigned_to", "unknown_field")}),
    ],
)
def test_an_entry_that_is_not_whole_is_refused_by_its_fields(body, faults, put):
    refused = put(body)
    assert refused.status_code == 422
    assert {(each["pointer"][2:], each["code"]) for each in refused.json["errors"]} == faults


@pytest.mark.parametrize(
    ("day", "code"), [("2026-11-27", "past"), ("2026-11-01", "past"), ("2027-02-26", "too_far_ahead")]
)
def test_a_snooze_ends_on_a_day_ahead_and_not_too_far(day, code, put, current):
    refused = put(SNOOZED | {"snoozed_until_on": day, "outlook_id": current})
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [
        ("#/snoozed_until_on", code)
    ]
    far = str((NOW + timedelta(days=90)).date())
    assert put(SNOOZED | {"snoozed_until_on": far, "outlook_id": current}).status_code == 200


def test_only_an_active_member_of_the_clinics_care_team_takes_a_patient(put, client, people, database):
    with database.write(people.clinic_id) as session:
        others = [
            factories.account(session, people.clinic_id, Role.FRONT_DESK).id,
            factories.account(session, people.clinic_id, disabled_at=NOW).id,
            factories.account(session, people.clinic_id, password_hash=None).id,
        ]
    path = f"/v1/clinics/{people.clinic_id}/care-team"
    team = client.get(path, headers=people.clinician.headers).json["items"]
    assert team == [{"id": str(people.clinician.id), "display_name": "Robin Vale", "roles": ["clinician"]}]
    others += [people.admin.id, people.patient.id, people.stranger.id, uuid4()]
    for account_id in others:
        refused = put({"state": "open", "assignee_id": str(account_id)})
        assert [each["code"] for each in refused.json["errors"]] == ["not_in_care_team"]


def test_an_entry_begins_as_version_0_and_another_clinics_patient_is_not_found(put, client, people):
    path = f"/v1/patients/{people.patient.patient_id}/worklist-entry"
    found = client.get(path, headers=people.clinician.headers)
    assert (found.json, found.headers["ETag"]) == ({"version": 0, "state": "open"}, '"v0"')
    assert put({"state": "open"}, people.stranger).status_code == 404
    assert client.get(path, headers=people.stranger.headers).status_code == 404
