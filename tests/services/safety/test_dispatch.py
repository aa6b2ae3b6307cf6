"""The on-call of one clinic is notified in time, whatever the receivers of other clinics do."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread
from time import monotonic

import pytest
from sqlalchemy import select

from models.clinics import Clinic
from models.outbox import Delivery
from services.mail import Mail
from services.safety import dispatch, outbox
from services.safety.dispatch import Dispatcher
from tests import factories
from tests.on_call import CONFIG, Run, run_once
from tests.webhook_receiver import mail_receiver, webhook_receiver

pytestmark = pytest.mark.either_database

DAY = date(2026, 1, 5)
NOW = factories.LONG_AGO + timedelta(hours=1)
POLL_S = 2
IN_TIME_S = 5
HANGING_CLINICS = 20
WAIT_MINUTES = 60


def clinic_with_alerts(database, count, opened_at=factories.LONG_AGO, **settings):
    """A clinic with alerts that nobody acknowledged."""
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        factories.safety_settings(session, **settings)
        for number in range(count):
            day = DAY - timedelta(days=number)
            factories.alert(session, factories.patient(session), day, opened_at=opened_at)
    return clinic_id


def url(received):
    return f"http://127.0.0.1:{received.port}/on-call"


@contextmanager
def worker(database, config=CONFIG):
    """A worker that runs as `flask worker` does, by this machine's clock."""
    stopped, run = Event(), Run()
    dispatcher = Dispatcher(database, config, lambda: datetime.now(UTC), run.count)
    thread = Thread(target=dispatcher.run_until_stopped, args=(stopped, POLL_S), daemon=True)
    thread.start()
    try:
        yield run
    finally:
        stopped.set()
        thread.join(IN_TIME_S)


def arrival(received, until):
    """Wait for the first message and return when it came; None where none came in time."""
    while monotonic() < until:
        if received.arrived_at:
            return received.arrived_at[0]
        received.closing.wait(0.02)
    return None


def test_with_other_clinics_receivers_and_the_mail_server_hanging_an_escalation_arrives_in_time(
    database, monkeypatch
):
    monkeypatch.setattr(dispatch, "DRAIN_S", 0.0)
    with webhook_receiver() as hanging, mail_receiver() as mail_server, webhook_receiver() as hook:
        hanging.delay_s = mail_server.delay_s = 600
        # Overdue for long, so that they come first; of each clinic more than may start at once.
        for _ in range(HANGING_CLINICS):
            clinic_with_alerts(database, 4, on_call_webhook=url(hanging), on_call_email="on-call@clinic.test")
        mail = Mail("127.0.0.1", mail_server.port, None, None, "afterglow@clinic.test", "none")
        with worker(database, replace(CONFIG, mail=mail)):
            while hanging.at_once < HANGING_CLINICS:
                hanging.closing.wait(0.05)
            due = datetime.now(UTC) + timedelta(seconds=3)
            opened_at = due - timedelta(minutes=WAIT_MINUTES)
            begun = monotonic()
            clinic_with_alerts(
                database, 1, opened_at, on_call_webhook=url(hook), escalate_after_minutes=WAIT_MINUTES
            )
            arrived = arrival(hook, begun + 3 + 3 * IN_TIME_S)
    assert arrived is not None
    assert 3 - 0.1 <= arrived - begun <= 3 + IN_TIME_S


def test_a_clinic_has_two_calls_at_a_time_and_one_while_its_receiver_hangs(database, monkeypatch):
    with webhook_receiver() as hook:
        clinic_with_alerts(database, 6, on_call_webhook=url(hook))
        hook.delay_s = 0.3
        assert run_once(database, NOW).delivered == 6
        assert hook.most_at_once == 2
    monkeypatch.setattr("services.safety.capacity.HANGS_AFTER_S", 0.1)
    with webhook_receiver() as slow:
        clinic_with_alerts(database, 4, on_call_webhook=url(slow))
        slow.delay_s = 0.3
        assert run_once(database, NOW).delivered == 4
        assert slow.most_at_once == 1


