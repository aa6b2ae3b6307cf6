from __future__ import annotations

import numpy as np

from bench.simulation.traits import Person, drawn_person


def people(missing: float = 0.3) -> list[Person]:
    return [drawn_person(np.random.default_rng(seed), missing) for seed in range(300)]


def test_some_have_no_benefit_and_it_shows_in_their_gain():
    found = people()
    assert 0.12 < np.mean([not person.responds for person in found]) < 0.28
    assert all((person.gains[0] >= 1.2) == person.responds for person in found)


def test_half_benefit_days_lie_between_the_published_medians():
    assert 18 < np.median([person.half_days for person in people()]) < 57


def test_missingness_changes_no_other_trait():
    one, other = (drawn_person(np.random.default_rng(4), missing) for missing in (0.1, 0.5))
    assert one.missing < other.missing
    assert (one.gains, one.shape, one.half_days, one.way) == (
        other.gains,
        other.shape,
        other.half_days,
        other.way,
    )


def test_no_day_is_missing_at_rate_zero():
    assert {person.missing for person in people(0.0)} == {0.0}
