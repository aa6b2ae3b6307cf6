"""Outcomes of a clinic's patients, computed on each request."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.custom_instrument import CustomInstruments, is_custom, known_thresholds
from clinical.sentences import Sentence
from clinical.statistics import MIN_GROUP_SIZE
from models.outlooks import OutlookDecision
from models.reports import ForecastReport
from services import custom_instruments
from services.access import Actor, Role, own_clinic
from services.context import Context
from services.errors import FieldError, Invalid
from services.reports import outcomes_figures as figures
from services.reports.outcomes_data import CourseFilter, courses

NOT_FOR_INTEGRATIONS = Sentence(
    "An integration is given the figures of all patients: those of two filters could be subtracted."
)


class SmallGroups(StrEnum):
    """Whether figures of fewer than five patients are shown."""

    SHOWN = "shown"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class OutcomesRequest:
    """Which courses and instruments to report; `small_groups` is None where the caller left it open."""

    courses: CourseFilter = field(default_factory=CourseFilter)
    instrument: str | None = None
    small_groups: SmallGroups | None = None


def outcomes(ctx: Context, clinic_id: UUID, request: OutcomesRequest) -> dict[str, Any]:
    """Return the outcomes of the actor's clinic; raises NotFound for any other.

    An integration is given suppressed figures without filters, and Invalid for anything else.
    """
    own_clinic(ctx.actor, clinic_id)
    presentation = _presentation(ctx.actor, request, custom_instruments.of_clinic(ctx.session))
    suppress = presentation.suppress
    found = courses(ctx.session, ctx.now, request.courses)
    treated = sum(course.treated_on is not None for course in found)
    return {
        "treated_count": treated if treated >= MIN_GROUP_SIZE or not suppress else None,
        "statement": figures.statement(presentation),
        "rates": figures.rates(found, presentation),
        "changes": figures.changes(found, presentation),
        "loss_of_response": figures.losses(found, presentation),
        "relief_at_day_3": figures.relief(found, suppress=suppress),
        "side_effect_rates": figures.side_effects(found, suppress=suppress),
        "days_answered": figures.answering(found, suppress=suppress),
        **(_of_all_patients(ctx.session, suppress) if request.courses.selects_all else {}),
    }


def _presentation(actor: Actor, request: OutcomesRequest, custom: CustomInstruments) -> figures.Presentation:
    """Return what is reported to an actor; raises Invalid for what an integration may not ask."""
    integration = actor.has(Role.INTEGRATION)
    if integration:
        wrong = [name for name, value in _filters(request.courses).items() if value is not None]
        if request.small_groups is SmallGroups.SHOWN:
            wrong.append("small_groups")
        if wrong:
            errors = [
                FieldError(name, "not_for_integrations", NOT_FOR_INTEGRATIONS, "parameter") for name in wrong
            ]
            raise Invalid(*errors)
    suppress = integration or request.small_groups is SmallGroups.SUPPRESSED
    if request.instrument is None:
        return figures.Presentation(figures.all_thresholds(custom), suppress=suppress)
    if is_custom(request.instrument) and request.instrument not in custom:
        sentence = Sentence("The clinic has no instrument of this code.")
        raise Invalid(FieldError("instrument", "unknown_instrument", sentence, "parameter"))
    known = {request.instrument: known_thresholds(request.instrument, custom)}
    return figures.Presentation(known, suppress=suppress, complete=True)


def _filters(wanted: CourseFilter) -> dict[str, object]:
    """Return the filters by the name of their parameter."""
    return {
        "from": wanted.first,
        "to": wanted.last,
        "course_kind": wanted.course_kind,
        "indication": wanted.indication,
        "clinician_id": wanted.clinician_id,
    }


def _of_all_patients(session: Session, suppress: bool) -> dict[str, Any]:
    """Return the figures of the last forecast report and of decisions, which no filter can restrict."""
    agreed = [decision == "agree" for decision in session.scalars(select(OutlookDecision.decision))]
    newest = (
        select(ForecastReport.report).order_by(ForecastReport.generated_at.desc(), ForecastReport.id).limit(1)
    )
    report = session.scalar(newest)
    return {
        "benefit_lasted": figures.benefit(report),
        "outlooks": figures.outlooks(agreed, report, suppress=suppress),
    }
