"""The outlook over HTTP: fresh after every change, the same from the same inputs, honest where it is thin."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import delete

from models.outlooks import CachedOutlook
from models.patients import Patient
from tests import factories
from tests.effort import sample

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)  # half past nine in the evening in Chicago
TODAY = date(2026, 11, 21)
INDUCTION = tuple(TODAY - timedelta(days=days) for days in (40, 37, 33, 30, 26, 23))
DATES = (
    "recommended_on",
    "due_median_on",
    "due_lo80_on",
    "due_hi80_on",
    "benefit_left_estimate",
    "p_half_lost",
)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(query: str = "", who: Any = None, held: str | None = None, what: str = "outlook"):
        headers = (who or people.clinician).headers | ({} if held is None else {"If-None-Match": held})
        return client.get(f"/v1/patients/{people.patient.patient_id}/{what}{query}", headers=headers)

    return send


@pytest.fixture
def live(database, people):
    """Let the patient have lived through a course: infusions, and evenings answered so many days ago."""

    def through(infused: tuple[date, ...] = INDUCTION, answered: Any = range(55)) -> None:
        with database.write(people.clinic_id) as session:
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            for day in infused:
                factories.infusion(session, patient, day)
            for back in answered:
                mood = 3 if back > 40 else 3 + max(4 - max(23 - back, 0) // 7, 0)
                factories.check_in(
                    session, patient, TODAY - timedelta(days=back), mood=mood, anxiety=9 - mood
                )

    return through


@pytest.fixture
def answer(client, people):
    def on(day: date, mood: int, version: int | None = None, who: Any = None):
        who = who or people.patient
        headers = who.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        body = {
            "mood": mood,
            "anxiety": 3,
            "time_zone": "America/Chicago",
            "recorded_at": f"{day}T21:00:00-06:00",
        }
        path = f"/v1/patients/{people.patient.patient_id}/check-ins/{day}"
        assert client.put(path, json=body, headers=headers).status_code in {200, 201}

    return on


@pytest.fixture
def clear_cache(database, people):
    def delete_rows() -> None:
        with database.write(people.clinic_id) as session:
            session.execute(delete(CachedOutlook))

    return delete_rows


def test_a_course_with_answers_has_dates_an_interval_and_reasons(ask, live):
    live()
    result = ask().json
    assert result["status"] in {"not_due", "approaching", "due", "overdue"}
    assert result["due_lo80_on"] <= result["due_median_on"] <= result["due_hi80_on"]
    assert result["missing"] == []
    assert all(reason["text"] and reason["would_change"] for reason in result["reasons"])
    assert result["inputs"]["reading_count"] == 14 + 22  # the baseline, and the cycle after the induction
    assert {"engine_version", "prior_version", "data_quality", "disclaimers"} <= set(result)


def test_cached_or_computed_again_the_response_is_the_same_bytes(ask, live, clear_cache):
    live()
    computed = ask()
    cached = ask()
    clear_cache()
    again = ask()
    assert computed.data == cached.data == again.data
    assert computed.headers["ETag"] == cached.headers["ETag"] == again.headers["ETag"]


def test_as_of_now_equals_the_current_outlook(ask, live):
    live()
    now = ask().json
    assert now.pop("outlook_id")  # nobody decides on a past one
    assert ask(f"?as_of={NOW:%Y-%m-%dT%H:%M:%SZ}").json == now
    assert ask("?as_of=2026-11-22").json == now  # today by UTC, whose end has not come


@pytest.mark.parametrize("what", ["outlook", "summary", "trends"])
def test_as_of_in_the_future_is_refused(what, ask):
    assert ask("?as_of=2026-11-22T23:59:59Z", what=what).status_code == 200
    for as_of in ("2026-11-23", "2026-11-23T00:00:00Z", "2150-01-01"):
        refused = ask(f"?as_of={as_of}", what=what)
        assert refused.status_code == 422
        (error,) = refused.json["errors"]
        assert (error["parameter"], error["code"]) == ("as_of", "in_the_future")


def test_as_of_an_instant_nothing_later_changes_it(ask, live, answer, clock, client, people):
    live()
    clock.shift(timedelta(hours=1))
    then = f"?as_of={NOW:%Y-%m-%dT%H:%M:%SZ}"
    known = ask(then).data
    summary = ask(then, what="summary").data
    clock.shift(timedelta(hours=1))
    answer(TODAY, 0, version=1)
    answer(TODAY - timedelta(days=60), 10, who=people.clinician)
    path = f"/v1/patients/me/check-ins/{TODAY - timedelta(days=2)}"
    assert client.delete(path, headers={**people.patient.headers, "If-Match": '"v1"'}).status_code == 204
    given = {"started_at": f"{TODAY}T16:00:00Z", "time_zone": "America/Chicago", "status": "completed"}
    infusions = f"/v1/patients/{people.patient.patient_id}/infusions"
    recorded = client.put(
        f"{infusions}/{uuid4()}", json=given | {"reason": "scheduled"}, headers=people.clinician.headers
    )
    assert recorded.status_code == 201
    plan = f"/v1/patients/{people.patient.patient_id}/protocol"
    assert (
        client.put(plan, json={"paused_on": "2026-11-01"}, headers=people.clinician.headers).status_code
        == 200
    )
    assert ask(then).data == known
    assert ask(then, what="summary").data == summary
    assert ask().data != known


def test_as_of_an_instant_the_clinics_settings_are_those_of_then(ask, live, clock, client, people):
    live()
    clock.shift(timedelta(hours=1))
    then = f"?as_of={NOW:%Y-%m-%dT%H:%M:%SZ}"
    known = ask(then)
    clock.shift(timedelta(hours=1))
    settings = f"/v1/clinics/{people.clinic_id}/settings"
    client.patch(
        settings, json={"max_interval_days": 28}, headers={**people.admin.headers, "If-Match": '"v1"'}
    )
    assert ask().json["protocol_latest_on"] == str(INDUCTION[-1] + timedelta(days=28))
    again = ask(then)
    assert again.json["protocol_latest_on"] == str(INDUCTION[-1] + timedelta(days=35))
    assert again.data == known.data


def test_as_of_a_date_is_the_end_of_it(ask, live):
    live()
    result = ask("?as_of=2026-10-31").json
    assert result["today"] == "2026-10-31"
    assert result["data_quality"]["last_check_in_on"] == "2026-10-30"


def test_its_tag_is_answered_304_until_something_changes(ask, live, answer):
    live()
    for what in ("outlook", "summary"):
        tag = ask(what=what).headers["ETag"]
        held = ask(held=tag, what=what)
        assert (held.status_code, held.data, held.headers["ETag"]) == (304, b"", tag)
        assert held.headers["Cache-Control"] == "private, no-cache"
    tags = {what: ask(what=what).headers["ETag"] for what in ("outlook", "summary")}
    answer(TODAY, 0, version=1)
    for what, tag in tags.items():
        changed = ask(held=tag, what=what)
        assert changed.status_code == 200
        assert changed.headers["ETag"] != tag


def test_it_is_fresh_after_a_check_in_its_edit_and_its_removal(ask, live, answer, client, people):
    live(answered=range(1, 55))
    seen = [ask().json["inputs"]["reading_count"]]
    answer(TODAY, 5)
    seen.append(ask().json["inputs"]["reading_count"])
    path = f"/v1/patients/me/check-ins/{TODAY}"
    client.delete(path, headers={**people.patient.headers, "If-Match": '"v1"'})
    seen.append(ask().json["inputs"]["reading_count"])
    assert seen == [35, 36, 35]
    before = ask(what="summary").json["mood_averages"]["last_7_days"]["mean"]
    answer(TODAY - timedelta(days=1), 0, version=1)
    assert ask(what="summary").json["mood_averages"]["last_7_days"]["mean"] < before


def test_it_is_fresh_after_a_push(ask, live, client, people):
    live(answered=range(1, 55))
    assert ask().json["inputs"]["reading_count"] == 35
    data = {"mood": 5, "anxiety": 3, "time_zone": "America/Chicago", "recorded_at": f"{TODAY}T21:00:00-06:00"}
    operation = {"op_id": str(uuid4()), "type": "put_check_in", "local_date": str(TODAY), "data": data}
    client.post("/v1/sync/push", json={"operations": [operation]}, headers=people.patient.headers)
    assert ask().json["inputs"]["reading_count"] == 36


def test_it_is_fresh_after_an_infusion_is_recorded_and_entered_in_error(ask, live, client, people):
    live()
    assert ask().json["days_since_infusion"] == 23
    path = f"/v1/patients/{people.patient.patient_id}/infusions/{uuid4()}"
    given = {"started_at": f"{TODAY}T16:00:00Z", "time_zone": "America/Chicago", "status": "completed"}
    client.put(path, json=given | {"reason": "scheduled"}, headers=people.clinician.headers)
    assert ask().json["days_since_infusion"] == 0
    client.delete(path, headers={**people.clinician.headers, "If-Match": '"v1"'})
    assert ask().json["days_since_infusion"] == 23


def test_it_is_fresh_after_a_change_of_medication_is_reported_and_removed(ask, live, client, people):
    live((*INDUCTION, TODAY - timedelta(days=3)))
    usual = ask().json
    path = f"/v1/patients/{people.patient.patient_id}/events/{uuid4()}"
    body = {"local_date": f"{TODAY - timedelta(days=2)}", "kind": "medication_change", "visibility": "staff"}
    assert client.put(path, json=body, headers=people.clinician.headers).status_code == 201
    assert "treatment_changed" in [reason["code"] for reason in ask().json["reasons"]]
    assert client.delete(path, headers=people.clinician.headers | {"If-Match": '"v1"'}).status_code == 204
    assert ask().json["reasons"] == usual["reasons"]


def test_it_is_fresh_after_the_plan_and_the_clinics_settings_change(ask, live, client, people):
    live()
    last = INDUCTION[-1]
    assert ask().json["protocol_latest_on"] == str(last + timedelta(days=35))
    settings = f"/v1/clinics/{people.clinic_id}/settings"
    client.patch(
        settings, json={"max_interval_days": 28}, headers={**people.admin.headers, "If-Match": '"v1"'}
    )
    assert ask().json["protocol_latest_on"] == str(last + timedelta(days=28))
    plan = f"/v1/patients/{people.patient.patient_id}/protocol"
    client.put(plan, json={"max_interval_days": 42}, headers=people.clinician.headers)
    assert ask().json["protocol_latest_on"] == str(last + timedelta(days=42))


def test_it_is_fresh_once_the_patients_day_has_turned(ask, live, clock):
    live()
    first = ask()
    turn = datetime.combine(TODAY + timedelta(days=1), time(10), UTC)  # four in the morning in Chicago
    clock.move_to(turn - timedelta(seconds=1))
    assert ask(held=first.headers["ETag"]).status_code == 304
    clock.move_to(turn)
    second = ask(held=first.headers["ETag"])
    assert second.status_code == 200
    assert (first.json["today"], second.json["today"]) == ("2026-11-21", "2026-11-22")
    assert second.json["days_since_infusion"] == 24


def test_it_is_fresh_after_the_patient_moves(ask, live, client, people):
    live()
    assert ask().json["today"] == "2026-11-21"
    path = f"/v1/patients/{people.patient.patient_id}"
    moved = client.patch(
        path, json={"time_zone": "Pacific/Auckland"}, headers={**people.clinician.headers, "If-Match": '"v1"'}
    )
    assert moved.status_code == 200
    assert ask().json["today"] == "2026-11-22"


def test_a_new_patient_has_not_started_and_no_date(ask):
    result = ask().json
    assert result["status"] == "not_started"
    assert not set(DATES) & set(result)


@pytest.mark.parametrize(
    "answered",
    [(), range(40), (50, 45), range(14, 55)],
    ids=["never answered", "no baseline", "a thin baseline and nothing since", "silent for a fortnight"],
)
def test_with_insufficient_data_it_lists_what_is_missing_and_names_no_date(ask, live, answered):
    live(answered=answered)
    result = ask().json
    assert result["status"] == "insufficient_data"
    assert result["missing"]
    assert result["no_forecast_reason"]
    assert not set(DATES) & set(result)


def test_a_patient_gets_no_outlook(client, people):
    for path in (f"/v1/patients/{people.patient.patient_id}/outlook", "/v1/patients/me/outlook"):
        refused = client.get(path, headers=people.patient.headers)
        assert (refused.status_code, refused.json["code"]) == (403, "forbidden")


def test_roles_other_than_clinicians_get_their_documented_access(ask, people):
    result = {
        name: ask(who=getattr(people, name)).status_code
        for name in ("integration", "admin", "stranger", "nobody")
    }
    assert result == {"integration": 200, "admin": 403, "stranger": 404, "nobody": 401}


def test_as_of_outside_the_accepted_years_is_refused(ask):
    for what in ("outlook", "summary"):
        for as_of in ("0001-01-01", "9999-12-31T23:59:59Z", "soon"):
            assert ask(f"?as_of={as_of}", what=what).status_code == 422


@pytest.fixture
def run(client, people):
    """Let the admin run the clinic's outlook in another mode."""

    def in_mode(mode: str) -> None:
        settings = f"/v1/clinics/{people.clinic_id}/settings"
        version = client.get(settings, headers=people.admin.headers).headers["ETag"]
        changed = client.patch(
            settings, json={"outlook_mode": mode}, headers={**people.admin.headers, "If-Match": version}
        )
        assert changed.status_code == 200

    return in_mode


