from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinical.direction import Direction
from clinical.instruments.change import Thresholds, thresholds_of
from clinical.outcome import Outcome, WorseCriterion, outcome, relieved, response_held, worse_criterion
from clinical.statistics.kaplan_meier import Span

FIRST = date(2026, 3, 2)
OVER = FIRST + timedelta(days=43)
"""The first day on which the six weeks are over."""


def on(**totals: int):
    """Totals by day: `before7` is seven days before the first infusion, `after7` seven after it."""
    return [
        (FIRST + timedelta(days=int(name.removeprefix("before")) * -1), total)
        if name.startswith("before")
        else (FIRST + timedelta(days=int(name.removeprefix("after"))), total)
        for name, total in totals.items()
    ]


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (11, Outcome(20, 11, response=False, remission=False, worse=False)),
        (10, Outcome(20, 10, response=True, remission=False, worse=False)),
        (5, Outcome(20, 5, response=True, remission=False, worse=False)),
        (4, Outcome(20, 4, response=True, remission=True, worse=False)),
        (25, Outcome(20, 25, response=False, remission=False, worse=False)),
        (26, Outcome(20, 26, response=False, remission=False, worse=True)),
    ],
)
def test_a_course_is_judged_by_the_published_thresholds(total, expected):
    assert outcome(thresholds_of("phq-9"), on(before3=20, after21=total), FIRST, OVER) == expected


def test_the_last_total_of_six_weeks_counts_and_none_after():
    found = outcome(thresholds_of("phq-9"), on(before0=20, after7=4, after42=18, after43=4), FIRST, OVER)
    assert found == Outcome(20, 18, response=False, remission=False, worse=False)


@pytest.mark.parametrize("totals", [on(before29=20, after21=4), on(before3=20, after43=4), on(before3=20)])
def test_without_a_total_before_and_one_after_nothing_is_judged(totals):
    assert outcome(thresholds_of("phq-9"), totals, FIRST, OVER) is None


@pytest.mark.parametrize(
    ("instrument", "criterion", "totals"),
    [
        ("phq-9", WorseCriterion.RELIABLE_CHANGE, {10: False, 15: False, 16: True}),
        ("pcl-5", WorseCriterion.RELIABLE_CHANGE, {10: False, 27: False, 28: True}),
        ("isi", WorseCriterion.IMPORTANT_CHANGE, {10: False, 18: False, 19: True}),
        ("who-5", WorseCriterion.IMPORTANT_CHANGE, {20: False, 4: False, 0: True}),
        ("madrs", WorseCriterion.ANY_CHANGE, {10: False, 9: False, 11: True}),
        ("audit-c", WorseCriterion.ANY_CHANGE, {10: False, 0: False, 12: True}),
    ],
)
def test_worse_is_judged_by_every_instrument_by_the_strictest_criterion_published(
    instrument, criterion, totals
):
    known = thresholds_of(instrument)
    assert worse_criterion(known) is criterion
    for total, worse in totals.items():
        found = outcome(known, on(before3=10, after21=total), FIRST, OVER)
        assert found is not None
        assert found.worse is worse, total


def test_higher_is_better_without_a_threshold_is_worse_when_it_falls():
    known = Thresholds(Direction.HIGHER_IS_BETTER)
    results = [outcome(known, on(before3=10, after21=total), FIRST, OVER) for total in (9, 11)]
    assert [result and result.worse for result in results] == [True, False]


def test_without_a_published_threshold_there_is_no_response():
    found = outcome(thresholds_of("isi"), on(before3=20, after21=4), FIRST, OVER)
    assert found is not None
    assert (found.response, found.remission) == (None, None)
    assert response_held(thresholds_of("isi"), on(before3=20, after21=4, after30=20), FIRST) is None


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ({"after28": 9, "after49": 11}, Span(35, ended=True)),
        ({"after28": 9, "after49": 10, "after70": 4}, Span(56, ended=False)),
        ({"after28": 9, "after49": 11, "after70": 4}, Span(35, ended=True)),
        ({}, None),
    ],
)
def test_a_response_holds_until_the_first_total_that_is_none(later, expected):
    assert (
        response_held(thresholds_of("phq-9"), on(before1=20, after7=15, after14=10, **later), FIRST)
        == expected
    )


def test_without_a_response_there_is_no_loss_of_response():
    assert response_held(thresholds_of("phq-9"), on(before1=20, after7=15, after30=14), FIRST) is None


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (on(before1=2, after3=0), True),
        (on(before1=2, after1=0, after3=1), False),
        (on(before3=1, after1=0, after4=2), True),
        (on(before1=0, after3=0), None),
        (on(before4=2, after3=0), None),
        (on(before1=2, before0=0, after4=0), None),
    ],
)
def test_relief_is_what_was_endorsed_before_and_not_by_day_three(answers, expected):
    assert relieved(answers, FIRST, OVER) is expected


def test_an_answer_of_the_first_infusions_morning_is_the_one_before_it():
    answers = on(before1=0, after2=0)
    assert relieved(answers, FIRST, OVER) is None
    assert relieved(answers, FIRST, OVER, morning=2) is True
    assert relieved(on(before1=2, after2=0), FIRST, OVER, morning=0) is None


def test_there_is_no_outcome_before_the_period_is_over():
    totals, answers = on(before3=20, after21=4), on(before1=2, after1=0)
    assert outcome(thresholds_of("phq-9"), totals, FIRST, OVER - timedelta(days=1)) is None
    assert relieved(answers, FIRST, FIRST + timedelta(days=3)) is None
    assert relieved(answers, FIRST, FIRST + timedelta(days=4))
