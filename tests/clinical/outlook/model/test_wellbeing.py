from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from clinical.check_in import Reading
from clinical.outlook.model.wellbeing import wellbeing

FIRST = date(2026, 3, 2)


def readings(*rows: tuple[float, float | None, float | None]) -> list[Reading]:
    return [
        Reading(FIRST + timedelta(days=number), mood, anxiety, enjoyment)
        for number, (mood, anxiety, enjoyment) in enumerate(rows)
    ]


def reference(days: int, of: int) -> np.ndarray:
    return np.arange(of) < days


def test_mood_counts_three_times_as_much_as_calm():
    found = wellbeing(readings(*[(8, 4, None)] * 4), reference(3, 4))
    assert found.values.tolist() == [pytest.approx(0.75 * 8 + 0.25 * 6)] * 4


def test_mood_and_enjoyment_count_alike():
    found = wellbeing(readings(*[(8, None, 6)] * 4), reference(3, 4))
    assert found.values.tolist() == [pytest.approx(7.0)] * 4
    assert found.enjoyment_used


def test_a_day_without_enjoyment_does_not_jump_against_days_that_have_it():
    found = wellbeing(readings(*[(6, None, 4)] * 3, (6, None, None), (6, None, 4)), reference(3, 5))
    assert found.values.tolist() == [pytest.approx(5.0)] * 5


def test_a_day_without_anxiety_does_not_jump_against_days_that_have_it():
    found = wellbeing(readings(*[(6, 8, None)] * 3, (6, None, None), (6, 8, None)), reference(3, 5))
    assert found.values.tolist() == [pytest.approx(0.75 * 6 + 0.25 * 2)] * 5


def test_a_measure_first_asked_in_the_running_cycle_is_left_out():
    found = wellbeing(readings(*[(6, None, None)] * 3, (6, 9, 2), (6, 9, 2)), reference(3, 5))
    assert found.values.tolist() == [pytest.approx(6.0)] * 5
    assert not found.anxiety_used
    assert not found.enjoyment_used


def test_no_readings_have_no_wellbeing():
    assert wellbeing([], reference(0, 0)).values.size == 0
