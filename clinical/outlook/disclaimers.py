"""Disclaimers shown with every outlook."""

from __future__ import annotations

from typing import Final

from clinical.target_measure import TargetMeasure, is_rating, name

DISCLAIMERS: Final[tuple[str, ...]] = (
    "Decision support for a clinician: it advises nothing, books nothing and orders nothing.",
    "Measured on simulated patients only, never yet on the daily ratings of ketamine patients.",
    "Losing half of the self-rated benefit is not the same as a clinical relapse.",
    "An 80 % range is wrong for two cycles in ten, and usually several weeks wide.",
    "Not for emergencies: safety answers are handled apart from it and never wait for it.",
)


def disclaimers(measure: TargetMeasure) -> tuple[str, ...]:
    """Return the disclaimers of an outlook by a measure: one more by a rating than by wellbeing."""
    if not is_rating(measure):
        return DISCLAIMERS
    assumed = f"It times {name(measure)} alone, with assumptions from studies of depression, none of its own."
    return (*DISCLAIMERS, assumed)