FORECAST = (
    *DATES,
    *("due_lo80_on", "due_hi80_on", "gain", "half_benefit_line", "personal_interval", "pace", "basis"),
    *("wear_off_flag", "inputs"),
)
MEMBERS = (
    "recommended_on",
    "due_median_on",
    "due_lo80_on",
    "half_benefit_line",
    "p_half_lost_in_7_days",
    "p_half_lost",
    "benefit_left_estimate",
    "wear_off_flag",
)


@pytest.mark.parametrize(("mode", "no_forecast_reason"), [("silent", "not_shown"), ("off", "switched_off")])
def test_where_forecasts_are_not_shown_the_plans_facts_are(mode, no_forecast_reason, ask, live, run):
    live()
    run(mode)
    result = ask().json
    assert (result["no_forecast_reason"], result["status"]) == (no_forecast_reason, "not_due")
    assert len(result["missing"]) == 1
    assert result["protocol_latest_on"] == str(INDUCTION[-1] + timedelta(days=35))
    assert (result["days_since_infusion"], result["cycle_reading_count"]) == (23, 22)
    assert not set(FORECAST) & set(result)
    assert [reason["code"] for reason in result["reasons"]][:2] == [no_forecast_reason, "status"]
    assert ask(what="summary").json["outlook"] == result


