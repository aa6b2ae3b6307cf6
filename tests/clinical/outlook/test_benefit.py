"""Which measures improved, and what follows: no benefit, worse, or neither."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from clinical.history import History
from clinical.instruments.change import ChangeVerdict
from clinical.outlook import NoForecastReason, Status, outlook
from clinical.outlook.benefit import disagreeing, lack_of_benefit, measure_changes
from clinical.outlook.model.segments import build_model_input
from clinical.score import Instrument, Score
from tests.clinical.courses import FIRST_INFUSION, course, running_day, without

FLAT = course(intervals=(28, 28), until=14, gain=0.0)
LIFTED = course(intervals=(28, 28), until=14)
TODAY = running_day(FLAT)
IMPROVED, WORSENED, NO = ChangeVerdict.IMPROVED, ChangeVerdict.WORSENED, ChangeVerdict.NO


def scored(history: History, *totals: tuple[int, int], instrument: Instrument = Instrument.PHQ_9) -> History:
    """The history with totals: days from the first infusion, and the total."""
    return replace(
        history,
        scores=tuple(Score(FIRST_INFUSION + timedelta(days=day), instrument, total) for day, total in totals),
    )


def changes(history, today=TODAY):
    model_input = build_model_input(history, history.readings, today)
    assert model_input is not None
    return measure_changes(history, model_input, today)


def verdicts(history, today=TODAY):
    return {each.measure: each.verdict for each in changes(history, today)}


def status(history, today=TODAY):
    found = lack_of_benefit(changes(history, today))
    return None if found is None else found.status


def lowered(history: History, points: float) -> History:
    """The history with every mood since treatment began lower, and anxiety higher."""
    return replace(
        history,
        readings=tuple(
            replace(
                reading, mood=max(reading.mood - points, 0), anxiety=min((reading.anxiety or 0) + points, 10)
            )
            if reading.day >= FIRST_INFUSION
            else reading
            for reading in history.readings
        ),
    )


def test_wellbeing_is_compared_with_its_level_before_treatment():
    assert verdicts(LIFTED) == {"wellbeing": IMPROVED}
    assert verdicts(FLAT) == {"wellbeing": NO}
    assert verdicts(lowered(FLAT, 3)) == {"wellbeing": WORSENED}
    assert [status(each) for each in (LIFTED, FLAT, lowered(FLAT, 3))] == [
        None,
        Status.NO_BENEFIT,
        Status.WORSE,
    ]


def test_a_few_answers_after_the_infusions_are_no_judgement():
    early = [reading.day for reading in FLAT.readings if reading.day > FIRST_INFUSION]
    assert verdicts(without(FLAT, *early[3:-3])) == {}
    assert status(without(FLAT, *early[3:-3])) is None


@pytest.mark.parametrize(
    ("totals", "verdict"),
    [
        (((-3, 15), (60, 14)), NO),
        (((-3, 15), (60, 10)), NO),
        (((-3, 15), (60, 9)), IMPROVED),
        (((-3, 10), (60, 17)), WORSENED),
        # One of five improves by chance.
        (((-3, 15), (20, 9), (30, 15), (40, 15), (50, 14), (60, 15)), NO),
        # A benefit that wore off was one.
        (((-3, 15), (30, 6), (60, 22)), IMPROVED),
        # No room to improve by six points.
        (((-3, 5), (60, 5)), None),
        # Most of its two weeks were before treatment.
        (((-3, 15), (10, 15)), None),
        # Longer than eight weeks ago.
        (((-3, 15), (15, 15)), None),
        (((60, 15),), None),
    ],
)
def test_a_questionnaire_is_judged_by_its_published_thresholds(totals, verdict):
    found = verdicts(scored(replace(FLAT, readings=()), *totals))
    assert found == ({} if verdict is None else {"phq-9": verdict})


def test_a_higher_who_5_is_better():
    silent = replace(FLAT, readings=())
    assert verdicts(scored(silent, (-3, 40), (60, 52), instrument=Instrument.WHO_5)) == {"who-5": IMPROVED}
    assert verdicts(scored(silent, (-3, 40), (60, 44), instrument=Instrument.WHO_5)) == {"who-5": NO}


def test_an_instrument_without_thresholds_is_not_judged():
    assert verdicts(scored(FLAT, (-3, 8), (60, 8), instrument=Instrument.AUDIT_C)) == {"wellbeing": NO}


def test_worse_holds_since_the_first_of_the_totals_that_are_worse_in_a_row():
    found = lack_of_benefit(changes(scored(FLAT, (-3, 10), (20, 17), (30, 12), (40, 16), (60, 18))))
    assert found is not None
    assert (found.status, found.since) == (Status.WORSE, FIRST_INFUSION + timedelta(days=40))
    assert [each.measure for each in found.changes] == ["phq-9"]


def test_any_improvement_is_a_benefit_and_the_measures_disagree():
    both = changes(scored(LIFTED, (-3, 10), (60, 17)))
    assert lack_of_benefit(both) is None
    found = disagreeing(both)
    assert found is not None
    assert ([each.measure for each in found[0]], [each.measure for each in found[1]]) == (
        ["wellbeing"],
        ["phq-9"],
    )


@pytest.mark.parametrize("newest", [4, 5])
def test_a_total_that_has_improved_by_now_does_not_disagree(newest):
    """Two of three totals did not improve, so that they show no benefit; the newest does."""
    late = changes(scored(LIFTED, (-3, 10), (20, 10), (40, 9), (60, newest)))
    assert [(each.measure, each.verdict) for each in late] == [("wellbeing", IMPROVED), ("phq-9", NO)]
    assert disagreeing(late) is None


def test_questionnaires_that_contradict_the_population_prior_leave_no_forecast():
    silent = course(until=1, gain=0.0)
    today = running_day(silent)
    assert outlook(silent, today).no_forecast_reason is None
    found = outlook(scored(silent, (-3, 15), (18, 22)), today)
    assert (found.status, found.no_forecast_reason, found.recommended_on) == (
        Status.WORSE,
        NoForecastReason.NO_MEASURABLE_BENEFIT,
        None,
    )
