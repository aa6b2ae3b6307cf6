from __future__ import annotations

import numpy as np
import pytest

from clinical.outlook.evaluation import CyclePredictions, Prediction, score

DAYS = 40


def arrays(seed: int = 3, cycles: int = 60) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    half = draw.uniform(12, 50, cycles)
    median = half[:, None] * np.exp(draw.normal(0, 0.3, (cycles, DAYS)))
    chance = np.clip(np.arange(1, DAYS + 1) / half[:, None] - 0.5 + draw.normal(0, 0.15, median.shape), 0, 1)
    return {"half": half, "median": median, "chance": chance, "length": draw.integers(20, DAYS + 1, cycles)}


def as_cycles(table: dict[str, np.ndarray]) -> list[CyclePredictions]:
    rows = zip(table["half"], table["median"], table["chance"], table["length"], strict=True)
    return [
        CyclePredictions(
            1,
            int(length),
            float(half),
            float(0.8 * half),
            tuple(
                Prediction(
                    day, median[day - 1], 0.6 * median[day - 1], 1.5 * median[day - 1], chance[day - 1]
                )
                for day in range(1, int(length))
            ),
        )
        for half, median, chance, length in rows
    ]


def test_the_score_is_that_of_the_same_table_computed_in_columns():
    table = arrays()
    found = score(as_cycles(table), 0.6)
    half, length, day = table["half"], table["length"], np.arange(1, DAYS + 1)
    ahead = half > 14
    truth, median = half[ahead], table["median"][ahead, 13]
    error = np.minimum(median, 56) - truth
    assert found.at_14.mean_error == pytest.approx(np.abs(error).mean())
    assert found.at_14.bias == pytest.approx(error.mean())
    assert found.at_14.coverage == pytest.approx(((0.6 * median <= truth) & (truth <= 1.5 * median)).mean())
    followed = day < length[:, None]
    alarm = np.asarray(table["chance"] >= 0.6) & followed
    before = np.pad(alarm, ((0, 0), (1, 0)))[:, :-1]
    before_loss = (day < 0.8 * half[:, None]) & followed
    assert found.detection.false_alarm_count == (alarm & ~before & before_loss).sum()
    assert found.detection.years == pytest.approx(before_loss.sum() / 365.25)
    observed = half + 7 <= length - 1
    detected = (alarm & ~before_loss & (day <= half[:, None] + 7)).any(axis=1)
    assert found.detection.sensitivity == pytest.approx(np.mean(detected, where=observed))
    gone = (day >= half[:, None])[followed]
    brier = ((table["chance"][followed] - gone) ** 2).mean()
    assert found.calibration.brier_skill == pytest.approx(1 - brier / gone.var())


def test_cycles_and_censored_ones_are_counted():
    observed, censored = CyclePredictions(1, 30, 20.0, 15.0, ()), CyclePredictions(2, 20, None, None, ())
    found = score([observed, censored], 0.6)
    assert (found.cycles, found.censored) == (2, 1)


def test_without_cycles_every_score_is_empty():
    found = score([], 0.6)
    assert found.cycles == 0
    figures = (
        found.at_7.mean_error,
        found.detection.sensitivity,
        found.lead_times.timely_share,
        found.scheduling.saved,
    )
    assert figures == (None, None, None, None)