@pytest.mark.parametrize("mode", ["silent", "off"])
def test_no_caller_is_shown_a_forecast_in_any_form(mode, ask, live, run, client, people):
    live()
    shown = ask().text
    assert all(f'"{name}":' in shown for name in MEMBERS)
    run(mode)
    patient = f"/v1/patients/{people.patient.patient_id}"
    paths = [
        *(f"{patient}/{what}" for what in ("outlook", "summary", "trends")),
        *(f"{patient}/{what}?as_of={NOW:%Y-%m-%dT%H:%M:%SZ}" for what in ("outlook", "summary", "trends")),
        f"{patient}/response-review",
        f"/v1/clinics/{people.clinic_id}/infusions?from=2026-11-01&to=2026-12-31",
        f"/v1/clinics/{people.clinic_id}/patients",
        f"/v1/clinics/{people.clinic_id}/patients?sort=name",
    ]
    answered = 0
    for path in paths:
        for number, who in enumerate(people):
            for form in sample(
                "formats per caller", ("application/json", "image/svg+xml", "text/csv"), 3, number
            ):
                result = client.get(path, headers={**who.headers, "Accept": form})
                answered += result.status_code == 200
                assert not [name for name in MEMBERS if f'"{name}":' in result.text]
                assert "probability_half_lost" not in result.text
    assert answered


