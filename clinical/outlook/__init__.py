"""The outlook: a forecast of the day on which half of an infusion's benefit is lost, with its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clinical.outlook.disclaimers import DISCLAIMERS
from clinical.outlook.engine_version import ENGINE_VERSION
from clinical.outlook.model.population_prior import PUBLISHED, PopulationPrior
from clinical.outlook.result import (
    Basis,
    DataQuality,
    Estimate,
    Inputs,
    MeasureUse,
    NoForecastReason,
    Outlook,
    Pace,
    Reason,
    ReasonCode,
    Status,
    WearOff,
)

if TYPE_CHECKING:
    from clinical.outlook.build import outlook

__all__ = [
    "DISCLAIMERS",
    "ENGINE_VERSION",
    "PUBLISHED",
    "Basis",
    "DataQuality",
    "Estimate",
    "Inputs",
    "MeasureUse",
    "NoForecastReason",
    "Outlook",
    "Pace",
    "PopulationPrior",
    "Reason",
    "ReasonCode",
    "Status",
    "WearOff",
    "outlook",
]


def __getattr__(name: str) -> Any:
    """Import the computation when it is asked for: numpy takes long to import, and few commands need it."""
    if name == "outlook":
        from clinical.outlook.build import outlook  # noqa: PLC0415

        return outlook
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
