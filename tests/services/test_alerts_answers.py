"""Daily answers as the report takes them: told last, now or at an earlier instant."""

from __future__ import annotations

from datetime import date, timedelta

from clinical.relief import DayAnswer, count, reliefs
from services.access import Actor, Role
from services.alerts_answers import day_answers, hear
from tests import builders

NOW = builders.LONG_AGO
DAY = date(2026, 1, 4)


def test_answers_are_given_as_told_last_and_as_known_then(sessions):
    with sessions.writing() as session:
        clinic_id = builders.clinic(session).id
    with sessions.writing(clinic_id) as session:
        builders.safety_settings(session)
        patient = builders.patient(session)
    actor = Actor(patient.account_id, clinic_id, Role.PATIENT, patient_id=patient.id)
    later = NOW + timedelta(hours=1)
    infused = DAY - timedelta(days=2)
    for told, now in (([(DAY, 3), (infused - timedelta(days=1), 1)], NOW), ([(DAY, 0)], later)):
        with sessions.writing(clinic_id) as session:
            assert hear(session, actor, None, told, now).asked
    with sessions.reading(clinic_id) as session:
        before = day_answers(session, [patient.id], NOW)[patient.id]
        present = day_answers(session, [patient.id])[patient.id]
    assert before[-1] == DayAnswer(DAY, 3)
    assert present[-1] == DayAnswer(DAY, 0)
    assert [each.day for each in present] == [infused - timedelta(days=1), DAY]
    assert count(reliefs(before, [infused])).rate == 0
    assert count(reliefs(present, [infused])).rate == 1
