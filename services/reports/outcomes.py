"""Outcomes of a clinic's patients, computed on each request."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.statistics import MIN_GROUP_SIZE
from models.outlooks import OutlookDecision
from models.reports import ForecastReport
from services.access import Actor, own_clinic
from services.reports import outcomes_figures as figures
from services.reports.outcomes_data import courses


def outcomes(session: Session, actor: Actor, clinic_id: UUID, now: datetime) -> dict[str, Any]:
    """Return the outcomes of the actor's clinic; raises NotFound for any other."""
    own_clinic(actor, clinic_id)
    found = courses(session, now)
    treated = sum(course.first_infusion is not None for course in found)
    agreed = [decision == "agree" for decision in session.scalars(select(OutlookDecision.decision))]
    newest = (
        select(ForecastReport.report).order_by(ForecastReport.generated_at.desc(), ForecastReport.id).limit(1)
    )
    report = session.scalar(newest)
    return {
        "treated_count": treated if treated >= MIN_GROUP_SIZE else None,
        "statement": figures.STATEMENT,
        "rates": figures.rates(found),
        "loss_of_response": figures.losses(found),
        "benefit_lasted": figures.benefit(report),
        "relief_at_day_3": figures.relief(found),
        "side_effect_rates": figures.side_effects(found),
        "days_answered": figures.answering(found),
        "outlooks": figures.outlooks(agreed, report),
    }