@pytest.mark.parametrize("mode", ["silent", "off"])
def test_past_outlooks_are_hidden_in_other_modes(mode, ask, live, run, answer, people):
    live()
    shown = ask().json
    assert len(ask(what="outlook/history").json["items"]) == 1
    run(mode)
    answer(TODAY, 0, version=1)
    ask()
    result = {who.name: ask(what="outlook/history", who=who) for who in people}
    assert {name: answered.status_code for name, answered in result.items()} == {
        "patient": 403,
        "other_patient": 403,
        "clinician": 409,
        "admin": 403,
        "delegate": 403,
        "integration": 409,
        "stranger": 404,
        "strangers_patient": 403,
        "nobody": 401,
    }
    for name in ("clinician", "integration"):
        assert result[name].json["code"] == "nothing_shown"
        assert shown["recommended_on"] not in result[name].text
    run("shown")
    ask()
    entries = ask(what="outlook/history").json["items"]
    assert entries[-1]["recommended_on"] == shown["recommended_on"]
    assert entries[0]["shown"] is True
    unseen = [entry for entry in entries if not entry["shown"] and "recommended_on" in entry]
    assert bool(unseen) == (mode == "silent")


def test_as_of_a_silent_time_stays_silent_when_forecasts_are_shown_again(ask, live, run, clock):
    live()
    run("silent")
    clock.shift(timedelta(minutes=5))
    then = f"?as_of={NOW + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    assert ask(then).json["no_forecast_reason"] == "not_shown"
    run("shown")
    assert "no_forecast_reason" not in ask().json
    assert ask(then).json["no_forecast_reason"] == "not_shown"
    assert "no_forecast_reason" not in ask(f"?as_of={NOW - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}").json


