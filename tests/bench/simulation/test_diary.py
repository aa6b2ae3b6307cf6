from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from bench.simulation.cohort import Patient, history, patients


@cache
def clinic(missing: float = 0.3) -> tuple[Patient, ...]:
    return tuple(patients(60, seed=2, missing=missing))


def late(patient: Patient) -> list[int]:
    return [one.entered - (one.reading.day - patient.first).days for one in patient.answers]


@pytest.mark.parametrize("missing", [0.1, 0.3, 0.5])
def test_as_many_days_are_missing_as_was_asked(missing):
    found = clinic(missing)
    answered = sum(len({one.reading.day for one in patient.answers}) for patient in found)
    days = sum(patient.cycles[-1].end for patient in found)
    assert 1 - answered / days == pytest.approx(missing, abs=0.05)


def test_missing_days_come_in_runs():
    gaps = [
        (later - earlier).days - 1
        for patient in clinic()
        for earlier, later in pairwise(sorted({one.reading.day for one in patient.answers}))
    ]
    # Single days alone, missed with this chance, would leave hardly one gap in four hundred so long.
    assert np.mean([gap >= 5 for gap in gaps if gap]) > 0.02


def test_an_entry_is_never_before_its_day_and_some_are_late():
    delays = [delay for patient in clinic() for delay in late(patient)]
    assert min(delays) == 0
    assert 0.05 < np.mean([delay > 0 for delay in delays]) < 0.2


def test_a_correction_comes_after_what_it_corrects():
    corrected = [
        (earlier, later)
        for patient in clinic()
        for earlier, later in pairwise(patient.answers)
        if earlier.reading.day == later.reading.day
    ]
    assert corrected
    assert all(earlier.entered < later.entered for earlier, later in corrected)


def test_answers_are_whole_points_of_the_scale():
    for patient in clinic()[:20]:
        for one in patient.answers:
            ratings = [one.reading.mood, one.reading.enjoyment, one.reading.anxiety]
            assert all(value in range(11) for value in ratings if value is not None)
        assert all(0 <= score.total <= 27 for score in patient.scores)


def test_the_weekly_item_is_asked_every_seventh_day_or_soon_after():
    weeks = answered = 0
    for patient in clinic():
        since = {
            patient.day(day): day - cycle.start
            for cycle in patient.cycles
            for day in range(cycle.start, cycle.end)
        }
        asked = {one.reading.day for one in patient.answers if one.reading.benefit_left is not None}
        assert all(since[day] >= 7 and since[day] % 7 <= 2 for day in asked)
        answered += len(asked)
        weeks += sum((cycle.end - cycle.start - 1) // 7 for cycle in patient.cycles)
    assert 0.6 < answered / weeks < 0.8


def test_the_weekly_item_is_noisy_but_follows_what_is_left():
    answers: dict[bool, list[int]] = {True: [], False: []}
    for patient in clinic(0.1):
        starts = {patient.day(cycle.start): cycle for cycle in patient.cycles}
        for one in patient.answers:
            if patient.responds and one.reading.benefit_left is not None:
                start = max(day for day in starts if day <= one.reading.day)
                gone = (one.reading.day - start).days >= starts[start].half_gone
                answers[gone].append(one.reading.benefit_left)
    assert 20 < np.mean(answers[False]) - np.mean(answers[True]) < 60


def test_no_rating_is_above_the_patients_ceiling():
    for patient in clinic()[:20]:
        # What was first entered wrongly may be anything.
        final = history(patient, patient.cycles[-1].end + 30).readings
        assert max(reading.mood for reading in final) <= patient.person.ceiling
