"""Why, in words a clinician would use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from clinical.outlook.answer import Reason
from clinical.outlook.reasons import answers, course, levels, told
from clinical.outlook.reasons.grounds import Grounds

_IN_ORDER: Final[tuple[Callable[[Grounds], Reason | None], ...]] = (
    levels.level,
    levels.half_benefit_line,
    levels.little_lift,
    course.past_intervals,
    course.personal_interval,
    course.first_cycle,
    course.pace_of_cycle,
    course.chance_gone,
    told.benefit_left,
    told.phq_9,
    levels.anxiety,
    course.early,
    course.window,
    course.held,
    course.protocol_limit,
    course.given_for_symptoms,
    levels.short_dips,
    told.judged_baseline,
    answers.few_in_cycle,
    answers.thin_data,
    answers.stale,
)


def reasons(grounds: Grounds) -> tuple[Reason, ...]:
    """The reasons that apply to a forecast: level and course first, limits of the data last."""
    found = (reason(grounds) for reason in _IN_ORDER)
    return tuple(reason for reason in found if reason is not None)
