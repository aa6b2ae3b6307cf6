"""Answers of one kind join one open alert, and an acknowledged alert mutes none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from clinical.safety import Action, of_daily_answer, of_item_9
from models.outbox import Delivery
from models.patients import Patient
from models.safety import SafetyAlert, SafetyAlertAnswer
from services.access import Actor, Role
from services.context import Context
from services.safety import alerts as alerts_service
from services.safety import outbox
from services.safety.alerts import Origin, close, open_alerts, raise_concerns
from services.safety.lists import State, state_of
from tests import factories

NOW = factories.LONG_AGO
DAY = date(2026, 1, 5)


@pytest.fixture
def patient(database):
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        return factories.patient(session)


@pytest.fixture
def submit(database, patient):
    """Submit an answer to item 9 of a form; return the message."""

    def result(answer, form="form-1", concerns_of=of_item_9, **about):
        with database.write(patient.clinic_id) as session:
            held = session.get_one(Patient, (patient.clinic_id, patient.id), with_for_update=True)
            origin = Origin(form, about.get("day", DAY), about.get("lowered_at"))
            return raise_concerns(session, held, concerns_of(answer), origin, about.get("now", NOW))

    return result


@pytest.fixture
def alerts(database, patient):
    """Return each alert's source and state, and its answers in order."""

    def read():
        with database.read(patient.clinic_id) as session:
            found = []
            for row in session.scalars(
                select(SafetyAlert).order_by(SafetyAlert.source, SafetyAlert.opened_at)
            ):
                query = select(SafetyAlertAnswer).where(SafetyAlertAnswer.alert_id == row.id)
                joined = session.scalars(query.order_by(SafetyAlertAnswer.number)).all()
                assert [each.number for each in joined] == list(range(1, row.answer_count + 1))
                assert row.answer == max(each.answer for each in joined)
                assert (row.opened_at, row.latest_answer_at) == (
                    joined[0].received_at,
                    joined[-1].received_at,
                )
                assert (row.rank, row.priority) == ((0, "top") if row.answer == 3 else (1, "endorsed"))
                found.append((row.source, state_of(row), [(each.record_id, each.answer) for each in joined]))
            return found

    return read


@pytest.fixture
def clinician(patient):
    return Actor(patient.account_id, patient.clinic_id, frozenset({Role.CLINICIAN}))


@pytest.fixture
def acknowledge_open(database, patient, clinician):
    def acknowledge(now=NOW):
        with database.write(patient.clinic_id) as session:
            is_open = select(SafetyAlert.id).where(SafetyAlert.acknowledged_at.is_(None))
            for alert_id in session.scalars(is_open).all():
                alerts_service.acknowledge(Context(session, clinician, now), alert_id, None)

    return acknowledge


def test_the_same_answer_of_the_same_form_joins_once_and_returns_the_message_each_time(submit, alerts):
    for _ in range(3):
        message = submit(1)
        assert message is not None
        assert "Nobody watches" in message.message
        assert alerts() == [("item_9", State.OPEN, [("form-1", 1)])]


def test_a_higher_answer_joins_the_open_alert_and_a_lower_one_of_the_form_does_not(submit, alerts):
    submit(1)
    submit(3)
    assert submit(2) is not None
    assert alerts() == [("item_9", State.OPEN, [("form-1", 1), ("form-1", 3)])]


def test_answers_of_other_forms_join_the_open_alert_of_their_kind(submit, alerts):
    submit(1, form="form-1", concerns_of=of_daily_answer)
    submit(3)
    submit(1, form="form-2", now=NOW + timedelta(minutes=1))
    assert alerts() == [
        ("daily_answer", State.OPEN, [("form-1", 1)]),
        ("item_9", State.OPEN, [("form-1", 3), ("form-2", 1)]),
    ]


def test_an_acknowledged_alert_takes_no_more_and_the_next_answer_opens_another(
    submit, alerts, acknowledge_open
):
    submit(2)
    acknowledge_open()
    submit(2)
    first = ("item_9", State.ACKNOWLEDGED, [("form-1", 2)])
    assert alerts() == [first], "sent again, it is no other answer"
    later = NOW + timedelta(minutes=1)
    submit(1, form="form-2", now=later)
    submit(3, now=later)
    assert alerts() == [first, ("item_9", State.OPEN, [("form-2", 1), ("form-1", 3)])]


def test_an_answer_withdrawn_and_sent_again_is_new_once_its_alert_was_acknowledged(
    submit, alerts, acknowledge_open
):
    submit(2)
    withdrawn, later = NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)
    submit(2, now=later, lowered_at=withdrawn)
    assert alerts() == [("item_9", State.OPEN, [("form-1", 2)])]
    acknowledge_open()
    for _ in range(2):
        submit(2, now=later, lowered_at=withdrawn)
        assert [answers for *_, answers in alerts()] == [[("form-1", 2)]] * 2


