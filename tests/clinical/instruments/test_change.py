from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta

import pytest

from clinical.instruments.change import (
    THRESHOLDS,
    ChangeVerdict,
    Relapse,
    Thresholds,
    before_treatment,
    change,
    relapse,
)

FIRST = date(2026, 9, 1)
NAMES = {field.name for field in fields(Thresholds)} - {"direction", "sources"}
UP, DOWN, NO = ChangeVerdict.IMPROVED, ChangeVerdict.WORSENED, ChangeVerdict.NO


def after(days):
    return FIRST + timedelta(days=days)


@pytest.mark.parametrize(
    ("instrument", "before", "total", "response", "remission", "reliable", "meaningful"),
    [
        ("phq-9", 18, 9, True, False, UP, UP),
        ("phq-9", 18, 10, False, False, UP, UP),
        ("phq-9", 17, 9, False, False, UP, UP),
        ("phq-9", 18, 4, True, True, UP, UP),
        ("phq-9", 18, 5, True, False, UP, UP),
        ("phq-9", 18, 12, False, False, UP, UP),
        ("phq-9", 18, 13, False, False, NO, UP),
        ("phq-9", 18, 14, False, False, NO, NO),
        ("phq-9", 18, 22, False, False, NO, NO),
        ("phq-9", 18, 23, False, False, NO, DOWN),
        ("phq-9", 18, 24, False, False, DOWN, DOWN),
        ("gad-7", 14, 7, True, False, UP, UP),
        ("gad-7", 14, 8, False, False, UP, UP),
        ("gad-7", 14, 4, True, True, UP, UP),
        ("gad-7", 14, 11, False, False, NO, NO),
        ("gad-7", 14, 18, False, False, DOWN, DOWN),
        ("pcl-5", 50, 28, None, True, UP, UP),
        ("pcl-5", 50, 29, None, False, UP, UP),
        ("pcl-5", 50, 32, None, False, UP, UP),
        ("pcl-5", 50, 33, None, False, NO, UP),
        ("pcl-5", 50, 41, None, False, NO, UP),
        ("pcl-5", 50, 42, None, False, NO, NO),
        ("who-5", 40, 50, None, None, None, UP),
        ("who-5", 40, 48, None, None, None, NO),
        ("who-5", 40, 30, None, None, None, DOWN),
        ("madrs", 32, 16, True, False, None, None),
        ("madrs", 32, 10, True, True, None, None),
        ("madrs", 32, 11, True, False, None, None),
        ("qids-sr", 16, 8, True, False, None, None),
        ("qids-sr", 16, 5, True, True, None, None),
        ("isi", 20, 11, None, None, None, UP),
        ("isi", 20, 12, None, None, None, NO),
        ("ede-qs", 20, 1, None, None, None, None),
        ("y-bocs", 20, 13, True, False, None, None),
        ("y-bocs", 20, 14, False, False, None, None),
        ("y-bocs", 20, 12, True, True, None, None),
    ],
)
def test_a_change_is_judged_by_the_published_thresholds(
    instrument, before, total, response, remission, reliable, meaningful
):
    found = change(instrument, before, total)
    assert found.difference == total - before
    assert (found.response, found.remission) == (response, remission)
    assert (found.reliable_change, found.important_change) == (reliable, meaningful)


@pytest.mark.parametrize("total", [0, 2, 4, 20])
def test_a_start_in_the_range_of_remission_is_neither_response_nor_remission(total):
    found = change("phq-9", 4, total)
    assert (found.response, found.remission) == (None, None)
    assert change("phq-9", 5, 4).remission is True


def test_every_threshold_names_its_source():
    for instrument, known in THRESHOLDS.items():
        for name in NAMES:
            stated = getattr(known, name) is not None
            assert stated == (name in (known.sources or {})), (instrument, name)


def test_the_baseline_is_the_last_total_of_the_four_weeks_before_treatment():
    points = [(after(-29), 25), (after(-20), 20), (after(0), 18), (after(3), 9)]
    assert before_treatment(points, FIRST) == (after(0), 18)
    assert before_treatment(points[:2], FIRST) == (after(-20), 20)
    assert before_treatment(points[:1], FIRST) is None
    assert before_treatment([(after(-28), 25)], FIRST) == (after(-28), 25)


def relapsed(*points):
    return relapse([(after(day), total) for day, total in points], FIRST)


def test_a_relapse_is_ten_or_more_and_six_above_the_best_twice_within_two_weeks():
    assert relapsed((7, 4), (21, 10), (26, 11)) == Relapse(after(21), after(26))
    assert relapsed((7, 4), (21, 10), (36, 12)) == Relapse(after(21), after(36))
    assert relapsed((7, 4), (21, 10)) == Relapse(after(21), None)
    assert relapsed((7, 4), (21, 10), (25, 12)) == Relapse(after(25), None)
    assert relapsed((7, 4), (21, 10), (37, 12)) == Relapse(after(37), None)


def test_a_total_below_ten_or_within_six_of_the_best_is_no_relapse():
    assert relapsed((7, 3), (21, 9), (28, 9)) is None
    assert relapsed((7, 6), (21, 11), (28, 11)) is None
    assert relapsed((-3, 2), (7, 20), (14, 21)) is None
    assert relapsed() is None
