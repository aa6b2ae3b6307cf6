"""A new password by e-mail: one answer for everybody, and a code for whoever reads the mail."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import func, select

from cli.worker import outbound_config, run_until_stopped, send_password_resets
from models.accounts import Account
from models.clinics import Clinic
from models.password_resets import PasswordReset
from models.patients import Patient
from services import password_resets
from services.mail import Mail
from tests import factories
from tests.api.http.endpoints import PASSPHRASE
from tests.webhook_receiver import mail_receiver

pytestmark = pytest.mark.both_databases

CODE = re.compile(r"reset-password#([0-9A-Z]{26})\s")
PATH = "/v1/auth/password-resets"


@pytest.fixture
def mails(app):
    """A mail server that the settings name, and what it has received."""
    with mail_receiver() as received:
        app.extensions["settings"] = replace(
            app.extensions["settings"],
            smtp_host="127.0.0.1",
            smtp_port=received.port,
            smtp_from="no-reply@clinic.test",
            smtp_tls="none",
            public_url="https://afterglow.clinic.test",
        )
        yield received


@pytest.fixture
def ask(client, app, database, mails):
    """Ask for a new password, let the worker send what is due; return the answer and the newest message."""

    def asked(email):
        answer = client.post(PATH, json={"email": email})
        before = len(mails.bodies)
        with app.app_context():
            send_password_resets(database, outbound_config())
        new = mails.bodies[before:]
        return answer, message_from_bytes(new[-1], policy=policy.default) if new else None

    return asked


def code_in(message):
    (code,) = CODE.findall(message.get_content())
    return code


def sign_in(client, email, password):
    body = {"email": email, "password": password, "device": {"device_id": "phone-0001"}}
    return client.post("/v1/auth/login", json=body)


def reset(client, code, password=PASSPHRASE):
    return client.post(f"{PATH}/{code}", json={"password": password})


def test_a_mail_leads_to_a_new_password_and_every_device_is_signed_out(client, people, ask):
    answer, message = ask(f" {people.patient.email.upper()} ")
    assert (answer.status_code, answer.json) == (202, {"code_lasts_minutes": 60})
    assert (message["To"], message["From"]) == (people.patient.email, "no-reply@clinic.test")
    code = code_in(message)
    assert f"https://afterglow.clinic.test/reset-password#{code}" in message.get_content().splitlines()
    assert client.get("/v1/me", headers=people.patient.headers).status_code == 200
    assert reset(client, code).status_code == 204
    assert client.get("/v1/me", headers=people.patient.headers).status_code == 401
    assert sign_in(client, people.patient.email, factories.PASSWORD).status_code == 401
    assert sign_in(client, people.patient.email, PASSPHRASE).status_code == 200
    again = reset(client, code, "four quiet rivers meet here")
    assert (again.status_code, again.json["code"]) == (410, "reset_spent")


def test_a_mail_that_was_sent_is_in_the_log_of_the_admin_and_of_the_person(client, people, ask):
    ask("nobody@clinic.test")
    ask(people.patient.email)
    mine = client.get("/v1/me/event-log", headers=people.patient.headers)
    listed = client.get(
        f"/v1/clinics/{people.clinic_id}/event-log?event=password_reset_sent", headers=people.admin.headers
    )
    assert [event["account_name"] for event in listed.json["items"]] == ["Wren Alder"]
    assert [event["event"] for event in mine.json["items"]].count("password_reset_sent") == 1
    assert all("address" not in event for event in mine.json["items"])


def test_the_mail_names_neither_clinic_nor_treatment(people, ask, database):
    _, message = ask(people.patient.email)
    with database.read(people.clinic_id) as session:
        clinic = session.get_one(Clinic, people.clinic_id).name
        name = session.get_one(Patient, (people.clinic_id, people.patient.patient_id)).display_name
    sent = f"{message}".replace(people.patient.email, "").replace("clinic.test", "").lower()
    for word in (clinic.lower(), name.lower(), "clinic", "ketamine", "patient", "treat", "infusion", "mood"):
        assert word not in sent


def test_a_patient_is_written_to_in_their_language(people, ask, database):
    with database.write(people.clinic_id) as session:
        session.get_one(Patient, (people.clinic_id, people.patient.patient_id)).language = "es-MX"
    _, message = ask(people.patient.email)
    assert message["Subject"] == "Establezca una contraseña nueva"
    assert "antes de una hora" in message.get_content()


def test_every_address_gets_the_same_answer_and_leaves_the_same_rows(client, people, database, mails):
    with database.write() as session:
        disabled = factories.account(session, people.clinic_id, disabled_at=datetime.now(UTC)).email
        waiting = factories.account(session, people.clinic_id, email=None, password_hash=None).invited_email
    answers, rows = [], []
    for email in (people.patient.email, "nobody@this.test", disabled, waiting):
        answers.append(client.post(PATH, json={"email": email}))
        with database.read() as session:
            rows.append(session.scalar(select(func.count()).select_from(PasswordReset)))
    assert {(answer.status_code, answer.data) for answer in answers} == {(202, answers[0].data)}
    names = ("X-Request-Id", "Date")
    headers = [{n: v for n, v in answer.headers.items() if n not in names} for answer in answers]
    assert all(each == headers[0] for each in headers)
    assert rows == [1, 2, 3, 4]
    assert mails.bodies == []


def test_only_who_has_a_password_is_sent_a_mail_and_other_requests_are_deleted(people, ask, database):
    with database.write() as session:
        disabled = factories.account(session, people.clinic_id, disabled_at=datetime.now(UTC)).email
        waiting = factories.account(session, people.clinic_id, email=None, password_hash=None).invited_email
    for email in ("nobody@this.test", disabled, waiting):
        answer, message = ask(email)
        assert (answer.status_code, message) == (202, None)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(PasswordReset)) == 0


def test_without_a_mail_server_everybody_is_referred_to_the_clinic(client, people):
    answers = [client.post(PATH, json={"email": email}) for email in (people.patient.email, "nobody@x.test")]
    assert [(each.status_code, each.json["code"], each.json["detail"]) for each in answers] == [
        (409, "no_mail", answers[0].json["detail"])
    ] * 2
    assert "clinic" in answers[0].json["detail"]


def test_a_newer_code_replaces_the_older(client, people, ask):
    older, newer = code_in(ask(people.patient.email)[1]), code_in(ask(people.patient.email)[1])
    assert reset(client, older).status_code == 410
    assert reset(client, newer).status_code == 204


def test_a_code_ends_after_an_hour(client, people, ask):
    now = datetime.now(UTC)
    with time_machine.travel(now, tick=False) as clock:
        code = code_in(ask(people.patient.email)[1])
        clock.shift(timedelta(hours=1))
        assert reset(client, code).status_code == 410
        # Nor is it good before it was made, after a clock that was far ahead.
        clock.shift(timedelta(days=-40))
        assert reset(client, code).status_code == 410


@pytest.mark.parametrize("code", ["0" * 26, "x", "%00", "' OR 1=1"])
def test_an_unknown_code_is_no_longer_valid(code, client):
    answer = reset(client, code)
    assert (answer.status_code, answer.json["code"]) == (410, "reset_spent")


def test_a_weak_password_is_refused_and_the_code_stays_good(client, people, ask):
    code = code_in(ask(people.patient.email)[1])
    for weak in ("short", people.patient.email):
        assert reset(client, code, weak).json["errors"][0]["pointer"] == "#/password"
    assert reset(client, code.lower()).status_code == 204


def test_requests_are_throttled_for_an_address_whether_or_not_it_exists(client, people, mails):
    for email in (people.patient.email, "nobody@this.test"):
        answers = [client.post(PATH, json={"email": email}).status_code for _ in range(4)]
        assert answers == [202] * 3 + [429]
    assert mails.bodies == []


def test_requests_from_one_network_address_are_throttled(client, mails):
    answers = [client.post(PATH, json={"email": f"{uuid4()}@x.test"}).status_code for _ in range(31)]
    assert answers == [202] * 30 + [429]
    assert mails.bodies == []


def test_a_new_password_ends_the_login_throttle(client, people, ask):
    for _ in range(11):
        sign_in(client, people.patient.email, "not this one")
    assert sign_in(client, people.patient.email, factories.PASSWORD).status_code == 429
    assert reset(client, code_in(ask(people.patient.email)[1])).status_code == 204
    assert sign_in(client, people.patient.email, PASSPHRASE).status_code == 200


def end_by_disabling(client, people):
    path, headers = f"/v1/patients/{people.patient.patient_id}/account", people.clinician.headers
    for disabled, version in ((True, 1), (False, 2)):
        answer = client.patch(
            path, json={"disabled": disabled}, headers=headers | {"If-Match": f'"v{version}"'}
        )
        assert answer.status_code == 200


def end_by_another_address(client, people):
    body = {"current_password": factories.PASSWORD, "email": "new@patients.test"}
    assert client.put("/v1/me/email", json=body, headers=people.patient.headers).status_code == 204


def end_by_another_password(client, people):
    body = {"current_password": factories.PASSWORD, "password": "four quiet rivers meet here"}
    assert client.put("/v1/me/password", json=body, headers=people.patient.headers).status_code == 204


def end_by_a_code_of_the_clinic(client, people):
    path = f"/v1/patients/{people.patient.patient_id}/invitations"
    code = client.post(path, headers=people.clinician.headers).json["code"]
    body = {"password": "four quiet rivers meet here", "device": {"device_id": "phone-0001"}}
    assert client.post(f"/v1/auth/invitations/{code}/accept", json=body).status_code == 201


@pytest.mark.parametrize(
    "end",
    [end_by_disabling, end_by_another_address, end_by_another_password, end_by_a_code_of_the_clinic],
)
def test_a_mailed_code_ends_with_the_address_or_the_password_it_was_for(end, client, people, ask):
    code = code_in(ask(people.patient.email)[1])
    end(client, people)
    assert reset(client, code).status_code == 410


def test_a_mail_server_that_refuses_is_tried_again_for_half_an_hour(client, people, mails, database, app):
    now = datetime.now(UTC)
    with time_machine.travel(now, tick=False) as clock, app.app_context():
        mails.status = 451
        assert client.post(PATH, json={"email": people.patient.email}).status_code == 202
        for minutes in (0, 1, 1):
            clock.shift(timedelta(minutes=minutes))
            send_password_resets(database, outbound_config())
        mails.status = 250
        clock.shift(timedelta(minutes=1))
        send_password_resets(database, outbound_config())
        assert len(mails.bodies) == 1
        code = code_in(message_from_bytes(mails.bodies[0], policy=policy.default))
        assert reset(client, code).status_code == 204
        mails.status = 451
        client.post(PATH, json={"email": people.other_patient.email})
        send_password_resets(database, outbound_config())
        clock.shift(timedelta(minutes=31))
        mails.status = 250
        send_password_resets(database, outbound_config())
        assert len(mails.bodies) == 1


def test_a_worker_that_died_while_sending_is_replaced_by_the_next(people, client, mails, database, app):
    with time_machine.travel(datetime.now(UTC), tick=False) as clock, app.app_context():
        client.post(PATH, json={"email": people.patient.email})
        with database.write() as session:
            assert password_resets._claim(session, datetime.now(UTC)) is not None
        send_password_resets(database, outbound_config())
        assert mails.bodies == []
        clock.shift(timedelta(minutes=2))
        send_password_resets(database, outbound_config())
        assert len(mails.bodies) == 1


@pytest.mark.usefixtures("mails")
def test_a_mail_server_that_does_not_answer_stops_nothing(people, client, database, capsys):
    client.post(PATH, json={"email": people.patient.email})
    closed = Mail("127.0.0.1", 9, None, None, "no-reply@clinic.test", "none")
    assert password_resets.send_due(database, closed, "https://x.test", lambda: datetime.now(UTC)) == 0
    assert capsys.readouterr().out == ""


def test_neither_a_code_nor_its_mail_is_stored(people, ask, database):
    code = code_in(ask(people.patient.email)[1])
    with database.read() as session:
        (row,) = session.scalars(select(PasswordReset))
        stored = repr({column.name: getattr(row, column.name) for column in PasswordReset.__table__.columns})
        assert session.get_one(Account, people.patient.id).password_hash == factories.PASSWORD_HASH
    assert code not in stored


def test_old_requests_that_no_worker_read_are_deleted_by_later_ones(client, mails, database):
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        for number in range(5):
            client.post(PATH, json={"email": f"n{number}@x.test"})
        clock.shift(timedelta(hours=2))
        client.post(PATH, json={"email": "last@x.test"})
    with database.read() as session:
        assert session.scalars(select(PasswordReset.email)).all() == ["last@x.test"]
    assert mails.bodies == []


def test_the_worker_sends_mails_in_a_thread_of_its_own(people, client, mails, database, app):
    """As `flask worker` and the server's own worker do."""
    from threading import Event, Thread  # noqa: PLC0415  only here

    client.post(PATH, json={"email": people.patient.email})
    stopped = Event()
    with app.app_context():
        config = outbound_config()
    thread = Thread(target=run_until_stopped, args=(database, config, stopped, 0.05))
    thread.start()
    deadline = datetime.now(UTC) + timedelta(seconds=20)
    while not mails.bodies and datetime.now(UTC) < deadline:
        stopped.wait(0.05)
    stopped.set()
    thread.join()
    assert len(mails.bodies) == 1
