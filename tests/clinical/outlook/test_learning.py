from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from clinical.history import History
from clinical.outlook.learning import FEWEST_PATIENTS, Evidence, evidence, explains, propose
from clinical.outlook.prior import PUBLISHED, Prior
from tests.clinical.courses import course, running_day


def clinic(median: float, interval: int, patients: int = 40) -> list[tuple[History, date]]:
    """Patients whose benefit halves around `median` days, with an infusion every `interval` days."""
    draw = np.random.default_rng(3)
    halves = (median * np.exp(0.4 * draw.normal(size=patients))).tolist()
    found = []
    for seed, half in enumerate(halves):
        history = course(seed=seed, intervals=(interval,) * 4, until=10, half=half)
        found.append((history, running_day(history)))
    return found


def heard(patients: list[tuple[History, date]]) -> list[Evidence]:
    return [said for history, today in patients if (said := evidence(history, today)) is not None]


@pytest.mark.parametrize(("median", "interval"), [(17.0, 28), (42.0, 56)])
def test_a_clinic_that_differs_is_noticed(median, interval):
    proposal = propose(heard(clinic(median, interval)))
    assert proposal is not None
    assert abs(np.log(proposal.median_days / median)) < abs(np.log(28.0 / median)) / 2
    assert proposal.cycles == 4 * proposal.patients


def test_cycles_cut_short_do_not_pass_for_short_benefit():
    proposal = propose(heard(clinic(42.0, 21)))
    assert proposal is not None
    assert proposal.median_days > 28


def test_few_patients_propose_nothing():
    assert propose(heard(clinic(17.0, 28, FEWEST_PATIENTS - 1))) is None


def test_who_has_no_finished_cycle_or_no_benefit_is_not_asked():
    first = course(until=15)
    assert evidence(first, running_day(first)) is None
    flat = course(intervals=(28, 28), until=20, gain=0.0)
    assert evidence(flat, running_day(flat)) is None
    assert evidence(first, first.readings[0].day - timedelta(days=1)) is None


def test_a_prior_near_the_truth_explains_patients_better():
    known = heard(clinic(17.0, 28))
    near, far = Prior("near", 17.0, 0.4), Prior("far", 45.0, 0.4)
    sums = [sum(explains(one, prior) for one in known) for prior in (near, PUBLISHED, far)]
    assert sums == sorted(sums, reverse=True)
