"""Reasons of an outlook, in sentences for a clinician."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from clinical.outlook.reasons import benefit, data_coverage, levels, reported, timing, treatment
from clinical.outlook.reasons.context import ReasonContext
from clinical.outlook.result import Reason

_IN_ORDER: Final[tuple[Callable[[ReasonContext], Reason | None], ...]] = (
    benefit.no_benefit,
    timing.status_and_day,
    levels.target_measure,
    benefit.measures_disagree,
    levels.level,
    levels.half_benefit_line,
    levels.little_lift,
    timing.past_intervals,
    timing.personal_interval,
    treatment.treatment_changed,
    timing.first_cycle,
    timing.longer_interval_untested,
    timing.pace_of_cycle,
    timing.probability_half_lost,
    reported.benefit_left,
    reported.half_benefit_recalled,
    reported.phq_9,
    levels.anxiety,
    timing.early,
    timing.window,
    timing.status_hysteresis,
    timing.protocol_limit,
    treatment.given_for_symptoms,
    levels.short_dips,
    levels.lasting_low,
    reported.rated_baseline,
    data_coverage.few_in_cycle,
    data_coverage.thin_data,
    data_coverage.stale,
)


def reasons(context: ReasonContext) -> tuple[Reason, ...]:
    """Return the reasons that apply to a forecast: level and course first, limits of the data last."""
    found = (reason(context) for reason in _IN_ORDER)
    return tuple(reason for reason in found if reason is not None)
