"""Item 9 inside refused and failing requests: one alert is opened, and the on-call is notified."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from models.safety import SafetyAlert, SafetyAlertAnswer
from tests import factories
from tests.on_call import run_once
from tests.webhook_receiver import webhook_receiver

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
YESTERDAY = "2026-11-20"
FORM = "5e0b1c1e-7a70-4d0e-9d53-1f5a0f6c7b21"
ANSWERS = {"mood": 6, "anxiety": 3, "time_zone": factories.ZONE, "recorded_at": "2026-11-21T20:00:00-06:00"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def alerts(database, people):
    """Return the answers of all alerts, by source, answer and day."""

    def found():
        with database.read(people.clinic_id) as session:
            query = select(SafetyAlert.source, SafetyAlertAnswer.answer, SafetyAlertAnswer.local_date)
            query = query.join(SafetyAlert, SafetyAlert.id == SafetyAlertAnswer.alert_id)
            order = SafetyAlertAnswer.received_at, SafetyAlertAnswer.answer
            rows = session.execute(query.order_by(*order)).all()
            return [(source, answer, str(local_date)) for source, answer, local_date in rows]

    return found


@pytest.fixture
def put(client, people):
    def send(form, answers, version=None, who=None):
        headers = (who or people.patient).headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        path = f"/v1/patients/{people.patient.patient_id}/questionnaire-responses/{form}"
        return client.put(path, json=begun(answers), headers=headers)

    return send


@pytest.fixture
def push(app, people):
    def send(*operations):
        body = {"operations": list(operations)}
        return app.test_client().post("/v1/sync/push", json=body, headers=people.patient.headers)

    return send


def begun(answers):
    return {
        "instrument": "phq-9",
        "instrument_version": "1",
        "local_date": YESTERDAY,
        "time_zone": factories.ZONE,
        "recorded_at": f"{YESTERDAY}T21:00:00-06:00",
        "answers": answers,
    }


def form_operation(form, answer):
    operation = {"op_id": str(uuid4()), "type": "put_questionnaire_response", "id": str(form)}
    return operation | {"form": begun({"9": answer})}


CHECK_IN = {"op_id": str(uuid4()), "type": "put_check_in", "local_date": YESTERDAY, "data": ANSWERS}


@contextmanager
def failing(app, words, error):
    """Let the database fail on every statement that contains these words."""

    def fail(_connection, _cursor, statement, *_rest):
        if words in statement:
            raise error

    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", fail)
    yield
    event.remove(engine, "before_cursor_execute", fail)


BUSY = OperationalError("", {}, Exception())


@pytest.mark.parametrize(("error", "status"), [(RuntimeError(), 500), (BUSY, 503)])
@pytest.mark.parametrize("words", ["check_ins", "INSERT INTO questionnaire_responses"])
def test_a_server_error_on_the_rest_of_a_push_leaves_the_alert_of_item_9(
    app, push, alerts, words, error, status, client, people
):
    form = uuid4()
    sent = (CHECK_IN, form_operation(form, 2))
    with failing(app, words, error):
        failed = push(*sent)
        assert (failed.status_code, "Nobody watches" in failed.json["safety"]["message"]) == (status, True)
    assert alerts() == [("item_9", 2, YESTERDAY)]
    path = f"/v1/patients/me/questionnaire-responses/{form}"
    assert client.get(path, headers=people.patient.headers).status_code == 404
    assert [each["status"] for each in push(*sent).json["results"]] == ["created", "created"]
    assert alerts() == [("item_9", 2, YESTERDAY)]
    assert client.get(path, headers=people.patient.headers).json["item_9"] == "endorsed"


@pytest.mark.parametrize(("error", "status"), [(RuntimeError(), 500), (BUSY, 503)])
@pytest.mark.parametrize("words", ["safety_alerts", "safety_answers", "patients"])
def test_where_the_answer_cannot_be_stored_the_message_without_contacts_is_shown(
    app, push, alerts, words, error, status, database, people
):
    with database.write(people.clinic_id) as session:
        factories.safety_settings(session)
    daily = {**CHECK_IN, "data": ANSWERS | {"safety_answer": 1}}
    for sent in (daily, form_operation(uuid4(), 2)):
        if words == "safety_answers" and sent is not daily:
            continue
        with failing(app, words, error):
            failed = push(sent)
        assert failed.status_code == status
        assert "call your local emergency number now" in failed.json["safety"]["message"]
    with failing(app, words, error):
        assert "safety" not in push({**CHECK_IN, "data": ANSWERS | {"safety_answer": 0}}).json
    assert alerts() == []


def test_the_same_push_sent_concurrently_opens_one_alert_and_is_answered_each_time(push, alerts):
    sent = (form_operation(uuid4(), 3), {"op_id": "x"}, None, CHECK_IN)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: push(*sent), range(8)))
    statuses = [tuple(each["status"] for each in answer.json["results"]) for answer in answers]
    assert statuses == [("created", "rejected", "rejected", "created")] * 8
    assert all("Nobody watches" in answer.json["results"][0]["safety"]["message"] for answer in answers)
    assert alerts() == [("item_9", 3, YESTERDAY)]


def test_an_abandoned_form_opens_one_alert_and_notifies_the_on_call_once_after_an_hour_down(
    put, push, alerts, database, people, client, clock
):
    with webhook_receiver() as gone:
        port = gone.port
    with database.write(people.clinic_id) as session:
        factories.safety_settings(session, on_call_webhook=f"http://127.0.0.1:{port}/on-call")
    form = uuid4()
    for _ in range(2):
        assert put(form, {"1": 2, "9": 1}).json["complete"] is False
    push(form_operation(form, 1))
    assert alerts() == [("item_9", 1, YESTERDAY)]

    def look(minutes):
        clock.move_to(NOW + timedelta(minutes=minutes))
        return run_once(database, datetime.now(UTC))

    assert sum(look(minute).escalated for minute in range(0, 90, 2)) == 1
    with webhook_receiver(port) as back:
        result = [look(minute).delivered for minute in range(90, 200, 5)]
        assert (sum(result), len(back.bodies)) == (1, 1)
    path = f"/v1/clinics/{people.clinic_id}/safety-alerts"
    (alert,) = client.get(path, headers=people.clinician.headers).json["items"]
    assert json.loads(back.bodies[0])["data"]["alert_id"] == alert["id"]
    assert (alert["state"], alert["escalations"][0]["state"]) == ("open", "delivered")
    path = f"/v1/patients/{people.patient.patient_id}/questionnaire-responses/{form}"
    stored = client.get(path, headers=people.clinician.headers).json
    assert (stored["answers"], "total" in stored) == ({"1": 2, "9": 1}, False)


def test_a_new_item_9_after_one_was_withdrawn_and_its_alert_closed_opens_another_alert(
    put, alerts, client, people, clock
):
    form = uuid4()
    put(form, {"9": 2})
    (alert,) = client.get("/v1/patients/me/safety-alerts", headers=people.patient.headers).json["items"]
    endpoint = f"/v1/safety-alerts/{alert['id']}/close"
    client.post(endpoint, json={"action": "saw_patient"}, headers=people.clinician.headers)
    put(form, {"9": 2})
    assert len(alerts()) == 1
    clock.shift(timedelta(minutes=5))
    assert put(form, {"9": 0}, 1).status_code == 200
    assert len(alerts()) == 1
    clock.shift(timedelta(minutes=5))
    # Refused for its version, sent again, and then stored: one answer, one alert.
    assert [put(form, {"9": 2}, version).status_code for version in (None, None, 2, 2)] == [
        428,
        428,
        200,
        200,
    ]
    assert alerts() == [("item_9", 2, YESTERDAY)] * 2


def test_a_clinician_who_fills_in_the_form_gets_the_message_too(put, alerts, people):
    result = put(uuid4(), {"9": 3}, who=people.clinician)
    assert "Nobody watches" in result.json["safety"]["message"]
    assert put(uuid4(), {"9": 3}, who=people.stranger).status_code == 404
    assert alerts() == [("item_9", 3, YESTERDAY)]


def test_a_push_refused_for_its_size_is_stored_by_halves_without_a_conflict(push, put, alerts):
    long = CHECK_IN | {"data": ANSWERS | {"note": "x" * 2000}}
    form = form_operation(uuid4(), 2)
    form["form"]["answers"] = {**dict.fromkeys("12345678", 1), "9": 2}
    refused = push(*[long] * 40, form)
    assert (refused.status_code, "Nobody watches" in refused.json["safety"]["message"]) == (413, True)
    (stored,) = push(form).json["results"]
    assert (stored["status"], stored["version"]) == ("updated", 2)
    (again,) = push(form).json["results"]
    assert again == stored
    assert alerts() == [("item_9", 2, YESTERDAY)]
    # Other answers than the current ones are a conflict.
    begun_only = uuid4()
    put(begun_only, {"9": 2})
    assert put(begun_only, {"1": 1, "9": 1}).status_code == 428


def form_at(client, people, name):
    path = f"/v1/patients/{people.patient.patient_id}/questionnaire-responses/{name}"
    return client.get(path, headers=people.clinician.headers)


def test_the_item_9_of_a_refused_form_is_stored_under_the_day_it_names(put, alerts, client, people):
    form = uuid4()
    refused = put(form, {"1": 7, "9": 1})
    assert (refused.status_code, refused.json["version"]) == (422, 1)
    stored = form_at(client, people, form).json
    assert (stored["answers"], stored["local_date"]) == ({"9": 1}, YESTERDAY)
    assert alerts() == [("item_9", 1, YESTERDAY)]


@pytest.mark.parametrize(("value", "parsed"), [("2", 2), (4, 3), (1.5, 2)])
def test_an_item_9_of_a_wrong_type_or_off_its_scale_is_refused_and_acted_on(
    put, push, alerts, client, people, value, parsed
):
    form = uuid4()
    for _ in range(2):
        refused = put(form, {"9": value})
        assert (refused.status_code, "Nobody watches" in refused.json["safety"]["message"]) == (422, True)
        assert [error["pointer"] for error in refused.json["errors"]] == ["#/answers/9"]
        pushed = push(form_operation(form, value))
        assert "Nobody watches" in pushed.json["results"][0]["safety"]["message"]
    assert alerts() == [("item_9", parsed, YESTERDAY)]
    assert form_at(client, people, form).json["answers"] == {"9": parsed}


@pytest.mark.parametrize("value", ["often", True, -1, [2]])
def test_an_unreadable_item_9_is_refused_with_the_crisis_message(put, push, alerts, value, client, people):
    form = uuid4()
    refused = put(form, {"9": value})
    assert (refused.status_code, "Nobody watches" in refused.json["safety"]["message"]) == (422, True)
    assert "Nobody watches" in push(form_operation(form, value)).json["safety"]["message"]
    assert alerts() == []
    assert form_at(client, people, form).status_code == 404


@pytest.mark.parametrize("who", ["patient", "clinician"])
def test_an_invalid_query_leaves_item_9_screened(put, alerts, people, who):
    for _ in range(2):
        refused = put(f"{FORM}?x=1", {"9": 2}, who=getattr(people, who))
        assert refused.status_code == 422
        assert "Nobody watches" in refused.json["safety"]["message"]
    assert alerts() == [("item_9", 2, YESTERDAY)]


@pytest.mark.parametrize("form", ["zz", f"{FORM}/answers", ""])
def test_a_path_that_no_route_matches_is_not_screened(put, alerts, form):
    refused = put(form, {"9": 2})
    assert (refused.status_code in {404, 405}, "safety" in refused.json) == (True, False)
    assert alerts() == []


def test_no_alert_is_opened_for_anyone_who_may_not_write_there(put, alerts, people, client):
    for who, status in ((people.stranger, 404), (people.admin, 403), (people.other_patient, 404)):
        refused = put(f"{FORM}?x=1", {"9": 2}, who=who)
        assert (refused.status_code, "safety" in refused.json) == (status, False)
    path = f"/v1/patients/me/questionnaire-responses/{FORM}"
    assert client.put(path, json=begun({"9": 2})).status_code == 401
    assert client.put(path, json=begun({"9": 2}), headers=people.clinician.headers).status_code == 404
    assert alerts() == []


def test_a_form_in_the_member_of_a_check_in_is_screened_and_its_item_9_stored(push, alerts, client, people):
    form = uuid4()
    sent = {"op_id": str(uuid4()), "type": "put_check_in", "local_date": YESTERDAY, "id": str(form)}
    for _ in range(2):
        (result,) = push(sent | {"data": begun({"9": 2})}).json["results"]
        assert (result["status"], "Nobody watches" in result["safety"]["message"]) == ("rejected", True)
        assert (result["record_id"], result["version"]) == (str(form), 1)
    assert alerts() == [("item_9", 2, YESTERDAY)]
    assert form_at(client, people, form).json["answers"] == {"9": 2}
