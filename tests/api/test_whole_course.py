"""One patient's whole course, from the first consultation to the clinic's report."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from clinical.suitability import CHECKLIST
from demo import clinic as demo
from demo import ids as demo_ids
from models.database import Database
from models.safety import SafetyAnswer
from services.access import Role
from tests import factories
from tests.people import People, Person

CHICAGO = ZoneInfo(factories.ZONE)
ENROLLED = date(2026, 3, 2)
FIRST_INFUSION = ENROLLED + timedelta(days=14)
INDUCTION = tuple(FIRST_INFUSION + timedelta(days=days) for days in (0, 3, 7, 10, 14, 17))
MAINTENANCE = tuple(INDUCTION[-1] + timedelta(days=days) for days in (26, 51, 74))
PHONE = {"device_id": "pocket-phone-1", "name": "Pocket phone"}
WORDS = "seven otters juggle umbrellas"


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An hour of a day by the clock of clinic and patient."""
    return datetime.combine(day, time(hour, minute), CHICAGO)


@dataclass
class Scenario:
    """Everybody in it, what they ask the server, and the day it is for them."""

    app: Flask
    client: FlaskClient
    people: People
    clock: Any
    wren: Person | None = None
    refresh_token: str = ""
    recorded_until: date = ENROLLED
    infusions: dict[date, UUID] = field(default_factory=dict)

    @property
    def patient(self) -> str:
        """The path of the patient, as the clinic asks for her."""
        assert self.wren is not None
        return f"/v1/patients/{self.wren.patient_id}"

    @property
    def clinic(self) -> str:
        """The path of the clinic."""
        return f"/v1/clinics/{self.people.clinic_id}"

    def on(self, day: date, hour: int, minute: int = 0) -> None:
        """Let time go on until then."""
        self.clock.move_to(at(day, hour, minute))

    def asks(self, who: Person, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request that must succeed."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.open(path, method=method, json=body, headers=who.headers | named)
        assert answer.status_code < 300, (path, answer.json)
        return answer

    def clinician(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The response to the clinician."""
        return self.asks(self.people.clinician, method, path, body, **headers).json

    def patients_own(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The response to the patient."""
        assert self.wren is not None
        return self.asks(self.wren, method, path, body, **headers).json


@pytest.fixture
def scenario(app: Flask, client: FlaskClient, people: People) -> Iterator[Scenario]:
    """A clinic that treated ten others before, and a clock that stands at the day of the consultation."""
    with time_machine.travel(at(ENROLLED, 9), tick=False) as clock:
        ten_treated_before(app.extensions["database"], people)
        yield Scenario(app, client, people, clock)


def ten_treated_before(database: Database, people: People) -> None:
    """Half of them responded to their infusions, and were relieved of thoughts of suicide by day 3."""
    first = ENROLLED - timedelta(days=60)
    with database.write(people.clinic_id) as session:
        for number in range(10):
            well = number < 5
            other = factories.patient(session)
            factories.consultation(session, other, indication="major_depression")
            factories.infusion(session, other, first)
            factories.score(session, other, first - timedelta(days=1), total=20)
            factories.form(session, other, first + timedelta(days=21), total=4 if well else 18)
            for days, answer in ((-1, 2), (3, 0 if well else 2)):
                result = {
                    "known_from": factories.LONG_AGO,
                    "known_until": None,
                    "version": 1,
                    "answer": answer,
                }
                day = first + timedelta(days=days)
                session.add(SafetyAnswer(**result, patient_id=other.id, local_date=day))
        session.flush()


def test_one_patients_whole_course(scenario: Scenario) -> None:
    the_clinic_prepares_itself(scenario)
    a_patient_is_enrolled_and_takes_up_the_invitation(scenario)
    the_consultation_leaves_something_to_review_and_is_decided(scenario)
    the_plan_is_made_and_questionnaires_are_arranged(scenario)
    two_weeks_are_answered_before_treatment(scenario)
    item_9_is_answered_at_once_and_seen_to_by_a_named_clinician(scenario)
    six_infusions_in_three_weeks(scenario)
    thoughts_of_suicide_are_not_endorsed_by_day_3(scenario)
    the_questionnaire_shows_response_and_then_remission(scenario)
    three_cycles_of_maintenance(scenario)
    what_happened_around_the_infusions_is_recorded(scenario)
    exposure_is_shown_with_what_speaks_for_holding(scenario)
    what_it_costs(scenario)
    her_sister_reads_along_until_it_is_taken_back(scenario)
    the_patient_reads_who_was_shown_what(scenario)
    the_clinics_report_counts_this_course(scenario)


def the_clinic_prepares_itself(scenario: Scenario) -> None:
    admin = scenario.people.admin
    safety = {"country": "US", "safety_question": True, "escalate_after_minutes": 30}
    safety |= {"on_call_webhook": "https://pager.clinic.test/afterglow"}
    result = scenario.asks(admin, "PUT", f"{scenario.clinic}/safety-settings", safety).json
    assert [contact["address"] for contact in result["shown_contacts"]] == ["988", "988"]
    limits = {"systolic_hold": 140, "diastolic_hold": 90, "systolic_high": 160, "shortest_interval_days": 24}
    result = scenario.asks(admin, "PUT", f"{scenario.clinic}/session-settings", limits).json
    assert result["minimum_monitoring_minutes"] == 120


def a_patient_is_enrolled_and_takes_up_the_invitation(scenario: Scenario) -> None:
    new = {"record_number": "LB-2001", "display_name": "Wren Ashby", "time_zone": factories.ZONE}
    enrolled = scenario.clinician(
        "POST", f"{scenario.clinic}/patients", new | {"email": "wren@patients.test"}
    )
    invited = scenario.clinician("POST", f"/v1/patients/{enrolled['id']}/invitations")
    endpoint = f"/v1/auth/invitations/{invited['code']}/accept"
    accepted: Any = scenario.client.post(endpoint, json={"password": WORDS, "device": PHONE})
    scenario.refresh_token = accepted.json["refresh_token"]
    bearer = {"Authorization": f"Bearer {accepted.json['access_token']}"}
    me: Any = scenario.client.get("/v1/me", headers=bearer).json
    assert (me["display_name"], me["roles"], me["patient_id"]) == ("Wren Ashby", ["patient"], enrolled["id"])
    devices: Any = scenario.client.get("/v1/me/devices", headers=bearer).json
    (phone,) = devices["items"]
    scenario.wren = Person(
        scenario.app,
        "wren",
        UUID(me["id"]),
        scenario.people.clinic_id,
        frozenset({Role.PATIENT}),
        patient_id=UUID(me["patient_id"]),
        sign_in_id=UUID(phone["sign_in_id"]),
    )


def the_consultation_leaves_something_to_review_and_is_decided(scenario: Scenario) -> None:
    path = f"{scenario.patient}/consultation"
    words = {"arrhythmia": "yes", "ecg_abnormal": "unknown"}
    answers = [
        {"code": each.code, "present": words.get(each.code, "no"), "answered_on": str(ENROLLED)}
        for each in CHECKLIST
    ]
    asked = {"seen_on": str(ENROLLED), "checklist": answers, "indication": "major_depression"}
    seen = scenario.clinician("PUT", path, asked)
    assert seen["to_review"] == ["arrhythmia", "ecg_abnormal"]
    assert "decision" not in seen
    scenario.on(ENROLLED, 10)
    decided = {
        "decision": "suitable",
        "rationale": "The cardiologist saw the tracing.",
        "consent_given_on": str(ENROLLED),
    }
    seen = scenario.clinician("PUT", path, asked | decided, If_Match='"v1"')
    assert seen["to_review"] == ["arrhythmia", "ecg_abnormal"], "a decision clears nothing"
    assert (seen["decision"], seen["decided_by"]["display_name"]) == ("suitable", "Robin Vale")
    assert seen["consent_given_on"] == str(ENROLLED)
    assert seen["consent_recorded_by"]["display_name"] == "Robin Vale"


def the_plan_is_made_and_questionnaires_are_arranged(scenario: Scenario) -> None:
    plan = scenario.clinician("PUT", f"{scenario.patient}/protocol", {"min_interval_days": 21})
    assert plan["in_effect"]["induction_infusion_count"] == 6
    assert (plan["in_effect"]["min_interval_days"], plan["in_effect"]["max_interval_days"]) == (21, 35)
    weekly = {"weekly": True, "window_days": 3}
    assert scenario.clinician("PUT", f"{scenario.patient}/questionnaire-schedules/phq-9", weekly)["weekly"]
    scenario.clinician(
        "PUT", f"{scenario.patient}/baseline", {"assessed_on": str(ENROLLED), "mood": 3, "anxiety": 7}
    )


def two_weeks_are_answered_before_treatment(scenario: Scenario) -> None:
    shown = evenings_are_recorded(scenario, FIRST_INFUSION - timedelta(days=4))
    assert shown is None
    where = scenario.patients_own("GET", "/v1/patients/me/summary")
    assert (where["phase"]["kind"], where["answered_last_7_days_count"]) == ("not_started", 7)
    assert "outlook" not in where


def item_9_is_answered_at_once_and_seen_to_by_a_named_clinician(scenario: Scenario) -> None:
    result = a_phq_9_is_filled_in(scenario, FIRST_INFUSION - timedelta(days=4), 20, item_9=2)
    assert (result["total"], result["band"], result["item_9"]) == (20, "severe", "endorsed")
    assert "Nobody watches these answers in real time" in result["safety"]["message"]
    assert [contact["address"] for contact in result["safety"]["contacts"]] == ["988", "988"]
    (alert,) = scenario.clinician("GET", f"{scenario.clinic}/safety-alerts")["items"]
    assert (alert["source"], alert["local_date"], alert["answer"]) == ("item_9", result["local_date"], 2)
    assert (
        scenario.clinician("GET", f"{scenario.clinic}/patients?limit=1")["items"][0]["open_alert_count"] == 1
    )
    (own,) = scenario.patients_own("GET", "/v1/patients/me/safety-alerts")["items"]
    assert "Nobody has seen this answer yet" in own["message"]
    endpoint = f"/v1/safety-alerts/{alert['id']}"
    taken = scenario.clinician("POST", f"{endpoint}/acknowledge", {"note": "Calling now."})
    assert (taken["state"], taken["acknowledged_by"]["display_name"]) == ("acknowledged", "Robin Vale")
    done = {"action": "made_safety_plan", "note": "Her sister stays with her tonight."}
    closed = scenario.clinician("POST", f"{endpoint}/close", done)
    assert (closed["state"], closed["closed_by"]["display_name"]) == ("closed", "Robin Vale")
    assert scenario.clinician("GET", f"{scenario.clinic}/safety-alerts")["items"] == []
    # An acknowledged alert silences no later answer: the evening before treatment opens its own.
    evenings_are_recorded(scenario, FIRST_INFUSION - timedelta(days=1), worst=1)
    (alert,) = scenario.clinician("GET", f"{scenario.clinic}/safety-alerts")["items"]
    assert (alert["source"], alert["answer"]) == ("daily_answer", 1)
    scenario.clinician("POST", f"/v1/safety-alerts/{alert['id']}/close", {"action": "spoke_with_patient"})


def six_infusions_in_three_weeks(scenario: Scenario) -> None:
    for number, day in enumerate(INDUCTION, start=1):
        evenings_are_recorded(scenario, day - timedelta(days=1))
        an_infusion_is_given(scenario, day, highest=172 if number == 1 else 148)
        if (day - FIRST_INFUSION).days % 7 == 3:
            a_phq_9_is_filled_in(scenario, day, {1: 15, 2: 11, 3: 9}[(number + 1) // 2])
        phase = scenario.clinician("GET", f"{scenario.patient}/summary")["phase"]
        assert (
            (phase["kind"], phase.get("infusions_given_count")) == ("induction", number)
            if number < 6
            else ("maintenance", None)
        )


def thoughts_of_suicide_are_not_endorsed_by_day_3(scenario: Scenario) -> None:
    result = scenario.clinician("GET", f"{scenario.patient}/safety-answers?limit=100")["items"]
    readings = {date.fromisoformat(each["local_date"]): each["interpretation"] for each in result}
    assert readings[FIRST_INFUSION - timedelta(days=1)] == "endorsed"
    assert readings[FIRST_INFUSION + timedelta(days=2)] == "not endorsed"


def the_questionnaire_shows_response_and_then_remission(scenario: Scenario) -> None:
    for weeks, total in ((1, 7), (2, 4)):
        day = INDUCTION[-1] + timedelta(days=7 * weeks)
        evenings_are_recorded(scenario, day)
        a_phq_9_is_filled_in(scenario, day, total)
    course = scenario.clinician("GET", f"{scenario.patient}/questionnaire-courses/phq-9")
    assert course["before_treatment"] == {"local_date": str(FIRST_INFUSION - timedelta(days=4)), "total": 20}
    judged = [
        (point["total"], point["response"], point["remission"], point["reliable_change"])
        for point in course["points"][1:]
    ]
    assert judged == [
        (15, False, False, "no"),
        (11, False, False, "improved"),
        (9, True, False, "improved"),
        (7, True, False, "improved"),
        (4, True, True, "improved"),
    ]
    effects = scenario.clinician("GET", f"{scenario.patient}/side-effects")
    assert {each["effects"][0]["code"] for each in effects["infusions"]} == {"dissociation"}
    assert effects["sessions"][0]["highest_systolic"] == 172


def three_cycles_of_maintenance(scenario: Scenario) -> None:
    the_phone_stays_signed_in(scenario)
    for number, day in enumerate(MAINTENANCE, start=1):
        evenings_are_recorded(scenario, day - timedelta(days=1))
        outlook = scenario.clinician("GET", f"{scenario.patient}/outlook")
        assert outlook["status"] in {"approaching", "due", "overdue"}
        assert outlook["due_lo80_on"] <= outlook["due_median_on"] <= outlook["due_hi80_on"]
        assert all(reason["text"] for reason in outlook["reasons"])
        decision = {"outlook_id": outlook["outlook_id"], "decision": "agree", "booked_on": str(day)}
        if number == 3:
            decision |= {"decision": "differ", "rationale": "Travels the week after."}
        result = scenario.clinician("PUT", f"{scenario.patient}/outlook/decisions/{uuid4()}", decision)
        assert (result["decided_by"]["display_name"], result["booked_on"]) == ("Robin Vale", str(day))
        an_infusion_is_given(scenario, day, highest=150)
        a_phq_9_is_filled_in(scenario, day, 5)
    history = scenario.clinician("GET", f"{scenario.patient}/outlook/history")["items"]
    decisions = [decided["decision"] for entry in history for decided in entry["decisions"]]
    assert sorted(decisions) == ["agree", "agree", "differ"]
    evenings_are_recorded(scenario, MAINTENANCE[-1] + timedelta(days=3))


def what_happened_around_the_infusions_is_recorded(scenario: Scenario) -> None:
    talked = {"local_date": str(MAINTENANCE[0] + timedelta(days=2)), "kind": "psychotherapy"}
    talked |= {"visibility": "patient", "note": "To make sense of the infusion."}
    scenario.clinician("PUT", f"{scenario.patient}/events/{uuid4()}", talked)
    assert [each["kind"] for each in scenario.patients_own("GET", "/v1/patients/me/events")["items"]] == [
        "psychotherapy"
    ]
    curves = scenario.clinician("GET", f"{scenario.patient}/response-curve")["curves"]
    assert [curve["number"] for curve in curves] == list(range(1, 10))
    assert all(curve["rise"] > 0 for curve in curves[-3:])


def exposure_is_shown_with_what_speaks_for_holding(scenario: Scenario) -> None:
    found = scenario.clinician("GET", f"{scenario.patient}/exposure")
    assert (found["infusion_count"], found["in_90_days_count"], found["known_dose_count"]) == (9, 7, 9)
    assert found["total_mg_per_kg"] == pytest.approx(4.5)
    assert [each["interval_days"] for each in found["maintenance_intervals"]] == [26, 25, 23]
    codes = [reason["code"] for reason in found["reasons_to_hold"]]
    assert codes == ["short_interval", "interval_shrinking"]
    assert "reasons_to_hold" not in scenario.patients_own("GET", "/v1/patients/me/summary")


def what_it_costs(scenario: Scenario) -> None:
    for number, given in enumerate(scenario.infusions.values()):
        price = {"currency": "USD", "price": 60000, "coverage": "partly", "covered": 15000}
        if number >= len(INDUCTION):
            price |= {"coverage": "none", "covered": 0}
        scenario.clinician("PUT", f"{scenario.patient}/costs/{given}", price)
    result = scenario.patients_own("GET", "/v1/patients/me/costs")
    assert result["totals"] == [
        {"currency": "USD", "infusion_count": 9, "price": 540000, "covered": 90000}
        | {"paid_upfront": 450000, "reimbursed": 0, "patient_share": 450000}
    ]
    paces = [
        (year["interval"], year["interval_days"], year["patient_share"])
        for year in result["annual_estimate"]["scenarios"]
    ]
    assert paces == [
        ("present_interval", 23, 952174),
        ("shortest_interval", 21, 1042857),
        ("longest_interval", 35, 625714),
    ]
    assert scenario.wren is not None
    text = scenario.asks(scenario.wren, "GET", "/v1/patients/me/costs", Accept="text/csv").text
    assert [row["patient_share_decimal"] for row in csv.DictReader(io.StringIO(text))] == ["450.00"] * 6 + [
        "600.00"
    ] * 3
    page = scenario.asks(scenario.wren, "GET", "/v1/patients/me/costs", Accept="text/html")
    assert "4,500.00" in page.text
    assert "Wren Ashby" in page.text


def her_sister_reads_along_until_it_is_taken_back(scenario: Scenario) -> None:
    consent = f"/v1/patients/me/consents/{uuid4()}"
    agreed = {"name": "My sister", "relation": "family", "parts": ["check_ins", "infusions"]}
    assert scenario.patients_own("PUT", consent, agreed)["state"] == "waiting"
    code = scenario.patients_own("POST", f"{consent}/invitations")["code"]
    words = {
        "email": "lark@patients.test",
        "password": WORDS,
        "device": PHONE | {"device_id": "her-sisters-phone"},
    }
    accepted: Any = scenario.client.post(f"/v1/auth/invitations/{code}/accept", json=words)
    sister = {"Authorization": f"Bearer {accepted.json['access_token']}"}

    def result(what: str) -> int:
        return scenario.client.get(f"{scenario.patient}/{what}", headers=sister).status_code

    assert [result(what) for what in ("check-ins", "trends", "infusions")] == [200, 200, 200]
    assert [result(what) for what in ("outlook", "summary", "safety-alerts", "costs")] == [403, 403, 403, 403]
    assert scenario.patients_own("POST", f"{consent}/revoke")["state"] == "revoked"
    assert result("check-ins") == 404


def the_patient_reads_who_was_shown_what(scenario: Scenario) -> None:
    log = scenario.patients_own("GET", "/v1/patients/me/access-log?limit=200")["items"]
    by_her_sister = {read["resource"] for read in log if read["reader"] == "My sister"}
    assert by_her_sister == {"check-ins", "trends", "infusions"}, "what was refused was not read"
    seen = {read["resource"] for read in log if read["reader"] == "Robin Vale"}
    assert seen >= {"outlook", "questionnaire-courses", "safety-alerts", "exposure"}


def the_clinics_report_counts_this_course(scenario: Scenario) -> None:
    report = scenario.clinician("GET", f"{scenario.clinic}/reports/outcomes")
    assert report["treated_count"] == 11
    response = next(one for one in report["rates"] if one["outcome"] == "response")
    assert [(row["indication"], row["numerator"], row["denominator"]) for row in response["rows"]] == [
        ("all", 6, 11),
        ("major_depression", 6, 11),
    ]
    assert response["published"]
    relief = report["relief_at_day_3"]
    assert (relief["numerator"], relief["denominator"]) == (6, 11)
    # Three decisions on outlooks, all on one patient's: too few to leave the clinic.
    assert report["outlooks"]["agreed"]["denominator"] == 3
    suppressed = scenario.clinician("GET", f"{scenario.clinic}/reports/outcomes?small_groups=suppressed")
    assert suppressed["outlooks"]["agreed"] == {"suppressed": True}


def evenings_are_recorded(scenario: Scenario, until: date, worst: int = 0) -> Any:
    """The phone sends the evenings not yet pushed, up to a day; `worst` is the last one's safety answer."""
    scenario.on(until, 21, 30)
    days = [
        scenario.recorded_until + timedelta(days=n) for n in range((until - scenario.recorded_until).days + 1)
    ]
    scenario.recorded_until = until + timedelta(days=1)
    operations = [
        {
            "op_id": str(uuid4()),
            "type": "put_check_in",
            "local_date": str(day),
            "data": evening(day, worst if day == until else 0),
        }
        for day in days
    ]
    result = scenario.patients_own("POST", "/v1/sync/push", {"operations": operations})
    assert {result["status"] for result in result["results"]} <= {"created"}
    return result.get("safety")


def evening(day: date, safety_answer: int) -> dict[str, Any]:
    """What the patient answers: low before treatment, better with each infusion, less so as it wears off."""
    given = [infused for infused in (*INDUCTION, *MAINTENANCE) if infused <= day]
    since = (day - given[-1]).days if given else 0
    left = min(len(given), 4) * max(1 - (since / 35) ** 2, 0)
    mood = 3 + round(left) + (day.toordinal() % 3 == 0)
    effects = [{"code": "dissociation", "severity": "mild"}] if given and since == 0 else []
    return {
        "mood": mood,
        "enjoyment": mood - 1,
        "anxiety": 10 - mood,
        "side_effects": effects,
        "safety_answer": safety_answer,
        "time_zone": factories.ZONE,
        "recorded_at": at(day, 21).isoformat(),
    }


def a_phq_9_is_filled_in(scenario: Scenario, day: date, total: int, item_9: int = 0) -> Any:
    """A PHQ-9 is due by the week, and the patient fills it in; it comes to such a total."""
    scenario.on(day, 22)
    due = scenario.patients_own("GET", "/v1/patients/me/summary")["questionnaires_due"]
    assert [(each["instrument"], each["trigger"]) for each in due] == [("phq-9", "weekly")]
    each, over = divmod(total - item_9, 8)
    answers = {str(number): each + (number <= over) for number in range(1, 9)} | {"9": item_9}
    form = {
        "instrument": "phq-9",
        "instrument_version": "1",
        "local_date": str(day),
        "time_zone": factories.ZONE,
        "recorded_at": at(day, 22).isoformat(),
        "answers": answers,
    }
    result = scenario.patients_own("PUT", f"/v1/patients/me/questionnaire-responses/{uuid4()}", form)
    assert result["total"] == total
    return result


def an_infusion_is_given(scenario: Scenario, day: date, highest: int) -> None:
    """Arrival and pre-checks, the infusion with its readings, and the discharge check two hours after."""
    given = scenario.infusions[day] = uuid5(NAMESPACE_URL, str(day))
    path = f"{scenario.patient}/infusions/{given}"
    scenario.on(day, 13, 30)
    infusion = {"started_at": at(day, 10).isoformat(), "ended_at": at(day, 10, 40).isoformat()}
    infusion |= {"time_zone": factories.ZONE, "status": "completed", "reason": "scheduled"}
    scenario.clinician("PUT", path, infusion | {"dose_mg": 35, "weight_kg": 70, "route": "intravenous"})
    checks = {"systolic": 128, "diastolic": 82, "fasting": "yes", "escort": "yes"}
    checks |= {"urinary_symptoms": "no", "medication_changed": "no", "safety_asked": "yes"}
    session: dict[str, Any] = {"arrived_at": at(day, 9, 25).isoformat(), "pre_checks": checks}
    session["side_effects"] = [
        {"onset_at": at(day, 10, 12).isoformat(), "ended_at": at(day, 11).isoformat()}
        | {"code": "dissociation", "severity": "moderate"}
    ]
    session["dissociation"] = {"scale": "cadss-6", "total": 9, "rated_at": at(day, 10, 40).isoformat()}
    assert scenario.clinician("PUT", f"{path}/session", session)["hold_limits_exceeded"] == []
    the_vital_signs_are_stored_and_shown(scenario, path, day, highest)
    left = {
        "left_at": at(day, 12, 45).isoformat(),
        "accompanied_by": "companion",
        "checks": {"oriented": "yes"},
    }
    check = scenario.clinician("PUT", f"{path}/discharge-check", left)
    assert (check["monitoring_minutes"], check["minimum_monitoring_met"]) == (125, True)


def the_vital_signs_are_stored_and_shown(scenario: Scenario, path: str, day: date, highest: int) -> None:
    readings = [
        {"id": str(uuid4()), "measured_at": at(day, 10, minute).isoformat(), "heart_rate": 80, "spo2": 97}
        | {"systolic": systolic, "diastolic": 84}
        for minute, systolic in ((0, 128), (20, highest), (40, 140))
    ]
    stored = scenario.clinician("POST", f"{path}/vitals", {"readings": readings})["results"]
    assert [each["status"] for each in stored] == ["created"] * 3
    items = scenario.clinician("GET", f"{path}/vitals")["items"]
    over = [{"limit_name": "systolic_high", "value": highest, "limit_value": 160}] if highest > 160 else []
    assert [each["limits_exceeded"] for each in items] == [[], over, []]


def the_phone_stays_signed_in(scenario: Scenario) -> None:
    """A patient's sign-in ends after ninety days without a visit; each visit starts them again."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": scenario.refresh_token,
        "device_id": PHONE["device_id"],
    }
    renewed: Any = scenario.client.post("/oauth/token", data=form)
    assert renewed.status_code == 200, renewed.json
    scenario.refresh_token = renewed.json["refresh_token"]


@dataclass
class DemoClinic:
    """The demo clinic as its logins see it over HTTP."""

    client: FlaskClient
    tokens: dict[Role, str]
    patient: str
    clinic: str

    def get(self, who: Role, path: str, **headers: str) -> Any:
        """What one of them is answered."""
        sent = {"Authorization": f"Bearer {self.tokens[who]}", **headers}
        answer = self.client.get(path, headers=sent)
        assert answer.status_code == 200, (path, answer.json)
        return answer.json if answer.is_json else answer.text


@pytest.fixture
def demo_clinic(app: Flask, client: FlaskClient) -> DemoClinic:
    """A database that `flask demo` has filled, and everybody signed in."""
    with app.extensions["database"].write(demo_ids.CLINIC_ID) as session:
        demo.fill(session, "a" * 64, datetime.now(UTC))
    tokens = {}
    for login in (demo.PATIENT, demo.CLINICIAN, demo.DELEGATE):
        words = {"email": login.name, "password": login.password, "device": PHONE}
        answer: Any = client.post("/v1/auth/login", json=words)
        tokens[login.role] = answer.json["access_token"]
    bearer = {"Authorization": f"Bearer {tokens[Role.PATIENT]}"}
    me: Any = client.get("/v1/me", headers=bearer).json
    return DemoClinic(client, tokens, f"/v1/patients/{me['patient_id']}", f"/v1/clinics/{me['clinic_id']}")


@pytest.mark.either_database
def test_the_demo_clinic_shows_the_same_course(demo_clinic: DemoClinic) -> None:
    before_treatment_is_shown(demo_clinic)
    infusions = sessions_are_shown(demo_clinic)
    answers_and_alerts_are_shown(demo_clinic)
    decisions_exposure_and_costs_are_shown(demo_clinic, infusions)
    what_is_shared_is_shown(demo_clinic)
    outcomes_and_the_work_list_are_shown(demo_clinic)


def before_treatment_is_shown(clinic: DemoClinic) -> None:
    seen = clinic.get(Role.CLINICIAN, f"{clinic.patient}/consultation")
    assert seen["to_review"]
    assert (seen["decision"], seen["decided_by"]["display_name"]) == ("suitable", "Dr. Hazel Hollowell")
    assert seen["consent_given_on"]
    plan = clinic.get(Role.CLINICIAN, f"{clinic.patient}/protocol")
    assert plan["version"] == 1
    summary = clinic.get(Role.PATIENT, "/v1/patients/me/summary")
    assert (
        summary["mood_averages"]["baseline_period"]["mean"] < summary["mood_averages"]["last_7_days"]["mean"]
    )
    assert clinic.get(Role.PATIENT, "/v1/patients/me/questionnaire-schedules/phq-9")["weekly"]


def sessions_are_shown(clinic: DemoClinic) -> list[str]:
    listed = clinic.get(Role.CLINICIAN, f"{clinic.patient}/infusions?limit=50")["items"]
    given = [each["id"] for each in listed if each["status"] in {"completed", "stopped"}]
    assert len(given) >= 9
    exceeded = []
    for infusion in given:
        path = f"{clinic.patient}/infusions/{infusion}"
        session = clinic.get(Role.CLINICIAN, f"{path}/session")
        assert set(session["pre_checks"].values()) != {"unknown"}
        assert session["side_effects"]
        assert clinic.get(Role.CLINICIAN, f"{path}/discharge-check")["minimum_monitoring_met"]
        exceeded += [
            each for each in clinic.get(Role.CLINICIAN, f"{path}/vitals")["items"] if each["limits_exceeded"]
        ]
    assert exceeded, "a reading beyond the clinic's limit is shown"
    effects = clinic.get(Role.CLINICIAN, f"{clinic.patient}/side-effects")
    assert effects["days"]
    assert effects["urinary"]
    return given


def answers_and_alerts_are_shown(clinic: DemoClinic) -> None:
    forms = clinic.get(Role.PATIENT, "/v1/patients/me/questionnaire-responses?instrument=phq-9&limit=50")
    assert [form["item_9"] for form in forms["items"][:2]] == ["endorsed", "not endorsed"]
    points = clinic.get(Role.CLINICIAN, f"{clinic.patient}/questionnaire-courses/phq-9")["points"]
    assert any(point.get("response") for point in points)
    assert any(point.get("remission") for point in points)
    path = f"{clinic.clinic}/safety-alerts?limit=100&state="
    closed = clinic.get(Role.CLINICIAN, f"{path}closed")["items"]
    (alert,) = [each for each in closed if each["source"] == "item_9"]
    assert alert["acknowledged_by"]["display_name"] == alert["closed_by"]["display_name"]
    assert alert["action"]
    (waiting,) = clinic.get(Role.CLINICIAN, f"{path}open")["items"]
    assert "escalated_at" not in waiting
    (taken,) = clinic.get(Role.CLINICIAN, f"{path}acknowledged")["items"]
    assert [each["state"] for each in taken["escalations"]] == ["delivered"]
    result = clinic.get(Role.PATIENT, "/v1/patients/me/safety-answers?limit=100")["items"]
    readings = {date.fromisoformat(each["local_date"]): each["interpretation"] for each in result}
    before = next(day for day, reading in readings.items() if reading == "endorsed")
    after = [reading for day, reading in readings.items() if 1 < (day - before).days <= 4]
    assert after[-1] == "not endorsed"


def decisions_exposure_and_costs_are_shown(clinic: DemoClinic, infusions: list[str]) -> None:
    history = clinic.get(Role.CLINICIAN, f"{clinic.patient}/outlook/history")["items"]
    decisions = [each["decision"] for entry in history for each in entry["decisions"]]
    assert len(decisions) == len(infusions) - len(INDUCTION)
    assert set(decisions) == {"agree", "differ"}
    assert clinic.get(Role.CLINICIAN, f"{clinic.patient}/outlook")["recommended_on"]
    exposure = clinic.get(Role.CLINICIAN, f"{clinic.patient}/exposure")
    assert exposure["infusion_count"] == len(infusions)
    assert "urinary_symptoms" in {reason["code"] for reason in exposure["reasons_to_hold"]}
    costs = clinic.get(Role.PATIENT, "/v1/patients/me/costs")
    assert len(costs["items"]) == len(infusions)
    assert costs["totals"][0]["patient_share"] > 0
    assert len(costs["annual_estimate"]["scenarios"]) == 3
    assert clinic.get(Role.PATIENT, "/v1/patients/me/costs", Accept="text/csv").startswith("local_date,")
    assert "<table" in clinic.get(Role.PATIENT, "/v1/patients/me/costs", Accept="text/html")


def what_is_shared_is_shown(clinic: DemoClinic) -> None:
    (consent,) = clinic.get(Role.PATIENT, "/v1/patients/me/consents")["items"]
    assert (consent["name"], consent["state"]) == ("My partner", "in_force")
    assert clinic.get(Role.DELEGATE, f"{clinic.patient}/check-ins")["items"]
    log = clinic.get(Role.PATIENT, "/v1/patients/me/access-log")["items"]
    assert {role for read in log for role in read["roles"]} == {"clinician", "integration", "delegate"}


def outcomes_and_the_work_list_are_shown(clinic: DemoClinic) -> None:
    report = clinic.get(Role.CLINICIAN, f"{clinic.clinic}/reports/outcomes")
    response = next(one for one in report["rates"] if one["outcome"] == "response")
    assert response["rows"][0]["share"] > 0.4
    assert report["loss_of_response"][0]["points"]
    assert not report["relief_at_day_3"]["suppressed"]
    assert not report["outlooks"]["agreed"]["suppressed"]
    first = clinic.get(Role.CLINICIAN, f"{clinic.clinic}/patients?limit=1")["items"][0]
    assert first["open_alert_count"] == 1
