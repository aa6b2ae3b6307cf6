"""Outcomes of a clinic's patients, counted from the stored records on each request."""

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
    """Give the outcomes of the actor's clinic; raises NotFound for any other."""
    own_clinic(actor, clinic_id)
    seen = courses(session, now)
    treated = sum(course.first_infusion is not None for course in seen)
    verdicts = [word == "agree" for word in session.scalars(select(OutlookDecision.decision))]
    newest = (
        select(ForecastReport.report).order_by(ForecastReport.generated_at.desc(), ForecastReport.id).limit(1)
    )
    report = session.scalar(newest)
    return {
        "treated_count": treated if treated >= MIN_GROUP_SIZE else None,
        "statement": figures.STATEMENT,
        "rates": figures.rates(seen),
        "loss_of_response": figures.losses(seen),
        "benefit_lasted": figures.benefit(report),
        "relief_at_day_3": figures.relief(seen),
        "side_effect_rates": figures.side_effects(seen),
        "days_answered": figures.answering(seen),
        "outlooks": figures.outlooks(verdicts, report),
    }
