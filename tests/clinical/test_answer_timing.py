from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from clinical.answer_timing import (
    AnswerTiming,
    answer_timing,
    answer_timings,
    days_before_infusion,
    first_starts,
    scores_before_treatment,
)
from clinical.check_in import Reading
from clinical.infusion import GivenInfusion
from clinical.score import Instrument, Score, one_a_day

DAY = date(2026, 11, 17)
NEXT = DAY + timedelta(days=1)
ELEVEN = datetime(2026, 11, 17, 11, tzinfo=UTC)
MORNING, EVENING = datetime(2026, 11, 17, 6, 11, tzinfo=UTC), datetime(2026, 11, 17, 21, tzinfo=UTC)
INFUSIONS = (GivenInfusion(DAY, started_at=ELEVEN),)


@pytest.mark.parametrize(
    ("answered_at", "start", "expected"),
    [
        (MORNING, ELEVEN, AnswerTiming.BEFORE),
        (EVENING, ELEVEN, AnswerTiming.AFTER),
        (ELEVEN, ELEVEN, AnswerTiming.AFTER),
        (None, ELEVEN, AnswerTiming.UNKNOWN),
        (MORNING, None, AnswerTiming.UNKNOWN),
    ],
)
def test_an_answer_of_an_infusions_day_is_before_after_or_unknown(answered_at, start, expected):
    assert answer_timing(DAY, answered_at, {DAY: start}) is expected


def test_a_day_without_an_infusion_has_no_timing():
    assert answer_timing(NEXT, EVENING, {DAY: ELEVEN}) is None
    assert answer_timings([Reading(NEXT, 5.0)], INFUSIONS) == {}


def test_the_first_of_two_infusions_of_a_day_decides_and_an_unknown_start_leaves_it_open():
    later = GivenInfusion(DAY, started_at=EVENING)
    assert first_starts((later, *INFUSIONS)) == {DAY: ELEVEN}
    assert first_starts((*INFUSIONS, GivenInfusion(DAY))) == {DAY: None}


def test_days_answered_before_their_infusion_are_told_from_the_others():
    readings = [Reading(DAY, 5.0, answered_at=MORNING), Reading(NEXT, 5.0, answered_at=MORNING)]
    assert days_before_infusion(readings, INFUSIONS) == {DAY}
    assert days_before_infusion([Reading(DAY, 5.0)], INFUSIONS) == frozenset()


def test_a_total_of_the_first_day_counts_as_before_treatment_unless_answered_after_the_start():
    before, unknown = Score(DAY, Instrument.PHQ_9, 18, MORNING), Score(DAY, Instrument.GAD_7, 12)
    after, later = Score(DAY, Instrument.PHQ_2, 1, EVENING), Score(NEXT, Instrument.PHQ_9, 9, EVENING)
    found = scores_before_treatment([before, unknown, after, later], (DAY, None), INFUSIONS)
    assert found == [before, unknown, later]


def test_of_two_forms_of_an_infusions_day_the_last_before_its_start_counts():
    forms = [
        Score(DAY, Instrument.PHQ_9, total, at) for total, at in ((19, MORNING), (18, MORNING), (7, EVENING))
    ]
    assert [score.total for score in one_a_day((), forms, {DAY: ELEVEN})] == [18]
    assert [score.total for score in one_a_day((), forms)] == [7]
    assert [score.total for score in one_a_day((), forms[2:], {DAY: ELEVEN})] == [7]
