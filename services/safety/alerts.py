"""Open, acknowledge and close safety alerts, and choose the crisis message of the response."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from clinical.safety import Action, Concern, CrisisMessage, Priority, Source, crisis_message
from models.accounts import Account
from models.base import Instant
from models.patients import Patient
from models.safety import SafetyAlert
from services.access import Role
from services.context import Context
from services.errors import AlreadyAcknowledged, AlreadyClosed, NotFound
from services.safety import outbox
from services.safety.settings import contacts_in_force

RANK = {Priority.TOP: 0, Priority.ENDORSED: 1}
"""Order of the levels of an alert. Operational."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Source of an answer: the id of a form or the date of a day, and the local day it is about.

    `lowered_at` is when the current answer was received, if that is a lower one.
    """

    id: str
    local_date: date
    lowered_at: datetime | None = None


def raise_concerns(
    session: Session, patient: Patient, concerns: Iterable[Concern], origin: Origin, now: datetime
) -> CrisisMessage | None:
    """Open an alert for each concern, and return the crisis message; None where there is no concern.

    The session holds the patient's row lock. The same answer of the same form or day opens one alert, and a
    higher one another; so does one sent again after it was withdrawn, once somebody acknowledged its alert.
    An earlier alert of another form or day mutes nothing. The message is returned each time.
    """
    concerns = tuple(concerns)
    for concern in concerns:
        earlier = _alerts_of(session, patient.id, concern.source, origin.id)
        if not any(_covers(alert, concern, origin) for alert in earlier):
            _open(session, patient, concern, origin, _source_id(earlier, concern, origin), now)
    return crisis_message(contacts_in_force(session)) if concerns else None


def unreadable_answer_message(session: Session) -> CrisisMessage:
    """Return the crisis message for an answer that cannot be parsed and may be above "not at all"."""
    return crisis_message(contacts_in_force(session))


def acknowledge(ctx: Context, alert_id: UUID, note: str | None) -> SafetyAlert:
    """Acknowledge an alert: from here on nobody else is notified.

    The same again by the same clinician changes nothing. Anything else raises AlreadyAcknowledged, with who,
    and AlreadyClosed after it was closed: no note is accepted that would not be stored.
    """
    alert, session, actor = _locked(ctx, alert_id), ctx.session, ctx.actor
    if (alert.acknowledged_by, alert.acknowledge_note) == (actor.id, note):
        return alert
    _check_not_closed(session, alert)
    if alert.acknowledged_by is not None:
        raise AlreadyAcknowledged(**_who(session, alert.acknowledged_by, alert.acknowledged_at))
    alert.acknowledged_at, alert.acknowledged_by, alert.acknowledge_note = ctx.now, actor.id, note
    outbox.withdraw(session, alert.id)
    _changes_summary(session, alert)
    return alert


def close(ctx: Context, alert_id: UUID, action: Action, note: str | None) -> SafetyAlert:
    """Record what was done, which alone ends an alert; by whichever clinician did it.

    The same again by the same clinician changes nothing; anything else raises AlreadyClosed, with who.
    """
    alert, session, actor = _locked(ctx, alert_id), ctx.session, ctx.actor
    if (alert.closed_by, alert.action, alert.close_note) == (actor.id, str(action), note):
        return alert
    _check_not_closed(session, alert)
    if alert.acknowledged_by is None:
        alert.acknowledged_at, alert.acknowledged_by = ctx.now, actor.id
    alert.closed_at, alert.closed_by = ctx.now, actor.id
    alert.action, alert.close_note = str(action), note
    outbox.withdraw(session, alert.id)
    _changes_summary(session, alert)
    return alert


def _changes_summary(session: Session, alert: SafetyAlert) -> None:
    """Make the patient's summary stale, which states how their alerts stand."""
    session.get_one(Patient, (alert.clinic_id, alert.patient_id)).change_seq += 1
    session.flush()


def read(ctx: Context, alert_id: UUID) -> SafetyAlert:
    """Return one alert of the clinic; to a patient only one of their own."""
    alert, actor = ctx.session.scalar(select(SafetyAlert).where(SafetyAlert.id == alert_id)), ctx.actor
    if alert is None or (actor.has(Role.PATIENT) and alert.patient_id != actor.patient_id):
        raise NotFound
    return alert


