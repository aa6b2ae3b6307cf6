"""One questionnaire's totals over a patient's course, each against the patient's own before treatment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from clinical import local_day
from clinical.answer_timing import scores_before_treatment
from clinical.baseline import BASELINE_DAYS
from clinical.current_course import all_courses, current_course
from clinical.custom_instrument import is_custom
from clinical.history import History
from clinical.instruments.catalogue import find
from clinical.instruments.change import (
    THRESHOLDS,
    Change,
    Point,
    Relapse,
    Thresholds,
    before_treatment,
    change_by,
    relapse,
    thresholds_of,
)
from clinical.instruments.instrument import Band, band
from clinical.protocol import days_after, first_infusion
from clinical.score import Instrument, Score, totals
from models.clinics import Clinic
from services import custom_instruments
from services.context import Context
from services.errors import NotFound
from services.histories import histories
from services.scores import NO_SUCH_INSTRUMENT

MOST_POINTS: Final = 1_000
"""Most totals of one response: of nineteen years of a weekly questionnaire. Operational."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One total, its published band, and its change; no change where none can be computed."""

    day: date
    total: int
    band: str | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class TotalsCourse:
    """Every total of one questionnaire, one a day; `before` is the one before the current course's treatment.

    Each total's change is from the one before the course that the total belongs to.
    """

    instrument: str
    before: Point | None
    points: Sequence[Judged]
    relapse: Relapse | None
    thresholds: Thresholds | None


def course(ctx: Context, patient_id: UUID | None, instrument: str) -> TotalsCourse:
    """Return a questionnaire's totals in order of day, forms filled in here and totals entered alike.

    Raises NotFound for a custom instrument that the clinic has not.
    """
    patient = ctx.load_patient(patient_id)
    clinic = ctx.session.get_one(Clinic, patient.clinic_id)
    own = custom_instruments.find(ctx.session, instrument)
    if own is None and is_custom(instrument):
        raise NotFound(NO_SUCH_INSTRUMENT)
    history = histories(ctx.session, clinic, [patient.id])[patient.id]
    points = _points(totals(history.scores, instrument))
    today = local_day.today(ctx.now, patient.time_zone, patient.day_start_hour)
    current = current_course(history, today)
    first = first_infusion(current.protocol, current.infusions, date.max)
    firsts = [_first(history, known.began_on) for known in all_courses(history)]
    before_points = _points(
        scores_before_treatment(totals(history.scores, instrument), (first, *firsts), history.infusions)
    )
    before = None if first is None else before_treatment(before_points, first)
    relapsed = relapse(points, first) if first is not None and instrument is Instrument.PHQ_9 else None
    if own is not None:
        bands, known = own.total_bands, own.thresholds
    else:
        asked = find(str(instrument))
        bands, known = asked.bands if asked else (), thresholds_of(instrument)
    judged = [
        _judged(bands, known, _before(before_points, firsts, point[0]), point)
        for point in points[-MOST_POINTS:]
    ]
    shown = known if own is not None else THRESHOLDS.get(str(instrument))
    return TotalsCourse(instrument, before, judged, relapsed, shown)


def _points(scores: Sequence[Score]) -> list[Point]:
    return [(score.day, score.total) for score in scores]


def _first(history: History, began_on: date) -> date | None:
    """Return the first infusion of the course that began on a day."""
    course = current_course(history, began_on)
    return first_infusion(course.protocol, course.infusions, date.max)


def _before(points: Sequence[Point], firsts: Sequence[date | None], day: date) -> Point | None:
    """Return the total before treatment of the last course whose baseline weeks had begun on a day."""
    begun = [first for first in firsts if first is not None and days_after(first, -BASELINE_DAYS) <= day]
    return before_treatment(points, begun[-1]) if begun else None


def _judged(bands: Sequence[Band], known: Thresholds, before: Point | None, point: Point) -> Judged:
    day, total = point
    named = band(bands, total)
    since = None
    if before is not None and day > before[0]:
        since = change_by(known, before[1], total)
    return Judged(day, total, named.label if named else None, since)
