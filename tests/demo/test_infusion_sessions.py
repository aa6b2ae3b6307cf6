"""The demo clinic's sessions are complete, end before now, and name the limits that they exceed."""

from __future__ import annotations

import pytest

from clinical.infusion import GIVEN
from demo.infusion_sessions import INDICATIONS, READINGS, SESSION_PATIENTS, SYSTOLIC_HIGH
from models.consultations import Consultation
from models.infusion_sessions import DischargeCheck, InfusionSession, VitalSigns
from models.infusions import Infusion
from models.patients import Patient
from tests.demo.made_up import NOW, made_up_now


@pytest.fixture(scope="module")
def made():
    return made_up_now()


def of(made, kind):
    return [row for row in made if isinstance(row, kind)]


def test_every_demo_patient_has_a_consultation_with_an_item_for_review(made):
    consultations = of(made, Consultation)
    assert {row.patient_id for row in consultations} == {row.id for row in of(made, Patient)}
    assert all("yes" in {each["answer"] for each in row.answers} for row in consultations)
    assert {row.indication for row in consultations} == {*INDICATIONS, "ocd"}


def test_a_few_patients_have_a_session_with_each_infusion(made):
    seen = {row.patient_id for row in of(made, InfusionSession)}
    assert 1 < len(seen) <= SESSION_PATIENTS
    given = {
        row.id: row
        for row in of(made, Infusion)
        if row.patient_id in seen and row.known_until is None and row.status in GIVEN
    }
    database = of(made, InfusionSession)
    assert len(database) > 10
    assert {row.infusion_id for row in database} == set(given)
    assert len(of(made, VitalSigns)) == len(READINGS) * len(database)
    for row in database:
        assert row.arrived_at < given[row.infusion_id].started_at < row.known_from <= NOW
    for left in of(made, DischargeCheck):
        assert given[left.infusion_id].ended_at < left.left_at <= left.known_from


def test_some_readings_exceed_the_clinics_limit_and_are_marked(made):
    readings = of(made, VitalSigns)
    exceeded = [row for row in readings if row.limits_exceeded]
    assert 0 < len(exceeded) < len(readings) / 3
    assert all((row.systolic > SYSTOLIC_HIGH) == bool(row.limits_exceeded) for row in readings)
    assert all(row.diastolic < row.systolic and row.received_at <= NOW for row in readings)
    assert len({row.id for row in readings}) == len(readings)
