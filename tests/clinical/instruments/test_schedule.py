from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinical.instruments.schedule import Course, Due, Schedule, Trigger, due, mood_dropped
from clinical.trend import Rating

TODAY = date(2026, 11, 22)


def ago(days):
    return TODAY - timedelta(days=days)


def schedule(**settings):
    never = {"weekly": False, "before_infusion": False, "days_after_infusion": (), "window_days": 2}
    return Schedule(**{**never, **settings})


def course(answered=(), given=(), booked=(), moods=()):
    return Course(
        tuple(ago(days) for days in answered),
        tuple(ago(days) for days in given),
        tuple(ago(days) for days in booked),
        moods,
    )


def test_nothing_is_asked_that_was_not_arranged():
    assert due(schedule(), course(given=[7], booked=[0]), TODAY) is None


@pytest.mark.parametrize(("answered", "since"), [([], 0), ([7], 0), ([9], 2), ([30, 8], 1)])
def test_a_weekly_form_is_due_seven_days_after_the_last_one(answered, since):
    assert due(schedule(weekly=True), course(answered), TODAY) == Due(Trigger.WEEKLY, ago(since))


@pytest.mark.parametrize("answered", [[0], [6], [20, 3]])
def test_a_weekly_form_is_not_due_within_seven_days(answered):
    assert due(schedule(weekly=True), course(answered), TODAY) is None


def test_a_form_is_asked_before_a_booked_infusion_until_it_is_filled_in():
    before = schedule(before_infusion=True)
    for ahead in (0, 1, 2):
        assert due(before, course([9], booked=[-ahead]), TODAY) == Due(
            Trigger.BEFORE_INFUSION, ago(2 - ahead)
        )
    assert due(before, course(booked=[-3]), TODAY) is None
    assert due(before, course(booked=[1]), TODAY) is None
    assert due(before, course([1], booked=[-1]), TODAY) is None
    assert due(before, course([2], booked=[-1]), TODAY) is not None


def test_a_form_is_asked_so_many_days_after_the_last_infusion():
    later = schedule(days_after_infusion=(1, 7))
    for days, since in ((1, 0), (2, 1), (3, 2), (7, 0), (9, 2)):
        assert due(later, course(given=[days, 30]), TODAY) == Due(Trigger.AFTER_INFUSION, ago(since))
    for days in (0, 4, 6, 10):
        assert due(later, course(given=[days]), TODAY) is None
    assert due(later, course([1], given=[8]), TODAY) is None
    assert due(later, course(given=[-1]), TODAY) is None
    assert due(later, course(), TODAY) is None


def test_a_completed_form_clears_every_trigger():
    everything = schedule(weekly=True, before_infusion=True, days_after_infusion=(7,))
    several = course(given=[7], booked=[0])
    assert due(everything, several, TODAY) == Due(Trigger.BEFORE_INFUSION, ago(2))
    assert due(everything, course([0], given=[7], booked=[0]), TODAY) is None


def diary(levels):
    """A mood a day, the last of them today's."""
    return tuple(Rating(ago(days), level) for days, level in enumerate(reversed(levels)) if level is not None)


GOOD = [7.0] * 7


def test_a_drop_in_mood_asks_for_the_form_once_it_has_lasted():
    # The seventh low day makes the first low week; two more make it last.
    for low, expected in ((8, False), (9, True)):
        moods = diary([3.0, *GOOD, *[5.0] * low])
        assert mood_dropped(moods, ago(low + 7), TODAY) is expected
    dropped = course([15], given=[16], moods=diary([3.0, *GOOD, *[5.0] * 9]))
    assert due(schedule(on_mood_drop=True), dropped, TODAY) == Due(Trigger.MOOD_DROP, TODAY)
    assert due(schedule(), dropped, TODAY) is None


def test_a_drop_does_not_ask_again_within_the_two_weeks_that_a_form_looks_back():
    for answered, asked in ((13, False), (14, True)):
        dropped = course([answered], given=[16], moods=diary([3.0, *GOOD, *[5.0] * 9]))
        assert (due(schedule(on_mood_drop=True), dropped, TODAY) is not None) is asked


def test_a_smaller_drop_or_too_few_answers_ask_for_nothing():
    assert not mood_dropped(diary([3.0, *GOOD, *[5.1] * 12]), ago(19), TODAY)
    sparse = [None if day % 2 else 4.0 for day in range(12)]
    assert not mood_dropped(diary([3.0, *GOOD, *sparse]), ago(19), TODAY)
    assert not mood_dropped(diary([3.0, 7.0, 7.0, 7.0, None, None, None, None, *[4.0] * 12]), ago(19), TODAY)
    assert not mood_dropped((), ago(19), TODAY)
