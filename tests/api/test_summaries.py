"""Where a patient stands, over HTTP: to each role exactly what is theirs to see."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from models.patients import Patient
from services.access import Role
from tests import factories

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
OWN = {
    "patient_id",
    "today",
    "phase",
    "course",
    "last_infusion_on",
    "days_since_infusion",
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
    assert set(ask(people.clinician).json) == for_staff
    assert set(ask(people.integration).json) == for_staff
    assert ask(people.admin).status_code == 403


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
