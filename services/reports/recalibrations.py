"""Recalibrations of the forecasts, estimated from the record of a clinic's finished cycles.

A proposal changes no forecast until an admin selects it in the clinic's settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from clinical.outlook import ENGINE_VERSION
from clinical.outlook.learning import recalibration_estimation
from clinical.outlook.learning.later_evidence import LANDMARKS
from clinical.outlook.learning.recalibration_estimation import RecalibrationProposal, outcomes_of
from clinical.outlook.learning.recalibration_validation import RecalibrationValidation, cross_validate
from models.clinics import Clinic
from models.recalibrations import EstimatedRecalibration
from services.access import Actor, own_clinic
from services.clinic_settings import prior_in_use
from services.proposals import listed, store_next
from services.reports.backtest import ReplayedCycle, training_cycles
from services.revisions import WriteResult


@dataclass(frozen=True, slots=True)
class Proposal:
    """An estimated recalibration and its cross-validation."""

    estimate: RecalibrationProposal
    validation: RecalibrationValidation | None


def propose(patients: Sequence[Sequence[ReplayedCycle]]) -> Proposal | None:
    """Return a recalibration of the forecasts that were replayed; None where the cycles are too few.

    Replays are without any recalibration, whichever is in use.
    """
    cycles = [training_cycles(replayed) for replayed in patients]
    estimate = recalibration_estimation.propose([outcomes_of(each) for each in cycles])
    return None if estimate is None else Proposal(estimate, cross_validate(cycles))


def store(
    session: Session, clinic_id: UUID, proposal: Proposal, now: datetime
) -> WriteResult[EstimatedRecalibration]:
    """Store a proposal under the clinic's next number; one equal to the newest is not stored again."""
    estimate = proposal.estimate
    columns = {
        "prior_version": prior_in_use(session, session.get_one(Clinic, clinic_id)).version,
        "location": estimate.location,
        "location_se": estimate.location_se,
        "scale_factor": estimate.scale,
        "scale_factor_se": estimate.scale_se,
        "patient_count": estimate.counts.patients,
        "cycle_count": estimate.counts.cycles,
        "loss_count": estimate.counts.losses,
    }
    evidence = evidence_document(proposal.validation)
    return store_next(session, EstimatedRecalibration, clinic_id, "recalibration", now, columns, evidence)


def proposals(session: Session, actor: Actor, clinic_id: UUID) -> dict[str, Any]:
    """Return the newest proposals, the newest first, and the name of the one that the settings name.

    `applied` is whether it is applied: one of another version of the engine, or of another prior, is not.
    """
    own_clinic(actor, clinic_id)
    clinic = session.get_one(Clinic, clinic_id)
    forecasts = ENGINE_VERSION, prior_in_use(session, clinic).version
    items = listed(session, EstimatedRecalibration, clinic.outlook_recalibration)
    return {
        "recalibration_in_use": clinic.outlook_recalibration,
        "items": [
            {
                **item,
                "applied": item["in_use"] and (item["engine_version"], item["prior_version"]) == forecasts,
            }
            for item in items
        ],
    }


def evidence_document(validation: RecalibrationValidation | None) -> dict[str, Any]:
    """Return a cross-validation as a JSON document, without what is not known."""
    if validation is None:
        return {"patient_count": 0}
    at_14 = LANDMARKS.index(14)
    found = {
        "patient_count": validation.patients,
        "log_score_gain": validation.log_score_gain,
        "log_score_gain_se": validation.log_score_gain_se,
        "verdict": str(validation.verdict),
        "day_14_coverage_before": validation.before[at_14].coverage,
        "day_14_coverage_after": validation.after[at_14].coverage,
        "calibration_error_before": validation.miss_before,
        "calibration_error_after": validation.miss_after,
    }
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in found.items()
        if value is not None
    }
