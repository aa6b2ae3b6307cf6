"""Relief by day 3, worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinical.relief import ABBAR_2022, DayAnswer, Relief, ReliefCounts, count, reliefs

DAY = date(2026, 6, 15)


def told(**answers):
    """Answers by day: b1 the day before the infusion, a2 two days after it, d the day itself."""
    return [DayAnswer(DAY + timedelta(days=offset(name)), answer) for name, answer in answers.items()]


def offset(name):
    number = int(name[1:] or 0)
    return -number if name[0] == "b" else number


@pytest.mark.parametrize(
    ("answers", "after", "relieved"),
    [
        ({"b1": 2, "a1": 0}, 0, True),
        ({"b1": 2, "a1": 1, "a3": 0}, 0, True),
        ({"b1": 2, "a1": 0, "a3": 1}, 1, False),
        ({"b7": 1, "a3": 0}, 0, True),
        ({"b1": 2, "a4": 0}, None, None),
        ({"b1": 2, "d": 0}, None, None),
        ({"b1": 3}, None, None),
    ],
)
def test_the_last_answer_of_days_one_to_three_says_whether_it_was_relieved(answers, after, relieved):
    (found,) = reliefs(told(**answers), [DAY])
    assert (found.after, found.relieved) == (after, relieved)


@pytest.mark.parametrize(
    "answers", [{"b1": 0, "a1": 0}, {"b8": 3, "a1": 0}, {"b3": 2, "b1": 0, "a1": 0}, {"d": 3}]
)
def test_an_infusion_before_which_nothing_was_endorsed_is_not_counted(answers):
    assert reliefs(told(**answers), [DAY]) == []


def test_what_follows_the_next_infusion_is_that_ones():
    found = reliefs(told(b1=2, a1=2, a3=0), [DAY + timedelta(days=2), DAY, DAY])
    assert found == [Relief(DAY, 2, 2), Relief(DAY + timedelta(days=2), 2, 0)]


def test_who_did_not_answer_is_counted_and_is_in_no_rate():
    found = [Relief(DAY, 2, 0), Relief(DAY, 1, None), Relief(DAY, 3, 1), Relief(DAY, 1, 0)]
    assert count(found) == ReliefCounts(endorsed=4, answered=3, relieved=2)
    assert count(found).rate == pytest.approx(2 / 3)
    assert count([]).rate is None


def test_the_published_figure_stands_with_its_limits():
    assert (ABBAR_2022.rate, ABBAR_2022.compared_with) == (0.630, 0.316)
    assert "not significant" in ABBAR_2022.limits
