from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from clinical.baseline import AssessedBaseline
from clinical.half_benefit_recall import HalfBenefitRecall
from clinical.history import History
from clinical.infusion import GivenInfusion, InfusionReason
from clinical.outlook.model.auxiliary import PHQ_9_PER_POINT, AuxiliaryObservations
from clinical.outlook.model.auxiliary_by_cycle import assign_to_cycles, baseline_score
from clinical.protocol import cycle_starts
from clinical.score import Instrument, Score
from tests.clinical.courses import FIRST_INFUSION, course, day, running_day

COURSE = course(intervals=(24, 22), until=20)
TODAY = running_day(COURSE)


def assigned(history: History, *, with_anxiety: bool = True) -> tuple[AuxiliaryObservations, ...]:
    starts = cycle_starts(history.protocol, history.infusions, TODAY)
    return assign_to_cycles(history, history.readings, starts, TODAY, with_anxiety=with_anxiety)


def answering(history: History, **percent: int) -> History:
    """The history with benefit left answered on days counted from the last induction infusion."""
    by_day = {day(int(name.removeprefix("on_"))): value for name, value in percent.items()}
    readings = tuple(replace(r, benefit_left=by_day.get(r.day)) for r in history.readings)
    return replace(history, readings=readings)


def phq_9(on: int, total: int) -> Score:
    return Score(day(on), Instrument.PHQ_9, total)


def test_without_reports_there_are_no_observations():
    assert assigned(COURSE) == (AuxiliaryObservations(),) * 4


def test_the_weekly_item_belongs_to_the_cycle_it_was_answered_in():
    _, first, second, running = assigned(answering(COURSE, on_7=90, on_24=100, on_31=80, on_60=35))
    assert first.benefit_left == ((7, 0.9),)
    assert second.benefit_left == ((7, 0.8),)
    assert running.benefit_left == ((14, 0.35),)


def test_phq_9_counts_as_better_than_before_treatment_from_the_second_week_on():
    before = Score(FIRST_INFUSION, Instrument.PHQ_9, 18)
    scores = (before, phq_9(3, 4), phq_9(14, 5), phq_9(60, 12))
    _, first, _, running = assigned(replace(COURSE, scores=scores))
    assert first.phq9_improvement == ((14, 13 / PHQ_9_PER_POINT),)
    assert running.phq9_improvement == ((14, 6 / PHQ_9_PER_POINT),)


def test_phq_9_without_one_from_before_treatment_is_ignored():
    old = Score(FIRST_INFUSION - timedelta(days=29), Instrument.PHQ_9, 18)
    assert assigned(replace(COURSE, scores=(old, phq_9(14, 5)))) == (AuxiliaryObservations(),) * 4


def test_the_latest_total_up_to_the_first_infusion_is_the_baselines():
    earlier = Score(FIRST_INFUSION - timedelta(days=10), Instrument.PHQ_9, 20)
    same_day = Score(FIRST_INFUSION, Instrument.PHQ_9, 17)
    assert baseline_score((same_day, earlier), FIRST_INFUSION) == same_day


def test_a_total_answered_after_the_first_infusion_began_is_no_baseline():
    earlier = Score(FIRST_INFUSION - timedelta(days=10), Instrument.PHQ_9, 20)
    start = datetime(2026, 3, 2, 11, tzinfo=UTC)
    given = (GivenInfusion(FIRST_INFUSION, started_at=start),)
    for hours, expected in ((-4, 17), (9, 20)):
        total = Score(FIRST_INFUSION, Instrument.PHQ_9, 17, start + timedelta(hours=hours))
        found = baseline_score((total, earlier), FIRST_INFUSION, given)
        assert found is not None
        assert found.total == expected


def test_benefit_left_of_the_morning_of_an_infusion_belongs_to_the_cycle_before():
    end = COURSE.infusions[-1].day
    start = datetime.combine(end, time(11), UTC)
    timed = replace(
        COURSE,
        infusions=tuple(
            replace(given, started_at=start) if given.day == end else given for given in COURSE.infusions
        ),
        readings=tuple(
            replace(reading, benefit_left=30, answered_at=start - timedelta(hours=5))
            if reading.day == end
            else reading
            for reading in COURSE.readings
        ),
    )
    elapsed = (end - COURSE.infusions[-2].day).days
    *_, finished, running = assigned(timed)
    assert (finished.benefit_left, running.benefit_left) == (((elapsed, 0.3),), ())
    untimed = replace(timed, infusions=COURSE.infusions)
    assert [each.benefit_left for each in assigned(untimed)[-2:]] == [(), ()]


def test_the_last_answer_about_a_cycle_counts_and_none_of_later():
    second, third = cycle_starts(COURSE.protocol, COURSE.infusions, TODAY)[1:]
    recalls = (
        HalfBenefitRecall(second - timedelta(days=1), None),
        HalfBenefitRecall(second, 15),
        HalfBenefitRecall(third, 400),
    )
    found = assigned(replace(COURSE, half_benefit_recalls=recalls))
    assert (found[1].recalled_days, found[1].recalled_not_gone_by_day) == (15, None)
    # An infusion's day may be corrected after the answer: nobody recalls more days than there were.
    assert found[2].recalled_days == (third - second).days
    assert found[3].recalled_days is None


def test_a_cycle_ended_because_symptoms_returned_is_marked():
    given = tuple(
        GivenInfusion(g.day, InfusionReason.SYMPTOMS_RETURNED) if g.day == day(46) else g
        for g in COURSE.infusions
    )
    assert [result.symptoms_returned_on_day for result in assigned(replace(COURSE, infusions=given))] == [
        None,
        None,
        22,
        None,
    ]


@pytest.mark.parametrize(
    ("anxiety", "with_anxiety", "level"), [(8, True, 2.0), (8, False, 2.0), (4, True, 3.0), (None, True, 2.0)]
)
def test_a_rated_baseline_is_put_on_the_scale_of_wellbeing(anxiety, with_anxiety, level):
    rated_baseline = AssessedBaseline(FIRST_INFUSION - timedelta(days=1), 2, anxiety)
    assert (
        assigned(replace(COURSE, baseline=rated_baseline), with_anxiety=with_anxiety)[0].rated_baseline
        == level
    )


@pytest.mark.parametrize(("days_before", "counts"), [(-1, False), (0, True), (90, True), (91, False)])
def test_a_baseline_is_rated_by_the_first_day_of_treatment_and_not_long_before(days_before, counts):
    rated_baseline = AssessedBaseline(FIRST_INFUSION - timedelta(days=days_before), 2)
    assert assigned(replace(COURSE, baseline=rated_baseline))[0].rated_baseline == (2.0 if counts else None)


def test_of_answers_within_a_week_the_last_one_counts():
    _, first, *_ = assigned(answering(COURSE, on_7=90, on_9=60, on_13=40, on_14=30))
    assert first.benefit_left == ((13, 0.4), (14, 0.3))


def test_of_totals_within_a_fortnight_the_last_one_counts():
    before = Score(FIRST_INFUSION, Instrument.PHQ_9, 18)
    scores = (before, phq_9(8, 4), phq_9(10, 5), phq_9(13, 10), phq_9(14, 12))
    _, first, *_ = assigned(replace(COURSE, scores=scores))
    assert [on for on, _ in first.phq9_improvement] == [13, 14]
