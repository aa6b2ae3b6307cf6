"""What a patient wrote, and who anybody is, stays out of logs, problems and addresses."""

from __future__ import annotations

import io
import json
import re
import sys
from contextlib import contextmanager

import pytest
import structlog
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from api.http import problems, request_log, transaction
from models.check_ins import CheckIn
from models.patients import Patient
from tests import factories
from tests.api.http.endpoints import ALERT, CLINIC, DAY, ENDPOINTS, PATIENT, answers, of
from tests.effort import sample

pytestmark = pytest.mark.either_database

CANARY = "zq7canary"
LOGGING = [problems, request_log, transaction]
TEXTS = {"note", "display_name", "name", "record_number", "email", "password", "rationale", "description"}


@pytest.fixture
def logged(app, monkeypatch):  # noqa: ARG001  the app sets its own stream when it is made
    """Everything written to standard error since, by whichever logger."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    request_log.configure()
    for module in LOGGING:
        # A logger keeps the stream it first wrote to.
        monkeypatch.setattr(module, "log", structlog.get_logger("afterglow"))
    yield stream.getvalue
    monkeypatch.undo()
    request_log.configure()


def marked(value):
    """The same body with a canary in every free text."""
    if isinstance(value, dict):
        return {name: _mark(name, below) for name, below in value.items()}
    return value


def _mark(name, value):
    if name in TEXTS and isinstance(value, str):
        return f"{CANARY}@clinic.test" if name == "email" else f"{CANARY} {value} {CANARY}"
    if isinstance(value, list):
        return [marked(item) for item in value]
    return marked(value)


def test_no_log_line_repeats_what_was_sent_or_stored(scenario, client, people, logged):
    with scenario.database.write(people.clinic_id) as session:
        patient = factories.patient(session, display_name=CANARY, record_number=CANARY)
        factories.check_in(session, patient, scenario.day(), note=CANARY)
    for endpoint in ENDPOINTS:
        asked = endpoint.request(scenario, scenario.callers[endpoint.allowed])
        if "json" in asked:
            asked["json"] = marked(asked["json"])
        client.open(**asked)
        client.open(**{**asked, "query_string": {"q": CANARY, "cursor": CANARY}})
        if "json" in asked:
            client.open(**{**asked, "json": {**asked["json"], "unknown": CANARY}})
    written = logged()
    assert CANARY not in written
    assert "route" not in written or '"event": "request"' in written


def test_contact_data_is_in_no_log_line_and_in_no_answer_to_others(scenario, client, people, logged):
    contact = {
        "telephone": "+14065550177",
        "emergency_contact": {"name": CANARY, "relation": "friend", "telephone": "+14065550178"},
        "language": "pt-BR",
        "born_on": "1931-02-03",
    }
    secrets = ("5550177", "5550178", CANARY, "1931-02-03")
    path = f"/v1/patients/{people.patient.patient_id}"
    entered = client.patch(path, json=contact, headers={**people.clinician.headers, "If-Match": '"v1"'})
    assert entered.status_code == 200
    client.patch(path, json=contact, headers=people.clinician.headers)
    client.patch(path, json=contact | {"telephone": "5550177"}, headers=people.clinician.headers)
    # Whom such an answer is for: the patient, and who acts on their alerts.
    shown = {PATIENT, f"{PATIENT}/safety-alerts", f"{CLINIC}/safety-alerts", ALERT}
    shown |= {f"{ALERT}/acknowledge", f"{ALERT}/close"}
    callers = ("owner", "clinician", "both", "delegate", "stranger")
    for number, endpoint in enumerate(ENDPOINTS):
        for name in sample("callers per endpoint", callers, 2, number):
            answer = endpoint.send_as(client, scenario, scenario.callers[name])
            if endpoint.rule not in shown or name not in {"owner", "clinician"}:
                assert not any(secret in answer.text for secret in secrets), (endpoint.key, name)
            assert not any(secret in str(answer.headers) for secret in secrets)
    assert not any(secret in logged() for secret in secrets)


# Members of answers that are clinical: what patients answered, what was given, forecasts, scores and alerts.
CLINICAL = re.compile(
    r'"(mood|anxiety|enjoyment|note|answers?|total|dose_mg|weight_kg|reason|route|outlook|priority|'
    r'benefit_left|open_alert_count|decision|rationale|ratings|heart_rate)":'
)


def test_front_desk_and_billing_are_shown_nothing_clinical(scenario, client, people):
    with scenario.database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.check_in(session, patient, scenario.day(), note=CANARY)
        factories.infusion(session, patient, scenario.day(), dose_mg=37.25)
        factories.alert(session, patient, scenario.day(), answer=3)
    reached = set()
    for endpoint in (each for each in ENDPOINTS if "_id>" in each.rule and "sign_in_id" not in each.rule):
        for name in ("front_desk", "billing", "two_roles"):
            answer = endpoint.send_as(client, scenario, scenario.callers[name])
            assert CANARY not in answer.text
            assert not CLINICAL.search(answer.text), (endpoint.key, name, answer.text)
            if answer.status_code < 300:
                reached.add(endpoint.key)
    assert {f"GET {rule}" for rule in (f"{PATIENT}/infusions", f"{PATIENT}/costs")} <= reached
    closed = (f"{PATIENT}/summary", f"{PATIENT}/check-ins", f"{CLINIC}/patients", ALERT)
    assert not {f"GET {rule}" for rule in closed} & reached


def test_no_log_line_holds_a_code_a_token_or_an_address(scenario, client, people, logged):
    code = scenario.code()
    client.post(
        f"/v1/auth/invitations/{code}/accept", json={"password": "x", "device": {"device_id": "phone-0001"}}
    )
    headers = {**people.patient.headers, "X-Forwarded-For": "203.0.113.7"}
    client.get("/v1/me", headers=headers)
    credentials = {
        "email": people.patient.email,
        "password": factories.PASSWORD,
        "device": {"device_id": "phone-0001"},
    }
    tokens = client.post("/v1/auth/login", json=credentials).json
    written = logged()
    for secret in (
        code,
        headers["Authorization"][7:],
        people.patient.email,
        factories.PASSWORD,
        "203.0.113.7",
    ):
        assert secret not in written
    assert tokens["access_token"] not in written
    assert tokens["refresh_token"] not in written


@contextmanager
def failing(app, error):
    """Let the database fail as it might at any statement on the patient's days."""

    def fail(_connection, _cursor, statement, *_rest):
        if "check_ins" in statement:
            raise error()

    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (lambda: RuntimeError(CANARY), 500),
        (lambda: KeyError(CANARY), 500),
        (
            lambda: IntegrityError(CANARY, {"note": CANARY}, Exception(f"Failing row contains ({CANARY})")),
            409,
        ),
    ],
)
def test_an_internal_error_is_reported_and_logged_without_its_data(
    error, status, app, scenario, client, logged
):
    asked = of("PUT", DAY).request(scenario, scenario.people.patient)
    asked["json"]["note"] = CANARY
    with failing(app, error):
        answer = client.open(**asked)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    written = logged()
    assert CANARY not in answer.text + written
    assert "Traceback" not in answer.text + written
    assert "SELECT" not in answer.text + written