def test_an_alert_is_described_by_its_most_severe_answer_and_of_equal_ones_by_the_latest_day(
    submit, database, patient
):
    def described():
        with database.read(patient.clinic_id) as session:
            alert = session.scalars(select(SafetyAlert)).one()
            return alert.answer, alert.priority, alert.local_date

    for form, (answer, ago, result) in enumerate(
        [
            (1, 5, (1, "endorsed", 5)),
            (2, 9, (2, "endorsed", 9)),
            (2, 3, (2, "endorsed", 3)),
            (2, 4, (2, "endorsed", 3)),
            (3, 8, (3, "top", 8)),
            (1, 0, (3, "top", 8)),
        ]
    ):
        submit(answer, form=f"form-{form}", day=DAY - timedelta(days=ago))
        assert described() == (*result[:2], DAY - timedelta(days=result[2]))


def test_answers_of_several_devices_at_once_open_one_alert(submit, alerts):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: submit(1 + number % 3, form=f"form-{number}"), range(12)))
    ((_, state, answers),) = alerts()
    assert (state, sorted(answers)) == (
        State.OPEN,
        sorted((f"form-{number}", 1 + number % 3) for number in range(12)),
    )


def test_the_database_allows_one_open_alert_of_a_patient_and_kind(database, patient):
    with database.write(patient.clinic_id) as session:
        held = session.get_one(Patient, (patient.clinic_id, patient.id))
        factories.alert(session, held, DAY)
        factories.alert(session, held, DAY, source="item_9")
        seen = {"acknowledged_at": NOW, "acknowledged_by": patient.account_id}
        factories.alert(session, held, DAY, **seen)
        factories.alert(session, factories.patient(session), DAY)
    with pytest.raises(IntegrityError), database.write(patient.clinic_id) as session:
        factories.alert(session, session.get_one(Patient, (patient.clinic_id, patient.id)), DAY)


def test_the_on_call_is_notified_again_of_a_more_severe_answer_at_once_and_of_another_in_time(
    submit, database, patient, acknowledge_open
):
    with database.write(patient.clinic_id) as session:
        factories.safety_settings(session, on_call_email="on-call@clinic.test")

    def look(minutes):
        """Escalate, and deliver by e-mail only: the webhook's receiver is down."""
        now = NOW + timedelta(minutes=minutes)
        with database.write(patient.clinic_id) as session:
            escalated = outbox.escalate(session, now)
        with database.write(patient.clinic_id) as session:
            for _ in range(2):
                claim = outbox.claim(session, now)
                if claim is not None and claim.channel == "email":
                    outbox.settle(session, claim, None, now)
        return escalated

    def answered(minutes, answer, form):
        submit(answer, form=form, now=NOW + timedelta(minutes=minutes))

    def deliveries():
        with database.read(patient.clinic_id) as session:
            order = Delivery.created_at, Delivery.channel
            return [(row.channel, row.state) for row in session.scalars(select(Delivery).order_by(*order))]

    answered(0, 1, "form-1")
    # Before anybody was notified, what comes meanwhile changes nothing about when.
    answered(10, 2, "form-2")
    assert [look(minute) for minute in (29, 30, 31)] == [0, 1, 0]
    first = [("email", "delivered"), ("webhook", "waiting")]
    assert deliveries() == first
    # As severe as before: again, once nobody has acknowledged it in the clinic's time.
    answered(40, 2, "form-3")
    answered(60, 1, "form-4")
    assert [look(minute) for minute in (69, 70, 71)] == [0, 1, 0]
    withdrawn = [("email", "delivered"), ("webhook", "withdrawn")]
    assert deliveries() == withdrawn + first
    # More severe: at once.
    answered(72, 3, "form-5")
    assert [look(minute) for minute in (72, 73)] == [1, 0]
    assert deliveries() == withdrawn * 2 + first
    answered(80, 3, "form-6")
    acknowledge_open(NOW + timedelta(minutes=81))
    assert look(200) == 0
    assert deliveries() == withdrawn * 3


def test_not_at_all_opens_no_alert_and_shows_no_message(submit, alerts):
    assert (submit(0), alerts()) == (None, [])


def test_the_clinics_contacts_are_shown_and_none_are_guessed(submit, database, patient):
    message = submit(1)
    assert message.contacts == ()
    with database.write(patient.clinic_id) as session:
        factories.safety_settings(session, country="CA")
    message = submit(1)
    assert [contact.label for contact in message.contacts] == ["9-8-8: Suicide Crisis Helpline"] * 2


def test_open_alerts_are_counted_as_of_any_instant(submit, database, patient, clinician):
    submit(1)
    submit(1, concerns_of=of_daily_answer)
    later = NOW + timedelta(days=1)
    with database.write(patient.clinic_id) as session:
        first = session.scalars(select(SafetyAlert.id).limit(1)).one()
        close(Context(session, clinician, later), first, Action.SAW_PATIENT, None)
    with database.read(patient.clinic_id) as session:
        for as_of, many in ((None, 1), (NOW - timedelta(1), 0), (NOW, 2), (later, 1)):
            found = open_alerts(session, [patient.id], as_of).get(patient.id)
            assert (found.count if found else 0) == many
            assert found is None or found.since == NOW


def test_opening_and_closing_an_alert_count_as_changes_of_the_patient(submit, database, patient):
    def count():
        with database.read(patient.clinic_id) as session:
            return session.get_one(Patient, (patient.clinic_id, patient.id)).change_seq

    before = count()
    submit(1)
    assert count() == before + 1
    submit(1)
    assert count() == before + 1
