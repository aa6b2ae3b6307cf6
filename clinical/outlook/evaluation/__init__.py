"""How forecasts turned out, once it is known when half of the benefit was gone."""

from __future__ import annotations

from clinical.outlook.evaluation.calibration import ChanceScore, chances
from clinical.outlook.evaluation.comparators import calendar, seven_day_mean
from clinical.outlook.evaluation.detection import AlarmScore, LeadScore, alarms, leads
from clinical.outlook.evaluation.landmarks import LandmarkScore, landmark
from clinical.outlook.evaluation.predictions import CycleRecord, Saying
from clinical.outlook.evaluation.scheduling import TimingScore, timing
from clinical.outlook.evaluation.summary import RecordScore, score

__all__ = [
    "AlarmScore",
    "ChanceScore",
    "CycleRecord",
    "LandmarkScore",
    "LeadScore",
    "RecordScore",
    "Saying",
    "TimingScore",
    "alarms",
    "calendar",
    "chances",
    "landmark",
    "leads",
    "score",
    "seven_day_mean",
    "timing",
]
