"""Alerts as clinicians handle them, what a patient reads of their own, settings and safety answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from models.patients import Patient
from tests import factories

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("fixed_day")]

TODAY = factories.NOON.date()
CLOSING = {"action": "spoke_with_patient", "note": "Safe tonight."}


@pytest.fixture
def opened(database, people):
    """Alerts of the patient's, some days ago each, with an answer: two open ones, the others acknowledged.

    The open ones are the last two: one about an item 9, the last about a daily answer.
    """

    def opening(*days_and_answers):
        found = []
        with database.write(people.clinic_id) as session:
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            for left, (ago, answer) in zip(range(len(days_and_answers))[::-1], days_and_answers, strict=True):
                priority, rank = ("top", 0) if answer == 3 else ("endorsed", 1)
                day = TODAY - timedelta(days=ago)
                about = {"answer": answer, "priority": priority, "rank": rank}
                about |= {"source": "item_9"} if left == 1 else {}
                seen = datetime.combine(day, time(23), UTC) if left > 1 else None
                about |= {"acknowledged_at": seen, "acknowledged_by": people.clinician.id} if seen else {}
                found.append(str(factories.alert(session, patient, day, **about).id))
        return found

    return opening


@pytest.fixture
def colleague(app, database, people):
    """A second clinician of the clinic."""
    with database.write() as session:
        account = factories.account(session, people.clinic_id, display_name="Sage Rill")
        signed_in = factories.sign_in(session, account.id)
    return type(people.clinician)(
        app, "colleague", account.id, people.clinic_id, people.clinician.roles, sign_in_id=signed_in.id
    )


def act(client, person, alert_id, name, **body):
    return client.post(f"/v1/safety-alerts/{alert_id}/{name}", json=body, headers=person.headers)


def test_the_list_of_alerts_begins_with_the_most_severe_and_of_those_the_newest(client, people, opened):
    old_mild, old_top, new_mild, new_top = opened((4, 1), (3, 3), (2, 2), (1, 3))
    path = f"/v1/clinics/{people.clinic_id}/safety-alerts"
    whole = client.get(path, headers=people.clinician.headers).json["items"]
    assert [item["id"] for item in whole] == [new_top, old_top, new_mild, old_mild]
    seen: list[object] = []
    link = f"{path}?limit=1"
    while link:
        answer = client.get(link, headers=people.clinician.headers)
        seen += answer.json["items"]
        link = answer.headers["Link"].partition("<")[2].partition(">")[0] if "Link" in answer.headers else ""
    assert seen == whole


def test_an_alert_shows_a_clinician_whom_to_call_and_the_patient_nothing_of_it(
    client, people, opened, database
):
    (alert,) = opened((1, 2))
    listing = f"/v1/clinics/{people.clinic_id}/safety-alerts"
    own = f"/v1/patients/{people.patient.patient_id}/safety-alerts"
    (unknown,) = client.get(listing, headers=people.clinician.headers).json["items"]
    assert not {"telephone", "emergency_contact"} & set(unknown)
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        patient.telephone = "+14065550142"
        patient.emergency_contact_name, patient.emergency_contact_relation = "Sage Alder", "family"
        patient.emergency_contact_telephone = "+14065550163"
    whom_to_call = {
        "telephone": "+14065550142",
        "emergency_contact": {"name": "Sage Alder", "relation": "family", "telephone": "+14065550163"},
    }
    (listed,) = client.get(listing, headers=people.clinician.headers).json["items"]
    (of_patient,) = client.get(own, headers=people.clinician.headers).json["items"]
    one = client.get(f"/v1/safety-alerts/{alert}", headers=people.clinician.headers).json
    taken = act(client, people.clinician, alert, "acknowledge").json
    for shown in (listed, of_patient, one, taken):
        assert whom_to_call.items() <= shown.items()
    (theirs,) = client.get(own, headers=people.patient.headers).json["items"]
    assert set(theirs) == {"id", "local_date", "source", "opened_at", "state", "message"}


@pytest.mark.parametrize("limit", [1, 50])
def test_alerts_are_listed_from_the_other_end_and_between_days(client, people, opened, limit):
    old_mild, old_top, new_mild, new_top = opened((4, 1), (3, 3), (2, 2), (1, 3))

    def listed(path, query="", who=people.clinician):
        found, link = [], f"{path}?limit={limit}{query}"
        while link:
            page = client.get(link, headers=who.headers)
            assert page.status_code == 200, page.json
            found += [item["id"] for item in page.json["items"]]
            link = page.headers.get("Link", "").partition(">")[0].removeprefix("<")
        return found

    def between(first, last):
        return f"&from={TODAY - timedelta(days=first)}&to={TODAY - timedelta(days=last)}"

    clinic, mine = f"/v1/clinics/{people.clinic_id}/safety-alerts", "/v1/patients/me/safety-alerts"
    assert listed(clinic, "&order=desc") == [old_mild, new_mild, old_top, new_top]
    assert listed(clinic, between(3, 2)) == [old_top, new_mild]
    assert listed(mine, who=people.patient) == [new_top, new_mild, old_top, old_mild]
    assert listed(mine, "&order=asc" + between(4, 3), people.patient) == [old_mild, old_top]


def test_an_alert_stays_open_until_a_named_clinician_records_an_action(client, people, opened):
    (alert,) = opened((1, 2))
    path = f"/v1/clinics/{people.clinic_id}/safety-alerts"

    def listed(state):
        found = client.get(f"{path}?state={state}", headers=people.clinician.headers)
        return [item["id"] for item in found.json["items"]]

    assert (listed("unsettled"), listed("open")) == ([alert], [alert])
    taken = act(client, people.clinician, alert, "acknowledge", note="Calling now.")
    assert taken.json["state"] == "acknowledged"
    assert taken.json["acknowledged_by"] == {"id": str(people.clinician.id), "display_name": "Robin Vale"}
    assert (listed("unsettled"), listed("open"), listed("acknowledged")) == ([alert], [], [alert])
    refused = act(client, people.clinician, alert, "close", note="done")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "#/action")
    refused = act(client, people.clinician, alert, "close", action="other")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "#/note")
    for nothing in (" ", "\u200b\n"):
        refused = act(client, people.clinician, alert, "close", action="other", note=nothing)
        assert [(e["pointer"], e["code"]) for e in refused.json["errors"]] == [("#/note", "nothing_written")]
    ended = act(client, people.clinician, alert, "close", **CLOSING)
    assert (ended.json["state"], ended.json["action"]) == ("closed", "spoke_with_patient")
    assert (listed("unsettled"), listed("closed")) == ([], [alert])


def test_of_two_clinicians_one_acknowledges_and_the_other_learns_who(client, people, opened, colleague):
    (alert,) = opened((1, 2))
    assert act(client, people.clinician, alert, "acknowledge").status_code == 200
    assert act(client, people.clinician, alert, "acknowledge").status_code == 200
    late = act(client, colleague, alert, "acknowledge")
    assert (late.status_code, late.json["code"]) == (409, "already_acknowledged")
    assert late.json["handled_by"] == {"id": str(people.clinician.id), "display_name": "Robin Vale"}
    assert datetime.fromisoformat(late.json["handled_at"]).tzinfo is not None
    # Any clinician may close it, also one who did not acknowledge it.
    assert act(client, colleague, alert, "close", **CLOSING).status_code == 200
    assert act(client, colleague, alert, "close", **CLOSING).status_code == 200
    for person, body in ((people.clinician, CLOSING), (colleague, {"action": "saw_patient"})):
        late = act(client, person, alert, "close", **body)
        assert (late.status_code, late.json["code"]) == (409, "already_closed")
        assert late.json["handled_by"]["display_name"] == "Sage Rill"
    assert act(client, colleague, alert, "acknowledge").json["code"] == "already_closed"


def test_no_note_is_accepted_that_would_not_be_stored(client, people, opened):
    noted, closed = opened((1, 2), (2, 2))

    def acknowledged(alert, **body):
        answer = act(client, people.clinician, alert, "acknowledge", **body)
        return answer.status_code, answer.json.get("code")

    assert acknowledged(noted, note="Calling now.") == (200, None)
    assert acknowledged(noted, note="Calling now.") == (200, None)
    assert acknowledged(noted, note="Nobody answers.") == (409, "already_acknowledged")
    act(client, people.clinician, closed, "close", **CLOSING)
    assert acknowledged(closed) == (200, None)
    assert acknowledged(closed, note="Safe now.") == (409, "already_closed")
    act(client, people.clinician, noted, "close", **CLOSING)
    assert acknowledged(noted, note="Calling now.") == (200, None)
    assert acknowledged(noted, note="And again.") == (409, "already_closed")
    current = client.get(f"/v1/safety-alerts/{noted}", headers=people.clinician.headers).json
    assert (current["acknowledge_note"], current["close_note"]) == ("Calling now.", CLOSING["note"])


def test_concurrently_one_clinician_acknowledges_and_the_other_learns_who(
    app, client, people, opened, colleague
):

    def take(person, alert):
        answer = act(app.test_client(), person, alert, "acknowledge")
        return answer.status_code, answer.json.get("handled_by") or answer.json["acknowledged_by"]

    with ThreadPoolExecutor(4) as pool:
        for ago in range(1, 6):
            (alert,) = opened((ago, 2))
            both = [pool.submit(take, person, alert) for person in (people.clinician, colleague) * 2]
            result = [one.result() for one in both]
            # Each of the two sends twice: both requests of the first one succeed.
            assert sorted(status for status, _ in result) == [200, 200, 409, 409]
            current = client.get(f"/v1/safety-alerts/{alert}", headers=people.clinician.headers).json
            assert all(who == current["acknowledged_by"] for _, who in result)


def test_a_patient_reads_whether_an_answer_was_seen_and_nothing_a_clinician_wrote(client, people, opened):
    (alert,) = opened((1, 3))
    path = "/v1/patients/me/safety-alerts"
    (own,) = client.get(path, headers=people.patient.headers).json["items"]
    assert set(own) == {"id", "local_date", "source", "opened_at", "state", "message"}
    assert "Nobody has seen this answer yet" in own["message"]
    act(client, people.clinician, alert, "close", **CLOSING)
    answer = client.get(path, headers=people.patient.headers)
    assert answer.json["items"][0]["state"] == "closed"
    assert "Safe tonight" not in answer.text


def test_open_alerts_are_in_the_summary_and_put_a_patient_first_on_the_worklist(client, people, opened):
    def current():
        summary = client.get(
            f"/v1/patients/{people.patient.patient_id}/summary", headers=people.clinician.headers
        )
        rows = client.get(f"/v1/clinics/{people.clinic_id}/patients", headers=people.clinician.headers)
        first = rows.json["items"][0]
        return (
            summary.json["open_alert_count"],
            first["patient_id"],
            first["open_alert_count"],
            summary.headers["ETag"],
        )

    other = str(people.other_patient.patient_id)
    mine = str(people.patient.patient_id)
    before = current()
    assert (before[0], before[2]) == (0, 0)
    alerts = opened((1, 2), (2, 3))
    during = current()
    assert during[:3] == (2, mine, 2)
    assert during[3] != before[3]
    for alert in alerts:
        act(client, people.clinician, alert, "close", **CLOSING)
    after = current()
    assert (after[0], after[2]) == (0, 0)
    assert after[1] in {mine, other}
    own = client.get("/v1/patients/me/summary", headers=people.patient.headers)
    assert "open_alert_count" not in own.json


SAFE = {"country": "US", "safety_question": True, "escalate_after_minutes": 30}
PAGER = {"on_call_webhook": "https://pager.clinic.test/afterglow"}


@pytest.fixture
def put(client, people):
    """Send safety settings as the admin does."""

    def sent(body, **headers):
        path = f"/v1/clinics/{people.clinic_id}/safety-settings"
        return client.put(path, json=body, headers={**people.admin.headers, **headers})

    return sent


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({**SAFE, **PAGER, "country": "FR"}, ["#/crisis_contacts"]),
        ({"safety_question": True}, ["#/crisis_contacts", "#/escalate_after_minutes", "#/on_call_email"]),
        (SAFE, ["#/on_call_email"]),
        ({**SAFE, "on_call_webhook": "http://pager.clinic.test/"}, ["#/on_call_webhook"]),
        ({**SAFE, "on_call_webhook": "https://10.0.0.1/"}, ["#/on_call_webhook"]),
        ({**SAFE, **PAGER, "escalate_after_minutes": 0}, ["#/escalate_after_minutes"]),
        ({"country": "us"}, ["#/country"]),
        (
            {"crisis_contacts": [{"label": "Us", "kind": "call", "address": "call us"}]},
            ["#/crisis_contacts/0/address"],
        ),
        (
            {"crisis_contacts": [{"label": "Us", "kind": "web", "address": "http://x"}]},
            ["#/crisis_contacts/0/address"],
        ),
    ],
)
def test_the_question_cannot_be_switched_on_before_all_it_needs_is_set(body, fields, put):
    refused = put(body)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == fields


def test_settings_that_were_never_set_are_changed_as_version_0(put, client, people):
    path = f"/v1/clinics/{people.clinic_id}/safety-settings"
    assert client.get(path, headers=people.admin.headers).headers["ETag"] == '"v0"'
    assert put({**SAFE, **PAGER}, **{"If-Match": '"v1"'}).status_code == 412
    assert put({**SAFE, **PAGER}, **{"If-Match": '"v0"'}).status_code == 201


def test_settings_are_sent_whole_and_safe_to_resend(put, client, people):
    path = f"/v1/clinics/{people.clinic_id}/safety-settings"
    nothing = client.get(path, headers=people.clinician.headers).json
    assert (nothing["version"], nothing["safety_question"], nothing["shown_contacts"]) == (0, False, [])
    first = put({**SAFE, **PAGER})
    assert (first.status_code, put({**SAFE, **PAGER}).status_code) == (201, 200)
    assert [contact["address"] for contact in first.json["shown_contacts"]] == ["988", "988"]
    own = {"label": "Clinic", "kind": "call", "address": "+1 312 555 0100"}
    changed = {**SAFE, **PAGER, "crisis_contacts": [own]}
    assert (put(changed).status_code, put(changed, **{"If-Match": '"v7"'}).status_code) == (428, 412)
    taken = put(changed, **{"If-Match": '"v1"'})
    assert (taken.status_code, taken.json["version"]) == (200, 2)
    assert taken.json["shown_contacts"] == [own]


@pytest.mark.either_database
@pytest.mark.parametrize("address", ["j\u00f6rg@clinic.test", "on-call@cl\u00ednic.test"])
def test_an_on_call_address_that_not_every_mail_server_accepts_is_refused(address, app, client, people):
    app.extensions["settings"] = replace(app.extensions["settings"], smtp_host="127.0.0.1")
    path = f"/v1/clinics/{people.clinic_id}/safety-settings"
    refused = client.put(path, json={"on_call_email": address}, headers=people.admin.headers)
    assert refused.status_code == 422
    assert [(e["pointer"], e["code"]) for e in refused.json["errors"]] == [("#/on_call_email", "not_ascii")]
    assert address not in refused.text


@pytest.fixture
def asked(database, people):
    """The clinic asks the daily question."""
    with database.write(people.clinic_id) as session:
        factories.safety_settings(session)


@pytest.fixture
def send(client, people):
    """Put a safety answer as the patient does."""

    def sent(body, day=TODAY, who=None, **more):
        path = f"/v1/patients/{people.patient.patient_id}/safety-answers/{day}"
        return client.put(path, json=body, headers=(who or people.patient).headers, **more)

    return sent


@pytest.fixture
def stored(client, people):
    """Return the stored answers and the answers of alerts, as a clinician reads them."""

    def read():
        of = f"/v1/patients/{people.patient.patient_id}"
        answers = client.get(f"{of}/safety-answers", headers=people.clinician.headers).json["items"]
        alerts = client.get(f"{of}/safety-alerts", headers=people.clinician.headers).json["items"]
        by_day = {each["local_date"]: (each["answer"], each["version"]) for each in answers}
        paths = [f"/v1/safety-alerts/{each['id']}/answers" for each in alerts]
        joined = [client.get(path, headers=people.clinician.headers).json["items"] for path in paths]
        return by_day, sorted(each["answer"] for of_alert in joined for each in of_alert)

    return read


@pytest.mark.usefixtures("asked")
def test_a_safety_answer_is_stored_once_and_its_response_begins_with_the_crisis_message(send, stored):
    first, again = send({"answer": 2}), send({"answer": 2})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert next(iter(first.json)) == "safety"
    assert "Nobody watches" in first.json["safety"]["message"]
    assert [contact["address"] for contact in first.json["safety"]["contacts"]] == ["988", "988"]
    shown = {name: first.json[name] for name in ("local_date", "answer", "interpretation", "version")}
    assert shown == {"local_date": str(TODAY), "answer": 2, "interpretation": "endorsed", "version": 1}
    assert stored() == ({str(TODAY): (2, 1)}, [2])


@pytest.mark.usefixtures("asked")
def test_another_answer_of_the_same_day_needs_no_version_and_a_higher_one_joins_the_alert(send, stored):
    assert [send({"answer": answer}).json["version"] for answer in (0, 1, 3, 0)] == [1, 2, 3, 4]
    lowest = send({"answer": 0})
    assert (lowest.status_code, "safety" in lowest.json) == (200, False)
    assert stored() == ({str(TODAY): (0, 4)}, [1, 3])


@pytest.mark.usefixtures("asked")
def test_an_answer_sent_first_and_inside_the_check_in_afterwards_opens_one_alert(
    send, stored, client, people
):
    assert send({"answer": 1}).status_code == 201
    check_in = {"mood": 6, "anxiety": 3, "safety_answer": 1, "time_zone": factories.ZONE}
    check_in |= {"recorded_at": datetime.now(ZoneInfo(factories.ZONE)).isoformat()}
    path = f"/v1/patients/me/check-ins/{TODAY}"
    answer = client.put(path, json=check_in, headers=people.patient.headers)
    assert (answer.status_code, next(iter(answer.json))) == (201, "safety")
    assert stored() == ({str(TODAY): (1, 1)}, [1])


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("body", "pointer", "parsed"),
    [
        ({"answer": 4}, "#/answer", 3),
        ({"answer": "2"}, "#/answer", 2),
        ({"answer": 1.5}, "#/answer", 2),
        ({"answer": 2, "note": "x"}, "#/note", 2),
        ([{"answer": 2}], "#", 2),
        ({"answer": "often"}, "#/answer", None),
        ({"answer": None}, "#/answer", 0),
        ({}, "#/answer", 0),
    ],
)
def test_a_refused_safety_answer_is_acted_on_where_it_can_be_read(body, pointer, parsed, send, stored):
    for _ in range(2):
        refused = send(body)
        assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
        assert (refused.status_code, "safety" in refused.json) == (422, parsed != 0)
    assert stored() == (({str(TODAY): (parsed, 1)}, [parsed]) if parsed else ({}, []))


@pytest.mark.usefixtures("asked")
def test_an_answer_for_a_day_off_the_calendar_is_refused_and_acted_on_as_todays(send, stored):
    for day in (TODAY + timedelta(days=30), "1999-12-31"):
        refused = send({"answer": 2}, day=day)
        assert [error["parameter"] for error in refused.json["errors"]] == ["local_date"]
        assert (refused.status_code, "safety" in refused.json) == (422, True)
    ((day, answer),), alerts = stored()[0].items(), stored()[1]
    # The patient's day begins some hours after midnight.
    assert day in {str(TODAY), str(TODAY - timedelta(days=1))}
    assert (answer, alerts) == ((2, 1), [2])


@pytest.mark.usefixtures("asked")
def test_an_answer_of_any_earlier_day_is_stored(send, stored):
    assert send({"answer": 1}, day="2020-02-29").status_code == 201
    assert stored() == ({"2020-02-29": (1, 1)}, [1])


def test_a_clinic_that_never_asked_refuses_the_answer_by_name(send, stored):
    refused = send({"answer": 2})
    assert (refused.status_code, "safety" in refused.json) == (422, False)
    assert [(e["pointer"], e["code"]) for e in refused.json["errors"]] == [("#/answer", "not_asked_here")]
    assert stored() == ({}, [])


@pytest.mark.usefixtures("asked")
def test_where_the_database_fails_the_message_without_contacts_is_shown(app, send, stored):
    def fail(_connection, _cursor, statement, *_rest):
        if "safety_answers" in statement:
            raise RuntimeError

    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        failed = send({"answer": 3})
    finally:
        event.remove(engine, "before_cursor_execute", fail)
    assert failed.status_code == 500
    assert "call your local emergency number now" in failed.json["safety"]["message"]
    assert send({"answer": 3}).status_code == 201
    assert stored() == ({str(TODAY): (3, 1)}, [3])


@pytest.mark.usefixtures("asked")
def test_a_clinician_sends_a_patients_answer_and_others_may_not(send, stored, people):
    assert send({"answer": 1}, who=people.clinician).status_code == 201
    others = (people.stranger, people.other_patient, people.admin)
    assert [send({"answer": 3}, who=who).status_code for who in others] == [404, 404, 403]
    assert stored() == ({str(TODAY): (1, 1)}, [1])


def test_the_list_has_first_whose_alert_nobody_has_acknowledged(client, people, opened):
    (alert,) = opened((1, 2))

    def row():
        path = f"/v1/clinics/{people.clinic_id}/patients?state=all"
        items = client.get(path, headers=people.clinician.headers).json["items"]
        return next(each for each in items if each["patient_id"] == str(people.patient.patient_id))

    assert row()["attention"]["urgency"] == "immediate"
    assert row()["headline"].startswith("1 safety alert open.")
    assert act(client, people.clinician, alert, "acknowledge").status_code == 200
    assert row()["attention"]["urgency"] == "acknowledged"
    assert row()["headline"].startswith("1 safety alert acknowledged, not closed.")
    assert row()["open_alert_count"] == 1


@pytest.fixture
def own_alert(client, people):
    """Return the patient's one alert that nobody has closed."""

    def read():
        path = f"/v1/clinics/{people.clinic_id}/safety-alerts"
        (alert,) = client.get(path, headers=people.clinician.headers).json["items"]
        return alert

    return read


