"""When half of a maintenance infusion's benefit is gone, how surely, and why."""

from __future__ import annotations

from clinical.outlook.answer import (
    Basis,
    DataQuality,
    Estimate,
    Inputs,
    MeasureUse,
    Outlook,
    Reason,
    Refusal,
    Status,
    WearOff,
)
from clinical.outlook.compose import outlook
from clinical.outlook.figures import ENGINE_VERSION
from clinical.outlook.limits import LIMITS
from clinical.outlook.patient import PRIOR_VERSION

__all__ = [
    "ENGINE_VERSION",
    "LIMITS",
    "PRIOR_VERSION",
    "Basis",
    "DataQuality",
    "Estimate",
    "Inputs",
    "MeasureUse",
    "Outlook",
    "Reason",
    "Refusal",
    "Status",
    "WearOff",
    "outlook",
]
