from __future__ import annotations

import pytest

from clinical.outlook.evaluation.averages import mean, median


def test_nothing_has_no_average():
    assert mean([]) is None
    assert median([]) is None


def test_truth_values_have_a_share():
    assert mean([True, False, False, True, True]) == pytest.approx(0.6)


def test_the_middle_of_an_even_number_is_half_way():
    assert median([9, 1, 4, 2]) == pytest.approx(3.0)
