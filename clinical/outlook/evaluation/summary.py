"""All scores of a forecaster over many cycles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clinical.outlook.evaluation.calibration import CalibrationScore, score_calibration
from clinical.outlook.evaluation.detection import DetectionScore, LeadScore, score_detection, score_lead_times
from clinical.outlook.evaluation.landmarks import LandmarkScore, score_landmark
from clinical.outlook.evaluation.predictions import CyclePredictions
from clinical.outlook.evaluation.scheduling import SchedulingScore, score_scheduling


@dataclass(frozen=True, slots=True)
class EvaluationSummary:
    """Scores over `cycles` cycles, of which `censored` ended before the loss of half was observed.

    Censored cycles count for false alarms, calibration and `interval_reaches_end`; never in an error, a
    coverage or a sensitivity. Every figure is None where there is nothing to average.
    """

    cycles: int
    censored: int
    at_7: LandmarkScore
    at_14: LandmarkScore
    detection: DetectionScore
    lead_times: LeadScore
    calibration: CalibrationScore
    scheduling: SchedulingScore


def score(cycles: Sequence[CyclePredictions], alarm_at: float) -> EvaluationSummary:
    """Return all scores, with an alarm when `p_half_lost` is at least `alarm_at` (0-1).

    Pass the cycles that are to be scored together, such as those of one patient or of one number.
    """
    return EvaluationSummary(
        cycles=len(cycles),
        censored=sum(cycle.half_gone is None for cycle in cycles),
        at_7=score_landmark(cycles, 7),
        at_14=score_landmark(cycles, 14),
        detection=score_detection(cycles, alarm_at),
        lead_times=score_lead_times(cycles),
        calibration=score_calibration(cycles),
        scheduling=score_scheduling(cycles),
    )
