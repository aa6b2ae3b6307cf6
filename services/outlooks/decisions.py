"""What clinicians decide on an outlook: agree, or differ and say why. Nothing is booked by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from clinical.outlook import ClinicianDecision
from clinical.protocol import PhaseKind
from models.outlooks import OutlookDecision
from models.patients import Patient
from services.access import Actor, load_patient
from services.errors import Conflict, FieldError, Invalid, ServiceError
from services.outlooks.current import OutlookSnapshot, snapshot_in_transaction
from services.outlooks.history import (
    DecisionView,
    NothingShown,
    decision_views,
    forecasts_shown,
    last_number,
)

FURTHEST_BOOKED_DAYS = 366
"""Days ahead that a decision may book. Source: plausibility only: no plan's interval is longer."""


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """A decision as it is sent; `outlook_id` identifies its outlook."""

    outlook_id: str
    decision: ClinicianDecision
    reason: str | None
    booked_on: date | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it is shown, and whether this request stored it."""

    decision: DecisionView
    created: bool


class OutsideMaintenance(ServiceError):
    """No maintenance infusion is next, so that there is nothing to decide on."""

    code = "outside_maintenance"
    detail = (
        "This patient is not in maintenance: the outlook names no day, and there is nothing to decide on."
    )


class Superseded(ServiceError):
    """The outlook that was decided on is no longer the present one, which `outlook_id` names."""

    code = "superseded"
    detail = (
        "The outlook has changed since: look at the present one, named in outlook_id, and decide on that."
    )


def put(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    decision_id: UUID,
    draft: DecisionDraft,
    now: datetime,
) -> Decided:
    """Record a decision under the id its client gave it; sent again, the same one is recognised.

    Raises Conflict where the id holds another decision, NothingShown in a clinic that shows no forecasts,
    Superseded when the outlook is no longer the present one, OutsideMaintenance for a patient of whom no
    maintenance infusion is expected, and Invalid for a day that cannot be booked. Where too little is known
    for a forecast, a clinician may decide all the same.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    current = session.get(OutlookDecision, (patient.clinic_id, patient.id, decision_id))
    forecasts = forecasts_shown(session, patient)
    created = current is None
    if current is None:
        if not forecasts:
            raise NothingShown
        present = snapshot_in_transaction(session, patient, now)
        _refuse_what_cannot_be(draft, present)
        current = _keep(session, actor, patient, decision_id, draft, present, now)
    elif current.decided_by != actor.id or _to_draft(current) != draft:
        taken = FieldError("decision_id", "taken", "Another decision has this id.", "parameter")
        raise Conflict(taken)
    (view,) = decision_views(session, actor, [current], forecasts=forecasts)
    return Decided(view, created)


def _refuse_what_cannot_be(draft: DecisionDraft, present: OutlookSnapshot) -> None:
    if draft.outlook_id != present.tag:
        raise Superseded(outlook_id=present.tag)
    if present.outlook["phase"]["kind"] != PhaseKind.MAINTENANCE:
        raise OutsideMaintenance
    _validate_day(draft.booked_on, present)


def _validate_day(booked_on: date | None, present: OutlookSnapshot) -> None:
    if booked_on is None:
        return
    today = date.fromisoformat(present.outlook["today"])
    if booked_on < today:
        sentence = "An infusion cannot be booked for a day that is over for the patient."
        raise Invalid(FieldError("/booked_on", "past", sentence))
    if booked_on > today + timedelta(days=FURTHEST_BOOKED_DAYS):
        sentence = f"Send a day at most {FURTHEST_BOOKED_DAYS} days ahead."
        raise Invalid(FieldError("/booked_on", "too_far_ahead", sentence))


def _keep(
    session: Session,
    actor: Actor,
    patient: Patient,
    decision_id: UUID,
    draft: DecisionDraft,
    present: OutlookSnapshot,
    now: datetime,
) -> OutlookDecision:
    shown = present.outlook
    recommended_on = shown["recommended_on"]
    decision = OutlookDecision(
        patient_id=patient.id,
        id=decision_id,
        outlook_id=present.tag,
        change_number=last_number(session, patient.id),
        today=date.fromisoformat(shown["today"]),
        status=shown["status"],
        recommended_on=None if recommended_on is None else date.fromisoformat(recommended_on),
        decision=str(draft.decision),
        reason=draft.reason,
        booked_on=draft.booked_on,
        decided_by=actor.id,
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    return decision


def _to_draft(row: OutlookDecision) -> DecisionDraft:
    return DecisionDraft(row.outlook_id, ClinicianDecision(row.decision), row.reason, row.booked_on)
