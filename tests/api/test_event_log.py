"""Who did what, when, from where and with which outcome; in the transaction of the change."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from models.accounts import Account, SignIn
from models.base import Base
from models.event_log import EventLogEntry
from schemas.event_log import EVENTS
from services.event_log import ACCESS_EVENTS, Event
from tests import factories
from tests.api.http.endpoints import CHANNEL_TESTS, CLINIC, ENDPOINTS, PASSPHRASE, PATIENT, Endpoint

LOCAL = "127.0.0.1"
RECORDED = {
    ("POST", "/v1/auth/login"): {"signed_in"},
    ("POST", "/v1/auth/invitations/<code>/accept"): {"invitation_accepted", "signed_in"},
    ("POST", "/v1/auth/logout"): {"signed_out"},
    ("PUT", "/v1/me/password"): {"password_changed"},
    ("PUT", "/v1/me/email"): {"email_changed"},
    ("DELETE", "/v1/me/devices/<uuid:sign_in_id>"): {"device_signed_out"},
    ("DELETE", f"{PATIENT}/devices/<uuid:sign_in_id>"): {"device_signed_out"},
    ("PUT", f"{CLINIC}/custom-instruments"): {"settings_changed"},
    ("PUT", f"{CLINIC}/safety-settings"): {"settings_changed"},
    ("PUT", f"{CLINIC}/session-settings"): {"settings_changed"},
    ("POST", f"{CLINIC}/staff"): {"staff_added"},
    ("PATCH", f"{CLINIC}/staff/<uuid:account_id>"): {"account_disabled"},
    ("POST", f"{CLINIC}/staff/<uuid:account_id>/invitations"): {"invitation_created"},
    ("PUT", f"{CLINIC}/api-clients/<uuid:client_id>"): {"api_client_registered"},
    ("DELETE", f"{CLINIC}/api-clients/<uuid:client_id>"): {"api_client_revoked"},
    ("POST", f"{CLINIC}/patients"): {"patient_enrolled"},
    ("POST", f"{CLINIC}/imports"): {"patient_enrolled"},
    ("POST", f"{PATIENT}/invitations"): {"invitation_created"},
    ("PUT", f"{PATIENT}/consents/<uuid:consent_id>"): {"consent_given"},
    ("POST", f"{PATIENT}/consents/<uuid:consent_id>/revoke"): {"consent_revoked", "account_disabled"},
    ("PATCH", f"{PATIENT}/consents/<uuid:consent_id>/account"): {"account_disabled"},
    ("DELETE", f"{PATIENT}/sign-in-throttle"): {"throttle_lifted"},
    ("DELETE", f"{CLINIC}/staff/<uuid:account_id>/sign-in-throttle"): {"throttle_lifted"},
    ("POST", "/v1/auth/password-resets/<code>"): {"password_changed"},
    ("POST", "/v1/me/second-factor/confirm"): {"second_factor_enabled"},
    ("POST", "/v1/me/second-factor/remove"): {"second_factor_removed"},
    ("POST", f"{PATIENT}/consents/<uuid:consent_id>/invitations"): {"invitation_created"},
    ("POST", "/v1/me/consents"): {"consent_accepted"},
    ("PUT", f"{PATIENT}/outlook/decisions/<uuid:decision_id>"): {"outlook_overridden"},
    ("POST", "/v1/safety-alerts/<uuid:alert_id>/acknowledge"): {"alert_acknowledged"},
    ("POST", "/v1/safety-alerts/<uuid:alert_id>/close"): {"alert_closed"},
    ("POST", f"{CLINIC}/safety-settings/test"): {"test_message_sent"},
}
"""What each request that changes who may do what is recorded as. All others store clinical records, whose
revisions name who made them, or change nothing here (the settings are sent as they are)."""


@pytest.fixture
def logged(database, people):
    """The events of the clinic, the oldest first."""

    def found(kind: str | None = None) -> list[EventLogEntry]:
        with database.read(people.clinic_id) as session:
            rows = session.scalars(select(EventLogEntry).order_by(EventLogEntry.occurred_at)).all()
        return [row for row in rows if kind in (None, row.event)]

    return found


@pytest.fixture
def ask(client, people):
    """The items of a log, as one caller is shown it."""

    def asked(who: Any, path: str | None = None, query: str = "") -> list[dict[str, Any]]:
        path = path or f"/v1/clinics/{people.clinic_id}/event-log"
        answer = client.get(f"{path}{query}", headers=who.headers)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json["items"]
        return items

    return asked


def test_the_documented_events_are_those_of_the_code():
    assert set(EVENTS) == set(map(str, Event))
    assert set(map(str, ACCESS_EVENTS)) <= set(EVENTS)


@pytest.mark.either_database
def test_every_change_of_access_is_recorded_with_who_and_from_where(client, scenario, logged):
    recorded = {}
    changes = [each for each in ENDPOINTS if each.method != "GET"]

    def order(endpoint: Endpoint) -> tuple[bool, bool]:
        # First forms, since each record takes an earlier day, and what needs an on-call; what ends the
        # caller's own sign-in last.
        early = "questionnaire-responses" in endpoint.rule or endpoint.rule == CHANNEL_TESTS
        return endpoint.rule == "/v1/auth/logout", not early

    for endpoint in sorted(changes, key=order):
        before = {row.id for row in logged()}
        answer = endpoint.send_as(client, scenario, scenario.callers[endpoint.allowed])
        assert answer.status_code < 300, (endpoint.key, answer.text)
        new = [row for row in logged() if row.id not in before]
        assert all(row.address == LOCAL for row in new), endpoint.key
        if new:
            recorded[(endpoint.method, endpoint.rule)] = {row.event for row in new}
    assert recorded == RECORDED


@pytest.mark.either_database
def test_a_change_whose_event_cannot_be_stored_is_not_made(app, client, people, database, logged):
    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO event_log"):
            msg = "no room"
            raise OperationalError("INSERT", None, Exception(msg))

    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        answer = client.post(
            f"/v1/clinics/{people.clinic_id}/staff",
            json={"email": "wren@clinic.example", "display_name": "Wren Ashby", "roles": ["clinician"]},
            headers=people.admin.headers,
        )
    finally:
        event.remove(engine, "before_cursor_execute", fail)
    assert answer.status_code == 503
    with database.read() as session:
        assert session.scalar(select(Account.id).where(Account.display_name == "Wren Ashby")) is None
    assert logged() == []


@pytest.mark.either_database
@pytest.mark.parametrize("table", ["event_log", "access_log"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET id = id"])
def test_the_database_itself_refuses_to_change_a_log(client, people, database, table, change):
    path = f"/v1/patients/{people.patient.patient_id}/summary"
    assert client.get(path, headers=people.clinician.headers).status_code == 200
    client.post("/v1/auth/logout", headers=people.clinician.headers)
    with database.engine.begin() as connection:
        assert connection.execute(select(func.count()).select_from(Base.metadata.tables[table])).scalar()
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(change.format(table)))
        connection.rollback()


@pytest.mark.either_database
def test_a_failed_sign_in_is_seen_by_the_person_and_by_admins(client, people, ask, logged):
    device = {"device_id": "phone-0001", "name": "Phone"}
    for email, status in ((people.clinician.email, 401), ("nobody@elsewhere.test", 401)):
        sent = {"email": email, "password": "not the password at all", "device": device}
        assert client.post("/v1/auth/login", json=sent).status_code == status
    (failed,) = logged("sign_in_failed")
    assert (failed.outcome, failed.actor_id, failed.account_id) == ("failure", None, people.clinician.id)
    assert [item["event"] for item in ask(people.clinician, "/v1/me/event-log")] == ["sign_in_failed"]
    (item,) = ask(people.admin, query="?event=sign_in_failed")
    assert ("actor_name" in item, item["address"]) == (False, LOCAL)
    assert ask(people.patient, "/v1/me/event-log") == []


@pytest.mark.either_database
def test_a_stolen_refresh_token_is_an_event_that_the_person_and_admins_see(client, people, ask, database):
    device = {"device_id": "phone-0001", "name": "My phone"}
    with database.write() as session:
        account = session.get_one(Account, people.patient.id)
        account.email, account.password_hash = "fern@patients.test", factories.PASSWORD_HASH
    sent = {"email": "fern@patients.test", "password": factories.PASSWORD, "device": device}
    token = client.post("/v1/auth/login", json=sent).json["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token, "device_id": "phone-0002"}
    assert client.post("/oauth/token", data=form).status_code == 400
    with database.read() as session:
        assert all(session.scalars(select(SignIn.revoked_at).where(SignIn.device_id == "phone-0001")))
    mine, every = ask(people.patient, "/v1/me/event-log"), ask(people.admin)
    for items in (mine, every):
        assert items[0]["event"] == "refresh_token_reused"
        assert items[0]["outcome"] == "failure"
        assert items[0]["details"] == {"device_name": "My phone"}


@pytest.mark.either_database
def test_what_an_admin_grants_is_seen_by_clinicians(client, people, ask):
    clinic = f"/v1/clinics/{people.clinic_id}"
    new = {"email": "wren@clinic.example", "display_name": "Wren Ashby", "roles": ["clinician"]}
    assert client.post(f"{clinic}/staff", json=new, headers=people.admin.headers).status_code == 201
    version = client.get(f"{clinic}/settings", headers=people.admin.headers).headers["ETag"]
    headers = people.admin.headers | {"If-Match": version}
    assert client.patch(f"{clinic}/settings", json={"backfill_days": 9}, headers=headers).status_code == 200
    (item,) = ask(people.clinician)
    assert (item["event"], item["account_name"]) == ("staff_added", "Wren Ashby")
    assert item["details"] == {"roles": ["clinician"]}
    changed = ask(people.admin)[0]
    assert changed["details"] == {"fields_changed": ["backfill_days"], "resource": "settings"}


@pytest.mark.either_database
def test_what_changes_nothing_is_no_event(client, people, logged):
    clinic = f"/v1/clinics/{people.clinic_id}"
    for _ in range(2):
        version = client.get(f"{clinic}/settings", headers=people.admin.headers).headers["ETag"]
        headers = people.admin.headers | {"If-Match": version}
        sent = {"backfill_days": 9}
        assert client.patch(f"{clinic}/settings", json=sent, headers=headers).status_code == 200
    assert len(logged("settings_changed")) == 1


@pytest.mark.either_database
def test_an_export_is_recorded_once_an_hour_and_the_patient_sees_it(client, people, ask, logged):
    path = f"/v1/patients/{people.patient.patient_id}/check-ins"
    for _ in range(2):
        headers = people.clinician.headers | {"Accept": "text/csv"}
        assert client.get(path, headers=headers).status_code == 200
    assert client.get(path, headers=people.clinician.headers).status_code == 200
    (row,) = logged("exported")
    assert row.details == {"media_type": "text/csv", "resource": "check-ins"}
    (item,) = ask(people.patient, "/v1/me/event-log")
    assert (item["event"], item["patient_id"]) == ("exported", str(people.patient.patient_id))
    assert "address" not in item, "a patient is not shown where staff work"
    assert ask(people.other_patient, "/v1/me/event-log") == []


@pytest.mark.either_database
def test_it_can_be_read_by_day_by_account_and_page_by_page(client, people, ask):
    path = f"/v1/clinics/{people.clinic_id}/event-log"
    for who in (people.clinician, people.patient):
        assert client.post("/v1/auth/logout", headers=who.headers).status_code == 204
    first = client.get(f"{path}?limit=1", headers=people.admin.headers).json
    rest = ask(people.admin, query=f"?limit=1&cursor={first['next_cursor']}")
    assert [first["items"][0]["account_name"], rest[0]["account_name"]] == [
        item["account_name"] for item in ask(people.admin)
    ]
    (own,) = ask(people.admin, query=f"?account_id={people.clinician.id}")
    assert own["actor_roles"] == ["clinician"]
    assert ask(people.admin, query="?to=2020-01-01") == []
    assert len(ask(people.admin, query="?from=2020-01-01")) == 2
    assert ask(people.admin, query="?event=exported") == []
    refused = client.get(f"{path}?event=danced", headers=people.admin.headers)
    assert refused.status_code == 422
    table = client.get(path, headers=people.admin.headers | {"Accept": "text/csv"}).text
    assert table.splitlines()[0].startswith("occurred_at,event,outcome,actor_name")


def test_a_command_leaves_a_trace(app, people, logged, database):
    with database.write() as session:
        session.get_one(Account, people.admin.id).email = "admin@clinic.test"
    done = app.test_cli_runner().invoke(args=["account", "reset", "admin@clinic.test"])
    assert done.exit_code == 0, done.output
    (row,) = logged("invitation_created")
    assert (row.address, row.actor_id, row.details) == ("command line", None, {"resets_password": True})
    assert PASSPHRASE not in str(row.details)
