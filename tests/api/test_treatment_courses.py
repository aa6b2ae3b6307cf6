"""Treatment courses over HTTP: recorded whole, corrected by version, consistent with each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from models.patients import Patient
from services.access import Role
from tests import factories

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
AGAIN: dict[str, Any] = {
    "kind": "re_induction",
    "began_on": "2026-11-10",
    "induction_infusion_count": 4,
    "induction_days": 14,
    "baseline": {"assessed_on": "2026-11-08", "mood": 3, "anxiety": 7},
}
MOVED: dict[str, Any] = {
    "kind": "transferred_in",
    "began_on": "2026-11-10",
    "earlier_treatment": {
        "infusion_count": 9,
        "first_infusion_on": "2026-05-04",
        "last_infusion_on": "2026-10-30",
    },
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(method: str, what: str, body: Any = None, version: int | None = None, who: Any = None):
        who = who or people.clinician
        patient = "me" if Role.PATIENT in who.roles else people.patient.patient_id
        headers = who.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        return client.open(f"/v1/patients/{patient}/{what}", method=method, json=body, headers=headers)

    return send


@pytest.fixture
def put(ask):
    def send(body: dict[str, Any], course_id: Any = None, version: int | None = None):
        return ask("PUT", f"courses/{course_id or uuid4()}", body, version)

    return send


@pytest.fixture
def infuse(ask):
    def on(day: str, infusion_id: Any = None, version: int | None = None):
        body = {
            "started_at": f"{day}T15:00:00Z",
            "time_zone": "UTC",
            "status": "completed",
            "reason": "scheduled",
        }
        return ask("PUT", f"infusions/{infusion_id or uuid4()}", body, version)

    return on


def faults(response: Any, status: int = 422) -> set[tuple[str, str]]:
    assert response.status_code == status, response.json
    return {(error["pointer"], error["code"]) for error in response.json["errors"]}


def initial(**changed: Any) -> dict[str, Any]:
    return {"kind": "initial", "began_on": "2025-01-06", **changed}


def test_a_course_is_stored_once_corrected_by_version_and_removed(ask, put):
    course_id = uuid4()
    first, again = (put(AGAIN, course_id) for _ in range(2))
    assert (first.status_code, again.status_code, first.json) == (201, 200, again.json)
    assert first.json == {
        **AGAIN,
        "id": str(course_id),
        "version": 1,
        "number": 1,
        "target_measure": "wellbeing",
    }
    ended = AGAIN | {"ended_on": "2026-11-20", "end_reason": "no_benefit"}
    assert put(ended, course_id).status_code == 428
    assert put(ended, course_id, 4).status_code == 412
    assert put(ended, course_id, 1).json["version"] == 2
    assert ask("GET", f"courses/{course_id}").headers["ETag"] == '"v2"'
    assert ask("DELETE", f"courses/{course_id}", version=2).status_code == 204
    assert ask("GET", f"courses/{course_id}").status_code == 410
    revisions = ask("GET", f"courses/{course_id}/revisions").json["items"]
    assert [(each["version"], each["removed"], each.get("end_reason")) for each in revisions] == [
        (1, False, None),
        (2, False, "no_benefit"),
        (3, True, "no_benefit"),
    ]


def test_what_is_known_of_another_clinics_infusions_is_stored(put):
    assert put(MOVED).json["earlier_treatment"] == MOVED["earlier_treatment"]
    assert put(
        {"kind": "transferred_in", "began_on": "2026-11-20", "earlier_treatment": {"infusion_count": 3}}
    ).json["earlier_treatment"] == {"infusion_count": 3}


def test_courses_are_listed_in_order_with_their_numbers(ask, put, infuse):
    infuse("2025-03-01")
    put(AGAIN)
    put(AGAIN | {"began_on": "2025-10-01", "baseline": {"assessed_on": "2025-09-20", "mood": 2}})
    listed = ask("GET", "courses").json["items"]
    assert [(each["began_on"], each["number"]) for each in listed] == [("2025-10-01", 2), ("2026-11-10", 3)]
    assert [each["number"] for each in ask("GET", "courses?from=2026-01-01&limit=1").json["items"]] == [3]


def test_the_patient_reads_their_courses_and_does_not_write_them(ask, put, people):
    course_id = put(AGAIN).json["id"]
    assert ask("GET", f"courses/{course_id}", who=people.patient).json["number"] == 1
    assert len(ask("GET", "courses", who=people.patient).json["items"]) == 1
    assert ask("PUT", f"courses/{course_id}", AGAIN, who=people.patient).status_code == 403
    assert ask("GET", f"courses/{course_id}", who=people.stranger).status_code == 404


def test_every_field_at_fault_is_named(put):
    wrong: list[tuple[dict[str, Any], set[tuple[str, str]]]] = [
        ({}, {("#/kind", "required"), ("#/began_on", "required")}),
        (AGAIN | {"began_on": "1999-01-01"}, {("#/began_on", "too_long_past")}),
        (AGAIN | {"began_on": "2027-11-24"}, {("#/began_on", "too_far_ahead")}),
        (AGAIN | {"ended_on": "2026-11-20"}, {("#/end_reason", "required")}),
        (AGAIN | {"end_reason": "other"}, {("#/ended_on", "required")}),
        (AGAIN | {"end_reason": "bored"}, {("#/end_reason", "unknown_end_reason")}),
        (
            AGAIN | {"ended_on": "2026-11-09", "end_reason": "other"},
            {("#/ended_on", "before_began_on")},
        ),
        (AGAIN | {"ended_on": "2026-12-09", "end_reason": "other"}, {("#/ended_on", "in_the_future")}),
        (AGAIN | {"kind": "transferred_in"}, {("#/earlier_treatment", "required")}),
        (
            AGAIN | {"earlier_treatment": {"infusion_count": 2}},
            {("#/earlier_treatment", "only_transferred_in")},
        ),
        (
            MOVED | {"earlier_treatment": {"infusion_count": 2, "last_infusion_on": "2026-11-10"}},
            {("#/earlier_treatment/last_infusion_on", "not_before_began_on")},
        ),
        (
            MOVED
            | {
                "earlier_treatment": {
                    "infusion_count": 2,
                    "first_infusion_on": "2026-11-02",
                    "last_infusion_on": "2026-11-01",
                }
            },
            {("#/earlier_treatment/first_infusion_on", "after_last")},
        ),
        (MOVED | {"earlier_treatment": {}}, {("#/earlier_treatment/infusion_count", "required")}),
        (
            AGAIN | {"baseline": {"assessed_on": "2026-11-29", "mood": 11}},
            {("#/baseline/mood", "out_of_range")},
        ),
        (AGAIN | {"consultation_version": 1}, {("#/consultation_version", "unknown_consultation")}),
        (AGAIN | {"induction_days": 3}, {("#/induction_days", "cannot_hold")}),
        (AGAIN | {"number": 2}, {("#/number", "unknown_field")}),
    ]
    for body, found in wrong:
        assert faults(put(body)) == found, body


def test_the_consultation_that_a_course_rests_on_is_one_of_the_patients(put, app, people):
    with app.extensions["database"].write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.consultation(session, patient)
    assert put(AGAIN | {"consultation_version": 1}).json["consultation_version"] == 1
    assert faults(put(AGAIN | {"began_on": "2026-11-12", "consultation_version": 2})) == {
        ("#/consultation_version", "unknown_consultation")
    }


def test_courses_follow_one_another(put):
    first, second = uuid4(), uuid4()
    put(initial(), first)
    put(AGAIN, second)
    assert faults(put(AGAIN), 409) == {("#/began_on", "same_day")}
    assert faults(put(initial(began_on="2026-01-01")), 409) == {("#/kind", "not_first")}
    before = {"kind": "re_induction", "began_on": "2024-01-01"}
    assert faults(put(before), 409) == {("#/began_on", "before_initial")}
    late = {"ended_on": "2026-11-10", "end_reason": "dropped_out"}
    assert faults(put(initial(**late), first, 1), 409) == {("#/ended_on", "overlaps_next")}
    assert put(initial(**late | {"ended_on": "2026-11-09"}), first, 1).status_code == 200
    earlier = AGAIN | {"began_on": "2026-11-09"}
    assert faults(put(earlier, second, 1), 409) == {("#/began_on", "overlaps_previous")}


def test_an_initial_course_begins_with_the_first_infusion(put, infuse):
    infuse("2025-01-03")
    assert faults(put(initial()), 409) == {("#/began_on", "after_first_infusion")}
    assert put(initial(began_on="2025-01-03")).status_code == 201


def test_a_courses_baseline_comes_before_its_first_infusion(put, infuse):
    infuse("2026-11-10")
    rated = {"baseline": {"assessed_on": "2026-11-11", "mood": 3}}
    assert faults(put(AGAIN | rated), 409) == {("#/baseline/assessed_on", "after_first_infusion")}
    assert put(AGAIN).status_code == 201


def test_an_infusion_of_a_course_is_not_moved_before_its_baseline(put, infuse):
    put(AGAIN | {"baseline": {"assessed_on": "2026-11-12", "mood": 3}})
    assert faults(infuse("2026-11-11"), 409) == {("#/started_at", "before_baseline")}
    assert infuse("2026-11-09").status_code == 201, "an infusion of the course before"
    assert infuse("2026-11-12").status_code == 201


def test_the_patients_rated_baseline_is_that_of_the_last_course(ask, put, infuse):
    infuse("2025-03-01")
    rated = {"assessed_on": "2026-11-09", "mood": 3}
    assert ask("PUT", "baseline", rated).status_code == 409
    put({"kind": "re_induction", "began_on": "2026-11-10"})
    assert ask("PUT", "baseline", rated).status_code == 201
    assert infuse("2025-03-05").status_code == 201, "an infusion of the course before"
    infuse("2026-11-10")
    assert ask("PUT", "baseline", rated | {"assessed_on": "2026-11-11"}, version=1).status_code == 409


def test_a_course_counts_as_a_change_of_what_is_known_of_the_patient(put, app, people):
    def change_seq() -> int:
        with app.extensions["database"].read(people.clinic_id) as session:
            found: int = session.get_one(Patient, (people.clinic_id, people.patient.patient_id)).change_seq
            return found

    before = change_seq()
    put(AGAIN, uuid4())
    assert change_seq() == before + 1


def test_a_planned_course_begins_ahead(put):
    planned = {"kind": "re_induction", "began_on": str(TODAY + timedelta(days=10))}
    assert put(planned).status_code == 201


def asked(ask) -> list[str]:
    found = ask("GET", "daily-ratings").json["items"]
    return [each["code"] for each in found if each["asked"]]


def test_a_rating_that_is_the_target_measure_is_asked_and_stays_asked(ask, put):
    course_id = uuid4()
    ask("PUT", "daily-ratings", {"codes": ["sleep"]})
    timed = AGAIN | {"target_measure": "intrusive_thoughts", "target_baseline": 8}
    stored = put(timed, course_id)
    assert (stored.status_code, stored.json["target_measure"], stored.json["target_baseline"]) == (
        201,
        "intrusive_thoughts",
        8,
    )
    assert asked(ask) == ["intrusive_thoughts", "sleep"]
    assert faults(ask("PUT", "daily-ratings", {"codes": ["sleep"]}, 2), 409) == {
        ("#/codes", "target_measure")
    }
    assert ask("PUT", "daily-ratings", {"codes": ["intrusive_thoughts"]}, 2).status_code == 200
    # The whole course is sent each time: without the member it is wellbeing again.
    assert put(AGAIN, course_id, 1).json["target_measure"] == "wellbeing"
    assert ask("PUT", "daily-ratings", {"codes": []}, 3).status_code == 200
    revisions = ask("GET", f"courses/{course_id}/revisions").json["items"]
    assert [each["target_measure"] for each in revisions] == ["intrusive_thoughts", "wellbeing"]


def test_of_an_ended_course_the_target_measure_is_not_asked(ask, put):
    ended = {"ended_on": "2026-11-20", "end_reason": "no_benefit", "target_measure": "craving"}
    assert put(AGAIN | ended).json["target_measure"] == "craving"
    assert asked(ask) == []
    assert ask("PUT", "daily-ratings", {"codes": ["sleep"]}).status_code == 200


def test_a_target_measure_is_wellbeing_or_one_of_four_ratings(put):
    assert faults(put(AGAIN | {"target_measure": "focus"})) == {("#/target_measure", "unknown_measure")}
    assert faults(put(AGAIN | {"target_baseline": 8})) == {("#/target_baseline", "no_target_rating")}
    outside = AGAIN | {"target_measure": "craving", "target_baseline": 11}
    assert {pointer for pointer, _ in faults(put(outside))} == {"#/target_baseline"}
