from __future__ import annotations

import numpy as np
import pytest

from bench.simulation.wear_off_shapes import Shape, ShapeKind, day_at, drawn_shape, remaining

SHAPES = [
    Shape(ShapeKind.WEIBULL, 1.8),
    Shape(ShapeKind.PARTIAL, 1.4, asymptote=0.25),
    Shape(ShapeKind.HELD_THEN_LINEAR, 0.5),
    Shape(ShapeKind.TWO_SPEEDS, 0.3),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.kind.value)
def test_a_benefit_begins_whole_is_half_at_its_day_and_never_grows(shape):
    left = remaining(shape, 20.0, np.array([0.0, 20.0]))
    assert left == pytest.approx([1.0, 0.5])
    assert (np.diff(remaining(shape, 20.0, np.arange(0.0, 200.0))) <= 0).all()


@pytest.mark.parametrize("share", [2 / 3, 0.5, 0.4])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.kind.value)
def test_a_crossing_is_where_the_curve_meets_the_share(shape, share):
    day = day_at(shape, 26.0, share)
    before, after = remaining(shape, 26.0, np.array([day - 0.01, day + 0.01]))
    assert before > share > after


def test_the_asymptote_is_never_lost():
    asymptote = Shape(ShapeKind.PARTIAL, 2.0, asymptote=0.2)
    assert remaining(asymptote, 20.0, np.array([500.0])) == pytest.approx([0.2])
    assert day_at(asymptote, 20.0, 0.15) == pytest.approx(600.0)


def test_all_four_shapes_are_drawn():
    draw = np.random.default_rng(1)
    assert {drawn_shape(draw).kind for _ in range(60)} == set(ShapeKind)