def test_a_violated_constraint_reveals_nothing_of_the_row(scenario, client, logged):
    @event.listens_for(CheckIn, "before_insert")
    def spoil(_mapper, _connection, row):
        row.mood = 11

    try:
        asked = of("PUT", DAY).request(scenario, scenario.people.patient)
        asked["json"]["note"] = CANARY
        answer = client.open(**asked)
    finally:
        event.remove(CheckIn, "before_insert", spoil)
    assert answer.status_code in {409, 500}
    assert CANARY not in answer.text + logged()
    with scenario.database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM check_ins")).scalar_one() == 0


def test_line_breaks_and_escapes_in_a_name_start_no_line_of_their_own(scenario, client, logged):
    odd = 'x\r\n{"event": "forged"}\x1b[31m'
    asked = of("PATCH", PATIENT).request(scenario, scenario.people.clinician)
    asked["json"] = {"display_name": odd}
    client.open(**asked)
    client.open(method="GET", path="/v1/me", headers={"X-Request-Id": "forged forged"})
    for line in logged().splitlines():
        assert json.loads(line)["event"] == "request"


def test_responses_about_a_patient_are_not_stored_by_caches(scenario, client):
    for number, endpoint in enumerate(ENDPOINTS):
        for name in sample("callers per endpoint", ("owner", "clinician", "admin", "both"), 2, number):
            answer = endpoint.send_as(client, scenario, scenario.callers[name])
            stored = answer.headers["Cache-Control"]
            if "public" in stored:
                assert endpoint.allowed == "nobody", endpoint.key
            elif not endpoint.rule.startswith("/docs/<"):
                assert stored in {"no-store", "private, no-cache"}, endpoint.key
            assert answer.headers["Vary"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "Set-Cookie" not in answer.headers


def test_no_url_has_anything_but_ids_dates_and_codes(app):
    # An instrument is one of the questionnaires we name, and nobody's own words.
    for rule in app.url_map.iter_rules():
        for variable in rule.arguments:
            assert re.fullmatch(
                r"\w+_id|local_date|code|name|list_name|instrument|instrument_version", variable
            )


def test_a_problem_carries_neither_stack_nor_statement(app, scenario, client):
    with failing(app, lambda: RuntimeError("SELECT 1")):
        problem = client.open(**of("PUT", DAY).request(scenario, scenario.people.patient)).json
    assert set(problem) == {"type", "title", "status", "detail", "code", "request_id"}


def test_what_is_refused_is_named_and_not_repeated(scenario, client):
    asked = of("PUT", DAY).request(scenario, scenario.people.patient)
    for name in answers():
        asked["json"] = {**answers(), name: {CANARY: [CANARY]}}
        refused = client.open(**asked)
        assert refused.status_code == 422
        assert any(error["pointer"].startswith(f"#/{name}") for error in refused.json["errors"])
        assert CANARY not in refused.text