def test_receivers_that_hang_take_half_of_the_calls_at_most(database, monkeypatch):
    for name, value in {"MAX_CALLS": 4, "MAX_HANGING_CALLS": 2, "HANGS_AFTER_S": 0.1}.items():
        monkeypatch.setattr(f"services.safety.capacity.{name}", value)
    with webhook_receiver() as slow:
        slow.delay_s = 0.3
        for _ in range(6):
            clinic_with_alerts(database, 2, on_call_webhook=url(slow))
        dispatcher = Dispatcher(database, CONFIG, lambda: NOW, (run := Run()).count)
        dispatcher.run_once()
        assert (run.delivered, slow.most_at_once) == (12, 4)
        # Every receiver has been slow by now.
        slow.most_at_once = 0
        with database.read() as session:
            clinics = session.scalars(select(Clinic.id)).all()
        for clinic_id in clinics:
            with database.write(clinic_id) as session:
                day = DAY + timedelta(days=1)
                factories.alert(session, factories.patient(session), day, opened_at=factories.LONG_AGO)
        dispatcher.run_once()
        assert (run.delivered, slow.most_at_once) == (18, 2)


def test_the_clinic_whose_alert_is_overdue_longest_escalates_first(database):
    minutes = (35, 90, 31)
    clinics = [
        clinic_with_alerts(database, 1, NOW - timedelta(minutes=each), on_call_webhook="http://127.0.0.1:9/")
        for each in minutes
    ]
    with database.read() as session:
        found = outbox.clinics_to_escalate(session, NOW)
    assert found == [clinics[1], clinics[0], clinics[2]]


def test_a_failure_in_one_clinic_stops_no_other(database, monkeypatch):
    broken = clinic_with_alerts(database, 1, on_call_webhook="http://127.0.0.1:9/")
    with webhook_receiver() as hook:
        clinic_with_alerts(database, 1, NOW - timedelta(minutes=31), on_call_webhook=url(hook))
        escalate = outbox.escalate

        def fail(session, now):
            if session.info["clinic_id"] == broken:
                raise RuntimeError
            return escalate(session, now)

        monkeypatch.setattr(outbox, "escalate", fail)
        outcomes: list[dispatch.Outcome] = []
        Dispatcher(database, CONFIG, lambda: NOW, outcomes.append).run_once()
        assert len(hook.bodies) == 1
    (failed,) = [each for each in outcomes if isinstance(each, dispatch.Failed)]
    assert (failed.clinic_id, failed.of_database) == (broken, False)


def test_what_could_not_be_stored_is_stored_later_and_not_sent_again(database, monkeypatch):
    with webhook_receiver() as hook:
        clinic_id = clinic_with_alerts(database, 1, on_call_webhook=url(hook))
        settle = outbox.settle
        dispatcher = Dispatcher(database, CONFIG, lambda: NOW, lambda _: None)
        with monkeypatch.context() as failing:

            def fail(*_args):
                failing.setattr(outbox, "settle", settle)
                raise RuntimeError

            failing.setattr(outbox, "settle", fail)
            dispatcher.run_once()
        dispatcher.run_once()
        assert len(hook.bodies) == 1
    with database.read(clinic_id) as session:
        assert session.scalars(select(Delivery)).one().state == "delivered"


@pytest.mark.parametrize(("minutes", "waited"), [(29, None), (30, 0), (42, 12)])
def test_the_longest_wait_counts_from_when_an_alert_was_to_escalate(database, minutes, waited):
    clinic_with_alerts(database, 1, on_call_webhook="http://127.0.0.1:9/")
    now = factories.LONG_AGO + timedelta(minutes=minutes)
    with database.read() as session:
        found = outbox.longest_overdue(session, now)
    assert found == (None if waited is None else timedelta(minutes=waited))


def test_the_longest_wait_ends_when_the_message_was_delivered(database):
    with webhook_receiver() as hook:
        clinic_with_alerts(database, 1, on_call_webhook=url(hook))
        hook.status = 503
        run_once(database, NOW)
        later = NOW + timedelta(minutes=7)
        with database.read() as session:
            assert outbox.longest_overdue(session, later) == timedelta(minutes=7)
        hook.status = 204
        run_once(database, later)
        with database.read() as session:
            assert outbox.longest_overdue(session, later) is None
