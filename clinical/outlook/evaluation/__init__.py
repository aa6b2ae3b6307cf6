"""How forecasts turned out, once it is known when half of the benefit was gone."""

from __future__ import annotations

from clinical.outlook.evaluation.alarms import AlarmScore, LeadScore, alarms, leads
from clinical.outlook.evaluation.chances import ChanceScore, chances
from clinical.outlook.evaluation.cycle import CycleRecord, Saying
from clinical.outlook.evaluation.landmarks import LandmarkScore, landmark
from clinical.outlook.evaluation.rules import calendar, seven_day_mean
from clinical.outlook.evaluation.scoring import RecordScore, score
from clinical.outlook.evaluation.timing import TimingScore, timing

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
