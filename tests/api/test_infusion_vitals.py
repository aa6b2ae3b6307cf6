"""Vital signs over HTTP: beyond physiology refused, beyond the clinic's limits kept and shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from api.http.auth import access_token
from models.infusion_sessions import SessionSettings
from models.patients import Patient
from services.access import Role, Scope
from services.tokens import Grant
from tests import factories

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
DAY = datetime(2026, 11, 17, tzinfo=UTC).date()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def given(app, people):
    with app.extensions["database"].write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.session_settings(session, systolic_high=170, spo2_low=92)
        made = factories.infusion(session, patient, DAY)
        return made.id, made.started_at


@pytest.fixture
def ask(client, people, given):
    def send(method: str, body: Any = None, rest: str = "", who: Any = None):
        path = f"/v1/patients/{people.patient.patient_id}/infusions/{given[0]}/vitals{rest}"
        return client.open(path, method=method, json=body, headers=(who or people.clinician).headers)

    return send


@pytest.fixture
def reading(given):
    def make(minutes: float = 10, **numbers: Any) -> dict[str, Any]:
        measured_at = (given[1] + timedelta(minutes=minutes)).astimezone(UTC).isoformat()
        return {"id": str(uuid4()), "measured_at": measured_at, **(numbers or {"heart_rate": 80})}

    return make


def outcomes(response: Any) -> list[tuple[str, int]]:
    assert response.status_code == 207, response.json
    return [(each["status"], each["http_status"]) for each in response.json["results"]]


def faults(response: Any) -> set[tuple[str, str]]:
    assert response.status_code == 422, response.json
    return {(found["pointer"], found["code"]) for found in response.json["errors"]}


def test_a_reading_is_stored_once_and_the_first_one_stays(ask, reading):
    later, first = reading(20), reading(10)
    assert outcomes(ask("POST", {"readings": [later, first]})) == [("created", 201)] * 2
    assert outcomes(ask("POST", {"readings": [later, first, first]})) == [("unchanged", 200)] * 3
    assert outcomes(ask("POST", {"readings": [first | {"heart_rate": 81}]})) == [("conflict", 409)]
    items = ask("GET").json["items"]
    assert [each["id"] for each in items] == [first["id"], later["id"]]
    assert [each["heart_rate"] for each in items] == [80, 80]


def test_a_reading_beyond_the_clinics_limits_is_stored_and_names_them(ask, reading, people):
    high = reading(systolic=171, diastolic=90, spo2=91)
    exceeded = [
        {"limit_name": "systolic_high", "value": 171, "limit_value": 170},
        {"limit_name": "spo2_low", "value": 91, "limit_value": 92},
    ]
    assert ask("POST", {"readings": [high]}).json["results"][0]["limits_exceeded"] == exceeded
    (item,) = ask("GET").json["items"]
    assert (item["limits_exceeded"], item["entry_method"]) == (exceeded, "hand")
    (own,) = ask("GET", who=people.patient).json["items"]
    assert own == high | {"entry_method": "hand"}


def problems(response: Any) -> dict[int, set[tuple[str, str]]]:
    assert response.status_code == 207, response.json
    return {
        at: {(found["pointer"], found["code"]) for found in each["problem"]["errors"]}
        for at, each in enumerate(response.json["results"])
        if each["status"] == "rejected" and each["http_status"] == 422
    }


def test_one_implausible_reading_loses_none_of_nine_good_ones(ask, reading):
    sent = [reading(minute) for minute in range(9)] + [reading(9, heart_rate=0)]
    answer = ask("POST", {"readings": sent})
    assert outcomes(answer) == [("created", 201)] * 9 + [("rejected", 422)]
    assert [each["id"] for each in answer.json["results"]] == [each["id"] for each in sent]
    assert answer.json["results"][9]["problem"]["code"] == "invalid"
    assert len(ask("GET").json["items"]) == 9


def test_beyond_physiology_or_out_of_its_time_is_rejected_by_name_and_the_rest_is_stored(ask, reading):
    implausible = [
        reading(),
        reading(heart_rate=19),
        reading(systolic=301, diastolic=60),
        reading(spo2=101),
        reading(diastolic=201, systolic=250),
        reading(respiratory_rate=2),
        reading(sedation_score=6),
    ]
    assert problems(ask("POST", {"readings": implausible})) == {
        1: {("#/readings/1/heart_rate", "out_of_range")},
        2: {("#/readings/2/systolic", "out_of_range")},
        3: {("#/readings/3/spo2", "out_of_range")},
        4: {("#/readings/4/diastolic", "out_of_range")},
        5: {("#/readings/5/respiratory_rate", "out_of_range")},
        6: {("#/readings/6/sedation_score", "out_of_range")},
    }
    good = reading(20)
    impossible = [
        good,
        reading(60 * 24 + 1),
        reading(60 * 24 * 7),
        reading(systolic=120),
        reading(systolic=80, diastolic=80),
        {name: reading()[name] for name in ("id", "measured_at")},
    ]
    assert problems(ask("POST", {"readings": impossible})) == {
        1: {("#/readings/1/measured_at", "outside_session")},
        2: {("#/readings/2/measured_at", "in_the_future")},
        3: {("#/readings/3/diastolic", "required")},
        4: {("#/readings/4/systolic", "below_diastolic")},
        5: {("#/readings/5", "nothing_measured")},
    }
    assert [each["id"] for each in ask("GET").json["items"]] == [implausible[0]["id"], good["id"]]


@pytest.mark.parametrize(
    ("sent", "pointer", "code"),
    [
        ("80", "#/readings/1", "wrong_type"),
        (None, "#/readings/1", "wrong_type"),
        ({"heart_rate": 80}, "#/readings/1/id", "required"),
        ({"id": "7", "heart_rate": 80}, "#/readings/1/id", "not_a_uuid"),
        ({"note": "a\u0000b"}, "#/readings/1/note", "unstorable_text"),
    ],
)
def test_what_cannot_be_read_is_rejected_alone(ask, reading, sent, pointer, code):
    good, bad = ask("POST", {"readings": [reading(), sent]}).json["results"]
    assert (good["status"], bad["status"], "id" in bad) == ("created", "rejected", False)
    assert (pointer, code) in {(each["pointer"], each["code"]) for each in bad["problem"]["errors"]}


def test_low_pressure_slow_breathing_and_deep_sedation_exceed_the_clinics_limits(ask, reading, app, people):
    limits = {"systolic_low": 90, "diastolic_low": 50, "respiratory_rate_low": 10, "sedation_score_low": 3}
    with app.extensions["database"].write(people.clinic_id) as session:
        current = session.scalars(select(SessionSettings)).one()
        for name, limit in limits.items():
            setattr(current, name, limit)
    low = {"systolic": 89, "diastolic": 49, "respiratory_rate": 9, "sedation_score": 2}
    (result,) = ask("POST", {"readings": [reading(**low)]}).json["results"]
    assert [each["limit_name"] for each in result["limits_exceeded"]] == list(limits)
    (own,) = ask("GET", who=people.patient).json["items"]
    assert low.items() <= own.items()


def test_vital_signs_after_the_departure_are_refused(ask, reading, client, people, given):
    path = f"/v1/patients/{people.patient.patient_id}/infusions/{given[0]}/discharge-check"
    left_at = reading(180)["measured_at"]
    left = client.put(
        path, json={"left_at": left_at, "accompanied_by": "companion"}, headers=people.clinician.headers
    )
    assert left.status_code == 201
    late = ask("POST", {"readings": [reading(180), reading(180.1)]})
    assert problems(late) == {1: {("#/readings/1/measured_at", "after_leaving")}}
    assert outcomes(late) == [("created", 201), ("rejected", 422)]


def test_a_conflict_names_the_reading_and_shows_the_stored_one(ask, reading, app, people, client, given):
    first, struck = reading(10), reading(20)
    ask("POST", {"readings": [first, struck]})
    ask("DELETE", rest=f"/{struck['id']}")
    with app.extensions["database"].write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        other = factories.infusion(session, patient, DAY - timedelta(days=1)).id
    path = f"/v1/patients/{people.patient.patient_id}/infusions/{other}/vitals"
    elsewhere = reading(-60 * 24)
    client.post(path, json={"readings": [elsewhere]}, headers=people.clinician.headers)
    again = {"readings": [reading(30), first | {"heart_rate": 81}, struck, elsewhere]}
    good, changed, gone, taken = ask("POST", again).json["results"]
    assert not {"problem", "current"} & good.keys()
    for at, (result, code) in enumerate(
        ((changed, "other_numbers"), (gone, "entered_in_error"), (taken, "other_infusion")), start=1
    ):
        assert (result["status"], result["problem"]["code"]) == ("conflict", "conflict")
        (error,) = result["problem"]["errors"]
        assert (error["pointer"], error["code"]) == (f"#/readings/{at}/id", code)
    assert changed["current"] == first | {"entry_method": "hand", "limits_exceeded": []}
    assert not {"current"} & (gone.keys() | taken.keys())
    # A device that may only send is told why, and reads nothing; whoever is shown it is noted.
    grant = Grant(people.integration.id, frozenset({Role.INTEGRATION}), None, scopes=(Scope.VITALS_WRITE,))
    with app.app_context():
        headers = {"Authorization": f"Bearer {access_token(grant)}"}
    path = f"/v1/patients/{people.patient.patient_id}/infusions/{given[0]}/vitals"
    result = client.post(path, json=again, headers=headers).json["results"][1]
    assert result["problem"]["errors"] == changed["problem"]["errors"]
    assert "current" not in result
    log = client.get("/v1/patients/me/access-log", headers=people.patient.headers).json["items"]
    assert [each["resource"] for each in log] == ["infusions"]


def test_an_infusion_has_at_most_200_readings_however_they_come(ask, reading):
    many = [reading(minute / 2) for minute in range(200)]
    assert ask("POST", {"readings": many}).status_code == 207
    assert outcomes(ask("POST", {"readings": many[:3]})) == [("unchanged", 200)] * 3
    assert problems(ask("POST", {"readings": [reading()]})) == {0: {("#/readings/0", "too_many")}}
    mixed = ask("POST", {"readings": [many[0], reading(), many[1]]})
    assert outcomes(mixed) == [("unchanged", 200), ("rejected", 422), ("unchanged", 200)]
    assert faults(ask("POST", {"readings": [*many, reading()]})) == {("#/readings", "too_many")}
    assert len(ask("GET").json["items"]) == 200


def test_a_wrong_reading_is_entered_in_error_and_does_not_come_back(ask, reading, people):
    wrong = reading()
    ask("POST", {"readings": [wrong]})
    assert ask("DELETE", rest=f"/{wrong['id']}", who=people.integration).status_code == 403
    assert [ask("DELETE", rest=f"/{wrong['id']}").status_code for _ in range(2)] == [204, 204]
    assert ask("GET").json == {"items": []}
    assert outcomes(ask("POST", {"readings": [wrong]})) == [("conflict", 409)]
    assert ask("DELETE", rest=f"/{uuid4()}").status_code == 404


def test_a_device_sends_and_is_named_as_one(ask, reading, people):
    assert outcomes(ask("POST", {"readings": [reading()]}, who=people.integration)) == [("created", 201)]
    assert [each["entry_method"] for each in ask("GET").json["items"]] == ["device"]
