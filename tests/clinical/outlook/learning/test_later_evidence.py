from __future__ import annotations

import numpy as np

from clinical.outlook import PUBLISHED
from clinical.outlook.learning.later_evidence import LANDMARKS, later_evidence
from clinical.outlook.model.wear_off_curve import HALF_DAYS
from tests.clinical.courses import course, running_day


def evidence(half: float, interval: int):
    history = course(intervals=(interval,) * 2, until=10, half=half)
    found = later_evidence(history, running_day(history), PUBLISHED)
    assert len(found) == 2
    return dict(found[max(found)])


def expected_day(likelihood) -> float:
    """The mean of log T over the cells, as a day, were all of them as likely before."""
    weights = np.array(likelihood)
    return float(np.exp(weights @ np.log(HALF_DAYS) / weights.sum()))


def test_later_days_of_a_benefit_that_wore_off_early_speak_for_an_early_day():
    early, late = evidence(12.0, 40)[7], evidence(30.0, 40)[7]
    assert expected_day(early) < expected_day(late)


def test_a_cycle_that_ends_before_half_is_lost_leaves_every_later_day_as_likely():
    beyond = np.array(evidence(60.0, 24)[14])[HALF_DAYS > 50]
    assert beyond.max() < 2 * beyond.min()


def test_there_is_evidence_of_every_landmark_before_the_next_infusion():
    assert tuple(evidence(30.0, 40)) == LANDMARKS
    assert tuple(evidence(30.0, 14)) == LANDMARKS[:1]
