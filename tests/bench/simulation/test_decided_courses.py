from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from bench.simulation.cohort import EVERYTHING, history, patient
from bench.simulation.decided_courses import (
    FOLLOWED_DAYS,
    Circumstances,
    Clinic,
    Running,
    begun,
    circumstances,
    infused,
)
from bench.simulation.treatment_course import CYCLES
from bench.simulation.worlds import OTHERS
from clinical.infusion import InfusionReason

CLINIC = Clinic(EVERYTHING, 42)


@cache
def drawn(number: int = 1) -> Circumstances:
    return circumstances(number, 3, 0.3)


@cache
def treated_every(days: int, cycles: int, number: int = 1) -> Running:
    running = begun(drawn(number), CLINIC)
    for _ in range(cycles):
        running = infused(drawn(number), running, days, InfusionReason.SCHEDULED)
    return running


def test_a_patient_is_the_person_of_the_other_simulation():
    elsewhere = patient(1, seed=3, missing=0.3)
    assert drawn().person == elsewhere.person
    assert drawn().first == elsewhere.first
    assert [drawn().first.toordinal() + day for day in drawn().induction] == [
        given.day.toordinal() for given in elsewhere.infusions[:6]
    ]


def test_whatever_is_decided_the_cycles_have_the_same_truth():
    often, seldom = (treated_every(days, 6).course.cycles for days in (14, 28))
    assert [cycle.start for cycle in often] != [cycle.start for cycle in seldom]
    for one, other in zip(often, seldom, strict=True):
        assert (one.half_gone, one.third_gone, one.gain) == (other.half_gone, other.third_gone, other.gain)


def test_whatever_is_decided_the_days_have_the_same_noise():
    person = drawn().person
    apart = []
    for days in (14, 28):
        running = treated_every(days, 6)
        gains = np.zeros(running.course.length)
        for cycle in running.course.cycles:
            gains[cycle.start : cycle.end] = cycle.gain
        gains[: running.course.cycles[0].start] = 1.0
        mood = running.days.felt[:, 0] - person.levels[0] - person.gains[0] * gains * running.days.left
        mood[list(running.course.infusions)] = np.nan
        apart.append(mood)
    shorter = min(len(each) for each in apart)
    one, other = (each[:shorter] for each in apart)
    both = ~np.isnan(one) & ~np.isnan(other)
    assert one[both] == pytest.approx(other[both])


def test_an_infusion_changes_nothing_that_was_known_before_it():
    before = treated_every(20, 2)
    after = infused(drawn(), before, 20, InfusionReason.SCHEDULED)
    for today in range(before.course.cycles[-1].start, after.course.cycles[-1].start):
        assert history(before.patient, today) == history(after.patient, today)


def test_the_infusion_is_known_from_its_day_on_with_what_was_recalled():
    running = treated_every(20, 6)
    day = running.course.cycles[-1].start
    known = [history(running.patient, today) for today in (day - 1, day)]
    assert [len(each.infusions) for each in known] == [6 + 5, 6 + 6]
    assert len(known[1].half_benefit_recalls) >= 1
    assert all(recall.asked_on <= running.patient.day(day) for recall in known[1].half_benefit_recalls)


def test_as_many_days_are_missing_as_was_asked():
    shares = []
    for number in range(20):
        running = treated_every(21, 3, number)
        answered = {one.reading.day for one in running.patient.answers}
        shares.append(1 - len(answered) / running.course.length)
    assert np.mean(shares) == pytest.approx(0.3, abs=0.08)


def test_days_are_in_order_and_each_once():
    readings = history(treated_every(14, 6).patient, treated_every(14, 6).course.length).readings
    assert [reading.day for reading in readings] == sorted({reading.day for reading in readings})


def test_the_reason_is_judged_at_the_visit():
    reasons = {
        reason
        for number in range(20)
        for reason in treated_every(14, 6, number).course.reasons
    }  # fmt: skip
    assert InfusionReason.SYMPTOMS_NOT_RETURNED in reasons
    assert InfusionReason.SYMPTOMS_RETURNED not in reasons


def test_a_benefit_that_shortens_does_not_do_so_for_ever():
    shortens = next(world for world in OTHERS if world.pace < 0)
    found = [np.log(circumstances(number, 3, 0.3, shortens).half_gone) for number in range(10)]
    early, late = (np.mean([each[numbers] for each in found]) for numbers in (slice(5), slice(CYCLES, None)))
    assert early - late == pytest.approx(4 * 0.08, abs=0.12)
    latest = np.mean([each[30:] for each in found])
    assert late == pytest.approx(latest, abs=0.08)


def test_two_years_are_followed():
    running = treated_every(28, 25)
    last = infused(drawn(), running, 28, InfusionReason.SCHEDULED).course
    assert last.length - drawn().induction[-1] == FOLLOWED_DAYS
