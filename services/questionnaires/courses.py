"""One questionnaire's totals over a patient's course, each against the patient's own before treatment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clinical.instruments.catalogue import find
from clinical.instruments.change import (
    THRESHOLDS,
    Change,
    Point,
    Relapse,
    Thresholds,
    before_treatment,
    change,
    relapse,
)
from clinical.instruments.instrument import band
from clinical.score import Instrument, totals
from models.clinics import Clinic
from services.context import Context
from services.histories import histories


@dataclass(frozen=True, slots=True)
class Judged:
    """One total, its published band, and its change; no change where none can be computed."""

    day: date
    total: int
    band: str | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class TotalsCourse:
    """Every total of one questionnaire, one a day; `before` is the patient's own before treatment."""

    instrument: Instrument
    before: Point | None
    points: Sequence[Judged]
    relapse: Relapse | None
    thresholds: Thresholds | None


def course(ctx: Context, patient_id: UUID | None, instrument: Instrument) -> TotalsCourse:
    """Return a questionnaire's totals in order of day, forms filled in here and totals entered alike."""
    patient = ctx.load_patient(patient_id)
    clinic = ctx.session.get_one(Clinic, patient.clinic_id)
    history = histories(ctx.session, clinic, [patient.id])[patient.id]
    points = [(score.day, score.total) for score in totals(history.scores, instrument)]
    first = min((infusion.day for infusion in history.infusions), default=None)
    before = None if first is None else before_treatment(points, first)
    relapsed = relapse(points, first) if first is not None and instrument is Instrument.PHQ_9 else None
    judged = [_judged(instrument, before, point) for point in points]
    return TotalsCourse(instrument, before, judged, relapsed, THRESHOLDS.get(str(instrument)))


def _judged(instrument: Instrument, before: Point | None, point: Point) -> Judged:
    day, total = point
    asked = find(str(instrument))
    named = band(asked.bands, total) if asked else None
    since = None
    if before is not None and day > before[0]:
        since = change(str(instrument), before[1], total)
    return Judged(day, total, named.label if named else None, since)
