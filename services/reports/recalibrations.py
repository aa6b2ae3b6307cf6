"""Recalibrations of the forecasts, estimated from the record of a clinic's finished cycles.

A proposal changes no forecast until an admin selects it in the clinic's settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from clinical.outlook import ENGINE_VERSION
from clinical.outlook.evaluation import CyclePredictions
from clinical.outlook.learning.recalibration_estimation import (
    RecalibrationEstimate,
    RecalibrationScore,
    cross_validate_recalibration,
    estimate_recalibration,
)
from models.clinics import Clinic
from models.recalibrations import EstimatedRecalibration
from services.access import Actor, own_clinic
from services.proposals import listed, store_next
from services.reports.backtest import OUTLOOK, ReplayedCycle
from services.revisions import WriteResult


@dataclass(frozen=True, slots=True)
class Proposal:
    """An estimated recalibration and its cross-validation, None where the patients are too few for one."""

    estimate: RecalibrationEstimate
    score: RecalibrationScore | None


def propose(patients: Sequence[Sequence[ReplayedCycle]]) -> Proposal | None:
    """Return a recalibration of the forecasts that were replayed; None where the cycles are too few.

    Replays are without any recalibration, whichever is in use.
    """
    cycles = [by_outlook(replayed) for replayed in patients]
    estimate = estimate_recalibration(cycles)
    return None if estimate is None else Proposal(estimate, cross_validate_recalibration(cycles))


def by_outlook(replayed: Sequence[ReplayedCycle]) -> list[CyclePredictions]:
    """Return the outlook's predictions of a patient's cycles that can be compared with what happened."""
    return [
        cycle.record(OUTLOOK, cycle.reference.half_gone, cycle.reference.third_gone)
        for cycle in replayed
        if cycle.reference.can_be_scored
    ]


def store(
    session: Session, clinic_id: UUID, proposal: Proposal, now: datetime
) -> WriteResult[EstimatedRecalibration]:
    """Store a proposal under the clinic's next number; one equal to the newest is not stored again."""
    columns, evidence = _columns(proposal.estimate), evidence_document(proposal.score)
    return store_next(session, EstimatedRecalibration, clinic_id, "recalibration", now, columns, evidence)


def _columns(estimate: RecalibrationEstimate) -> dict[str, Any]:
    counts = {"patients": "patient_count", "cycles": "cycle_count", "losses": "loss_count"}
    return {counts.get(name, name): value for name, value in asdict(estimate).items()}


def proposals(session: Session, actor: Actor, clinic_id: UUID) -> dict[str, Any]:
    """Return the newest proposals, the newest first, and the name of the one that the settings name.

    `applied` is whether it is applied: one of another version of the engine is not.
    """
    own_clinic(actor, clinic_id)
    in_use = session.get_one(Clinic, clinic_id).outlook_recalibration
    items = listed(session, EstimatedRecalibration, in_use)
    return {
        "recalibration_in_use": in_use,
        "items": [
            {**item, "applied": item["in_use"] and item["engine_version"] == ENGINE_VERSION} for item in items
        ],
    }


def evidence_document(score: RecalibrationScore | None) -> dict[str, Any]:
    """Return a cross-validation as a JSON document, without what is not known."""
    if score is None:
        return {"patient_count": 0}
    found = {
        "patient_count": score.patients,
        "log_score_gain": score.log_score_gain,
        "log_score_gain_se": score.log_score_gain_se,
        "verdict": str(score.verdict),
        "day_14_coverage_before": score.before.coverage,
        "day_14_coverage_after": score.after.coverage,
        "calibration_error_before": score.calibration_before.calibration_error,
        "calibration_error_after": score.calibration_after.calibration_error,
    }
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in found.items()
        if value is not None
    }
