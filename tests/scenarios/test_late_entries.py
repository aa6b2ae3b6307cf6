"""A week filled in afterwards: an outlook as of an earlier instant stays the same."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from models.patients import Patient
from services.access import Actor, Role
from services.outlooks.current import snapshot_as_of
from tests import factories
from tests.scenarios.patients import LATE_DAYS, late_entries

HISTORY, TODAY = late_entries()
LATE = {TODAY - timedelta(days=back) for back in LATE_DAYS}
CAME = datetime.combine(TODAY, time(23), UTC)


@pytest.fixture
def clinic_id(database):
    with database.write() as session:
        return factories.clinic(session, max_interval_days=28).id


@pytest.fixture
def patient_id(database, clinic_id):
    """A patient whose late week has not arrived yet."""
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        for given in HISTORY.infusions:
            factories.infusion(session, patient, given.day)
        return patient.id


@pytest.fixture
def store(database, clinic_id, patient_id):
    """Store the answers of some days, known from an instant on."""

    def add(days, **known):
        with database.write(clinic_id) as session:
            patient = session.get_one(Patient, (clinic_id, patient_id))
            for reading in HISTORY.readings:
                if reading.day in days:
                    answers = {
                        "mood": reading.mood,
                        "enjoyment": reading.enjoyment,
                        "anxiety": reading.anxiety,
                    }
                    whole = {name: int(value) for name, value in answers.items() if value is not None}
                    factories.check_in(session, patient, reading.day, **whole, **known)

    return add


@pytest.fixture
def outlook_at(database, clinic_id, patient_id):
    def at(moment):
        with database.read(clinic_id) as session:
            actor = Actor(patient_id, clinic_id, frozenset({Role.CLINICIAN}))
            return snapshot_as_of(session, actor, patient_id, moment).outlook

    return at


def test_a_late_week_changes_nothing_about_as_of(store, outlook_at):
    before, after = CAME - timedelta(minutes=1), CAME + timedelta(minutes=1)
    store({reading.day for reading in HISTORY.readings} - LATE - {TODAY})
    before_week = outlook_at(before)
    store(LATE, known_from=CAME)
    assert outlook_at(before) == before_week
    assert outlook_at(after)["cycle_reading_count"] == before_week["cycle_reading_count"] + len(LATE)
    assert outlook_at(after)["due_median_on"] is not None


def test_the_answers_order_of_arrival_does_not_matter_once_they_are_there(store, outlook_at):
    store(LATE, known_from=CAME)
    store({reading.day for reading in HISTORY.readings} - LATE - {TODAY})
    late = outlook_at(CAME + timedelta(minutes=1))
    assert late["data_quality"]["answered_last_14_days_count"] == 13
    assert late["recommended_on"] is not None
