"""The outlook of a patient with several treatment courses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from clinical.history import History
from clinical.outlook import Basis, outlook
from clinical.outlook.forecast import Forecast, forecast
from clinical.treatment_course import CourseKind, TreatmentCourse
from tests.clinical.courses import FIRST_INFUSION, course, running_day

BREAK = timedelta(days=700)
AGAIN = TreatmentCourse(UUID(int=2), 2, CourseKind.RE_INDUCTION, began_on=FIRST_INFUSION + BREAK)


def moved(history: History) -> History:
    """The history as of a second course, after a break."""
    return replace(
        history,
        readings=tuple(replace(reading, day=reading.day + BREAK) for reading in history.readings),
        infusions=tuple(replace(given, day=given.day + BREAK) for given in history.infusions),
    )


def two_courses(first: History, second: History) -> tuple[History, date]:
    """Both histories as two courses of one patient, and the last answered day."""
    later = moved(second)
    both = replace(
        first,
        readings=(*first.readings, *later.readings),
        infusions=(*first.infusions, *later.infusions),
        courses=(AGAIN,),
    )
    return both, running_day(later)


LONG = course(intervals=(70, 70, 70), until=55, half=45.0)
SECOND = course(until=9, half=20.0, seed=2)


def median_of(found: object) -> float:
    assert isinstance(found, Forecast)
    return found.half_benefit_day.median


def test_an_initial_course_changes_no_number():
    history = course(intervals=(25, 30), until=18)
    initial = TreatmentCourse(UUID(int=1), 1, CourseKind.INITIAL, began_on=FIRST_INFUSION)
    today = running_day(history)
    assert outlook(replace(history, courses=(initial,)), today) == outlook(history, today)


def test_an_earlier_course_without_a_baseline_changes_no_number():
    without_baseline = replace(
        LONG, readings=tuple(reading for reading in LONG.readings if reading.day >= FIRST_INFUSION)
    )
    history, today = two_courses(without_baseline, SECOND)
    alone = outlook(moved(SECOND), today)
    assert outlook(history, today) == alone


def test_a_patient_whose_benefit_lasted_long_before_is_expected_to_keep_it_longer_again():
    history, today = two_courses(LONG, SECOND)
    both, alone = forecast(history, today), forecast(moved(SECOND), today)
    assert median_of(both) > median_of(alone) + 5
    assert isinstance(both, Forecast)
    assert isinstance(alone, Forecast)
    assert (alone.basis, both.basis) == (Basis.POPULATION_PRIOR, Basis.PATIENT)
    assert both.baseline == pytest.approx(alone.baseline, abs=0.3)


def test_the_reasons_count_the_cycles_of_the_earlier_course_and_name_no_break():
    history, today = two_courses(LONG, SECOND)
    found = outlook(history, today)
    texts = {str(reason.code): reason.text for reason in found.reasons}
    assert texts["personal_interval"].startswith(
        "From 0 finished cycles of this course and 4 of earlier ones, which count less, half of this "
        "patient's benefit is gone about "
    )
    assert "past_intervals" not in texts
    assert "first_cycle" not in texts
    assert found.finished_cycle_count == 0
    assert found.personal_interval is not None
