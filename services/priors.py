"""Estimate the prior of the duration of benefit from a clinic's own patients (empirical Bayes).

A proposal changes no forecast until an admin selects it in the clinic's settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.history import History
from clinical.outlook.evaluation import LandmarkScore
from clinical.outlook.evaluation.retrospective import first_cycle_spans, retrospective_cycles
from clinical.outlook.learning.cross_validation import CrossValidation, TrainingPatient, cross_validate
from clinical.outlook.learning.prior_bias import ObservedMedian, observed_median
from clinical.outlook.learning.prior_estimation import Proposal, patient_likelihood, propose
from clinical.outlook.model.population_prior import PUBLISHED
from clinical.target_measure import is_rating
from models.clinics import Clinic
from models.patients import Patient
from models.priors import EstimatedPrior
from services.access import Actor, own_clinic
from services.histories import histories
from services.proposals import listed, store_next
from services.revisions import WriteResult

BATCH = 200
"""Patients whose histories are read at a time. Operational."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A proposed prior, its cross-validation, None where the patients are too few, and what was observed."""

    proposal: Proposal
    cross_validation: CrossValidation | None
    observed: ObservedMedian


def estimate(
    session: Session, clinic_id: UUID, now: datetime, step: Callable[[int], None] = lambda _: None
) -> Estimate | None:
    """Return a prior fitted to every patient of a clinic, also discharged ones; None where they are too few.

    Cross-validation compares it with the published prior, not with the one in use, which may have been
    fitted to the same patients. Nothing is stored. `step` is called with the number of patients processed
    since its last call, for a progress bar.
    """
    clinic = session.get_one(Clinic, clinic_id)
    training_patients = []
    for batch in _batches(session, clinic):
        training_patients += [
            found for history, patient in batch if (found := _training_patient(history, patient, now))
        ]
        step(len(batch))
    proposal = propose([patient.likelihood for patient in training_patients])
    if proposal is None:
        return None
    observed = observed_median(first_cycle_spans(patient.cycles for patient in training_patients))
    return Estimate(proposal, cross_validate(training_patients, lambda: step(1)), observed)


def patient_count(session: Session) -> int:
    """Return the number of patients of the session's clinic, the length of a progress bar."""
    return session.scalar(select(func.count()).select_from(Patient)) or 0


def store(
    session: Session, clinic_id: UUID, estimate: Estimate, now: datetime
) -> WriteResult[EstimatedPrior]:
    """Store a proposal under the clinic's next number; one equal to the newest is not stored again."""
    proposal = estimate.proposal
    columns = {
        "median_days": proposal.median_days,
        "spread": proposal.spread,
        "patient_count": proposal.patients,
        "cycle_count": proposal.cycles,
    }
    evidence = evidence_document(estimate)
    return store_next(session, EstimatedPrior, clinic_id, "clinic", now, columns, evidence)


def proposals(session: Session, actor: Actor, clinic_id: UUID) -> dict[str, Any]:
    """Return the newest proposals, the newest first, and the name of the prior in use."""
    own_clinic(actor, clinic_id)
    in_use = session.get_one(Clinic, clinic_id).outlook_prior
    return {"prior_in_use": in_use, "items": listed(session, EstimatedPrior, in_use)}


def evidence_document(estimate: Estimate) -> dict[str, Any]:
    """Return the evidence of a proposal as a JSON document, figures rounded to three decimals."""
    observed = estimate.observed
    found: dict[str, Any] = {
        "compared_with": PUBLISHED.version,
        "bias": str(observed.bias_of(estimate.proposal.median_days)),
        "observed_loss_count": observed.losses,
        "observed_median_days": observed.median_days,
        "observed_lo95_days": observed.lo95,
        "observed_hi95_days": observed.hi95,
    }
    found = {name: value for name, value in found.items() if value is not None}
    result = estimate.cross_validation
    if result is None:
        return {**found, "patient_count": 0, "landmarks": []}
    pairs = zip(result.published, result.fitted, strict=True)
    return {
        **found,
        "patient_count": result.patients,
        "log_score_gain": _rounded(result.log_score_gain),
        "log_score_gain_se": _rounded(result.log_score_gain_se),
        "landmarks": [_compared(published, fitted) for published, fitted in pairs],
        "verdict": str(result.verdict),
    }


def _compared(published: LandmarkScore, fitted: LandmarkScore) -> dict[str, Any]:
    return {
        "landmark_day": published.day,
        "cycle_count": published.cycles,
        "censored_count": published.censored,
        "error_before_days": _rounded(published.mean_error),
        "error_after_days": _rounded(fitted.mean_error),
        "coverage_before": _rounded(published.coverage),
        "coverage_after": _rounded(fitted.coverage),
        "interval_reaches_end_before": _rounded(published.interval_reaches_end),
        "interval_reaches_end_after": _rounded(fitted.interval_reaches_end),
    }


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 3)


def _batches(session: Session, clinic: Clinic) -> Iterator[list[tuple[History, Patient]]]:
    patients = list(session.scalars(select(Patient).order_by(Patient.id)))
    for start in range(0, len(patients), BATCH):
        some = patients[start : start + BATCH]
        known = histories(session, clinic, [patient.id for patient in some])
        yield [(known[patient.id], patient) for patient in some]


def _training_patient(history: History, patient: Patient, now: datetime) -> TrainingPatient | None:
    today = local_day.today(now, patient.time_zone, patient.day_start_hour)
    likelihood = patient_likelihood(history, today)
    if likelihood is None:
        return None
    cycles = retrospective_cycles(history, today)
    of_wellbeing = tuple(cycle for cycle in cycles if not is_rating(cycle.target_measure))
    return TrainingPatient(history, likelihood, of_wellbeing)
