"""Wellbeing W by day, as the forecast uses it; the half-benefit line is a level of it."""

from __future__ import annotations

from datetime import date
from itertools import chain

from clinical.current_course import current_course
from clinical.history import History
from clinical.outlook.model.segments import build_model_input, up_to
from clinical.target_measure import is_rating
from clinical.trend import Rating


def daily(history: History, today: date) -> tuple[Rating, ...]:
    """Return W (0-10) of each reading that the forecast on `today` uses, in order of day.

    Empty while no cycle has opened, and where the course's target measure is an optional rating, whose
    answers are a series of their own. The day of an infusion, unless answered before it, the day after it and
    days before the four weeks of the baseline are not used.
    """
    history = current_course(history, today)
    model_input = build_model_input(history, up_to(history.readings, today), today)
    if model_input is None or is_rating(history.target_measure):
        return ()
    segments = (model_input.baseline, *model_input.finished_cycles, model_input.running_cycle)
    values = chain.from_iterable(segment.values for segment in segments)
    return tuple(Rating(reading.day, value) for reading, value in zip(model_input.used, values, strict=True))
