"""How a clinic uses forecasts."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """How a clinic uses forecasts; the trend and the plan's dates are shown in every mode.

    `silent` (a silent trial): computed and stored, to be evaluated, and not shown.
    """

    OFF = "off"
    SILENT = "silent"
    SHOWN = "shown"
