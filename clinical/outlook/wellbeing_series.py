"""Wellbeing day by day, as the forecast read it: what the half-benefit line is a level of."""

from __future__ import annotations

from datetime import date
from itertools import chain

from clinical.history import History
from clinical.outlook.model.segments import model_input, up_to
from clinical.trend import Rating


def daily(history: History, today: date) -> tuple[Rating, ...]:
    """W (0-10) of each reading that the forecast of `today` used, in order; empty while no cycle has opened.

    The days around an infusion are not among them, and no day before the four weeks of the baseline is.
    """
    known = model_input(history, up_to(history.readings, today), today)
    if known is None:
        return ()
    stretches = (known.baseline, *known.finished, known.running)
    values = chain.from_iterable(segment.values for segment in stretches)
    return tuple(Rating(reading.day, value) for reading, value in zip(known.used, values, strict=True))