@pytest.mark.usefixtures("asked")
def test_an_alert_lists_its_answers_the_last_received_first_in_pages(send, client, people, own_alert):
    days = [str(TODAY - timedelta(days=ago)) for ago in (2, 4, 3, 1)]
    for day, answer in zip(days, (1, 3, 2, 1), strict=True):
        assert send({"answer": answer}, day).status_code == 201
    alert = own_alert()
    assert (alert["answer_count"], alert["answer"], alert["priority"]) == (4, 3, "top")
    assert (alert["local_date"], alert["opened_at"] < alert["latest_answer_at"]) == (days[1], True)

    def listed(query, who=people.clinician):
        found, link = [], f"/v1/safety-alerts/{alert['id']}/answers?limit=3{query}"
        while link:
            page = client.get(link, headers=who.headers)
            assert page.status_code == 200, page.json
            found += page.json["items"]
            link = page.headers.get("Link", "").partition(">")[0].removeprefix("<")
        return found

    latest_first = listed("")
    assert [(each["record_id"], each["local_date"], each["answer"]) for each in latest_first] == [
        (day, day, answer) for day, answer in zip(days[::-1], (1, 2, 3, 1), strict=True)
    ]
    assert latest_first[0]["received_at"] == alert["latest_answer_at"]
    assert latest_first[-1]["received_at"] == alert["opened_at"]
    assert listed("&order=asc") == latest_first[::-1]
    path = f"/v1/clinics/{people.clinic_id}/safety-alerts?from={days[2]}&to={days[0]}"
    (found,) = client.get(path, headers=people.clinician.headers).json["items"]
    assert found["id"] == alert["id"], "of whichever day it has an answer"
    path = f"/v1/safety-alerts/{alert['id']}/answers"
    refused = {who: client.get(path, headers=getattr(people, who).headers).status_code for who in OTHERS}
    assert refused == {"patient": 403, "admin": 403, "stranger": 404}


OTHERS = ("patient", "admin", "stranger")


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(("name", "body"), [("acknowledge", {}), ("close", CLOSING)])
def test_nobody_ends_an_alert_with_an_answer_that_they_have_not_seen(
    name, body, send, client, people, own_alert
):
    send({"answer": 1})
    seen = own_alert()["answer_count"]
    send({"answer": 3})
    refused = act(client, people.clinician, own_alert()["id"], name, answer_count=seen, **body)
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert [(error["pointer"], error["code"]) for error in refused.json["errors"]] == [
        ("#/answer_count", "answered_again")
    ]
    alert = own_alert()
    assert (alert["state"], alert["answer_count"], alert["answer"]) == ("open", 2, 3)
    for _ in range(2):
        done = act(client, people.clinician, alert["id"], name, answer_count=2, **body)
        assert (done.status_code, done.json["answer_count"]) == (200, 2)