def test_the_history_is_newest_first_page_by_page_with_reasons_and_engine(ask, live, clock):
    live()
    for _ in range(5):
        ask()
        clock.shift(timedelta(days=5))
    whole = ask(what="outlook/history").json["items"]
    assert len(whole) >= 3
    assert [entry["number"] for entry in whole] == list(range(len(whole), 0, -1))
    assert whole[-1]["today"] == str(TODAY)
    for entry in whole:
        assert entry["reasons"]
        assert entry["engine_version"]
        assert entry["prior_version"] == "published-1"
    assert whole[0]["no_forecast_reason"] == "gone_silent"
    assert "recommended_on" not in whole[0]
    pages, query = [], "?limit=1"
    while query:
        page = ask(query, what="outlook/history").json
        pages += page["items"]
        query = f"?limit=1&cursor={page['next_cursor']}" if "next_cursor" in page else ""
    assert pages == whole
    assert ask("?order=asc", what="outlook/history").json["items"] == whole[::-1]
    later = [entry for entry in whole if entry["today"] > str(TODAY)]
    assert 0 < len(later) < len(whole)
    assert ask(f"?from={TODAY + timedelta(days=1)}", what="outlook/history").json["items"] == later
    earlier = ask(f"?to={TODAY}", what="outlook/history").json["items"]
    assert earlier == [entry for entry in whole if entry not in later]


def test_a_new_patient_has_no_history(ask):
    assert ask(what="outlook/history").json == {"items": []}


@pytest.fixture
def decide(client, people):
    def send(body: dict[str, Any], decision_id: UUID | None = None, who: Any = None):
        path = f"/v1/patients/{people.patient.patient_id}/outlook/decisions/{decision_id or uuid4()}"
        return client.put(path, json=body, headers=(who or people.clinician).headers)

    return send


