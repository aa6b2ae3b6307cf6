"""Side effects over time are of a period, however long somebody has been a patient."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services import side_effects
from services.access import Actor, Role
from services.context import Context
from services.dates import MOST_DAYS
from services.errors import Invalid
from tests import factories

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture
def days(database):
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        for ago in (300, 182, 181, 2, 0):
            factories.check_in(session, patient, TODAY - timedelta(days=ago))
        factories.infusion(session, patient, TODAY - timedelta(days=310))
        factories.infusion(session, patient, TODAY - timedelta(days=3))
        patient_id = patient.id

    def found(first=None, last=None):
        with database.read(clinic_id) as session:
            ctx = Context(session, Actor(patient_id, clinic_id, frozenset({Role.CLINICIAN})), NOW)
            return side_effects.over_time(ctx, patient_id, first, last).course

    return found


def ago(each):
    return (TODAY - each).days


def test_they_are_of_the_last_26_weeks_where_nobody_says_from_when(days):
    course = days()
    assert [ago(each.day) for each in course.days] == [181, 2, 0]
    assert [ago(each.infusion) for each in course.infusions] == [3]
    assert {each.month for each in course.urinary} == {"2026-05", "2026-11"}


def test_a_day_counts_from_the_infusion_before_it_also_where_that_is_before_the_period(days):
    course = days()
    assert [each.days_since_infusion for each in course.days] == [310 - 181, 1, 3]


def test_a_period_may_be_named_and_is_bounded(days):
    course = days(TODAY - timedelta(days=365), TODAY - timedelta(days=180))
    assert [ago(each.day) for each in course.days] == [300, 182, 181]
    assert [ago(each.infusion) for each in course.infusions] == [310]
    with pytest.raises(Invalid) as refused:
        days(TODAY - timedelta(days=MOST_DAYS))
    assert [error.code for error in refused.value.errors] == ["too_long"]
