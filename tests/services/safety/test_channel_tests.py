"""Test messages to the on-call: what an admin sends, what arrives, and what is shown of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
import time_machine
from sqlalchemy import func, select

from models.outbox import Delivery
from services.mail import Mail
from tests import factories
from tests.on_call import CONFIG, run_once
from tests.webhook_receiver import mail_receiver, webhook_receiver

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def admin(app, client, people):
    """Requests of the admin to the clinic's safety settings, on a server that calls this machine."""
    app.extensions["settings"] = replace(
        app.extensions["settings"], webhooks_to_loopback=True, smtp_host="127.0.0.1"
    )

    def ask(method, path="", json=None, **headers):
        address = f"/v1/clinics/{people.clinic_id}/safety-settings{path}"
        return client.open(address, method=method, json=json, headers={**people.admin.headers, **headers})

    return ask


@pytest.fixture
def tests_shown(admin):
    def found():
        return {each["channel"]: each for each in admin("GET", "/test").json["items"]}

    return found


def url(received):
    return f"http://127.0.0.1:{received.port}/on-call"


def test_an_address_that_is_set_gets_a_test_message_that_is_marked_and_names_nobody(
    admin, tests_shown, database
):
    with webhook_receiver() as hook, mail_receiver() as mail_server:
        addresses = {"on_call_webhook": url(hook), "on_call_email": "on-call@clinic.test"}
        assert admin("PUT", json=addresses).status_code == 201
        assert {each["state"] for each in tests_shown().values()} == {"waiting"}
        mail = Mail("127.0.0.1", mail_server.port, None, None, "afterglow@clinic.test", "none")
        assert run_once(database, NOW, replace(CONFIG, mail=mail)).delivered == 2
        assert {channel: each["state"] for channel, each in tests_shown().items()} == {
            "webhook": "delivered",
            "email": "delivered",
        }
        # The same again is no change, and another time is no other address.
        admin("PUT", json=addresses)
        changed = admin("PUT", json={**addresses, "escalate_after_minutes": 30}, **{"If-Match": '"v1"'})
        assert changed.status_code == 200
        assert run_once(database, NOW + timedelta(hours=1)).delivered == 0
    (body,) = hook.bodies
    event = json.loads(body)
    assert (event["type"], event["data"]) == ("safety_alert.test", {"test": True})
    (raw,) = mail_server.bodies
    message = message_from_bytes(raw)
    assert message["Subject"] == "Test: no alert waits"
    assert "http" not in str(message.get_payload())


def test_a_test_on_demand_shows_why_a_channel_does_not_work(admin, tests_shown, database, people):
    with database.write(people.clinic_id) as session:
        factories.safety_settings(session, on_call_webhook="http://127.0.0.1:9/on-call")
    sent = admin("POST", "/test")
    assert sent.status_code == 202
    assert [(each["channel"], each["state"]) for each in sent.json["items"]] == [("webhook", "waiting")]
    for seconds in (0, 40, 120):
        run_once(database, NOW + timedelta(seconds=seconds))
    shown = tests_shown()["webhook"]
    assert (shown["state"], shown["attempt_count"], shown["last_failure"]) == ("given_up", 3, "no_connection")
    assert run_once(database, NOW + timedelta(hours=1)).failed == 0


def test_tests_on_demand_are_a_minute_apart_and_ten_an_hour(admin, database, people, clock):
    with database.write(people.clinic_id) as session:
        factories.safety_settings(session)
    assert admin("POST", "/test").status_code == 202
    again = admin("POST", "/test")
    assert (again.status_code, again.json["code"]) == (429, "too_many_attempts")
    assert int(again.headers["Retry-After"]) == 60
    for minute in range(1, 10):
        clock.move_to(NOW + timedelta(minutes=2 * minute))
        assert admin("POST", "/test").status_code == 202
    clock.move_to(NOW + timedelta(minutes=40))
    assert admin("POST", "/test").status_code == 429
    # An address can be set all the same; it gets no test.
    changed = admin("PUT", json={"on_call_webhook": "https://other.clinic.test/"}, **{"If-Match": '"v1"'})
    assert changed.status_code == 200
    with database.read(people.clinic_id) as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 10
    # A clock that was ahead for a while blocks nothing.
    clock.move_to(NOW - timedelta(days=40))
    assert admin("POST", "/test").status_code == 202


def test_without_a_channel_there_is_nothing_to_test(admin):
    refused = admin("POST", "/test")
    assert refused.status_code == 409
    assert [error["code"] for error in refused.json["errors"]] == ["no_on_call"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"on_call_email": "on-call@clinic.invalid"}, "unusable_domain"),
        ({"on_call_email": "on-call@clinic.example"}, "unusable_domain"),
        ({"on_call_webhook": "https://pager.clinic.example/afterglow"}, "unusable_domain"),
        ({"on_call_webhook": "https://pager.Example.COM./afterglow"}, "unusable_domain"),
    ],
)
def test_in_production_an_address_of_documentation_is_refused(body, code, app, admin):
    app.extensions["settings"] = replace(
        app.extensions["settings"], environment="production", webhooks_to_loopback=False
    )
    refused = admin("PUT", json=body)
    assert refused.status_code == 422
    ((pointer, found),) = [(error["pointer"], error["code"]) for error in refused.json["errors"]]
    assert (pointer, found) == (f"#/{next(iter(body))}", code)
    assert next(iter(body.values())) not in refused.text
