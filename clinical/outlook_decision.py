"""What a clinician decides on an outlook."""

from __future__ import annotations

from enum import StrEnum


class ClinicianDecision(StrEnum):
    """Whether the clinician agrees with an outlook or differs."""

    AGREE = "agree"
    DIFFER = "differ"
