"""Outlooks by an optional rating: as by wellbeing of the same values, and naming the measure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.check_in import Reading
from clinical.current_course import current_course
from clinical.history import History
from clinical.outlook import NoForecastReason, Outlook, ReasonCode, Status, outlook
from clinical.outlook.evaluation import seven_day_mean
from clinical.outlook.evaluation.retrospective import retrospective_cycles
from clinical.outlook.forecast import Forecast, forecast
from clinical.outlook.learning.prior_estimation import patient_likelihood
from clinical.outlook.mode import Mode
from clinical.outlook.visibility import shown
from clinical.outlook.wellbeing_series import daily
from clinical.score import Instrument, Score
from clinical.target_measure import TargetMeasure, is_rating
from clinical.treatment_course import CourseKind, TreatmentCourse
from tests.clinical.courses import FIRST_INFUSION, OPENED, course, histories, running_day, todays

THOUGHTS = TargetMeasure.INTRUSIVE_THOUGHTS
FLAT = 5.0
LEVELS = {"baseline_level", "half_benefit_line"}
SAME = (
    "status", "recommended_on", "due_median_on", "due_lo80_on", "due_hi80_on", "p_half_lost", "gain",
    "gain_sd", "personal_interval", "benefit_left_estimate", "outlier_days", "wear_off_flag", "pace",
    "cycle_reading_count", "baseline_reading_count", "finished_cycle_count", "basis",
)  # fmt: skip


def by_mood(*, until: int = 20, gain: float = 4.0, half: float = 18.0) -> History:
    """Mood alone wears off, without anxiety."""
    found = course(intervals=(24, 22), until=until, gain=gain, half=half)
    return replace(found, readings=tuple(replace(each, anxiety=None) for each in found.readings))


def by_thoughts(history: History, measure: TargetMeasure = THOUGHTS) -> History:
    """The same values as ratings whose 10 is worst, the mood flat."""
    readings = tuple(
        Reading(each.day, FLAT, 5.0, ratings={str(measure): int(10 - each.mood)}) for each in history.readings
    )
    recorded = TreatmentCourse(
        UUID(int=1), 1, CourseKind.INITIAL, began_on=FIRST_INFUSION, target_measure=measure
    )
    return replace(history, readings=readings, courses=(recorded,))


def sentence(found: Outlook, code: ReasonCode) -> str:
    return next(reason.text for reason in found.reasons if reason.code is code)


@pytest.mark.parametrize(("until", "gain"), [(20, 4.0), (9, 4.0), (2, 4.0), (20, 0.0), (12, -3.0)])
def test_the_engine_runs_on_a_rating_as_on_wellbeing_of_the_same_values(until, gain):
    plain = by_mood(until=until, gain=gain)
    today = running_day(plain)
    mood, thoughts = outlook(plain, today), outlook(by_thoughts(plain), today)
    assert {name: getattr(thoughts, name) for name in SAME} == {name: getattr(mood, name) for name in SAME}
    for name in LEVELS:
        level, turned = getattr(mood, name), getattr(thoughts, name)
        assert turned is None if level is None else turned == pytest.approx(10 - level)
    assert thoughts.target_measure is THOUGHTS
    assert mood.target_measure is TargetMeasure.WELLBEING


def test_a_rating_names_itself_where_it_states_levels():
    plain = by_mood(until=30)
    today = running_day(plain)
    found = outlook(by_thoughts(plain), today)
    assert sentence(found, ReasonCode.TARGET_MEASURE) == (
        "By intrusive thoughts, the target measure of this course (0 to 10, 10 is worst), not by mood. The "
        "prior comes from depression studies."
    )
    assert sentence(found, ReasonCode.RECENT_LEVEL).startswith("Intrusive thoughts ")
    line = sentence(found, ReasonCode.HALF_BENEFIT_LINE)
    assert line.startswith("Intrusive thoughts were ")
    assert ", over the half-benefit line at " in line
    texts = " ".join(reason.text + reason.would_change for reason in found.reasons)
    assert "ellbeing" not in texts
    assert "Higher check-ins" not in texts
    assert found.disclaimers[-1] == (
        "It times intrusive thoughts alone, with assumptions from studies of depression, none of its own."
    )
    assert found.inputs is not None
    assert [used.measure for used in found.inputs.measures] == ["intrusive_thoughts"]
    craving = outlook(by_thoughts(plain, TargetMeasure.CRAVING), today)
    assert sentence(craving, ReasonCode.HALF_BENEFIT_LINE).startswith("Craving was ")
    hidden = shown(by_thoughts(plain), today, Mode.SILENT)
    assert sentence(hidden, ReasonCode.TARGET_MEASURE).endswith("not by mood.")


def test_by_mood_the_return_of_intrusive_thoughts_is_not_found():
    thoughts = by_thoughts(by_mood(until=30))
    today = running_day(thoughts)
    assert outlook(thoughts, today).status is Status.OVERDUE
    by_wellbeing = replace(thoughts, courses=())
    assert outlook(by_wellbeing, today).status is Status.NO_BENEFIT


def test_days_without_the_rating_are_missing_days():
    thoughts = by_thoughts(by_mood())
    today = running_day(thoughts)
    some = replace(
        thoughts,
        readings=tuple(
            each if number % 2 else replace(each, ratings={"craving": 9})
            for number, each in enumerate(thoughts.readings)
        ),
    )
    gaps = replace(
        thoughts, readings=tuple(each for each in some.readings if THOUGHTS in (each.ratings or {}))
    )
    found, expected = outlook(some, today), outlook(gaps, today)
    assert (found.due_median_on, found.cycle_reading_count) == (
        expected.due_median_on,
        expected.cycle_reading_count,
    )
    assert found.data_quality.answered_last_14_days_count == 14
    assert found.data_quality.target_answered_last_14_days_count == 7
    assert sentence(found, ReasonCode.THIN_DATA) == (
        "Intrusive thoughts were answered on 7 of the last 14 days."
    )


def unrated(history: History, first: date, last: date) -> History:
    """The history without ratings on some days, which were answered all the same."""
    return replace(
        history,
        readings=tuple(
            replace(each, ratings=None) if first <= each.day <= last else each for each in history.readings
        ),
    )


def test_a_rating_that_is_not_answered_is_named():
    thoughts = by_thoughts(by_mood(until=20))
    today = running_day(thoughts)
    silent = outlook(unrated(thoughts, today - timedelta(days=15), today), today)
    assert silent.no_forecast_reason is NoForecastReason.TARGET_NOT_ANSWERED
    assert silent.reasons[0].text == (
        "Intrusive thoughts were last answered on 8 May, 16 days ago; other questions were since."
    )
    assert silent.missing == ("A check-in with intrusive thoughts within the last 14 days.",)
    never = outlook(unrated(thoughts, date.min, FIRST_INFUSION), today)
    assert never.no_forecast_reason is NoForecastReason.INSUFFICIENT_BASELINE
    assert never.reasons[0].text == (
        "Intrusive thoughts were answered on 0 days of the 28 before the first infusion; without 3 there is "
        "no level to measure a benefit against."
    )


def test_a_clinicians_judgement_replaces_ratings_that_were_not_given():
    without = unrated(by_thoughts(by_mood(until=20)), date.min, FIRST_INFUSION)
    today = running_day(without)
    recorded = replace(without.courses[0], target_baseline=8)
    found = outlook(replace(without, courses=(recorded,)), today)
    assert found.no_forecast_reason is None
    assert found.baseline_level == pytest.approx(7.5, abs=1)


def test_phq_9_observes_wellbeing_and_no_rating():
    thoughts = by_thoughts(by_mood(until=20))
    today = running_day(thoughts)
    scores = (
        Score(FIRST_INFUSION - timedelta(days=3), Instrument.PHQ_9, 20),
        Score(today - timedelta(days=3), Instrument.PHQ_9, 19),
    )
    scored = replace(thoughts, scores=scores)
    assert forecast_figures(scored, today) == forecast_figures(thoughts, today)
    disagreeing = sentence(outlook(scored, today), ReasonCode.MEASURES_DISAGREE)
    assert disagreeing.startswith("Measures disagree: PHQ-9 (19 on ")


def forecast_figures(history: History, today: date) -> tuple[object, ...]:
    found = forecast(history, today)
    assert isinstance(found, Forecast)
    return found.half_benefit_day, found.p_half_lost, found.gain


def test_an_earlier_course_counts_by_the_measure_of_the_running_one():
    first = by_thoughts(by_mood(until=20))
    later = [replace(each, day=each.day + timedelta(days=400)) for each in first.readings]
    again = [replace(each, day=each.day + timedelta(days=400)) for each in first.infusions]
    began_on = FIRST_INFUSION + timedelta(days=400)
    second = TreatmentCourse(UUID(int=2), 2, CourseKind.RE_INDUCTION, began_on, target_measure=THOUGHTS)
    both = replace(
        first,
        readings=(*first.readings, *later),
        infusions=(*first.infusions, *again),
        courses=(replace(first.courses[0], target_measure=TargetMeasure.WELLBEING), second),
    )
    today = OPENED + timedelta(days=410)
    made = forecast(both, today)
    assert isinstance(made, Forecast)
    assert len(made.model_input.earlier) == 1
    assert current_course(both, today).target_measure is THOUGHTS
    # By mood, which was flat, the first course has no benefit; each course is evaluated by its own measure.
    found = retrospective_cycles(both, today)
    assert [cycle.target_measure for cycle in found] == [TargetMeasure.WELLBEING] * 2
    assert {cycle.finding for cycle in found} == {"no_benefit"}


def test_evaluation_is_by_the_rating_and_the_fitted_prior_leaves_it_out():
    plain = by_mood(until=20)
    today, thoughts = running_day(plain), by_thoughts(plain)
    expected, found = retrospective_cycles(plain, today), retrospective_cycles(thoughts, today)
    assert [cycle.half_gone for cycle in found] == [cycle.half_gone for cycle in expected]
    assert {cycle.target_measure for cycle in found} == {THOUGHTS}
    assert seven_day_mean(thoughts, today) == seven_day_mean(plain, today)
    assert patient_likelihood(plain, today) is not None
    assert patient_likelihood(thoughts, today) is None
    assert daily(thoughts, today) == ()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(histories(), todays(), st.sampled_from([each for each in TargetMeasure if is_rating(each)]))
def test_any_history_has_an_outlook_by_any_rating(history, today, measure):
    readings = tuple(
        replace(each, ratings={str(measure): each.day.toordinal() % 11} if each.day.day % 3 else None)
        for each in history.readings
    )
    rated = replace(history, readings=readings, target_measure=measure, target_baseline=today.day % 11)
    for mode in Mode:
        found = shown(rated, today, mode)
        assert found.target_measure is measure
        assert "ellbeing" not in " ".join(
            reason.text for reason in found.reasons if reason.code is not ReasonCode.FIRST_CYCLE
        )
