"""Lists of a clinic's and of one patient's alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models.outbox import Delivery
from models.patients import Patient
from models.safety import SafetyAlert
from services.access import own_clinic
from services.context import Context
from services.safety.alerts import names

Position = Sequence[Any]


class State(StrEnum):
    """State of an alert; `unsettled` selects all that nobody has closed."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    UNSETTLED = "unsettled"


_IN_STATE: dict[State, ColumnElement[bool]] = {
    State.OPEN: and_(SafetyAlert.acknowledged_at.is_(None), SafetyAlert.closed_at.is_(None)),
    State.ACKNOWLEDGED: and_(SafetyAlert.acknowledged_at.is_not(None), SafetyAlert.closed_at.is_(None)),
    State.CLOSED: SafetyAlert.closed_at.is_not(None),
    State.UNSETTLED: SafetyAlert.closed_at.is_(None),
}


@dataclass(frozen=True, slots=True)
class ListedAlert:
    """An alert with its patient, the clinicians who handled it, and its deliveries."""

    alert: SafetyAlert
    patient: Patient
    people: dict[UUID, str]
    deliveries: tuple[Delivery, ...]

    @property
    def position(self) -> Position:
        """Return its position in the worklist, for the cursor."""
        return self.alert.rank, self.alert.opened_at.isoformat(), str(self.alert.id)


def state_of(alert: SafetyAlert) -> State:
    """Return the state of an alert."""
    if alert.closed_at is not None:
        return State.CLOSED
    return State.OPEN if alert.acknowledged_at is None else State.ACKNOWLEDGED


def worklist(
    ctx: Context, clinic_id: UUID, state: State, after: Position | None, limit: int
) -> list[ListedAlert]:
    """Return a clinic's alerts in a state: the most severe first, and of those the newest."""
    own_clinic(ctx.actor, clinic_id)
    query = select(SafetyAlert).where(_IN_STATE[state])
    if after is not None:
        rank, opened_at, alert_id = after[0], datetime.fromisoformat(after[1]), UUID(after[2])
        same_moment = and_(SafetyAlert.opened_at == opened_at, SafetyAlert.id > alert_id)
        later = and_(SafetyAlert.rank == rank, or_(SafetyAlert.opened_at < opened_at, same_moment))
        query = query.where(or_(SafetyAlert.rank > rank, later))
    order = SafetyAlert.rank, SafetyAlert.opened_at.desc(), SafetyAlert.id
    return with_details(ctx.session, ctx.session.scalars(query.order_by(*order).limit(limit)).all())


def of_patient(
    ctx: Context, patient_id: UUID | None, after: Position | None, limit: int
) -> list[ListedAlert]:
    """Return one patient's alerts in any state, the newest first."""
    patient = ctx.load_patient(patient_id)
    query = select(SafetyAlert).where(SafetyAlert.patient_id == patient.id)
    if after is not None:
        opened_at, alert_id = datetime.fromisoformat(after[1]), UUID(after[2])
        same_moment = and_(SafetyAlert.opened_at == opened_at, SafetyAlert.id > alert_id)
        query = query.where(or_(SafetyAlert.opened_at < opened_at, same_moment))
    order = SafetyAlert.opened_at.desc(), SafetyAlert.id
    return with_details(ctx.session, ctx.session.scalars(query.order_by(*order).limit(limit)).all())


def with_details(session: Session, alerts: Sequence[SafetyAlert]) -> list[ListedAlert]:
    """Return alerts with patients, clinicians and deliveries, in a fixed number of queries."""
    wanted = {alert.patient_id for alert in alerts}
    found = session.scalars(select(Patient).where(Patient.id.in_(wanted))) if wanted else ()
    patients = {patient.id: patient for patient in found}
    people = names(session, [by for alert in alerts for by in (alert.acknowledged_by, alert.closed_by)])
    sent: dict[UUID, list[Delivery]] = {alert.id: [] for alert in alerts}
    if sent:
        query = select(Delivery).where(Delivery.alert_id.in_(sent)).order_by(Delivery.channel)
        for delivery in session.scalars(query):
            sent[delivery.alert_id].append(delivery)
    return [ListedAlert(alert, patients[alert.patient_id], people, tuple(sent[alert.id])) for alert in alerts]
