from __future__ import annotations

import pytest

from imports.scales import OURS, Direction, may_be_one_to_five, parse_scale


def converted(text, ratings, direction=Direction.HIGHER_IS_BETTER, *, of_wellbeing=True):
    scale = parse_scale(text, direction)
    assert scale is not None
    return [scale.convert(rating, of_wellbeing=of_wellbeing) for rating in ratings]


def test_a_scale_is_converted_from_end_to_end_and_rounded_alike_at_both_ends():
    assert converted("0-10", range(11)) == list(range(11))
    assert converted("1-5", range(1, 6)) == [0, 2, 5, 8, 10]
    assert converted("1-10", range(1, 11)) == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]
    assert converted("0-100", (0, 5, 50, 95, 100)) == [0, 0, 5, 10, 10]
    for text in ("1-5", "1-7", "0-4", "1-10", "0-100"):
        lowest, highest = map(int, text.split("-"))
        upwards = converted(text, range(lowest, highest + 1))
        assert [10 - rating for rating in reversed(upwards)] == upwards


def test_a_scale_may_run_the_other_way_for_mood_and_never_for_anxiety():
    assert converted("1-5", range(1, 6), Direction.LOWER_IS_BETTER) == [10, 8, 5, 2, 0]
    assert converted("1-5", range(1, 6), Direction.LOWER_IS_BETTER, of_wellbeing=False) == [0, 2, 5, 8, 10]


def test_daylio_counts_from_the_best():
    assert converted("daylio", range(1, 6)) == [9, 7, 5, 3, 1]


def test_a_rating_off_the_scale_is_none():
    assert converted("1-5", (0, 6)) == [None, None]


@pytest.mark.parametrize("text", ["5-1", "1-1", "1", "-1-5", "a-b", "1-5-9", "", "Daylio"])
def test_what_is_no_scale_is_none(text):
    assert parse_scale(text) is None


@pytest.mark.parametrize(
    ("ratings", "may_be"),
    [
        (["4"], True),
        (["1", "5.0"], True),
        (["4", "6"], False),
        (["0"], False),
        ([], False),
        (["good"], False),
    ],
)
def test_ratings_of_one_to_five_alone_leave_the_scale_open(ratings, may_be):
    assert may_be_one_to_five(ratings) is may_be


def test_our_scale_is_the_one_of_the_phone():
    assert (OURS.lowest, OURS.highest) == (0, 10)
