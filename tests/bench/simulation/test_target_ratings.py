from __future__ import annotations

from statistics import fmean

from bench.simulation.target_ratings import target_patient
from clinical.target_measure import TargetMeasure

MEASURE = TargetMeasure.INTRUSIVE_THOUGHTS


def test_the_rating_falls_after_an_infusion_and_the_mood_hardly_moves():
    falls, rises = [], []
    for patient in (target_patient(number, 7, 0.1, MEASURE) for number in range(8)):
        readings = [answer.reading for answer in patient.answers]
        rated = [
            (each.day, each.ratings["intrusive_thoughts"], each.mood) for each in readings if each.ratings
        ]
        assert 0.8 < len(rated) / len(readings) < 1
        assert all(0 <= rating <= 10 for _, rating, _ in rated)
        opened = patient.day(patient.cycles[0].start)
        before = [each for each in rated if each[0] < patient.infusions[0].day]
        after = [each for each in rated if 2 <= (each[0] - opened).days <= 8]
        falls.append(fmean(each[1] for each in before) - fmean(each[1] for each in after))
        rises.append(fmean(each[2] for each in after) - fmean(each[2] for each in before))
    assert fmean(falls) > 2
    assert abs(fmean(rises)) < 1


def test_a_patient_is_the_same_each_time_and_the_pace_multiplies_the_half_benefit_days():
    one, again = (target_patient(3, 7, 0.3, MEASURE) for _ in range(2))
    assert one == again
    slow = target_patient(3, 7, 0.3, MEASURE, 1.6)
    assert slow.person.half_days == 1.6 * one.person.half_days
