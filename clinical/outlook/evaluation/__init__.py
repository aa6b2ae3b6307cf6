"""Forecast evaluation: predictions scored against the day on which half of the benefit was lost."""

from __future__ import annotations

from clinical.outlook.evaluation.calibration import CalibrationScore, score_calibration
from clinical.outlook.evaluation.comparators import calendar, seven_day_mean
from clinical.outlook.evaluation.detection import DetectionScore, LeadScore, score_detection, score_lead_times
from clinical.outlook.evaluation.landmarks import LandmarkScore, score_landmark
from clinical.outlook.evaluation.predictions import CyclePredictions, Prediction
from clinical.outlook.evaluation.reliability import ReliabilityBin, mean_miss, reliability
from clinical.outlook.evaluation.scheduling import SchedulingScore, score_scheduling
from clinical.outlook.evaluation.summary import EvaluationSummary, score

__all__ = [
    "CalibrationScore",
    "CyclePredictions",
    "DetectionScore",
    "EvaluationSummary",
    "LandmarkScore",
    "LeadScore",
    "Prediction",
    "ReliabilityBin",
    "SchedulingScore",
    "calendar",
    "mean_miss",
    "reliability",
    "score",
    "score_calibration",
    "score_detection",
    "score_landmark",
    "score_lead_times",
    "score_scheduling",
    "seven_day_mean",
]
