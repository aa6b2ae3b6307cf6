"""What the largest pushes write, in transactions short enough to delay nobody else: every answer is seen."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import event, select

from api.http.safety_intake.daily_answer import MAX_ANSWERS
from models.safety import SafetyAlert
from schemas.sync import MAX_OPERATIONS
from tests import factories

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
YESTERDAY = "2026-11-20"
MAX_STATEMENTS = 75
"""Most statements of one transaction of a push: five operations, each with its savepoint and its result."""
MOMENT = {"time_zone": factories.ZONE, "recorded_at": f"{YESTERDAY}T21:00:00-06:00"}
CHECK_IN: dict[str, Any] = {"mood": 6, "anxiety": 3, **MOMENT}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture(autouse=True)
def settings_of_clinic(database, people):
    """The clinic asks the daily question."""
    with database.write(people.clinic_id) as session:
        factories.safety_settings(session)


@pytest.fixture
def push(app, people):
    def send(operations, who=None):
        body = json.dumps({"operations": operations}, separators=(",", ":"))
        headers = {**(who or people.patient).headers, "Content-Type": "application/json"}
        assert len(body) < 64 * 1024
        return app.test_client().post("/v1/sync/push", data=body, headers=headers)

    return send


@pytest.fixture
def alerts(database, people):
    """Return each alert's source, count and most severe answer."""

    def read():
        with database.read(people.clinic_id) as session:
            found = session.scalars(select(SafetyAlert).order_by(SafetyAlert.source))
            return [(alert.source, alert.answer_count, alert.answer) for alert in found]

    return read


@pytest.fixture
def transactions(app):
    """Collect how many statements each transaction has that writes."""

    @contextmanager
    def collected():
        engine = app.extensions["database"].engine
        running: dict[int, int] = {}
        ended: list[int] = []

        def begin(connection):
            if not connection.get_execution_options().get("afterglow_reads"):
                running[id(connection.connection.dbapi_connection)] = 0

        def count(connection, *_rest):
            key = id(connection.connection.dbapi_connection)
            if key in running:
                running[key] += 1

        def end(connection):
            ended.append(running.pop(id(connection.connection.dbapi_connection), 0))

        listeners = {"begin": begin, "before_cursor_execute": count, "commit": end, "rollback": end}
        for name, listener in listeners.items():
            event.listen(engine, name, listener)
        yield ended
        for name, listener in listeners.items():
            event.remove(engine, name, listener)

    return collected


def form(answer, day=YESTERDAY):
    return {"instrument": "phq-9", "instrument_version": "1", "local_date": day, **MOMENT} | {
        "answers": {"9": answer}
    }


def operation(kind, **members):
    return {"op_id": str(uuid4()), "type": kind, **members}


def forms():
    """As many forms as a push may hold, each with an item 9."""
    return [
        operation("put_questionnaire_response", id=str(uuid4()), form=form(1 + number % 3))
        for number in range(MAX_OPERATIONS)
    ]


def check_ins():
    """As many days with a safety answer as a push may hold, most of them too long past for a check-in."""
    days = [f"{NOW - timedelta(days=2 + ago):%Y-%m-%d}" for ago in range(MAX_OPERATIONS)]
    return [
        operation("put_check_in", local_date=day, data={**CHECK_IN, "safety_answer": 1 + number % 3})
        for number, day in enumerate(days)
    ]


def misplaced():
    """57 KiB of items 9 in the wrong place: four to an operation."""
    found = [form(2) | {"id": str(uuid4())} for _ in range(4 * MAX_OPERATIONS)]
    for each in found:
        del each["instrument_version"], each["time_zone"], each["recorded_at"]
    return [
        operation("put_questionnaire_response", form=found[at : at + 4]) for at in range(0, len(found), 4)
    ]


@pytest.mark.either_database
def test_57_kib_of_misplaced_items_9_open_one_alert_and_are_sent_again_in_parts(push, alerts, transactions):
    sent = misplaced()
    for _ in range(2):
        with transactions() as statements:
            answer = push(sent)
        assert (answer.status_code, "Nobody watches" in answer.json["safety"]["message"]) == (422, True)
        assert [error["code"] for error in answer.json["errors"]] == ["too_many"]
        assert alerts() == [("item_9", MAX_ANSWERS, 2)]
        assert max(statements) <= MAX_STATEMENTS
        assert len(statements) < MAX_ANSWERS
    for part in (sent[at : at + 25] for at in range(0, len(sent), 25)):
        assert push(part).status_code == 207
    assert alerts() == [("item_9", 4 * MAX_OPERATIONS, 2)]


@pytest.mark.either_database
@pytest.mark.parametrize(("operations", "source"), [(forms, "item_9"), (check_ins, "daily_answer")])
def test_a_full_push_with_an_answer_in_each_operation_opens_one_alert_in_short_transactions(
    operations, source, push, alerts, transactions
):
    sent = operations()
    for _ in range(2):
        with transactions() as statements:
            answer = push(sent)
        assert (answer.status_code, "Nobody watches" in answer.json["safety"]["message"]) == (207, True)
        assert alerts() == [(source, MAX_OPERATIONS, 3)]
        assert max(statements) <= MAX_STATEMENTS
        assert len(statements) < MAX_OPERATIONS


def test_another_patients_check_ins_are_stored_while_a_full_push_is_carried_out(push, app, people):
    def check_in(mood):
        path = "/v1/patients/me/check-ins/2026-11-20"
        headers = people.other_patient.headers | {"If-Match": f'"v{mood}"'}
        return app.test_client().put(path, json=CHECK_IN | {"mood": mood}, headers=headers).status_code

    answered: list[int] = []
    with ThreadPoolExecutor(2) as pool:
        pushes = pool.submit(lambda: [push(made()).status_code for made in (forms, check_ins)])
        while not pushes.done() and len(answered) <= 10:
            answered.append(check_in(len(answered)))
        during = len(answered)
        assert pushes.result() == [207, 207]
    assert set(answered) <= {200, 201}
    # Each waited for a part of the push, and not for all of it.
    assert during >= 5


def test_a_push_that_fails_half_way_is_finished_when_it_is_sent_again(push, app, client, people):
    sent = [
        operation("put_check_in", local_date=f"2026-11-{day:02}", data=CHECK_IN | {"mood": mood})
        for mood in (1, 2)
        for day in range(9, 21)
    ]
    for each in sent[12:]:
        each["base_version"] = 1

    inserted = []

    def fail(_connection, _cursor, statement, *_rest):
        if "INSERT INTO check_ins" in statement:
            inserted.append(statement)
            if len(inserted) == 12:
                raise RuntimeError

    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        assert push(sent).status_code == 500
    finally:
        event.remove(engine, "before_cursor_execute", fail)
    listed = "/v1/patients/me/check-ins"
    stored = client.get(listed, headers=people.patient.headers).json["items"]
    assert 0 < len(stored) < 12
    results = push(sent).json["results"]
    assert [result["status"] for result in results] == ["created"] * 12 + ["updated"] * 12
    assert [result["version"] for result in results] == [1] * 12 + [2] * 12
    stored = client.get(listed, headers=people.patient.headers).json["items"]
    assert [(each["mood"], each["version"]) for each in stored] == [(2, 2)] * 12
