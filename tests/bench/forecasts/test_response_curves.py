"""The distance of response curves from simulated courses, compared with docs/clinical/response_curves.md."""

from __future__ import annotations

import re
from dataclasses import astuple

from bench.forecasts.response_curves import COURSES, Figures, course, figures
from tests.architecture.sources import ROOT

PAGE = ROOT / "docs" / "clinical" / "response_curves.md"


def result(found: Figures) -> list[int]:
    return [round(100 * share) for share in astuple(found)]


def test_the_page_has_the_computed_figures():
    written = [
        [int(share) for share in re.findall(r"(\d+) %", line)]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith(("| now |", "| now, without noise |"))
    ]
    assert written == [
        result(figures([course(number, noisy) for number in range(COURSES)])) for noisy in (True, False)
    ]


def test_without_noise_onset_and_peak_are_found_within_a_day():
    found = figures([course(number, noisy=False) for number in range(100)])
    assert found.onset > 0.98
    assert found.peak > 0.98
    assert found.day_0 == 0
