"""Whether a clinic shows its forecasts, keeps them to itself, or makes none."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """What a clinic does with the forecast; the trend and the plan's dates are there in every mode.

    `silent`: made and kept, so that it can be scored, and shown to nobody until the clinic trusts it.
    """

    OFF = "off"
    SILENT = "silent"
    SHOWN = "shown"
