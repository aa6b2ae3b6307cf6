"""Decisions of clinicians on outlooks: agree, or differ with a reason. Nothing is booked by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from clinical.outlook_decision import ClinicianDecision
from clinical.protocol import PhaseKind
from clinical.sentences import Sentence
from models.outlooks import OutlookDecision
from services import event_log
from services.context import Context
from services.errors import Conflict, FieldError, Invalid, ServiceError
from services.event_log import Concerned, Event
from services.outlooks.current import OutlookSnapshot, snapshot_in_transaction
from services.outlooks.history import (
    DecisionView,
    NothingShown,
    decision_views,
    forecasts_shown,
    last_change_number,
)
from services.revisions import WriteOutcome, WriteResult

MAX_DAYS_AHEAD = 366
"""Days ahead that a booked day may be. Source: plausibility only: no plan's interval is longer."""


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """A decision as it is submitted; `outlook_id` names the outlook it is about."""

    outlook_id: str
    decision: ClinicianDecision
    reason: str | None
    booked_on: date | None


class OutsideMaintenance(ServiceError):
    """The patient's next infusion is not a maintenance infusion, so there is nothing to decide on."""

    code = "outside_maintenance"
    detail = Sentence(
        "This patient is not in maintenance: the outlook names no day, and there is nothing to decide on."
    )


class Superseded(ServiceError):
    """The outlook that was decided on is no longer the current one, which `outlook_id` names."""

    code = "superseded"
    detail = Sentence(
        "The outlook has changed since: look at the present one, named in outlook_id, and decide on that."
    )


def put(
    ctx: Context, patient_id: UUID | None, decision_id: UUID, draft: DecisionDraft
) -> WriteResult[DecisionView]:
    """Store a decision under the id that its client assigned; the same one again changes nothing.

    A decision is never revised, so it has no version. Raises Conflict where the id holds another decision,
    NothingShown in a clinic that shows no forecasts, Superseded when the outlook is no longer the current
    one, OutsideMaintenance for a patient of whom no maintenance infusion is expected, and Invalid for a day
    that cannot be booked. Where too little is known for a forecast, a clinician may decide all the same.
    """
    patient = ctx.load_patient(patient_id, lock=True)
    current = ctx.session.get(OutlookDecision, (patient.clinic_id, patient.id, decision_id))
    forecasts = forecasts_shown(ctx.session, patient)
    outcome = WriteOutcome.CREATED if current is None else WriteOutcome.UNCHANGED
    if current is None:
        if not forecasts:
            raise NothingShown
        snapshot = snapshot_in_transaction(ctx, patient)
        _validate(draft, snapshot)
        current = _insert(ctx, decision_id, draft, snapshot)
        if draft.decision is ClinicianDecision.DIFFER:
            concerned = Concerned(patient_id=patient.id)
            event_log.record(ctx, Event.OUTLOOK_OVERRIDDEN, concerned, decision_id=str(decision_id))
        # A booked day is a booking of the summary and the worklist.
        patient.change_seq += draft.booked_on is not None
    elif current.decided_by != ctx.actor.id or to_draft(current) != draft:
        taken = FieldError("decision_id", "taken", Sentence("Another decision has this id."), "parameter")
        raise Conflict(taken)
    (view,) = decision_views(ctx, [current], forecasts=forecasts)
    return WriteResult(view, outcome)


def to_draft(row: OutlookDecision) -> DecisionDraft:
    """Return the decision that a row stores."""
    return DecisionDraft(row.outlook_id, ClinicianDecision(row.decision), row.reason, row.booked_on)


def _validate(draft: DecisionDraft, snapshot: OutlookSnapshot) -> None:
    if draft.outlook_id != snapshot.outlook_id:
        raise Superseded(outlook_id=snapshot.outlook_id)
    if snapshot.outlook["phase"]["kind"] != PhaseKind.MAINTENANCE:
        raise OutsideMaintenance
    if draft.booked_on is not None:
        _validate_day(draft.booked_on, date.fromisoformat(snapshot.outlook["today"]))


def _validate_day(booked_on: date, today: date) -> None:
    if booked_on < today:
        sentence = Sentence("An infusion cannot be booked for a day that is over for the patient.")
        raise Invalid(FieldError("/booked_on", "past", sentence))
    if booked_on > today + timedelta(days=MAX_DAYS_AHEAD):
        sentence = Sentence("Send a day at most {number} days ahead.", number=MAX_DAYS_AHEAD)
        raise Invalid(FieldError("/booked_on", "too_far_ahead", sentence))


def _insert(
    ctx: Context, decision_id: UUID, draft: DecisionDraft, snapshot: OutlookSnapshot
) -> OutlookDecision:
    outlook = snapshot.outlook
    recommended_on = outlook["recommended_on"]
    decision = OutlookDecision(
        patient_id=snapshot.patient_id,
        id=decision_id,
        outlook_id=snapshot.outlook_id,
        change_number=last_change_number(ctx.session, snapshot.patient_id),
        today=date.fromisoformat(outlook["today"]),
        status=outlook["status"],
        recommended_on=None if recommended_on is None else date.fromisoformat(recommended_on),
        decision=str(draft.decision),
        reason=draft.reason,
        booked_on=draft.booked_on,
        decided_by=ctx.actor.id,
        decided_at=ctx.now,
    )
    ctx.session.add(decision)
    ctx.session.flush()
    return decision
