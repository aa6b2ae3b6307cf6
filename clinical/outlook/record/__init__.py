"""How forecasts turned out, once it is known when half of the benefit was gone."""

from __future__ import annotations

from clinical.outlook.record.alarms import AlarmScore, LeadScore, alarms, leads
from clinical.outlook.record.chances import ChanceScore, chances
from clinical.outlook.record.cycle import CycleRecord, Saying
from clinical.outlook.record.landmarks import LandmarkScore, landmark
from clinical.outlook.record.rules import calendar, seven_day_mean
from clinical.outlook.record.scoring import RecordScore, score
from clinical.outlook.record.timing import TimingScore, timing

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