def test_a_decision_is_recorded_once_and_listed_in_the_history(ask, live, decide, people):
    live()
    result = ask().json
    body = {
        "outlook_id": result["outlook_id"],
        "decision": "differ",
        "rationale": "Travels next week.",
        "booked_on": "2026-11-24",
    }
    name = uuid4()
    first, again = decide(body, name), decide(body, name)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert first.json["id"] == str(name)
    assert {**first.json, **body} == first.json
    assert (first.json["status"], first.json["recommended_on"]) == (
        result["status"],
        result["recommended_on"],
    )
    assert first.json["decided_by"] == {"id": str(people.clinician.id), "display_name": "Robin Vale"}
    (entry,) = ask(what="outlook/history").json["items"]
    assert entry["decisions"] == [first.json]


def test_an_api_client_gets_no_clinicians_words(ask, live, decide, people):
    live()
    body = {"outlook_id": ask().json["outlook_id"], "decision": "differ", "rationale": "Her mother is dying."}
    decide(body)
    (entry,) = ask(what="outlook/history", who=people.integration).json["items"]
    (result,) = entry["decisions"]
    assert "rationale" not in result
    assert (result["decision"], result["decided_by"]["display_name"]) == ("differ", "Robin Vale")
    (entry,) = ask(what="outlook/history").json["items"]
    assert entry["decisions"] == [result | {"rationale": body["rationale"]}]


def test_a_decision_stays_with_the_entry_current_when_it_was_made(ask, live, decide, clock):
    live()
    decide({"outlook_id": ask().json["outlook_id"], "decision": "agree"})
    clock.shift(timedelta(days=20))
    decide({"outlook_id": ask().json["outlook_id"], "decision": "agree"})
    result = ask(what="outlook/history").json["items"]
    assert [len(entry["decisions"]) for entry in result] == [1] + [0] * (len(result) - 2) + [1]


def test_another_decision_under_the_same_id_is_refused(ask, live, decide):
    live()
    name, body = uuid4(), {"outlook_id": ask().json["outlook_id"], "decision": "agree"}
    decide(body, name)
    refused = decide(body | {"booked_on": "2026-11-30"}, name)
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert refused.json["errors"][0]["parameter"] == "decision_id"


def test_the_outlook_decided_on_must_be_the_present_one(ask, live, decide, answer):
    live()
    name, body = uuid4(), {"outlook_id": ask().json["outlook_id"], "decision": "agree"}
    assert decide(body, name).status_code == 201
    answer(TODAY, 0, version=1)
    refused = decide(body)
    assert (refused.status_code, refused.json["code"]) == (409, "superseded")
    assert refused.json["outlook_id"] == ask().json["outlook_id"]
    assert decide(body | {"outlook_id": refused.json["outlook_id"]}).status_code == 201
    assert decide(body, name).status_code == 200  # told again, it is recognised all the same


