"""Safety answers inside other requests: stored once, whatever else is wrong with the request."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import event, select

from api.http.safety_intake.daily_answer import MAX_ANSWERS
from models.patients import Patient
from models.safety import SafetyAlertAnswer, SafetyAnswer
from tests import factories

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DAY = "2026-11-21"
ANSWERS = {
    "mood": 6,
    "anxiety": 3,
    "time_zone": "America/New_York",
    "recorded_at": "2026-11-21T21:00:00-05:00",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def asked(database, people):
    """The clinic asks the daily question."""
    with database.write(people.clinic_id) as session:
        factories.safety_settings(session)


@pytest.fixture
def put(client, people):
    def send(day=DAY, body=None, data=None, **answers):
        sent = ANSWERS | answers if body is None else body
        return client.put(
            f"/v1/patients/me/check-ins/{day}",
            data=json.dumps(sent) if data is None else data,
            content_type="application/json",
            headers=people.patient.headers,
        )

    return send


@pytest.fixture
def push(client, people):
    def send(*operations, **more):
        body = {"operations": list(operations), **more}
        return client.post("/v1/sync/push", json=body, headers=people.patient.headers)

    return send


@pytest.fixture
def stored(database, people):
    """Return what is stored: the answers of alerts by day and answer, and the answers by day."""

    def read():
        with database.read(people.clinic_id) as session:
            alerts = session.scalars(
                select(SafetyAlertAnswer).order_by(SafetyAlertAnswer.local_date, SafetyAlertAnswer.answer)
            )
            result = session.scalars(select(SafetyAnswer).where(SafetyAnswer.known_until.is_(None)))
            return (
                [(str(row.local_date), row.answer) for row in alerts],
                {str(row.local_date): row.answer for row in result},
            )

    return read


def operation(answer=None, op_id=None, day=DAY, **answers):
    data = ANSWERS | answers | ({} if answer is None else {"safety_answer": answer})
    return {"op_id": op_id or str(uuid4()), "type": "put_check_in", "local_date": day, "data": data}


def shows_crisis_message(answer):
    safety = answer.json["safety"]
    assert "Nobody watches these answers in real time" in safety["message"]
    return [contact["address"] for contact in safety["contacts"]] == ["988", "988"]


@pytest.mark.usefixtures("asked")
def test_an_answer_above_not_at_all_returns_the_crisis_message_and_opens_an_alert(put, stored):
    first = put(safety_answer=2)
    assert (first.status_code, shows_crisis_message(first)) == (201, True)
    assert first.headers["ETag"] == '"v1"'
    assert stored() == ([(DAY, 2)], {DAY: 2})
    again = put(safety_answer=2)
    assert (again.status_code, shows_crisis_message(again)) == (200, True)
    assert stored() == ([(DAY, 2)], {DAY: 2})


@pytest.mark.usefixtures("asked")
def test_an_answer_of_a_refused_day_is_stored_for_the_day_that_it_was(put, push, stored):
    refused = put("2026-11-22", safety_answer=2)
    assert (refused.status_code, shows_crisis_message(refused)) == (422, True)
    assert refused.json["errors"][0]["expected_on"] == DAY
    assert stored() == ([(DAY, 2)], {DAY: 2})
    assert put(DAY, safety_answer=2).status_code == 201
    assert push(operation(2, day="2026-11-22")).json["results"][0]["status"] == "rejected"
    assert stored() == ([(DAY, 2)], {DAY: 2})


@pytest.mark.usefixtures("asked")
def test_not_at_all_is_stored_and_returns_no_message(put, stored, client, people):
    answer = put(safety_answer=0)
    assert (answer.status_code, "safety" in answer.json) == (201, False)
    assert stored() == ([], {DAY: 0})
    path = f"/v1/patients/{people.patient.patient_id}/safety-answers"
    for person in (people.patient, people.clinician):
        (item,) = client.get(path, headers=person.headers).json["items"]
        assert (item["answer"], item["interpretation"]) == (0, "not endorsed")


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    "answers",
    [
        {"mood": 11},
        {"mood": None},
        {"time_zone": "Mars/Olympus"},
        {"note": "x" * 3000},
        {"unknown": 1},
        {"note": "a\u0000b"},
        {"side_effects": [{"code": "nausea", "severity": "mild"}] * 2},
        {"recorded_at": "yesterday"},
    ],
)
def test_the_answer_of_a_refused_check_in_is_stored_once(answers, put, stored):
    for _ in range(2):
        refused = put(**answers, safety_answer=3)
        assert (refused.status_code, shows_crisis_message(refused)) == (422, True)
        assert refused.content_type == "application/problem+json"
        assert all(error["pointer"] != "#/safety_answer" for error in refused.json["errors"])
    assert stored() == ([(DAY, 3)], {DAY: 3})
    corrected = put(safety_answer=3)
    assert (corrected.status_code, stored()[0]) == (201, [(DAY, 3)])


@pytest.mark.usefixtures("asked")
def test_the_answer_of_a_conflicting_late_or_future_day_is_stored(put, stored):
    put()
    clash = put(mood=2, safety_answer=1)
    assert (clash.status_code, shows_crisis_message(clash)) == (428, True)
    late = put(day="2026-10-01", safety_answer=1)
    assert (late.status_code, shows_crisis_message(late)) == (422, True)
    # A day that has begun nowhere: the answer is about today.
    ahead = put(day="2027-05-05", safety_answer=2)
    assert (ahead.status_code, shows_crisis_message(ahead)) == (422, True)
    assert stored()[0] == [("2026-10-01", 1), (DAY, 1), (DAY, 2)]


@pytest.mark.usefixtures("asked")
def test_a_server_error_on_the_rest_leaves_the_answer_stored(app, put, stored):
    def fail(_connection, _cursor, statement, *_rest):
        if "check_ins" in statement:
            raise RuntimeError

    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        failed = put(safety_answer=2)
    finally:
        event.remove(engine, "before_cursor_execute", fail)
    assert (failed.status_code, shows_crisis_message(failed)) == (500, True)
    assert stored()[0] == [(DAY, 2)]
    assert put(safety_answer=2).status_code == 201
    assert stored()[0] == [(DAY, 2)]


@pytest.mark.usefixtures("asked")
def test_rejected_operations_of_a_push_leave_its_answers_stored(push, stored):
    sent = [
        operation(mood="bad"),
        "nonsense",
        None,
        {"op_id": str(uuid4()), "type": "dance"},
        operation(1, day="2026-11-20", mood=99),
        operation(3, day="the day before"),
        operation(day="2026-11-19"),
        operation(2, day="2026-11-18"),
        {"op_id": str(uuid4()), "type": "delete_check_in", "local_date": "2026-11-18", "base_version": 1},
    ]
    answer = push(*sent)
    assert (answer.status_code, shows_crisis_message(answer)) == (207, True)
    statuses = [result["status"] for result in answer.json["results"]]
    assert statuses == [*["rejected"] * 6, "created", "created", "updated"]
    alerts = [("2026-11-18", 2), ("2026-11-20", 1), (DAY, 3)]
    assert stored()[0] == alerts
    # Removing the day leaves its safety answer.
    assert push(*sent).status_code == 207
    assert stored()[0] == alerts


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("more", [{"unknown": 1}, {"operations": [operation(2)] * 101}])
def test_a_push_refused_as_a_whole_is_screened(more, push, stored):
    refused = push(operation(2), **more)
    assert (refused.status_code, shows_crisis_message(refused)) == (422, True)
    assert stored()[0] == [(DAY, 2)]


def test_no_answer_is_stored_where_the_clinic_never_asked(put, push, stored):
    refused = put(safety_answer=2)
    assert (refused.status_code, "safety" in refused.json) == (422, False)
    assert [(e["pointer"], e["code"]) for e in refused.json["errors"]] == [
        ("#/safety_answer", "not_asked_here")
    ]
    answer = push(operation(2), operation(day="2026-11-20"))
    assert [result["status"] for result in answer.json["results"]] == ["rejected", "created"]
    assert stored() == ([], {})


def test_an_answer_sent_after_the_question_was_switched_off_is_stored(put, stored, database, people):
    with database.write(people.clinic_id) as session:
        factories.safety_settings(session, known_until=NOW - timedelta(days=1))
        factories.safety_settings(
            session, version=2, safety_question=False, known_from=NOW - timedelta(days=1)
        )
    assert shows_crisis_message(put(safety_answer=1))
    assert stored()[0] == [(DAY, 1)]


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("value", "parsed"),
    [(4, 3), ("3", 3), (" 2 ", 2), ("2,0", 2), (1.5, 2), (0.2, 1), ("9" * 40, 3), (1e300, 3)],
)
def test_a_number_off_the_scale_is_refused_and_acted_on_as_the_nearest_answer_above(
    value, parsed, put, push, stored
):
    for _ in range(2):
        refused = put(safety_answer=value)
        assert (refused.status_code, shows_crisis_message(refused)) == (422, True)
        assert [error["pointer"] for error in refused.json["errors"]] == ["#/safety_answer"]
        assert shows_crisis_message(push(operation(value)))
    assert stored() == ([(DAY, parsed)], {DAY: parsed})


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("value", [-1, "yes", "", True, [3], {"answer": 3}, "-2"])
def test_an_unreadable_answer_is_refused_by_name_with_the_crisis_message(value, put, push, stored):
    refused = put(safety_answer=value)
    assert (refused.status_code, shows_crisis_message(refused)) == (422, True)
    assert [error["pointer"] for error in refused.json["errors"]] == ["#/safety_answer"]
    assert shows_crisis_message(push(operation(value)))
    assert stored() == ([], {})


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("value", ["0", False, None])
def test_an_invalid_not_at_all_lowers_no_stored_answer(value, put, stored):
    put(safety_answer=2)
    refused = put(safety_answer=value)
    assert (refused.status_code, "safety" in refused.json) == (422, False)
    assert stored() == ([(DAY, 2)], {DAY: 2})


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("day", ["2026-02-30", "2026-11-21?x=1", "2026-11-21/"])
def test_a_known_path_with_an_invalid_day_or_query_screens_the_body(day, put, stored):
    statuses = set()
    for _ in range(2):
        refused = put(day=day, safety_answer=3)
        statuses.add(refused.status_code)
        assert shows_crisis_message(refused)
        assert stored() == ([(DAY, 3)], {DAY: 3})
    assert statuses <= {201, 200} if day == "2026-11-21/" else statuses == {422}


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("day", ["2026-1-1", "today", "", "a/b"])
def test_a_path_that_no_route_matches_is_not_screened(day, put, stored):
    refused = put(day=day, safety_answer=3)
    assert (refused.status_code in {404, 405}, "safety" in refused.json) == (True, False)
    assert stored() == ([], {})


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (lambda one: [one], 422),
        (lambda one: one, 422),
        (lambda one: {"operations": one}, 422),
        (lambda one: {"operations": {"1": one}}, 422),
        (lambda one: {"operations": [one | {"form": one["data"], "data": {}}]}, 207),
        (lambda one: {"operations": [one | one["data"]]}, 207),
        (lambda one: {"pushed": {"operations": [[one]]}}, 422),
    ],
)
def test_an_answer_anywhere_in_a_push_is_found(wrong, status, client, people, stored):
    body = wrong(operation(3, day="2026-11-19"))
    for _ in range(2):
        answer = client.post("/v1/sync/push", json=body, headers=people.patient.headers)
        assert (answer.status_code, shows_crisis_message(answer)) == (status, True)
        assert stored() == ([("2026-11-19", 3)], {"2026-11-19": 3})


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    "broken", [lambda whole: whole[:-1], lambda whole: whole + "}", lambda whole: whole.replace(":", "", 1)]
)
def test_a_body_that_is_not_json_is_refused_and_acted_on_once_it_is_sent_whole(broken, put, stored):
    whole = json.dumps(ANSWERS | {"safety_answer": 3})
    refused = put(data=broken(whole))
    assert (refused.status_code, refused.json["code"], "safety" in refused.json) == (400, "not_json", False)
    assert stored() == ([], {})
    assert shows_crisis_message(put(data=whole))
    assert stored() == ([(DAY, 3)], {DAY: 3})


@pytest.mark.usefixtures("asked")
def test_json_of_another_content_type_is_screened_and_refused(client, people, stored):
    sent = {"data": json.dumps({"safety_answer": 3}), "content_type": "text/plain"}
    refused = client.put(f"/v1/patients/me/check-ins/{DAY}", **sent, headers=people.patient.headers)
    assert (refused.status_code, shows_crisis_message(refused)) == (415, True)
    assert stored() == ([(DAY, 3)], {DAY: 3})


@pytest.mark.usefixtures("asked")
def test_the_answer_is_no_part_of_a_trend_a_list_a_digest_or_an_outlook(put, client, people):
    put()
    paths = [
        f"/v1/patients/{people.patient.patient_id}/check-ins",
        f"/v1/patients/{people.patient.patient_id}/trends",
        f"/v1/patients/{people.patient.patient_id}/outlook",
    ]

    def seen():
        lists = [client.get(path, headers=people.clinician.headers) for path in paths]
        digest = client.get("/v1/sync/digest", headers=people.patient.headers)
        csv = client.get(paths[0], headers={**people.clinician.headers, "Accept": "text/csv"})
        bodies = [answer.json for answer in (*lists, digest)]
        bodies[2].pop("outlook_id")
        return json.dumps(bodies), csv.text

    before = seen()
    for answer in (0, 1, 3):
        put(safety_answer=answer)
        assert seen() == before
    assert "safety_answer" not in before[0] + before[1]


@pytest.mark.usefixtures("asked")
def test_a_phone_can_store_the_question_and_the_crisis_message(client, people):
    result = client.get("/v1/patients/me/safety-question", headers=people.patient.headers).json
    assert (result["asked"], len(result["options"])) == (True, 4)
    assert [contact["address"] for contact in result["crisis_message"]["contacts"]] == ["988", "988"]


@pytest.mark.usefixtures("asked")
def test_the_same_answer_sent_concurrently_is_stored_once(app, people, stored):
    body = ANSWERS | {"safety_answer": 2}
    headers = people.patient.headers

    def send(_):
        return app.test_client().put(f"/v1/patients/me/check-ins/{DAY}", json=body, headers=headers)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(8)))
    assert sorted(answer.status_code for answer in answers) == [*[200] * 7, 201]
    assert all(shows_crisis_message(answer) for answer in answers)
    assert stored() == ([(DAY, 2)], {DAY: 2})


@pytest.mark.usefixtures("asked")
def test_a_clinicians_entry_is_stored_for_the_patient(client, people, stored, database):
    path = f"/v1/patients/{people.patient.patient_id}/check-ins/{DAY}"
    answer = client.put(path, json=ANSWERS | {"safety_answer": 1}, headers=people.clinician.headers)
    assert shows_crisis_message(answer)
    assert stored()[0] == [(DAY, 1)]
    stranger = client.put(path, json=ANSWERS | {"safety_answer": 3}, headers=people.stranger.headers)
    assert (stranger.status_code, stored()[0]) == (404, [(DAY, 1)])
    with database.read(people.clinic_id) as session:
        assert session.get_one(Patient, (people.clinic_id, people.patient.patient_id)).change_seq > 0


@pytest.mark.usefixtures("asked")
def test_a_withdrawn_answer_leaves_its_alert_and_a_new_one_opens_another_once_it_was_acknowledged(
    put, stored, client, people, clock
):
    def acknowledge_all():
        path = f"/v1/clinics/{people.clinic_id}/safety-alerts"
        for alert in client.get(path, headers=people.clinician.headers).json["items"]:
            endpoint = f"/v1/safety-alerts/{alert['id']}/acknowledge"
            client.post(endpoint, json={}, headers=people.clinician.headers)

    put(safety_answer=2)
    clock.shift(timedelta(minutes=10))
    put(safety_answer=0)
    assert stored() == ([(DAY, 2)], {DAY: 0})
    clock.shift(timedelta(minutes=10))
    # The first alert is still open and covers this answer too.
    put(safety_answer=1)
    assert stored() == ([(DAY, 2)], {DAY: 1})
    acknowledge_all()
    put(safety_answer=1)
    assert stored()[0] == [(DAY, 2)], "resent, it is no other answer"
    put(safety_answer=0)
    clock.shift(timedelta(minutes=10))
    for _ in range(2):
        assert shows_crisis_message(put(safety_answer=2))
        assert stored() == ([(DAY, 2), (DAY, 2)], {DAY: 2})


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("place", [0, 39])
def test_a_push_that_is_too_large_is_screened_before_it_is_refused(push, stored, place):
    sent = [operation(day="2026-11-20", note="x" * 2000) for _ in range(40)]
    sent[place] = operation(3)
    refused = push(*sent)
    assert (refused.status_code, shows_crisis_message(refused)) == (413, True)
    assert stored()[0] == [(DAY, 3)]
    assert push(*sent[:20]).status_code == push(*sent[20:]).status_code == 207
    assert stored()[0] == [(DAY, 3)]


def days_until_yesterday(count):
    """Return so many days, up to the one before DAY."""
    return [f"{datetime.fromisoformat(DAY) - timedelta(days=ago):%Y-%m-%d}" for ago in range(count, 0, -1)]


@pytest.mark.usefixtures("asked")
def test_of_a_push_with_too_many_answers_the_most_severe_are_acted_on_and_it_is_refused(push, stored):
    days = days_until_yesterday(MAX_ANSWERS + 50)
    sent = [{"local_date": day, "data": {"safety_answer": 3 if day == days[0] else 1}} for day in days]
    for _ in range(2):
        refused = push({"op_id": str(uuid4()), "type": "put_check_in", "data": sent})
        assert (refused.status_code, shows_crisis_message(refused)) == (422, True)
        assert [(error["pointer"], error["code"]) for error in refused.json["errors"]] == [("#", "too_many")]
        assert stored()[0] == [(days[0], 3), *((day, 1) for day in days[51:])]
    # Sent in parts, as the problem says, every answer is acted on.
    for part in (sent[:75], sent[75:]):
        assert shows_crisis_message(push({"op_id": str(uuid4()), "type": "put_check_in", "data": part}))
    assert stored()[0] == [(days[0], 3), *((day, 1) for day in days[1:])]


@pytest.mark.usefixtures("asked")
def test_a_full_push_of_answers_opens_one_alert_with_all_of_them(push, client, people):
    days = days_until_yesterday(MAX_ANSWERS)
    answers = {day: 2 if day == days[7] else 1 for day in days}
    sent = [operation(answers[day], day=day, note=None) for day in days]
    for _ in range(2):
        answer = push(*sent)
        assert (answer.status_code, shows_crisis_message(answer)) == (207, True)
        path = f"/v1/clinics/{people.clinic_id}/safety-alerts"
        (alert,) = client.get(path, headers=people.clinician.headers).json["items"]
        assert (alert["answer_count"], alert["answer"], alert["local_date"]) == (MAX_ANSWERS, 2, days[7])
