"""A due delivery is claimed by one worker at a time, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select

from models.outbox import Delivery
from models.safety import SafetyAlert
from services.safety import outbox
from services.safety.outbox import (
    GIVE_UP_AFTER,
    LEASE,
    MAX_BATCH,
    RETRY_DELAYS,
    Claim,
    retry_delay,
)
from tests import factories

NOW = factories.LONG_AGO + timedelta(hours=1)


@pytest.fixture
def clinic_id(database):
    """A clinic with three alerts that waited too long."""
    with database.write() as session:
        made = factories.clinic(session).id
    with database.write(made) as session:
        factories.safety_settings(session, on_call_email="on-call@clinic.test")
        for day in range(1, 4):
            patient = factories.patient(session)
            factories.alert(session, patient, date(2026, 1, day), opened_at=factories.LONG_AGO)
    return made


def claims_of(database, clinic_id, now) -> list[Claim]:
    """Claim what is due, one after another, until nothing is."""
    found: list[Claim] = []
    while True:
        with database.write(clinic_id) as session:
            claim = outbox.claim(session, now)
        if claim is None:
            return found
        found.append(claim)


def test_of_concurrent_workers_one_escalates_an_alert_and_one_claims_its_delivery(database, clinic_id):
    def work(_):
        with database.write(clinic_id) as session:
            escalated = outbox.escalate(session, NOW)
        return escalated, [each.id for each in claims_of(database, clinic_id, NOW)]

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, range(4)))
    assert sum(escalated for escalated, _ in done) == 3
    claimed = [each for _, found in done for each in found]
    assert len(claimed) == len(set(claimed)) == 6
    with database.read(clinic_id) as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 6


def test_of_concurrent_workers_one_queues_a_delivery_on_a_channel_set_since(database, clinic_id):
    with database.write(clinic_id) as session:
        outbox.escalate(session, NOW)
        session.execute(delete(Delivery).where(Delivery.channel == "email"))

    def work(_):
        with database.write(clinic_id) as session:
            outbox.escalate(session, NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with database.read(clinic_id) as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 6


def test_of_many_overdue_alerts_the_most_severe_escalate_first(database, clinic_id):
    with database.write(clinic_id) as session:
        for day in range(1, 29):
            for answer in (1, 3):
                priority, rank = ("top", 0) if answer == 3 else ("endorsed", 1)
                about = {"answer": answer, "priority": priority, "rank": rank}
                patient = factories.patient(session)
                factories.alert(session, patient, date(2026, 1, day), opened_at=factories.LONG_AGO, **about)
        assert outbox.escalate(session, NOW) == MAX_BATCH
        result = select(SafetyAlert.rank).where(SafetyAlert.escalated_at.is_not(None))
        assert set(session.scalars(result)) == {0}


def test_a_claim_holds_until_its_lease_ends_and_across_a_clock_that_jumps(database, clinic_id):
    def claimed(now):
        with database.write(clinic_id) as session:
            outbox.escalate(session, now)
        return len(claims_of(database, clinic_id, now))

    assert claimed(NOW) == 6
    assert claimed(NOW + LEASE - timedelta(seconds=1)) == 0
    # A worker that read its clock before another claimed, and claims after it.
    assert claimed(NOW - timedelta(seconds=5)) == 0
    assert claimed(NOW + LEASE) == 6
    # A clock set back by two hours: a lease that ends so far ahead was not written by this clock.
    assert claimed(NOW - timedelta(hours=2)) == 6


def test_a_clinic_that_set_no_on_call_escalates_nothing(database):
    with database.write() as session:
        made = factories.clinic(session).id
    with database.write(made) as session:
        factories.alert(session, factories.patient(session), date(2026, 1, 1))
        assert outbox.escalate(session, NOW) == 0
    with database.read() as session:
        assert outbox.clinics_to_escalate(session, NOW) == []
        assert outbox.due_receivers(session, NOW) == []


def test_retry_delays_grow_to_a_quarter_of_an_hour_and_no_further():
    delays = [retry_delay(attempt_count) for attempt_count in range(1, 20)]
    assert delays == sorted(delays)
    assert delays[0] == timedelta(seconds=30)
    assert delays[-1] == RETRY_DELAYS[-1] == timedelta(minutes=15) < GIVE_UP_AFTER