def test_a_decision_needs_no_earlier_read_of_the_current_outlook(live, decide, ask, clear_cache):
    live()
    present = ask().json["outlook_id"]
    clear_cache()
    assert decide({"outlook_id": present, "decision": "agree"}).status_code == 201
    assert len(ask(what="outlook/history").json["items"]) == 1


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"decision": "maybe"}, "#/decision", "unknown_decision"),
        ({"decision": "differ"}, "#/rationale", "required"),
        ({"rationale": ""}, "#/rationale", "wrong_length"),
        ({"decision": "differ", "rationale": " \n "}, "#/rationale", "wrong_length"),
        ({"rationale": "x" * 2001}, "#/rationale", "wrong_length"),
        ({"outlook_id": ""}, "#/outlook_id", "wrong_length"),
        ({"booked_on": "20261124"}, "#/booked_on", "not_a_date"),
        ({"booked_on": "2026-11-20"}, "#/booked_on", "past"),
        ({"booked_on": "2027-11-23"}, "#/booked_on", "too_far_ahead"),
        ({"note": "hello"}, "#/note", "unknown_field"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_by_name(changed, pointer, code, ask, live, decide):
    live()
    refused = decide({"outlook_id": ask().json["outlook_id"], "decision": "agree"} | changed)
    assert refused.status_code == 422
    assert [(error["pointer"], error["code"]) for error in refused.json["errors"]] == [(pointer, code)]


@pytest.mark.parametrize("day", ["2026-11-21", "2027-11-22"])
def test_the_patients_own_day_and_a_year_ahead_can_be_booked(day, ask, live, decide):
    live()
    assert (
        decide({"outlook_id": ask().json["outlook_id"], "decision": "agree", "booked_on": day}).status_code
        == 201
    )


@pytest.mark.parametrize("mode", ["silent", "off"])
def test_nothing_is_decided_on_what_is_not_shown(mode, ask, live, decide, run):
    live()
    name, body = uuid4(), {"outlook_id": ask().json["outlook_id"], "decision": "agree"}
    first = decide(body, name)
    assert first.status_code == 201
    run(mode)
    refused = decide(body | {"outlook_id": ask().json["outlook_id"]})
    assert (refused.status_code, refused.json["code"]) == (409, "nothing_shown")
    again = decide(body, name)
    assert again.status_code == 200
    forecast = {name: first.json[name] for name in ("status", "recommended_on")}
    assert again.json | forecast == first.json
    assert not set(forecast) & set(again.json)


@pytest.mark.parametrize(
    ("infused", "plan", "status"),
    [
        ((), {}, "not_started"),
        (INDUCTION[:4], {}, "induction"),
        (INDUCTION, {"paused_on": "2026-11-01"}, "paused"),
        (INDUCTION, {"ended_on": "2026-11-01"}, "completed"),
    ],
)
def test_nothing_is_decided_outside_maintenance(infused, plan, status, ask, live, decide, client, people):
    live(infused=infused)
    if plan:
        protocol = f"/v1/patients/{people.patient.patient_id}/protocol"
        assert client.put(protocol, json=plan, headers=people.clinician.headers).status_code == 200
    result = ask().json
    assert result["status"] == status
    refused = decide({"outlook_id": result["outlook_id"], "decision": "agree"})
    assert (refused.status_code, refused.json["code"]) == (409, "outside_maintenance")


def test_a_clinician_may_decide_where_too_little_is_known(ask, live, decide):
    live(answered=())
    result = ask().json
    assert result["status"] == "insufficient_data"
    body = {"outlook_id": result["outlook_id"], "decision": "differ", "rationale": "Doing well on the phone."}
    decided = decide(body | {"booked_on": "2026-11-24"})
    assert (decided.status_code, decided.json["status"]) == (201, "insufficient_data")
    assert "recommended_on" not in decided.json


def test_a_decision_changes_nothing(ask, live, decide):
    live()
    before = ask(), ask(what="summary"), ask(what="infusions")
    decide({"outlook_id": before[0].json["outlook_id"], "decision": "agree"})
    after = ask(), ask(what="summary"), ask(what="infusions")
    assert [result.data for result in after] == [result.data for result in before]


def test_a_day_booked_elsewhere_is_the_next_booking_and_changes_nothing_else(ask, live, decide):
    live()
    before, infusions = ask().json, ask(what="infusions").json
    decide({"outlook_id": before["outlook_id"], "decision": "agree", "booked_on": "2026-11-24"})
    after, summary = ask().json, ask(what="summary").json
    assert summary["booking"] == {"booked_on": "2026-11-24", "booked_elsewhere": True, "findings": []}
    assert before["headline"].endswith("Nothing booked.")
    assert after["headline"].endswith(
        "Booked for 24 November with a reason to hold: No consultation is recorded."
    )
    own = {"headline", "outlook_id"}
    assert {name: after[name] for name in after if name not in own} == {
        name: before[name] for name in before if name not in own
    }
    assert ask(what="infusions").json == infusions
