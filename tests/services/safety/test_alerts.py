"""Alerts are raised once for each answer, and never muted by another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from clinical.safety import Action, of_daily_answer, of_item_9
from models.patients import Patient
from models.safety import SafetyAlert
from services.access import Actor, Role
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
def tell(database, patient):
    """Tell an answer to item 9 of a form, and give what is shown and the answers alerted so far."""

    def result(answer, form="form-1", judge=of_item_9):
        with database.write(patient.clinic_id) as session:
            held = session.get_one(Patient, (patient.clinic_id, patient.id))
            message = raise_concerns(session, held, judge(answer), Origin(form, DAY), NOW)
        return message, alerted()

    def alerted():
        with database.read(patient.clinic_id) as session:
            query = select(SafetyAlert).order_by(SafetyAlert.source_id, SafetyAlert.answer)
            return [(row.source, row.source_id, row.answer) for row in session.scalars(query)]

    return result


def test_the_same_answer_of_the_same_form_raises_once_and_is_replied_to_each_time(tell):
    for _ in range(3):
        message, alerted = tell(1)
        assert message is not None
        assert "Nobody watches" in message.message
        assert alerted == [("item_9", "form-1", 1)]


def test_a_higher_answer_raises_again_and_a_lower_one_does_not(tell):
    tell(1)
    _, alerted = tell(3)
    assert [answer for *_, answer in alerted] == [1, 3]
    message, alerted = tell(2)
    assert message is not None
    assert [answer for *_, answer in alerted] == [1, 3]


def test_no_alert_mutes_another_form_day_or_source(tell):
    tell(3)
    tell(1, form="form-2")
    _, alerted = tell(1, form="form-1", judge=of_daily_answer)
    assert sorted(alerted) == [
        ("daily_answer", "form-1", 1),
        ("item_9", "form-1", 3),
        ("item_9", "form-2", 1),
    ]


def test_not_at_all_raises_nothing_and_shows_nothing(tell):
    assert tell(0) == (None, [])


def test_what_a_clinic_set_is_shown_and_nothing_is_guessed_where_it_set_nothing(tell, database, patient):
    message, _ = tell(1)
    assert message.contacts == ()
    with database.write(patient.clinic_id) as session:
        factories.safety_settings(session, country="CA")
    message, _ = tell(1)
    assert [contact.label for contact in message.contacts] == ["9-8-8: Suicide Crisis Helpline"] * 2


def test_open_alerts_are_counted_as_of_any_moment(tell, database, patient):
    tell(1)
    tell(1, form="form-2")
    later = NOW + timedelta(days=1)
    clinician = Actor(patient.account_id, patient.clinic_id, Role.CLINICIAN)
    with database.write(patient.clinic_id) as session:
        first = session.scalars(select(SafetyAlert.id).limit(1)).one()
        close(session, clinician, first, Action.SAW_PATIENT, None, later)
    with database.read(patient.clinic_id) as session:
        for as_of, many in ((None, 1), (NOW - timedelta(1), 0), (NOW, 2), (later, 1)):
            assert open_alerts(session, [patient.id], as_of).get(patient.id, 0) == many


def test_raising_and_closing_change_what_is_known_of_the_patient(tell, database, patient):
    def count():
        with database.read(patient.clinic_id) as session:
            return session.get_one(Patient, (patient.clinic_id, patient.id)).change_seq

    before = count()
    tell(1)
    assert count() == before + 1
    tell(1)
    assert count() == before + 1
