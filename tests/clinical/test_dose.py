from __future__ import annotations

import pytest

from clinical.dose import DoseLimitName, DoseLimits, ExceededDoseLimit, exceeded_dose_limits, mg_per_kg


@pytest.mark.parametrize(
    ("dose", "weight", "expected"),
    [(35, 70, 0.5), (84.6, 70.5, 1.2), (0, 70, 0.0), (None, 70, None), (35, None, None), (35, 71, 0.493)],
)
def test_a_dose_by_weight_has_three_decimals_and_needs_both(dose, weight, expected):
    assert mg_per_kg(dose, weight) == (None if expected is None else pytest.approx(expected))


def test_a_dose_above_a_limit_exceeds_it_and_one_equal_to_it_does_not():
    limits = DoseLimits(max_dose_mg_per_kg=0.7, max_dose_mg=60)
    assert exceeded_dose_limits(33.6, 48, limits) == ()
    assert exceeded_dose_limits(60, None, limits) == ()
    assert exceeded_dose_limits(61, 70, limits) == (
        ExceededDoseLimit(DoseLimitName.MAX_DOSE_MG_PER_KG, 0.871, 0.7),
        ExceededDoseLimit(DoseLimitName.MAX_DOSE_MG, 61, 60),
    )


def test_no_limit_is_assumed():
    assert exceeded_dose_limits(2000, 40, DoseLimits()) == ()
