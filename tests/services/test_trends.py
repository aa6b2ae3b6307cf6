from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.access import Actor, Role
from services.trends import Asked, Resolution, TrendMeasure, trends
from tests import builders

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture
def ask(sessions):
    with sessions.writing() as session:
        clinic_id = builders.clinic(session).id
    with sessions.writing(clinic_id) as session:
        patient = builders.patient(session)
        for back in (9, 4, 3, 0):
            builders.check_in(session, patient, TODAY - timedelta(days=back), mood=back)
        builders.check_in(session, patient, TODAY + timedelta(days=1), mood=10)
        patient_id = patient.id

    def told(**asked):
        with sessions.reading(clinic_id) as session:
            actor = Actor(patient_id, clinic_id, Role.CLINICIAN)
            return trends(session, actor, patient_id, Asked(**asked), NOW)

    return told


def test_every_measure_is_told_unless_one_is_asked_for(ask):
    assert [series.measure for series in ask().series] == list(TrendMeasure)
    assert [series.measure for series in ask(measure=TrendMeasure.MOOD).series] == [TrendMeasure.MOOD]


def test_what_lies_ahead_of_the_patients_today_is_left_out(ask):
    (mood,) = ask(measure=TrendMeasure.MOOD).series
    assert mood.trend.days[-1].day == TODAY


def test_unanswered_days_have_a_level_between_their_neighbours_and_no_rating(ask):
    (mood,) = ask(measure=TrendMeasure.MOOD).series
    assert [day.rating for day in mood.trend.days] == [9, None, None, None, None, 4, 3, None, None, 0]
    assert [(gap.first, gap.days) for gap in mood.trend.gaps] == [
        (TODAY - timedelta(days=8), 4),
        (TODAY - timedelta(days=2), 2),
    ]
    assert all(day.lo95 <= day.lo80 <= day.level <= day.hi80 <= day.hi95 for day in mood.trend.days)


def test_weeks_without_an_answer_have_no_mean(ask):
    (mood,) = ask(measure=TrendMeasure.MOOD, resolution=Resolution.WEEK).series
    assert mood.trend.days == ()
    assert [(week.first, week.answered) for week in mood.weeks] == [
        (date(2026, 11, 9), 1),
        (date(2026, 11, 16), 3),
    ]
