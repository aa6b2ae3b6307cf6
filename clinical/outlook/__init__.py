"""The outlook: a forecast of the day on which half of an infusion's benefit is lost, with its reasons."""

from __future__ import annotations

from clinical.outlook.build import outlook
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
