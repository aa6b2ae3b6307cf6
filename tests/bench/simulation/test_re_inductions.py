from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bench.simulation.cohort import history, patient
from bench.simulation.re_inductions import BREAK_DAYS, CYCLES_AGAIN, returned, second_course_only
from clinical.current_course import current_course
from clinical.protocol import cycle_starts


def test_the_first_course_is_that_of_the_same_patient_cut_short():
    found, first = returned(3, seed=3, missing=0.3), patient(3, seed=3, missing=0.3)
    before = [given for given in found.patient.infusions if given.day < found.course.began_on]
    assert before == list(first.infusions[: len(before)])
    assert 7 <= len(before) <= 11


def test_nothing_is_answered_in_the_break():
    found = returned(3, seed=3, missing=0.3)
    began = found.course.began_on
    days = [one.reading.day for one in found.patient.answers]
    last = max(day for day in days if day < began - timedelta(days=25))
    assert (began - last).days >= BREAK_DAYS[0]


def test_the_true_cycles_are_those_of_the_second_course():
    found = returned(3, seed=3, missing=0.3)
    assert len(found.patient.cycles) <= CYCLES_AGAIN
    today = found.patient.cycles[-1].start
    known = replace(history(found.patient, today), courses=(found.course,))
    second = current_course(known, found.patient.day(today))
    starts = cycle_starts(second.protocol, second.infusions, found.patient.day(today))
    assert starts == tuple(found.patient.day(cycle.start) for cycle in found.patient.cycles)


def test_a_clinic_may_know_the_second_course_only():
    found = returned(3, seed=3, missing=0.3)
    alone = second_course_only(found)
    assert min(given.day for given in alone.infusions) == found.course.began_on
    assert min(one.reading.day for one in alone.answers) < found.course.began_on
    assert alone.cycles == found.patient.cycles
