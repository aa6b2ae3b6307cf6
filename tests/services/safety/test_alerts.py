"""Each answer opens one alert, and no alert mutes another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from clinical.safety import Action, of_daily_answer, of_item_9
from models.patients import Patient
from models.safety import SafetyAlert
from services.access import Actor, Role
from services.context import Context
from services.safety.alerts import Origin, close, open_alerts, raise_concerns
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
    """Submit an answer to item 9 of a form; return the message and the answers alerted so far."""

    def result(answer, form="form-1", concerns_of=of_item_9):
        with database.write(patient.clinic_id) as session:
            held = session.get_one(Patient, (patient.clinic_id, patient.id))
            message = raise_concerns(session, held, concerns_of(answer), Origin(form, DAY), NOW)
        return message, alerted()

    def alerted():
        with database.read(patient.clinic_id) as session:
            query = select(SafetyAlert).order_by(SafetyAlert.source_id, SafetyAlert.answer)
            return [(row.source, row.source_id, row.answer) for row in session.scalars(query)]

    return result


def test_the_same_answer_of_the_same_form_opens_one_alert_and_returns_the_message_each_time(submit):
    for _ in range(3):
        message, alerted = submit(1)
        assert message is not None
        assert "Nobody watches" in message.message
        assert alerted == [("item_9", "form-1", 1)]


def test_a_higher_answer_opens_another_alert_and_a_lower_one_does_not(submit):
    submit(1)
    _, alerted = submit(3)
    assert [answer for *_, answer in alerted] == [1, 3]
    message, alerted = submit(2)
    assert message is not None
    assert [answer for *_, answer in alerted] == [1, 3]


def test_no_alert_mutes_another_form_day_or_source(submit):
    submit(3)
    submit(1, form="form-2")
    _, alerted = submit(1, form="form-1", concerns_of=of_daily_answer)
    assert sorted(alerted) == [
        ("daily_answer", "form-1", 1),
        ("item_9", "form-1", 3),
        ("item_9", "form-2", 1),
    ]


def test_not_at_all_opens_no_alert_and_shows_no_message(submit):
    assert submit(0) == (None, [])


def test_the_clinics_contacts_are_shown_and_none_are_guessed(submit, database, patient):
    message, _ = submit(1)
    assert message.contacts == ()
    with database.write(patient.clinic_id) as session:
        factories.safety_settings(session, country="CA")
    message, _ = submit(1)
    assert [contact.label for contact in message.contacts] == ["9-8-8: Suicide Crisis Helpline"] * 2


def test_open_alerts_are_counted_as_of_any_instant(submit, database, patient):
    submit(1)
    submit(1, form="form-2")
    later = NOW + timedelta(days=1)
    clinician = Actor(patient.account_id, patient.clinic_id, frozenset({Role.CLINICIAN}))
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
