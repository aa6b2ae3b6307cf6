"""Where a patient stands, over HTTP: to each role exactly what is theirs to see."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from models.clinics import Clinic
from models.patients import Patient
from services.access import Role, Scope
from tests import factories
from tests.api.http.scenario import Limited

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
NAMES = ("record_number", "display_name", "time_zone", "day_start_hour")
OWN = {
    "patient_id",
    "record_number",
    "display_name",
    "time_zone",
    "day_start_hour",
    "today",
    "phase",
    "course",
    "last_infusion_on",
    "days_since_infusion",
    "last_dose",
    "infusions_given_count",
    "next_booked_infusion_on",
    "last_check_in_on",
    "answered_last_7_days_count",
    "answered_last_14_days_count",
    "benefit_left_asked",
    "questionnaires_due",
    "mood_averages",
    "enjoyment_averages",
    "anxiety_averages",
    "side_effect_burden_averages",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(who: Any = None, held: str | None = None):
        who = who or people.clinician
        patient = "me" if Role.PATIENT in who.roles else people.patient.patient_id
        headers = who.headers | ({} if held is None else {"If-None-Match": held})
        return client.get(f"/v1/patients/{patient}/summary", headers=headers)

    return send


@pytest.fixture
def course(database, people):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        for back in (40, 37, 33, 30, 26, 23):
            factories.infusion(session, patient, TODAY - timedelta(days=back))
        factories.infusion(session, patient, TODAY + timedelta(days=3), status="scheduled")
        for back in (60, 50, 41, 12, 9, 5, 1):
            mood = 2 if back > 40 else 6
            factories.check_in(session, patient, TODAY - timedelta(days=back), mood=mood)
        factories.check_in(session, patient, TODAY, side_effects=[{"code": "nausea", "severity": "moderate"}])


@pytest.mark.usefixtures("course")
def test_each_role_sees_these_members_and_no_other(ask, people):
    assert set(ask(people.patient).json) == OWN
    for_staff = OWN | {"outlook", "open_alert_count", "reasons_to_hold", "headline", "attention", "booking"}
    for_staff |= {"ratings_asked", "exposure", "response_review_due_on"}
    assert set(ask(people.clinician).json) == for_staff
    assert set(ask(people.integration).json) == for_staff
    assert [ask(who).status_code for who in (people.admin, people.delegate)] == [403, 403]


@pytest.mark.usefixtures("course")
def test_the_summary_names_the_patient_to_whoever_may_read_the_worklist(ask, people, client):
    worklist = f"/v1/clinics/{people.clinic_id}/patients?limit=200"
    own = ask(people.patient).json
    for who in (people.clinician, people.integration):
        items = client.get(worklist, headers=who.headers).json["items"]
        (row,) = [item for item in items if item["patient_id"] == str(people.patient.patient_id)]
        named = ask(who).json
        assert (named["record_number"], named["display_name"]) == (row["record_number"], row["display_name"])
        assert {name: named[name] for name in NAMES} == {name: own[name] for name in NAMES}
    details = client.get("/v1/patients/me", headers=people.patient.headers).json
    assert {name: own[name] for name in NAMES} == {name: details[name] for name in NAMES}
    trends_only = Limited(people.integration, Scope.TRENDS_READ)
    path = f"/v1/patients/{people.patient.patient_id}/summary"
    refused = client.get(path, headers=trends_only.headers)
    assert refused.status_code == 403
    assert details["display_name"] not in refused.text


@pytest.mark.usefixtures("course")
def test_the_summary_states_what_was_given_measured_and_agreed(ask, people, database):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.infusion(session, patient, TODAY - timedelta(days=2), dose_mg=42.0, route="intramuscular")
        factories.score(session, patient, TODAY - timedelta(days=42), total=18)
        factories.score(session, patient, TODAY - timedelta(days=3), total=9)
        factories.suitable(session, patient, consent_given_on=None)
    found = ask().json
    assert found["last_dose"] == {
        "local_date": "2026-11-19",
        "dose_mg": 42.0,
        "mg_per_kg": 0.6,
        "route": "intramuscular",
    }
    assert ask(people.patient).json["last_dose"] == found["last_dose"]
    assert found["phq_9"] == {
        "scored_on": "2026-11-18",
        "total": 9,
        "band": "mild",
        "scored_before_on": "2026-10-10",
        "total_before": 18,
        "difference": -9,
        "response": True,
        "remission": False,
        "reliable_change": "improved",
        "important_change": "improved",
    }
    assert "PHQ-9 9 on 18 November, was 18." in found["headline"]
    assert found["exposure"] == {
        "elsewhere_count": 0,
        "in_30_days_count": 3,
        "in_90_days_count": 7,
        "in_365_days_count": 7,
        "total_mg_per_kg": pytest.approx(6 * 0.5 + 0.6),
        "known_dose_count": 7,
    }
    assert found["consultation"]["decision"] == "suitable"
    assert "consent_given_on" not in found["consultation"]
    assert [reason["code"] for reason in found["reasons_to_hold"]] == ["no_consent"]


@pytest.mark.usefixtures("course")
def test_what_a_summary_names_is_never_stale(ask, people, client):
    def change(method: str, what: str, body: Any, version: int | None = None) -> None:
        path = f"/v1/patients/{people.patient.patient_id}{what}"
        headers = people.clinician.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        assert client.open(path, method=method, json=body, headers=headers).status_code in {200, 201}

    tags = [ask().headers["ETag"]]
    assert ask().json["ratings_asked"] == []
    change("PUT", "/daily-ratings", {"codes": ["craving"]}, 0)
    assert ask().json["ratings_asked"] == [{"code": "craving", "label": "Craving"}]
    tags.append(ask().headers["ETag"])
    change("PATCH", "", {"display_name": "Fern Hollow", "time_zone": "Europe/Lisbon"}, 1)
    assert (ask().json["display_name"], ask().json["time_zone"]) == ("Fern Hollow", "Europe/Lisbon")
    tags.append(ask().headers["ETag"])
    change("PUT", "/consultation", {"seen_on": "2026-11-20", "consent_given_on": "2026-11-20"})
    assert ask().json["consultation"] == {"seen_on": "2026-11-20", "consent_given_on": "2026-11-20"}
    tags.append(ask().headers["ETag"])
    change("PUT", "/scores/phq-9/2026-11-20", {"total": 12})
    assert ask().json["phq_9"] == {"scored_on": "2026-11-20", "total": 12, "band": "moderate"}
    tags.append(ask().headers["ETag"])
    assert len(set(tags)) == len(tags)


@pytest.mark.usefixtures("course")
def test_a_response_review_has_its_day_until_it_is_recorded(ask, people, database, clock):
    with database.write(people.clinic_id) as session:
        session.get_one(Clinic, people.clinic_id).review_after_days = 30
    assert ask().json["response_review_due_on"] == "2026-11-28"
    clock.shift(timedelta(days=10))
    assert ask().json["response_review_due_on"] == "2026-11-28"
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.response_review(session, patient, TODAY)
        patient.change_seq += 1
    assert "response_review_due_on" not in ask().json


@pytest.mark.usefixtures("course")
def test_a_patients_own_summary_has_no_part_of_the_outlook(ask, people):
    assert ask().json["outlook"]["status"]
    # It is asked about benefit, and forms are due: neither tells them anything of the outlook.
    own = ask(people.patient).text.replace("benefit_left_asked", "").replace("questionnaires_due", "")
    for word in ("due", "outlook", "benefit", "recommended_on", "wear_off", "overdue"):
        assert word not in own


@pytest.mark.usefixtures("course")
def test_the_patients_tag_is_not_the_clinicians(ask, people):
    theirs, ours = ask(people.patient).headers["ETag"], ask().headers["ETag"]
    assert theirs != ours
    assert ask(people.patient, held=ours).status_code == 200
    assert ask(people.patient, held=theirs).status_code == 304


@pytest.mark.usefixtures("course")
def test_the_figures_count_what_was_answered(ask):
    result = ask().json
    assert result["phase"] == {"kind": "maintenance"}
    assert (result["last_infusion_on"], result["days_since_infusion"]) == ("2026-10-29", 23)
    assert (result["infusions_given_count"], result["next_booked_infusion_on"]) == (6, "2026-11-24")
    assert (
        result["last_check_in_on"],
        result["answered_last_7_days_count"],
        result["answered_last_14_days_count"],
    ) == (
        "2026-11-21",
        3,
        5,
    )
    mood = result["mood_averages"]
    assert (
        mood["last_7_days"]["mean"],
        mood["last_7_days"]["answered_count"],
        mood["last_7_days"]["day_count"],
    ) == (
        6,
        3,
        7,
    )
    assert (mood["previous_7_days"]["answered_count"], mood["baseline_period"]["answered_count"]) == (2, 3)
    assert mood["baseline_period"]["mean"] == 2
    assert result["side_effect_burden_averages"]["last_7_days"]["mean"] == pytest.approx(2 / 3, abs=1e-4)


@pytest.mark.usefixtures("course")
def test_the_summary_lists_the_days_on_which_to_ask_how_much_benefit_is_left(ask, people, clock):
    asked = {}
    for day in range(7):
        asked[ask(people.patient).json["today"]] = ask(people.patient).json["benefit_left_asked"]
        assert ask(people.clinician).json["benefit_left_asked"] is asked[f"2026-11-{21 + day}"]
        clock.shift(timedelta(days=1))
    # Four weeks after the last infusion, which was given on 29 October.
    assert [day for day, shown in asked.items() if shown] == ["2026-11-26"]


@pytest.mark.usefixtures("course")
def test_an_offline_phone_computes_the_same_by_the_docs(ask, people, client, clock):
    headers = people.patient.headers
    pulled = client.get("/v1/sync/changes", headers=headers).json["changes"]
    plan = client.get("/v1/patients/me/protocol", headers=headers).json["in_effect"]
    given = {
        date.fromisoformat(change["data"]["local_date"])
        for change in pulled
        if change["type"] == "infusion" and change["data"]["status"] in {"completed", "stopped"}
    }
    for _ in range(15):
        result = ask(people.patient).json
        today = date.fromisoformat(result["today"])
        since = (today - max(given)).days
        offline = len(given) >= plan["induction_infusion_count"] and since >= 7 and since % 7 == 0
        assert result["benefit_left_asked"] is offline
        clock.shift(timedelta(days=1))


def test_a_mean_of_nothing_is_absent_and_no_zero(ask):
    result = ask().json
    assert result["phase"] == {"kind": "not_started"}
    for measure in ("mood_averages", "enjoyment_averages", "anxiety_averages", "side_effect_burden_averages"):
        assert "mean" not in result[measure]["last_7_days"]
        assert result[measure]["last_7_days"]["answered_count"] == 0
        assert "baseline_period" not in result[measure]
    assert not {
        "last_infusion_on",
        "days_since_infusion",
        "last_check_in_on",
        "next_booked_infusion_on",
    } & set(result)


@pytest.mark.usefixtures("course")
def test_the_same_question_gets_the_same_bytes(ask, people):
    for who in (people.patient, people.clinician):
        assert ask(who).data == ask(who).data


def test_other_patients_and_clinics_get_404(client, people):
    path = f"/v1/patients/{people.patient.patient_id}/summary"
    for who in (people.other_patient, people.stranger, people.strangers_patient):
        assert client.get(path, headers=who.headers).status_code == 404
    assert client.get("/v1/patients/me/summary", headers=people.clinician.headers).status_code == 404
