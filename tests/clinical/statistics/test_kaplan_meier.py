from __future__ import annotations

import warnings
from importlib import import_module
from math import nan

import numpy as np
import pytest

from clinical.statistics.kaplan_meier import Curve, Span, kaplan_meier


def spans(*times: int, ended: bool = True) -> list[Span]:
    return [Span(days, ended) for days in times]


def followed(people: int, seed: int, longest: int) -> list[Span]:
    """People whose ends are cut short at random; with few days to fall on, most share theirs."""
    noise = np.random.default_rng(seed)
    ends = noise.integers(0, longest, people)
    cut = noise.integers(1, longest, people)
    return [Span(int(min(end, last)), bool(end <= last)) for end, last in zip(ends, cut, strict=True)]


def second_opinion(people: list[Span]):
    """The same estimate in another implementation."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter = import_module("lifelines").KaplanMeierFitter()
        return fitter.fit([one.days for one in people], [one.ended for one in people])


@pytest.mark.parametrize(
    ("people", "seed", "longest"),
    [(1, 1, 5), (2, 7, 9), (12, 2, 200), (60, 3, 12), (200, 4, 40), (1_000, 5, 90), (400, 6, 4_000)],
)
def test_the_curve_its_band_and_its_median_are_those_of_lifelines(people, seed, longest):
    seen = followed(people, seed, longest)
    curve, other = kaplan_meier(seen), second_opinion(seen)
    days = [step.day for step in curve.steps]
    expected = other.survival_function_.loc[days].to_numpy().ravel()
    np.testing.assert_allclose([step.surviving for step in curve.steps], expected, rtol=0, atol=1e-9)
    table = other.event_table.loc[days]
    assert [step.at_risk for step in curve.steps] == table["at_risk"].tolist()
    assert [step.events for step in curve.steps] == table["observed"].tolist()
    between = [step for step in curve.steps if 0 < step.surviving < 1]
    band = other.confidence_interval_.loc[[step.day for step in between]].to_numpy()
    own = np.array([(step.lo95, step.hi95) for step in between]).reshape(-1, 2)
    np.testing.assert_allclose(own, band, rtol=0, atol=1e-9)
    median = float(other.median_survival_time_)
    assert curve.median == (None if median == float("inf") else median)


def test_the_curve_matches_a_computation_by_hand():
    # Of 5: one ends on day 2 (4/5 left); one is lost on day 3; one of 3 ends on day 5 (2/3 of that).
    curve = kaplan_meier([*spans(2, 5), *spans(3, 9, 9, ended=False)])
    assert [(step.day, step.at_risk) for step in curve.steps] == [(2, 5), (3, 4), (5, 3), (9, 2)]
    assert [step.surviving for step in curve.steps] == pytest.approx([0.8, 0.8, 0.8 * 2 / 3, 0.8 * 2 / 3])
    assert (curve.subjects, curve.events, curve.median) == (5, 2, None)


def test_a_subject_censored_on_the_day_of_an_event_was_at_risk_for_it():
    assert kaplan_meier([*spans(4), *spans(4, ended=False)]).at(4).surviving == pytest.approx(0.5)


def test_between_two_steps_the_earlier_one_holds():
    curve = kaplan_meier(spans(10, 20))
    assert [curve.at(day).surviving for day in (0, 9.5, 10, 19, 20, 400)] == [1, 1, 0.5, 0.5, 0, 0]
    assert [curve.followed(day) for day in (0, 10, 11, 20, 21)] == [2, 2, 1, 1, 0]


@pytest.mark.parametrize("people", [2, 24, 54, 200])
def test_the_median_does_not_depend_on_rounding(people):
    assert kaplan_meier(spans(*range(1, people + 1))).median == people / 2


def test_without_subjects_there_is_no_curve():
    assert kaplan_meier([]) == Curve(0, 0, ())


@pytest.mark.parametrize(("people", "lowest"), [(5, 0.4782), (10, 0.6915), (60, 0.9404)])
def test_the_lower_limit_of_a_curve_without_events_is_exact(people, lowest):
    # The exact limits of none of so many (Clopper and Pearson 1934), from their published tables.
    curve = kaplan_meier(spans(*[30] * people, ended=False))
    for day in (1, 30):
        assert (curve.at(day).surviving, curve.at(day).hi95) == (1, 1)
        assert curve.at(day).lo95 == pytest.approx(lowest, abs=5e-5)
    assert curve.at(0).lo95 == 1
    ended = kaplan_meier(spans(*[30] * people)).at(30)
    assert (ended.lo95, ended.surviving) == (0, 0)
    assert ended.hi95 == pytest.approx(1 - lowest, abs=5e-5)


def test_the_band_widens_as_fewer_are_followed():
    curve = kaplan_meier([*spans(*[3] * 5, ended=False), *spans(*[30] * 5, ended=False)])
    assert curve.at(3).lo95 == pytest.approx(0.6915, abs=5e-5)
    assert curve.at(4).lo95 == pytest.approx(0.4782, abs=5e-5)


@pytest.mark.parametrize("days", [-1, nan, float("inf")])
def test_a_time_that_cannot_be_is_refused(days):
    with pytest.raises(ValueError, match="finite number of days"):
        kaplan_meier([Span(days, ended=True)])
