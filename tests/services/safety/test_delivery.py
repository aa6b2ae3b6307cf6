"""An alert that nobody acknowledges in time is delivered to real receivers, whatever fails meanwhile."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from threading import Event, Thread
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select
from standardwebhooks import WebhookVerificationError

from clinical.safety import Action
from models.outbox import Delivery
from models.safety import SafetySettings
from services.access import Actor, Role
from services.context import Context
from services.mail import Mail
from services.safety import alerts, outbox
from services.safety import delivery as safety_delivery
from services.safety.delivery import OutboundConfig, webhook_secret
from tests import factories
from tests.on_call import CONFIG, KEY, run_once
from tests.webhook_receiver import mail_receiver, webhook_receiver

OPENED = factories.LONG_AGO
DAY = date(2026, 1, 5)
FORMER = b"f" * 32
EMERGENCY_CONTACT = {
    "emergency_contact_name": "Sage Alder",
    "emergency_contact_relation": "family",
    "emergency_contact_telephone": "+14065550163",
}


@pytest.fixture
def kind():
    """SQLite: the outbox tests claims on both databases."""
    return "sqlite"


@pytest.fixture
def hook():
    with webhook_receiver() as received:
        yield received


@pytest.fixture
def patient(database):
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        return factories.patient(session, telephone="+14065550142", **EMERGENCY_CONTACT)


@pytest.fixture
def prepare(database, patient):
    """Open an alert in a clinic with such settings, the on-call notified after half an hour."""

    def prepared(**settings):
        with database.write(patient.clinic_id) as session:
            factories.safety_settings(session, **settings)
            return factories.alert(session, patient, DAY, opened_at=OPENED).id

    return prepared


@pytest.fixture
def deliver(database):
    """Run deliveries so many minutes after the alert was opened."""

    def run(minutes, config=CONFIG):
        return run_once(database, OPENED + timedelta(minutes=minutes), config)

    return run


@pytest.fixture
def delivery(database, patient):
    def found():
        with database.read(patient.clinic_id) as session:
            return session.scalars(select(Delivery)).one()

    return found


def url(received):
    return f"http://127.0.0.1:{received.port}/on-call"


def test_the_on_call_is_notified_once_and_only_after_the_clinics_time(prepare, deliver, hook):
    alert = prepare(on_call_webhook=url(hook))
    assert deliver(29).escalated == 0
    assert hook.bodies == []
    assert (deliver(30).delivered, deliver(31).delivered, deliver(500).delivered) == (1, 0, 0)
    (body,) = hook.bodies
    assert json.loads(body) == {
        "type": "safety_alert.escalated",
        "timestamp": "2026-01-05T09:30:00+00:00",
        "data": {
            "alert_id": str(alert),
            "url": f"https://afterglow.clinic.test/v1/safety-alerts/{alert}",
        },
    }


def test_a_webhook_verifies_by_standard_webhooks_with_both_keys_while_one_is_replaced(
    prepare, deliver, hook, patient
):
    alert = prepare(on_call_webhook=url(hook))
    deliver(30, OutboundConfig(CONFIG.public_url, (KEY, FORMER), loopback=True))
    assert len(hook.headers[0]["webhook-signature"].split()) == 2
    with time_machine.travel(OPENED + timedelta(minutes=30)):
        for key in (KEY, FORMER):
            (event,) = hook.verified(webhook_secret(key, patient.clinic_id))
            assert event["data"]["alert_id"] == str(alert)
        for secret in (webhook_secret(b"other" * 8, patient.clinic_id), webhook_secret(KEY, uuid4())):
            with pytest.raises(WebhookVerificationError):
                hook.verified(secret)
        hook.bodies[0] = hook.bodies[0].replace(b"escalated", b"cancelled")
        with pytest.raises(WebhookVerificationError):
            hook.verified(webhook_secret(KEY, patient.clinic_id))


def test_a_receiver_that_is_down_for_an_hour_is_called_once_when_it_is_back(prepare, deliver, delivery):
    with webhook_receiver() as gone:
        port = gone.port
    prepare(on_call_webhook=f"http://127.0.0.1:{port}/on-call")
    tried = [deliver(minute) for minute in range(30, 90)]
    assert sum(one.delivered for one in tried) == 0
    assert delivery().last_failure == "no_connection"
    # 0.5, 1, 2, 5, 10 and 15 minutes apart, and no more often.
    assert 5 <= delivery().attempt_count <= 9
    with webhook_receiver(port) as back:
        result = [deliver(minute).delivered for minute in range(90, 120)]
        assert (sum(result), len(back.bodies)) == (1, 1)
        assert back.headers[0]["webhook-id"] == str(delivery().id)
    assert (delivery().state, delivery().last_failure) == ("delivered", None)


@pytest.mark.parametrize("status", [302, 400, 410, 500, 503])
def test_only_a_2xx_status_counts_as_success_and_no_redirect_is_followed(
    status, prepare, deliver, hook, delivery
):
    hook.status = status
    prepare(on_call_webhook=url(hook))
    assert (deliver(30).failed, len(hook.bodies)) == (1, 1)
    assert (delivery().state, delivery().last_failure) == ("waiting", f"status_{status}")


def test_a_worker_that_dies_after_its_call_calls_again_under_the_same_id(prepare, deliver, hook, monkeypatch):
    prepare(on_call_webhook=url(hook))

    def die(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(outbox, "settle", die)
        with pytest.raises(KeyboardInterrupt):
            deliver(30)
    assert deliver(31).delivered == 0
    assert deliver(33).delivered == 1
    assert len({sent["webhook-id"] for sent in hook.headers}) == 1
    assert len(hook.bodies) == 2


def test_a_slow_receiver_gets_each_of_many_messages_once_from_all_workers(prepare, hook, database, patient):
    hook.delay_s = 0.2
    prepare(on_call_webhook=url(hook))
    with database.write(patient.clinic_id) as session:
        for day in range(1, 6):
            factories.alert(session, factories.patient(session), DAY - timedelta(days=day), opened_at=OPENED)

    def work(_):
        return run_once(database, OPENED + timedelta(minutes=30)).delivered

    with ThreadPoolExecutor(3) as workers:
        assert sum(workers.map(work, range(3))) == 6
    assert len(hook.bodies) == len({sent["webhook-id"] for sent in hook.headers}) == 6


def test_a_message_that_cannot_be_composed_does_not_block_the_others(
    prepare, deliver, hook, database, patient
):
    prepare(on_call_webhook=url(hook), on_call_email="on\ncall@clinic.test")
    mail = Mail("127.0.0.1", 9, None, None, "server@afterglow.test", "none")
    assert deliver(30, replace(CONFIG, mail=mail)).delivered == 1
    with database.read(patient.clinic_id) as session:
        states = dict(session.execute(select(Delivery.channel, Delivery.last_failure)).all())
    assert states == {"webhook": None, "email": "unforeseen"}


def test_a_delivery_is_given_up_and_reported_after_two_days(prepare, deliver, delivery):
    alert = prepare(on_call_webhook="http://127.0.0.1:9/on-call")
    rounds = [deliver(30 + 240 * step) for step in range(14)]
    given_up = [one.given_up for one in rounds if one.given_up]
    assert given_up == [(alert,)]
    assert delivery().state == "given_up"
    assert delivery().last_tried_at - OPENED >= timedelta(hours=48)
    assert deliver(100_000).failed == 0


def test_nothing_is_sent_about_an_acknowledged_alert(prepare, deliver, hook, database, patient):
    hook.status = 503
    alert = prepare(on_call_webhook=url(hook))
    clinician = Actor(patient.account_id, patient.clinic_id, frozenset({Role.CLINICIAN}))
    deliver(30)
    with database.write(patient.clinic_id) as session:
        alerts.acknowledge(Context(session, clinician, OPENED + timedelta(minutes=31)), alert, None)
    hook.status = 204
    assert [deliver(minute).delivered for minute in range(31, 60)] == [0] * 29
    with database.read(patient.clinic_id) as session:
        assert session.scalars(select(Delivery)).one().state == "withdrawn"


def test_closing_withdraws_deliveries_and_a_closed_alert_never_escalates(
    prepare, deliver, hook, database, patient
):
    alert = prepare(on_call_webhook=url(hook))
    clinician = Actor(patient.account_id, patient.clinic_id, frozenset({Role.CLINICIAN}))
    with database.write(patient.clinic_id) as session:
        alerts.close(Context(session, clinician, OPENED), alert, Action.SAW_PATIENT, None)
    assert (deliver(30).escalated, deliver(1000).escalated, hook.bodies) == (0, 0, [])


def test_a_loopback_address_is_not_called_without_the_setting_for_tests(prepare, deliver, hook, delivery):
    prepare(on_call_webhook=url(hook))
    deliver(30, OutboundConfig(CONFIG.public_url, (KEY,), loopback=False))
    assert (hook.bodies, delivery().last_failure) == ([], "not_https")


def test_a_name_that_resolves_to_a_private_address_is_not_called(prepare, deliver, delivery, monkeypatch):
    prepare(on_call_webhook="https://pager.clinic.test/on-call")
    inside = [(2, 1, 6, "", ("169.254.169.254", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: inside)
    deliver(30)
    assert delivery().last_failure == "not_public"


def test_a_call_connects_to_the_checked_address_and_verifies_the_name_of_the_certificate(
    prepare, deliver, delivery, tmp_path, monkeypatch
):
    made = tmp_path / "key.pem", tmp_path / "certificate.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    subprocess.run(
        [*command, "-nodes", "-days", "2", *names, "-keyout", made[0], "-out", made[1]],
        check=True,
        capture_output=True,
    )
    with webhook_receiver(tls=made) as received:
        prepare(on_call_webhook=f"https://localhost:{received.port}/on-call")
        monkeypatch.setattr(socket, "getaddrinfo", at_this_machine)
        deliver(30)
        # No authority is trusted for this certificate yet.
        assert (delivery().last_failure, received.bodies) == ("no_tls", [])
        monkeypatch.setenv("SSL_CERT_FILE", str(made[1]))
        assert deliver(31).delivered == 1
        assert received.headers[0]["host"] == f"localhost:{received.port}"


def at_this_machine(_host, port, *_args, **_kwargs):
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


def test_a_call_to_a_receiver_that_drips_its_response_is_ended(prepare, deliver, delivery, monkeypatch):
    monkeypatch.setattr(safety_delivery, "DEADLINE_S", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as server:
        prepare(on_call_webhook=f"http://127.0.0.1:{server.getsockname()[1]}/")
        done = Event()

        def drip():
            taken, _ = server.accept()
            with taken, suppress(OSError):
                while not done.wait(0.05):
                    taken.sendall(b"H")

        thread = Thread(target=drip, daemon=True)
        thread.start()
        started = time.monotonic()
        deliver(30)
        took = time.monotonic() - started
        done.set()
        thread.join()
    assert took < 3
    assert delivery().last_failure == "timeout"


def test_an_e_mail_announces_an_alert_and_nothing_else(prepare, deliver, delivery):
    with mail_receiver() as received:
        mail = Mail("127.0.0.1", received.port, None, None, "afterglow@clinic.test", "none")
        alert = prepare(on_call_webhook=None, on_call_email="on-call@clinic.test")
        assert deliver(30, OutboundConfig(CONFIG.public_url, (KEY,), mail)).delivered == 1
    (raw,) = received.bodies
    message = message_from_bytes(raw)
    assert (message["To"], message["Subject"]) == ("on-call@clinic.test", "An alert waits")
    assert message["Message-ID"] == f"<{delivery().id}@clinic.test>"
    text = str(message.get_payload()).split()
    assert text == ["An", "alert", "waits.", f"https://afterglow.clinic.test/v1/safety-alerts/{alert}"]


def test_a_mail_server_that_refuses_is_tried_again(prepare, deliver, delivery):
    prepare(on_call_webhook=None, on_call_email="on-call@clinic.test")
    with mail_receiver() as received:
        mail = Mail("127.0.0.1", received.port, None, None, "afterglow@clinic.test", "none")
        received.status = 451
        deliver(30, OutboundConfig(CONFIG.public_url, (KEY,), mail))
        assert str(delivery().last_failure).startswith("mail_")
        received.status = 250
        assert deliver(31, OutboundConfig(CONFIG.public_url, (KEY,), mail)).delivered == 1
    assert len(received.bodies) == 1


def test_a_failing_channel_does_not_block_the_other(prepare, deliver, database, patient, hook):
    prepare(on_call_webhook=url(hook), on_call_email="on-call@clinic.test")
    done = deliver(30)
    assert (done.delivered, done.failed) == (1, 1)
    with database.read(patient.clinic_id) as session:
        states = {row.channel: (row.state, row.last_failure) for row in session.scalars(select(Delivery))}
    assert states == {"webhook": ("delivered", None), "email": ("waiting", "no_mail_server")}


def test_an_address_set_after_the_alert_was_opened_is_the_one_that_is_called(
    prepare, deliver, hook, database, patient
):
    prepare(on_call_webhook="http://127.0.0.1:9/former")
    deliver(30)
    with database.write(patient.clinic_id) as session:
        session.scalars(select(SafetySettings)).one().on_call_webhook = url(hook)
    assert deliver(31).delivered == 1


def test_a_channel_set_after_the_other_failed_is_used_for_undelivered_alerts(
    prepare, deliver, database, patient
):
    prepare(on_call_webhook="http://127.0.0.1:9/gone")
    assert deliver(30).failed == 1
    with mail_receiver() as received:
        config = OutboundConfig(
            CONFIG.public_url, (KEY,), Mail("127.0.0.1", received.port, None, None, "a@clinic.test", "none")
        )
        with database.write(patient.clinic_id) as session:
            settings = session.scalars(select(SafetySettings)).one()
            settings.on_call_webhook, settings.on_call_email = None, "on-call@clinic.test"
        assert [deliver(minute, config).delivered for minute in (31, 32, 600)] == [1, 0, 0]
    assert len(received.bodies) == 1


def test_a_channel_set_after_a_delivery_sends_nothing_twice(prepare, deliver, hook, database, patient):
    prepare(on_call_webhook=url(hook))
    assert deliver(30).delivered == 1
    with database.write(patient.clinic_id) as session:
        session.scalars(select(SafetySettings)).one().on_call_email = "on-call@clinic.test"
    with mail_receiver() as received:
        config = OutboundConfig(
            CONFIG.public_url, (KEY,), Mail("127.0.0.1", received.port, None, None, "a@clinic.test", "none")
        )
        assert deliver(31, config).delivered == 0
    assert received.bodies == []
