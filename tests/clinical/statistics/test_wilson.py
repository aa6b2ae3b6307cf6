from __future__ import annotations

from importlib import import_module

import pytest

from clinical.statistics.wilson import wilson


@pytest.mark.parametrize(
    ("people", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_range_is_that_of_the_published_examples(people, of, low, high):
    # Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3.
    assert wilson(people, of) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("of", [1, 2, 5, 9, 40, 1_000])
def test_the_range_is_that_of_another_implementation_none_and_all_included(of):
    other = import_module("statsmodels.stats.proportion")
    for people in {0, 1, of // 3, of // 2, of - 1, of}:
        low, high = wilson(people, of)
        assert (low, high) == pytest.approx(other.proportion_confint(people, of, method="wilson"), abs=1e-12)
        assert 0 <= low <= people / of <= high <= 1


@pytest.mark.parametrize(("people", "of"), [(0, 0), (-1, 5), (6, 5)])
def test_counts_that_cannot_be_are_refused(people, of):
    with pytest.raises(ValueError, match="numerator lies between 0 and the denominator"):
        wilson(people, of)
