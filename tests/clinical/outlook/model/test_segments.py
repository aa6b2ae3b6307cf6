from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from clinical.check_in import Reading
from clinical.history import History
from clinical.outlook import outlook
from clinical.outlook.model.segments import build_model_input, up_to
from tests.clinical.courses import FIRST_INFUSION, course, day

PLAIN = course(intervals=(24, 22), until=20)
COURSE = replace(
    PLAIN, readings=tuple(sorted((*PLAIN.readings, Reading(FIRST_INFUSION, 3.0, 7.0)), key=lambda r: r.day))
)
TODAY = COURSE.readings[-1].day


def at(on: date, hour: int) -> datetime:
    return datetime.combine(on, time(hour), UTC)


def answered(history: History, hour: int | None) -> History:
    """The same with every infusion at eleven, and every answer at an hour, or at none that is known."""
    return replace(
        history,
        infusions=tuple(replace(given, started_at=at(given.day, 11)) for given in history.infusions),
        readings=tuple(
            replace(reading, answered_at=None if hour is None else at(reading.day, hour))
            for reading in history.readings
        ),
    )


def segments(history: History):
    found = build_model_input(history, up_to(history.readings, TODAY), TODAY)
    assert found is not None
    return found


def test_the_answer_of_an_infusions_morning_belongs_to_the_time_before_it():
    plain, morning = segments(COURSE), segments(answered(COURSE, 6))
    assert morning.baseline.days == (*plain.baseline.days, 28)
    assert [cycle.days[-1] for cycle in plain.finished_cycles] == [23, 21]
    assert [cycle.days[-1] for cycle in morning.finished_cycles] == [24, 22]
    assert morning.running_cycle.days == plain.running_cycle.days
    assert {day(24), day(46)} <= {reading.day for reading in morning.used}


def test_an_answer_of_the_evening_or_of_an_unknown_hour_is_left_out_as_before():
    plain = segments(COURSE)
    for hour in (20, None):
        found = segments(answered(COURSE, hour))
        assert (found.baseline, found.finished_cycles) == (plain.baseline, plain.finished_cycles)


def test_the_number_of_baseline_readings_is_that_of_the_model():
    for hour, more in ((6, 1), (20, 0), (None, 0)):
        found = outlook(answered(COURSE, hour), TODAY)
        assert found.baseline_reading_count == outlook(COURSE, TODAY).baseline_reading_count + more


def test_the_morning_of_an_infusion_says_nothing_about_the_cycle_it_opens():
    opened = COURSE.infusions[-1].day
    low = replace(
        answered(COURSE, 6),
        readings=tuple(
            replace(reading, mood=0.0) if reading.day == opened else reading
            for reading in answered(COURSE, 6).readings
        ),
    )
    assert segments(low).running_cycle == segments(answered(COURSE, 6)).running_cycle
    assert opened + timedelta(days=2) in {reading.day for reading in segments(low).used}
