"""A session over HTTP: what happened around an infusion, each time where it can have happened."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from models.patients import Patient
from tests import factories

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
ID = uuid4()
INFUSION: dict[str, Any] = {
    "started_at": "2026-11-17T15:05:00+00:00",
    "ended_at": "2026-11-17T15:45:00+00:00",
    "time_zone": "America/New_York",
    "status": "completed",
    "reason": "scheduled",
}
SESSION: dict[str, Any] = {
    "arrived_at": "2026-11-17T14:40:00+00:00",
    "pre_checks": {"systolic": 152, "diastolic": 88, "fasting": "yes", "escort": "no", "safety_asked": "yes"},
    "rate_changes": [
        {"changed_at": "2026-11-17T15:20:00+00:00", "mg_per_hour": 0.0},
        {"changed_at": "2026-11-17T15:05:00+00:00", "mg_per_hour": 52.5},
    ],
    "side_effects": [
        {"onset_at": "2026-11-17T15:15:00+00:00", "ended_at": "2026-11-17T16:00:00+00:00"}
        | {"code": "dissociation", "severity": "severe"},
        {"onset_at": "2026-11-17T15:15:00+00:00", "code": "nausea", "severity": "mild"},
    ],
    "interventions": [{"done_at": "2026-11-17T15:20:00+00:00", "description": "Paused for a few minutes."}],
    "dissociation": {"scale": "cadss-6", "total": 14, "rated_at": "2026-11-17T15:40:00+00:00"},
}
LEFT = {"left_at": "2026-11-17T17:50:00+00:00", "accompanied_by": "companion", "checks": {"oriented": "yes"}}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(method: str, rest: str, body: Any = None, version: int | None = None, who: Any = None):
        headers = (who or people.clinician).headers | (
            {} if version is None else {"If-Match": f'"v{version}"'}
        )
        path = f"/v1/patients/{people.patient.patient_id}/infusions/{ID}{rest}"
        return client.open(path, method=method, json=body, headers=headers)

    return send


@pytest.fixture
def given(ask):
    assert ask("PUT", "", INFUSION).status_code == 201


@pytest.fixture
def set_limits(client, people):
    def send(version: int | None = None, **settings: int):
        headers = people.admin.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        return client.put(f"/v1/clinics/{people.clinic_id}/session-settings", json=settings, headers=headers)

    return send


def faults(response: Any, status: int = 422) -> set[tuple[str, str]]:
    assert response.status_code == status, response.json
    return {(found["pointer"], found["code"]) for found in response.json["errors"]}


@pytest.mark.usefixtures("given")
def test_a_session_grows_by_revision_and_reads_as_it_was_recorded(ask, set_limits):
    set_limits(systolic_hold=140, diastolic_hold=90)
    arrived = ask("PUT", "/session", {"arrived_at": SESSION["arrived_at"]})
    assert (arrived.status_code, arrived.headers["ETag"]) == (201, '"v1"')
    assert set(arrived.json["pre_checks"].values()) == {"unknown"}
    assert ask("PUT", "/session", SESSION).status_code == 428
    whole = ask("PUT", "/session", SESSION, 1)
    assert whole.json["rate_changes"] == SESSION["rate_changes"][::-1]
    assert whole.json["side_effects"] == SESSION["side_effects"]
    assert whole.json["dissociation"] == SESSION["dissociation"]
    assert whole.json["hold_limits_exceeded"] == [
        {"limit_name": "systolic_hold", "value": 152, "limit_value": 140}
    ]
    assert (whole.json["started_at"], whole.json["ended_at"]) == (
        INFUSION["started_at"],
        INFUSION["ended_at"],
    )
    assert ask("PUT", "/session", SESSION).data == whole.data
    assert ask("GET", "/session").json == whole.json
    assert ask("PUT", "/session", {"arrived_at": SESSION["arrived_at"]}, 1).json["current"] == whole.json
    assert [each["version"] for each in ask("GET", "/session/revisions").json["items"]] == [1, 2]


@pytest.mark.usefixtures("given")
def test_a_session_states_whether_the_recall_question_was_answered_and_no_revision_does(
    ask, people, database
):
    arrived = {"arrived_at": SESSION["arrived_at"]}
    assert "half_benefit_recall_answered" not in ask("PUT", "/session", arrived).json
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        for day in range(1, 7):
            factories.infusion(session, patient, date(2026, 10, day))
    assert ask("GET", "/session").json["half_benefit_recall_answered"] is False
    recall = {"recall_answer": "days", "recalled_days": 20, "answered_at": SESSION["arrived_at"]}
    assert ask("PUT", "/half-benefit-recall", recall).status_code == 201
    whole = ask("PUT", "/session", SESSION, 1).json
    assert whole["half_benefit_recall_answered"] is True
    assert ask("PUT", "/session", arrived, 1).json["current"] == whole
    revisions = ask("GET", "/session/revisions").json["items"]
    assert not any("half_benefit_recall_answered" in each for each in revisions)


@pytest.mark.usefixtures("given")
def test_each_impossible_time_is_named_and_nothing_is_stored(ask):
    wrong = SESSION | {
        "arrived_at": "2026-11-17T15:06:00+00:00",
        "pre_checks": {"systolic": 80, "diastolic": 80},
        "rate_changes": [{"changed_at": "2026-11-17T15:46:00+00:00", "mg_per_hour": 1}],
        "side_effects": [
            {"onset_at": "2026-11-17T16:00:00+00:00", "ended_at": "2026-11-17T15:59:00+00:00"}
            | {"code": "nausea", "severity": "mild"}
        ],
        "interventions": [
            {"done_at": "2026-11-19T15:20:00+00:00", "description": "x"},
            {"done_at": "2026-11-22T15:20:00+00:00", "description": "x"},
        ],
        "dissociation": {"scale": "cadss-6", "total": 25, "rated_at": "2026-11-17T15:01:00+00:00"},
    }
    assert faults(ask("PUT", "/session", wrong)) == {
        ("#/arrived_at", "after_start"),
        ("#/pre_checks/systolic", "below_diastolic"),
        ("#/rate_changes/0/changed_at", "outside_infusion"),
        ("#/side_effects/0/ended_at", "before_onset"),
        ("#/interventions/0/done_at", "outside_session"),
        ("#/interventions/1/done_at", "in_the_future"),
        ("#/dissociation/rated_at", "before_arrival"),
        ("#/dissociation/total", "off_scale"),
    }
    half = SESSION | {"pre_checks": {"systolic": 301}, "side_effects": [{"code": "joy"}]}
    assert ("#/pre_checks/systolic", "out_of_range") in faults(ask("PUT", "/session", half))
    assert ask("GET", "/session").status_code == 404


@pytest.mark.usefixtures("given")
def test_a_departure_before_the_arrival_or_the_end_is_refused(ask, set_limits):
    ask("PUT", "/session", {"arrived_at": SESSION["arrived_at"]})
    for left_at, code in (
        ("2026-11-17T14:39:59+00:00", "before_arrival"),
        ("2026-11-17T15:44:59+00:00", "before_end"),
        ("2026-11-18T15:05:01+00:00", "outside_session"),
        ("2026-11-21T20:00:01+00:00", "in_the_future"),
    ):
        assert faults(ask("PUT", "/discharge-check", LEFT | {"left_at": left_at})) == {("#/left_at", code)}
    assert ask("GET", "/discharge-check").status_code == 404
    left = ask("PUT", "/discharge-check", LEFT)
    assert (left.status_code, left.json["monitoring_minutes"], left.json["minimum_monitoring_met"]) == (
        201,
        125,
        True,
    )
    assert ask("PUT", "/discharge-check", LEFT).data == left.data
    # What was recorded keeps the minimum of its time; a correction takes that of its own.
    assert set_limits(minimum_monitoring_minutes=150).status_code == 201
    assert ask("GET", "/discharge-check").json == left.json
    alone = ask("PUT", "/discharge-check", LEFT | {"accompanied_by": "alone"}, 1).json
    assert (alone["minimum_monitoring_minutes"], alone["minimum_monitoring_met"]) == (150, False)
    late = {"arrived_at": "2026-11-17T18:00:00+00:00"}
    assert ("#/arrived_at", "after_leaving") in faults(ask("PUT", "/session", late, 1))


@pytest.mark.usefixtures("given")
def test_two_rates_at_the_same_time_are_refused(ask):
    at = {"changed_at": "2026-11-17T15:20:00+00:00"}
    same = at | {"changed_at": "2026-11-17T10:20:00-05:00"}
    rates = [at | {"mg_per_hour": 30}, same | {"mg_per_hour": 40}]
    wrong = ask("PUT", "/session", SESSION | {"rate_changes": rates})
    assert faults(wrong) == {("#/rate_changes/1/changed_at", "named_twice")}


@pytest.mark.usefixtures("given")
def test_session_entries_after_the_departure_are_refused(ask):
    assert ask("PUT", "/discharge-check", LEFT).status_code == 201
    after = "2026-11-17T17:50:01+00:00"
    effect = {"onset_at": "2026-11-17T17:45:00+00:00", "code": "nausea", "severity": "mild"}
    late = SESSION | {
        "side_effects": [effect | {"ended_at": after}, effect | {"onset_at": after}],
        "interventions": [{"done_at": after, "description": "x"}],
        "dissociation": {"scale": "cadss-6", "total": 3, "rated_at": after},
    }
    assert faults(ask("PUT", "/session", late)) == {
        ("#/side_effects/1/onset_at", "after_leaving"),
        ("#/interventions/0/done_at", "after_leaving"),
        ("#/dissociation/rated_at", "after_leaving"),
    }
    # What began here may end at home; nobody is then said to have left before it began.
    ends_at_home = SESSION | {"side_effects": [effect | {"ended_at": after}]}
    assert ask("PUT", "/session", ends_at_home).status_code == 201
    early = LEFT | {"left_at": "2026-11-17T17:44:59+00:00"}
    assert faults(ask("PUT", "/discharge-check", early, 1)) == {("#/left_at", "before_last_seen")}
    reading = {"id": str(uuid4()), "measured_at": "2026-11-17T17:48:00+00:00", "heart_rate": 70}
    assert ask("POST", "/vitals", {"readings": [reading]}).status_code == 207
    early = LEFT | {"left_at": "2026-11-17T17:47:00+00:00"}
    assert faults(ask("PUT", "/discharge-check", early, 1)) == {("#/left_at", "before_last_seen")}
    assert ask("DELETE", f"/vitals/{reading['id']}").status_code == 204
    assert ask("PUT", "/discharge-check", early, 1).status_code == 200


@pytest.mark.parametrize("status", ["scheduled", "not_done"])
def test_an_infusion_given_in_its_session_cannot_be_set_to_scheduled(ask, status):
    back = {name: value for name, value in INFUSION.items() if name != "ended_at"} | {"status": status}
    back |= {"not_done_reason": "blood_pressure"} if status == "not_done" else {}
    assert ask("PUT", "", INFUSION).status_code == 201
    # Somebody came, was measured, and was sent home: that takes no infusion.
    arrived = {"arrived_at": SESSION["arrived_at"], "pre_checks": SESSION["pre_checks"]}
    reading = {"id": str(uuid4()), "measured_at": "2026-11-17T15:00:00+00:00", "heart_rate": 70}
    ask("PUT", "/session", arrived)
    ask("POST", "/vitals", {"readings": [reading]})
    assert ask("PUT", "", back, 1).status_code == 200
    assert ask("POST", "/vitals", {"readings": [reading | {"id": str(uuid4())}]}).status_code == 207
    # Its rates, its side effects and how somebody left after it do.
    assert faults(ask("PUT", "/discharge-check", LEFT)) == {("#/left_at", "not_given")}
    assert {code for _, code in faults(ask("PUT", "/session", SESSION, 1))} == {"not_given"}
    assert ask("PUT", "", INFUSION, 2).status_code == 200
    ask("PUT", "/session", SESSION, 1)
    assert faults(ask("PUT", "", back, 3), 409) == {("#/status", "given")}
    ask("PUT", "/session", arrived, 2)
    ask("PUT", "/discharge-check", LEFT)
    assert faults(ask("PUT", "", back, 3), 409) == {("#/status", "given")}
    assert ask("PUT", "", INFUSION | {"status": "stopped"}, 3).status_code == 200


def test_how_long_a_patient_stayed_is_absent_before_the_end_is_known(ask):
    known = {name: value for name, value in INFUSION.items() if name != "ended_at"}
    assert ask("PUT", "", known).status_code == 201
    left = ask("PUT", "/discharge-check", LEFT).json
    assert left["minimum_monitoring_minutes"] == 120
    assert not {"monitoring_minutes", "minimum_monitoring_met"} & left.keys()
    ask("PUT", "", INFUSION, 1)
    result = ask("GET", "/discharge-check").json
    assert result == left | {"monitoring_minutes": 125, "minimum_monitoring_met": True}


@pytest.mark.usefixtures("given")
def test_an_infusion_is_not_moved_out_of_its_session(ask):
    ask("PUT", "/session", {"arrived_at": SESSION["arrived_at"]})
    ask("PUT", "/discharge-check", LEFT)
    before = INFUSION | {"started_at": "2026-11-17T14:39:00+00:00"}
    assert faults(ask("PUT", "", before, 1), 409) == {("#/started_at", "before_arrival")}
    after = INFUSION | {"ended_at": "2026-11-17T17:50:01+00:00"}
    assert faults(ask("PUT", "", after, 1), 409) == {("#/ended_at", "after_leaving")}
    assert ask("DELETE", "", version=1).status_code == 204
    for rest in ("/session", "/session/revisions", "/discharge-check", "/vitals"):
        assert ask("GET", rest).status_code == 410
    assert ask("PUT", "/session", SESSION, 1).status_code == 410


def test_before_an_infusion_only_its_preparation_can_be_recorded(ask):
    ahead = INFUSION | {"started_at": "2026-11-21T20:30:00+00:00", "status": "scheduled"}
    ahead.pop("ended_at")
    assert ask("PUT", "/session", SESSION).status_code == 404
    ask("PUT", "", ahead)
    now = "2026-11-21T19:50:00+00:00"
    running = {"arrived_at": now, "rate_changes": [{"changed_at": now, "mg_per_hour": 50}]}
    assert faults(ask("PUT", "/session", running)) == {("#/rate_changes/0/changed_at", "not_given")}
    assert ask("PUT", "/session", {"arrived_at": now, "pre_checks": {"fasting": "no"}}).status_code == 201


def test_limits_never_set_are_changed_as_version_0(set_limits, client, people):
    path = f"/v1/clinics/{people.clinic_id}/session-settings"
    assert client.get(path, headers=people.admin.headers).headers["ETag"] == '"v0"'
    assert set_limits(1, spo2_low=92).status_code == 412
    assert set_limits(0, spo2_low=92).headers["ETag"] == '"v1"'


def test_as_many_infusions_in_90_days_as_in_30_contradict_nothing(set_limits):
    assert set_limits(max_infusions_in_30_days=4, max_infusions_in_90_days=4).status_code == 201


def test_limits_that_contradict_each_other_are_refused_by_name(set_limits, client, people):
    wrong = set_limits(heart_rate_low=90, heart_rate_high=90, systolic_hold=90, diastolic_hold=100)
    assert faults(wrong) == {("#/heart_rate_high", "cannot_hold"), ("#/systolic_hold", "cannot_hold")}
    wrong = set_limits(systolic_low=170, systolic_high=170, respiratory_rate_low=31, respiratory_rate_high=30)
    assert faults(wrong) == {("#/systolic_high", "cannot_hold"), ("#/respiratory_rate_high", "cannot_hold")}
    assert set_limits(spo2_low=92).json == {"version": 1, "minimum_monitoring_minutes": 120, "spo2_low": 92}
    assert set_limits(spo2_low=93).status_code == 428
    assert set_limits(1, spo2_low=93).headers["ETag"] == '"v2"'
    path = f"/v1/clinics/{people.clinic_id}/session-settings"
    assert client.get(path, headers=people.clinician.headers).json["spo2_low"] == 93
