from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import sin

import pytest

from clinical.trend import Rating, trend
from rendering.charts.chart_data import DEFAULT_DAYS, MAX_DAYS
from services.access import Actor, Role, Scope
from services.context import Context
from services.dates import MOST_DAYS
from services.errors import Invalid
from services.trends import EXTRA, LEAD_IN, Asked, Resolution, TrendMeasure, pictured, trends
from tests import factories

pytestmark = pytest.mark.either_database

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture
def ask(database):
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        for back in (9, 4, 3, 0):
            factories.check_in(session, patient, TODAY - timedelta(days=back), mood=back)
        factories.check_in(session, patient, TODAY + timedelta(days=1), mood=10)
        patient_id = patient.id

    def result(**asked):
        with database.read(clinic_id) as session:
            actor = Actor(patient_id, clinic_id, frozenset({Role.CLINICIAN}))
            return trends(Context(session, actor, NOW), patient_id, Asked(**asked))

    return result


def test_every_measure_is_returned_unless_one_is_asked_for(ask):
    assert [series.measure for series in ask().series] == [m for m in TrendMeasure if m not in EXTRA]
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


def test_a_trend_is_of_the_last_26_weeks_where_nobody_says_from_when(database):
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        for back in (MOST_DAYS, 183, 182, 181, 0):
            factories.check_in(session, patient, TODAY - timedelta(days=back))
        patient_id = patient.id

    def days(**asked):
        with database.read(clinic_id) as session:
            ctx = Context(session, Actor(patient_id, clinic_id, frozenset({Role.CLINICIAN})), NOW)
            (mood,) = trends(ctx, patient_id, Asked(measure=TrendMeasure.MOOD, **asked)).series
            return [(TODAY - day.day).days for day in mood.trend.days if day.answered]

    assert days() == [181, 0]
    assert days(first=TODAY - timedelta(days=400)) == [183, 182, 181, 0]
    assert days(last=TODAY - timedelta(days=2)) == [183, 182, 181]
    assert days(first=TODAY - timedelta(days=MOST_DAYS - 1)) == [183, 182, 181, 0]
    with pytest.raises(Invalid) as refused:
        days(first=TODAY - timedelta(days=MOST_DAYS))
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("from", "too_long")]


def test_weeks_without_an_answer_have_no_mean(ask):
    (mood,) = ask(measure=TrendMeasure.MOOD, resolution=Resolution.WEEK).series
    assert mood.trend.days == ()
    assert [(week.first, week.answered) for week in mood.weeks] == [
        (date(2026, 11, 9), 1),
        (date(2026, 11, 16), 3),
    ]


@pytest.fixture
def draw(database):
    with database.write() as session:
        clinic = factories.clinic(session, outlook_mode="shown")
        clinic_id = clinic.id
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        patient_id = patient.id
        for back in (50, 47, 44, 41, 38, 35, 14):
            factories.infusion(session, patient, TODAY - timedelta(days=back))
        for back in range(60):
            factories.check_in(session, patient, TODAY - timedelta(days=back), mood=3 if back > 50 else 6)

    def seen(role, scopes=(), **asked):
        with database.read(clinic_id) as session:
            own = patient_id if role is Role.PATIENT else None
            actor = Actor(patient_id, clinic_id, frozenset({role}), patient_id=own, scopes=frozenset(scopes))
            return pictured(Context(session, actor, NOW), patient_id, Asked(**asked))

    return seen


def test_a_picture_has_an_outlook_only_for_those_who_may_see_one(draw):
    assert draw(Role.CLINICIAN).outlook is not None
    assert draw(Role.INTEGRATION, [Scope.TRENDS_READ, Scope.SUMMARY_READ]).outlook is not None
    for seen in (draw(Role.PATIENT), draw(Role.INTEGRATION, [Scope.TRENDS_READ])):
        assert (seen.outlook, seen.wellbeing) == (None, None)
        assert len(seen.trends.series) == len(TrendMeasure) - len(EXTRA)


def test_wellbeing_is_drawn_unless_one_measure_was_asked_for(draw):
    whole, one = draw(Role.CLINICIAN), draw(Role.CLINICIAN, measure=TrendMeasure.MOOD)
    assert whole.wellbeing is not None
    assert one.wellbeing is None
    first = TODAY - timedelta(days=10)
    cut = draw(Role.CLINICIAN, first=first).wellbeing
    assert cut is not None
    assert cut.days[0].day == first


def test_answers_after_the_last_day_asked_for_do_not_change_wellbeing(draw):
    last = TODAY - timedelta(days=20)
    seen = draw(Role.CLINICIAN, last=last).wellbeing
    assert seen is not None
    assert seen.days[-1].day == last


@pytest.fixture
def long_lived(database):
    """Somebody with five years of answers, four days of five."""
    with database.write() as session:
        clinic_id = factories.clinic(session, outlook_mode="shown").id
    answers = [
        Rating(TODAY - timedelta(days=back), round(5 + 2 * sin(back / 40) + (back * 11 % 29 - 14) / 5.8))
        for back in range(5 * 365, -1, -1)
        if back % 5
    ]
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        for answer in answers:
            factories.check_in(session, patient, answer.day, mood=answer.value)
    return Actor(patient.id, clinic_id, frozenset({Role.CLINICIAN})), patient.id, answers


def test_a_chart_of_the_last_months_has_the_level_of_the_whole_series(database, long_lived):
    actor, patient_id, answers = long_lived
    whole = {day.day: day.level for day in trend(answers).days}
    for first, days in ((None, DEFAULT_DAYS), (answers[0].day, MAX_DAYS)):
        begin = TODAY - timedelta(days=days - 1)
        with database.read(actor.clinic_id) as session:
            asked = Asked(measure=TrendMeasure.MOOD, first=first, most_days=days)
            (mood,) = pictured(Context(session, actor, NOW), patient_id, asked).trends.series
        assert sum(day.answered for day in mood.trend.days if day.day < begin) == LEAD_IN
        (level,) = [day.level for day in mood.trend.days if day.day == begin]
        assert level == pytest.approx(whole[begin], abs=0.05)
