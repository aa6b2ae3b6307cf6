"""A patient's plan over HTTP: the clinic's defaults, the patient's own, the phase that follows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from models.patients import Patient
from services.access import Role
from tests import factories

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
CLINICS = {
    "induction_infusion_count": 6,
    "induction_days": 21,
    "min_interval_days": 14,
    "max_interval_days": 35,
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(
        method: str, body: Any = None, version: int | None = None, who: Any = None, what: str = "protocol"
    ):
        who = who or people.clinician
        patient = "me" if Role.PATIENT in who.roles else people.patient.patient_id
        headers = who.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        return client.open(f"/v1/patients/{patient}/{what}", method=method, json=body, headers=headers)

    return send


@pytest.fixture
def infuse(database, people):
    def on(*days: date) -> None:
        with database.write(people.clinic_id) as session:
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            for day in days:
                factories.infusion(session, patient, day)

    return on


def faults(response: Any) -> set[str]:
    assert (response.status_code, response.json["code"]) == (422, "invalid"), response.json
    return {found["pointer"] for found in response.json["errors"]}


def test_without_a_patients_protocol_the_clinics_applies(ask):
    answer = ask("GET")
    assert answer.json == {"version": 0, "overrides": {}, "in_effect": CLINICS}
    assert answer.headers["ETag"] == '"v0"'


def test_fields_missing_in_the_patients_protocol_are_the_clinics(ask, people):
    answer = ask("PUT", {"min_interval_days": 21, "paused_on": "2026-12-01"})
    assert answer.json == {
        "version": 1,
        "overrides": {"min_interval_days": 21, "paused_on": "2026-12-01"},
        "in_effect": {**CLINICS, "min_interval_days": 21, "paused_on": "2026-12-01"},
    }
    assert ask("GET", who=people.patient).json == answer.json


def test_a_plan_sent_again_changes_nothing_and_another_names_the_version(ask):
    first = ask("PUT", {"min_interval_days": 21})
    assert ask("PUT", {"min_interval_days": 21}).data == first.data
    refused = ask("PUT", {"min_interval_days": 28})
    assert (refused.status_code, refused.json["current"]) == (428, first.json)
    second = ask("PUT", {"min_interval_days": 28}, version=1)
    assert second.json["version"] == 2
    assert ask("PUT", {"min_interval_days": 28}, version=1).data == second.data
    stale = ask("PUT", {}, version=1)
    assert (stale.status_code, stale.json["current"]) == (412, second.json)
    assert ask("PUT", {}, version=2).json["in_effect"] == CLINICS


def test_a_first_plan_may_name_version_0(ask):
    assert ask("PUT", {"min_interval_days": 21}, version=3).status_code == 412
    assert ask("PUT", {"min_interval_days": 21}, version=0).status_code == 200


def test_a_plan_that_cannot_hold_is_refused_field_by_field(ask):
    unsound: list[tuple[dict[str, Any], set[str]]] = [
        ({"min_interval_days": 36}, {"#/min_interval_days"}),
        ({"max_interval_days": 13}, {"#/min_interval_days"}),
        ({"min_interval_days": 30, "max_interval_days": 29}, {"#/min_interval_days"}),
        ({"min_interval_days": 6}, {"#/min_interval_days"}),
        ({"max_interval_days": 85}, {"#/max_interval_days"}),
        ({"induction_infusion_count": 13}, {"#/induction_infusion_count"}),
        ({"induction_days": 5}, {"#/induction_days"}),
        ({"resumes_on": "2026-12-01"}, {"#/resumes_on"}),
        ({"paused_on": "2026-12-01", "resumes_on": "2026-12-01"}, {"#/resumes_on"}),
        (
            {"induction_days": 85, "max_interval_days": 3},
            {"#/induction_days", "#/max_interval_days"},
        ),
        ({"min_interval_days": 0}, {"#/min_interval_days"}),
        ({"min_interval_days": "14"}, {"#/min_interval_days"}),
        ({"min_interval_days": None}, {"#/min_interval_days"}),
        ({"interval": 14}, {"#/interval"}),
        ({"ended_on": "2026-02-30"}, {"#/ended_on"}),
    ]
    for body, named in unsound:
        assert faults(ask("PUT", body)) == named, body
    assert ask("GET").json["version"] == 0


def test_a_patient_reads_their_plan_and_does_not_set_it(ask, people):
    assert ask("GET", who=people.patient).status_code == 200
    assert ask("PUT", {}, who=people.patient).status_code == 403


PLAN_MEMBERS = {"kind", "infusions_given_count", "infusions_planned_count"}


def test_the_phase_follows_from_the_plan_and_the_infusions(ask, infuse):
    def phase() -> Any:
        found = ask("GET", what="summary").json["phase"]
        return {name: found[name] for name in found if name in PLAN_MEMBERS}

    assert phase() == {"kind": "not_started"}
    infuse(TODAY - timedelta(days=40))
    assert phase() == {"kind": "induction", "infusions_given_count": 1, "infusions_planned_count": 6}
    infuse(*(TODAY - timedelta(days=days) for days in (37, 33, 30, 26)))
    assert phase() == {"kind": "induction", "infusions_given_count": 5, "infusions_planned_count": 6}
    infuse(TODAY - timedelta(days=23))
    assert phase() == {"kind": "maintenance"}
    ask("PUT", {"paused_on": "2026-11-20"})
    assert phase() == {"kind": "paused"}
    ask("PUT", {"paused_on": "2026-11-20", "resumes_on": "2026-11-21"}, version=1)
    assert phase() == {"kind": "maintenance"}
    ask("PUT", {"induction_infusion_count": 8}, version=2)
    assert phase() == {"kind": "induction", "infusions_given_count": 6, "infusions_planned_count": 8}
    ask("PUT", {"ended_on": "2026-11-21"}, version=3)
    assert phase() == {"kind": "completed"}


def test_a_clinic_that_changes_its_own_plan_breaks_no_patients(ask, infuse, client, people):
    infuse(*(TODAY - timedelta(days=days) for days in (40, 37, 33, 30, 26, 23)))
    ask("PUT", {"min_interval_days": 30})
    changed = client.patch(
        f"/v1/clinics/{people.clinic_id}/settings",
        json={"max_interval_days": 21},
        headers={**people.admin.headers, "If-Match": '"v1"'},
    )
    assert changed.status_code == 200
    for what in ("protocol", "summary", "outlook"):
        assert ask("GET", what=what).status_code == 200