@dataclass(frozen=True, slots=True)
class OpenAlerts:
    """How many alerts of a patient nobody has closed, and how many of them somebody has acknowledged.

    `since` is when the oldest was opened of those that nobody has acknowledged, else of all.
    """

    count: int
    acknowledged_count: int
    since: datetime


def open_alerts(
    session: Session, patient_ids: Sequence[UUID], as_of: datetime | None = None
) -> dict[UUID, OpenAlerts]:
    """Return each patient's unclosed alerts, now or at an instant; without any they are absent."""
    is_new: ColumnElement[bool] = SafetyAlert.acknowledged_at.is_(None)
    if as_of is not None:
        is_new = or_(is_new, SafetyAlert.acknowledged_at > as_of)
    opened_new = case((is_new, SafetyAlert.opened_at))
    query = select(
        SafetyAlert.patient_id,
        func.count(),
        func.count() - func.count(opened_new),
        func.coalesce(func.min(opened_new), func.min(SafetyAlert.opened_at), type_=Instant),
    ).where(SafetyAlert.patient_id.in_(patient_ids))
    if as_of is None:
        query = query.where(SafetyAlert.closed_at.is_(None))
    else:
        unclosed = or_(SafetyAlert.closed_at.is_(None), SafetyAlert.closed_at > as_of)
        query = query.where(SafetyAlert.opened_at <= as_of, unclosed)
    found = session.execute(query.group_by(SafetyAlert.patient_id))
    return {patient_id: OpenAlerts(*counted) for patient_id, *counted in found}


def names(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the names of the clinicians of these ids."""
    wanted = {each for each in ids if each is not None}
    query = select(Account.id, Account.display_name).where(Account.id.in_(wanted))
    return dict(session.execute(query).all()) if wanted else {}


def _alerts_of(session: Session, patient_id: UUID, source: Source, source_id: str) -> list[SafetyAlert]:
    """Return the alerts that answers of this form or day have opened."""
    query = select(SafetyAlert).where(
        SafetyAlert.patient_id == patient_id,
        SafetyAlert.source == str(source),
        or_(SafetyAlert.source_id == source_id, SafetyAlert.source_id.startswith(f"{source_id} ")),
    )
    return list(session.scalars(query))


def _covers(alert: SafetyAlert, concern: Concern, origin: Origin) -> bool:
    """Return whether an alert covers this answer too, or was opened when this answer was sent before."""
    if alert.answer < concern.answer:
        return False
    taken_back = origin.lowered_at is not None and origin.lowered_at > alert.opened_at
    return alert.acknowledged_at is None or not taken_back


def _source_id(earlier: Iterable[SafetyAlert], concern: Concern, origin: Origin) -> str:
    """Return the form or day, with a number from the second alert of one answer on."""
    same = sum(alert.answer == concern.answer for alert in earlier)
    return f"{origin.id} {same + 1}" if same else origin.id


def _open(
    session: Session, patient: Patient, concern: Concern, origin: Origin, source_id: str, now: datetime
) -> None:
    # Changes the ETag of the worklist and the summary, which show the alert.
    patient.change_seq += 1
    session.add(
        SafetyAlert(
            clinic_id=patient.clinic_id,
            id=uuid4(),
            patient_id=patient.id,
            source=str(concern.source),
            source_id=source_id,
            local_date=origin.local_date,
            answer=concern.answer,
            priority=str(concern.priority),
            rank=RANK[concern.priority],
            opened_at=now,
            escalated_at=None,
            acknowledged_at=None,
            acknowledged_by=None,
            acknowledge_note=None,
            closed_at=None,
            closed_by=None,
            action=None,
            close_note=None,
        )
    )
    session.flush()


def _locked(ctx: Context, alert_id: UUID) -> SafetyAlert:
    """Lock an alert against another clinician's change; the patient's row is locked first, as everywhere."""
    alert = read(ctx, alert_id)
    ctx.load_patient(alert.patient_id, lock=True)
    again = select(SafetyAlert).where(SafetyAlert.id == alert_id)
    return ctx.session.scalars(again.execution_options(populate_existing=True)).one()


def _check_not_closed(session: Session, alert: SafetyAlert) -> None:
    if alert.closed_by is not None:
        raise AlreadyClosed(**_who(session, alert.closed_by, alert.closed_at))


def _who(session: Session, account_id: UUID, at: datetime | None) -> dict[str, Any]:
    name = names(session, [account_id]).get(account_id, "")
    who = {"id": str(account_id), "display_name": name}
    return {"handled_by": who, "handled_at": at.isoformat() if at else None}
