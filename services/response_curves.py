"""Give a patient's infusions as curves laid over one another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from clinical import local_day
from clinical.response_curve import ResponseCurve, response_curves
from models.clinics import Clinic
from services.context import Context
from services.histories import histories
from services.post_infusion_moods import moods_by_day
from services.revisions import as_of_for

MOST_CURVES: Final = 200
"""Most curves of one response: of four years of weekly infusions. Operational."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Every infusion's curve as of the patient's `today`, in order."""

    patient_id: UUID
    today: date
    curves: tuple[ResponseCurve, ...]


def read(ctx: Context, patient_id: UUID | None, as_of: datetime | None) -> Curves:
    """Return the curves, as they were known at an instant if one is given."""
    session, now = ctx.session, ctx.now
    patient = ctx.load_patient(patient_id)
    clinic = session.get_one(Clinic, patient.clinic_id)
    known = as_of_for(ctx.actor, patient.id, as_of)
    history = histories(session, clinic, [patient.id], known)[patient.id]
    today = local_day.today(as_of or now, patient.time_zone, patient.day_start_hour)
    curves = response_curves(history, today, moods_by_day(session, patient.id, known))
    return Curves(patient.id, today, curves[-MOST_CURVES:])
