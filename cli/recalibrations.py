"""flask outlook fit-recalibration: estimate a recalibration from a clinic's own record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext

from cli import priors
from cli.outlook import ONE_CLINIC, clinics_wanted, replayed_patients, some_clinic, with_busy_message
from clinical.outlook.learning.recalibration_estimation import MIN_CYCLES, MIN_LOSSES, MIN_PATIENTS
from models.clinics import Clinic
from models.database import Database
from services.reports import recalibrations
from services.reports.recalibrations import Proposal


@click.command("fit-recalibration")
@ONE_CLINIC
@click.option("--dry-run", is_flag=True, help="Print the proposal without storing it.")
@with_appcontext
def fit_recalibration_command(clinic_id: UUID | None, *, dry_run: bool) -> None:
    """Propose a recalibration from a clinic's finished cycles, cross-validated on its patients.

    It changes no forecast: an admin decides to apply a proposal by setting outlook_recalibration in the
    clinic's settings. Each proposal is stored with a number of its own.
    """
    database = current_app.extensions["database"]
    for clinic in some_clinic(clinics_wanted(database, clinic_id)):
        with with_busy_message():
            lines = list(_fit(database, clinic, dry_run=dry_run))
        click.echo(f"{clinic.name}:")
        for line in lines:
            click.echo(f"  {line}")


def _fit(database: Database, clinic: Clinic, *, dry_run: bool) -> Iterator[str]:
    now = datetime.now(UTC)
    _, replayed = replayed_patients(database, clinic, force=False)
    proposal = recalibrations.propose(replayed)
    if proposal is None:
        yield (
            f"Too few: {MIN_PATIENTS} patients with {MIN_CYCLES} finished cycles that were forecast are "
            f"needed, and {MIN_LOSSES} losses of half seen in them."
        )
        return
    yield from _described(proposal)
    if dry_run:
        return
    with database.write(clinic.id) as session:
        result = recalibrations.store(session, clinic.id, proposal, now)
        name = result.value.name
        stored = f"Stored as {name}" if result.created else f"The same as {name}, so not stored again"
    accept = f'PATCH /v1/clinics/{clinic.id}/settings with {{"outlook_recalibration": "{name}"}}'
    yield f"{stored}; no forecast has changed. An admin applies it by {accept}."


def _described(proposal: Proposal) -> Iterator[str]:
    made = proposal.estimate
    later = "later" if made.location > 0 else "earlier"
    yield f"Half is lost {abs(made.location):.2f} SD {later} than forecast (+- {made.location_se:.2f}), and"
    yield f"ranges should be {made.scale:.2f} times as wide (+- {made.scale_se:.2f}), from"
    counts = made.counts
    yield f"{counts.cycles} cycles of {counts.patients} patients, {counts.losses} with the loss of half seen."
    evidence = recalibrations.evidence_document(proposal.validation)
    if "verdict" not in evidence:
        yield "Too few patients for cross-validation: whether it would help is not known."
        return
    yield f"Cross-validated on {evidence['patient_count']} patients:"
    yield from _compared(evidence)
    yield priors.VERDICTS[evidence["verdict"]]


def _compared(evidence: dict[str, Any]) -> Iterator[str]:
    gain, standard_error = evidence["log_score_gain"], evidence["log_score_gain_se"]
    yield f"  log score gain {gain:+.3f} +- {standard_error:.3f} per patient"
    for name, what in (
        ("day_14_coverage", "80 % range, held"),
        ("calibration_error", "probability, mean miss"),
    ):
        before, after = evidence.get(f"{name}_before"), evidence.get(f"{name}_after")
        if before is not None and after is not None:
            yield f"  {what}: {100 * before:.0f} % before, {100 * after:.0f} % after"


COMMANDS = (*priors.COMMANDS, fit_recalibration_command)
