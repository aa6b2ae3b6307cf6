"""Lists of a clinic's and of one patient's alerts."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from models.outbox import Delivery
from models.patients import Patient
from models.safety import SafetyAlert, SafetyAlertAnswer
from services.access import own_clinic
from services.context import Context
from services.revisions import Page, PageRequest, paged
from services.safety.alerts import names, read


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


def state_of(alert: SafetyAlert) -> State:
    """Return the state of an alert."""
    if alert.closed_at is not None:
        return State.CLOSED
    return State.OPEN if alert.acknowledged_at is None else State.ACKNOWLEDGED


def worklist(ctx: Context, clinic_id: UUID, state: State, wanted: PageRequest) -> Page[ListedAlert]:
    """Return a page of a clinic's alerts in a state: the most severe first, of those the last answered."""
    own_clinic(ctx.actor, clinic_id)
    query = select(SafetyAlert).where(_IN_STATE[state], *_between(wanted))
    # The rank ascends while the time descends, which a comparison of tuples (`paged`) cannot express.
    follows, precedes = (operator.lt, operator.gt) if wanted.descending else (operator.gt, operator.lt)
    if wanted.position is not None:
        rank, answered_at, alert_id = _read_position(wanted.position)
        same_moment = and_(SafetyAlert.latest_answer_at == answered_at, follows(SafetyAlert.id, alert_id))
        later = or_(precedes(SafetyAlert.latest_answer_at, answered_at), same_moment)
        query = query.where(or_(follows(SafetyAlert.rank, rank), and_(SafetyAlert.rank == rank, later)))
    if wanted.descending:
        query = query.order_by(SafetyAlert.rank.desc(), SafetyAlert.latest_answer_at, SafetyAlert.id.desc())
    else:
        query = query.order_by(SafetyAlert.rank, SafetyAlert.latest_answer_at.desc(), SafetyAlert.id)
    found = ctx.session.scalars(query.limit(wanted.limit + 1)).all()
    items = found[: wanted.limit]
    last = [str(items[-1].rank), items[-1].latest_answer_at.isoformat(), str(items[-1].id)] if items else None
    return Page(with_details(ctx.session, items), last if len(found) > wanted.limit else None)


def of_patient(ctx: Context, patient_id: UUID | None, wanted: PageRequest) -> Page[ListedAlert]:
    """Return a page of one patient's alerts in any state, in the order in which they were opened."""
    patient = ctx.load_patient(patient_id)
    query = select(SafetyAlert).where(SafetyAlert.patient_id == patient.id, *_between(wanted))
    found = paged(ctx.session, query, (SafetyAlert.opened_at, SafetyAlert.id), wanted)
    return Page(with_details(ctx.session, found.items), found.next_position)


def answers(ctx: Context, alert_id: UUID, wanted: PageRequest) -> tuple[SafetyAlert, Page[SafetyAlertAnswer]]:
    """Return an alert, and a page of its answers in the order in which they came; raises NotFound."""
    alert = read(ctx, alert_id)
    query = select(SafetyAlertAnswer).where(SafetyAlertAnswer.alert_id == alert.id)
    return alert, paged(ctx.session, query, (SafetyAlertAnswer.number,), wanted)


def _between(wanted: PageRequest) -> list[ColumnElement[bool]]:
    """Return the condition that an alert has an answer about one of the days asked for; none without any."""
    conditions = []
    if wanted.first is not None:
        conditions.append(SafetyAlertAnswer.local_date >= wanted.first)
    if wanted.last is not None:
        conditions.append(SafetyAlertAnswer.local_date <= wanted.last)
    of_alert = SafetyAlertAnswer.alert_id == SafetyAlert.id
    return [exists().where(of_alert, *conditions)] if conditions else []


def _read_position(position: Sequence[str]) -> tuple[int, datetime, UUID]:
    rank, answered_at, alert_id = position
    return int(rank), datetime.fromisoformat(answered_at), UUID(alert_id)


def with_details(session: Session, alerts: Sequence[SafetyAlert]) -> list[ListedAlert]:
    """Return alerts with patients, clinicians and deliveries, in a fixed number of queries."""
    wanted = {alert.patient_id for alert in alerts}
    found = session.scalars(select(Patient).where(Patient.id.in_(wanted))) if wanted else ()
    patients = {patient.id: patient for patient in found}
    people = names(session, [by for alert in alerts for by in (alert.acknowledged_by, alert.closed_by)])
    sent: dict[UUID, list[Delivery]] = {alert.id: [] for alert in alerts}
    if sent:
        query = (
            select(Delivery)
            .where(Delivery.alert_id.in_(sent))
            .order_by(Delivery.created_at, Delivery.channel)
        )
        for delivery in session.scalars(query):
            if delivery.alert_id is not None:
                sent[delivery.alert_id].append(delivery)
    return [ListedAlert(alert, patients[alert.patient_id], people, tuple(sent[alert.id])) for alert in alerts]
