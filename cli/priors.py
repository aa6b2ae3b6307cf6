"""flask outlook fit-prior: estimate a prior from a clinic's own patients (empirical Bayes)."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext

from cli.outlook import ONE_CLINIC, clinics_wanted, some_clinic, with_busy_message
from clinical.outlook.learning.prior_bias import PriorBias
from clinical.outlook.learning.prior_estimation import MIN_PATIENTS, Proposal
from models.database import Database
from services import priors

BIAS = {
    "none_seen": "no bias seen.",
    "too_early": "it is too early, and cannot be accepted.",
    "too_late": "it is too late, and cannot be accepted.",
    "not_checked": "too few to check it, so that it cannot be accepted.",
}
VERDICTS = {
    "helped": "It would have helped.",
    "no_clear_difference": "It would have made no clear difference.",
    "harmed": "It would have harmed.",
}


@click.command("fit-prior")
@ONE_CLINIC
@click.option("--dry-run", is_flag=True, help="Print the proposal without storing it.")
@with_appcontext
def fit_prior_command(clinic_id: UUID | None, *, dry_run: bool) -> None:
    """Propose a prior from a clinic's own finished cycles, cross-validated on its patients.

    It changes no forecast: an admin decides to use a proposal by setting outlook_prior in the clinic's
    settings. Each proposal is stored with a number of its own.
    """
    database = current_app.extensions["database"]
    for clinic in some_clinic(clinics_wanted(database, clinic_id)):
        click.echo(f"{clinic.name}:")
        with with_busy_message():
            lines = _fit(database, clinic.id, dry_run=dry_run)
        for line in lines:
            click.echo(f"  {line}")


def _fit(database: Database, clinic_id: UUID, *, dry_run: bool) -> list[str]:
    now = datetime.now(UTC)
    with database.read(clinic_id) as session:
        steps = 2 * priors.patient_count(session)
        with click.progressbar(length=steps, label="Fitting", file=sys.stderr) as bar:
            estimate = priors.estimate(session, clinic_id, now, bar.update)
    if estimate is None:
        needed = f"{MIN_PATIENTS} patients with a finished cycle and a measurable benefit"
        return [f"Too few patients: {needed} are needed."]
    lines = _described(estimate.proposal, priors.evidence_document(estimate))
    if dry_run:
        return lines
    with database.write(clinic_id) as session:
        result = priors.store(session, clinic_id, estimate, now)
        name = result.value.name
        stored = f"Stored as {name}" if result.created else f"The same as {name}, so not stored again"
    accept = f'PATCH /v1/clinics/{clinic_id}/settings with {{"outlook_prior": "{name}"}}'
    by_admin = f"An admin accepts it by {accept}." if _is_acceptable(estimate) else "It cannot be accepted."
    return [*lines, f"{stored}; no forecast has changed. {by_admin}"]


def _is_acceptable(estimate: priors.Estimate) -> bool:
    return estimate.observed.bias_of(estimate.proposal.median_days) is PriorBias.NONE_SEEN


def _described(proposal: Proposal, evidence: dict[str, Any]) -> list[str]:
    source = f"{proposal.cycles} cycles of {proposal.patients} patients"
    days = f"{proposal.median_days:.1f} days (spread {proposal.spread:.2f})"
    lines = [f"Half of the benefit gone after {days}, from {source}."]
    lines.append(_bias(evidence))
    if "verdict" not in evidence:
        return [*lines, "Too few patients for cross-validation: whether it would help is not known."]
    lines.append(
        f"Cross-validated on {evidence['patient_count']} patients, compared with {evidence['compared_with']}:"
    )
    lines += [_landmark(one) for one in evidence["landmarks"]]
    gain, standard_error = evidence["log_score_gain"], evidence["log_score_gain_se"]
    lines.append(f"  log score gain {gain:+.3f} +- {standard_error:.3f} per patient")
    return [*lines, VERDICTS[evidence["verdict"]]]


def _bias(evidence: dict[str, Any]) -> str:
    low, high = (evidence.get(f"observed_{end}_days") for end in ("lo95", "hi95"))
    median = "no median yet" if low is None else f"median from day {low:g}"
    if high is not None:
        median += f" to {high:g}"
    observed = f"{evidence['observed_loss_count']} losses seen in first cycles, {median}"
    return f"Checked against what was observed ({observed}): {BIAS[evidence['bias']]}"


def _landmark(one: dict[str, Any]) -> str:
    if one["error_before_days"] is None or one["error_after_days"] is None:
        return f"  day {one['landmark_day']}: no cycle with an observed half loss"
    covered = ""
    if one["coverage_before"] is not None and one["coverage_after"] is not None:
        covered = f"; coverage {100 * one['coverage_before']:.0f} and {100 * one['coverage_after']:.0f} %"
    error = f"error {one['error_before_days']:.1f} days before, {one['error_after_days']:.1f} after"
    seen = f"{one['cycle_count']} cycles with an observed half loss ({one['censored_count']} censored)"
    return f"  day {one['landmark_day']}: {error}, in {seen}{covered}"


COMMANDS = (fit_prior_command,)
