"""Disclaimers shown with every outlook."""

from __future__ import annotations

from typing import Final

DISCLAIMERS: Final[tuple[str, ...]] = (
    "Decision support for a clinician: it advises nothing, books nothing and orders nothing.",
    "Measured on simulated patients only, never yet on the daily ratings of ketamine patients.",
    "Losing half of the self-rated benefit is not the same as a clinical relapse.",
    "An 80 % range is wrong for two cycles in ten, and usually several weeks wide.",
    "Not for emergencies: safety answers are handled apart from it and never wait for it.",
)
