"""Open, acknowledge and close safety alerts, and choose the crisis message of the response."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from clinical.safety import Action, Concern, CrisisMessage, Priority, crisis_message
from clinical.sentences import Sentence
from models.accounts import Account
from models.base import Instant
from models.patients import Patient
from models.safety import SafetyAlert, SafetyAlertAnswer
from services import event_log
from services.access import Role
from services.context import Context
from services.errors import AlreadyAcknowledged, AlreadyClosed, Conflict, FieldError, NotFound
from services.event_log import Event
from services.revisions import not_before
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
    """Add each concern to the open alert of its kind, or open one; return the message to show, if any.

    The session holds the patient's row lock. The same answer of the same form or day is added once, however
    often it is sent; a higher one is added too, and so is one sent again after it was withdrawn, once
    somebody acknowledged its alert. An alert that somebody acknowledged takes no more: the next answer opens
    another. The message is returned each time.
    """
    concerns = tuple(concerns)
    for concern in concerns:
        if not _is_in_an_alert(session, patient, concern, origin):
            _add(session, patient, concern, origin, now)
    return crisis_message(contacts_in_force(session)) if concerns else None


def unreadable_answer_message(session: Session) -> CrisisMessage:
    """Return the crisis message for an answer that cannot be parsed and may be above "not at all"."""
    return crisis_message(contacts_in_force(session))


def acknowledge(
    ctx: Context, alert_id: UUID, note: str | None, answer_count: int | None = None
) -> SafetyAlert:
    """Acknowledge an alert: from here on nobody else is notified.

    `answer_count` is how many of its answers the clinician has seen: raises Conflict where it has more. The
    same again by the same clinician changes nothing. Anything else raises AlreadyAcknowledged, with who, and
    AlreadyClosed after it was closed: no note is accepted that would not be stored.
    """
    alert, session, actor = _locked(ctx, alert_id), ctx.session, ctx.actor
    if (alert.acknowledged_by, alert.acknowledge_note) == (actor.id, note):
        return alert
    _check_not_closed(session, alert)
    if alert.acknowledged_by is not None:
        raise AlreadyAcknowledged(**_who(session, alert.acknowledged_by, alert.acknowledged_at))
    _check_seen(alert, answer_count)
    alert.acknowledged_at, alert.acknowledged_by, alert.acknowledge_note = ctx.now, actor.id, note
    outbox.withdraw(session, alert.id)
    event_log.record(ctx, Event.ALERT_ACKNOWLEDGED, alert_id=str(alert.id))
    _changes_summary(session, alert)
    return alert


def close(
    ctx: Context, alert_id: UUID, action: Action, note: str | None, answer_count: int | None = None
) -> SafetyAlert:
    """Record what was done, which alone ends an alert; by whichever clinician did it.

    `answer_count` is as in `acknowledge`. The same again by the same clinician changes nothing; anything else
    raises AlreadyClosed, with who.
    """
    alert, session, actor = _locked(ctx, alert_id), ctx.session, ctx.actor
    if (alert.closed_by, alert.action, alert.close_note) == (actor.id, str(action), note):
        return alert
    _check_not_closed(session, alert)
    _check_seen(alert, answer_count)
    if alert.acknowledged_by is None:
        alert.acknowledged_at, alert.acknowledged_by = ctx.now, actor.id
    alert.closed_at, alert.closed_by = ctx.now, actor.id
    alert.action, alert.close_note = str(action), note
    outbox.withdraw(session, alert.id)
    event_log.record(ctx, Event.ALERT_CLOSED, alert_id=str(alert.id))
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


def _is_in_an_alert(session: Session, patient: Patient, concern: Concern, origin: Origin) -> bool:
    """Return whether an alert holds this answer, or a higher one of the same form or day.

    A form or day that was withdrawn since, and whose alert somebody acknowledged, is answered anew.
    """
    query = (
        select(SafetyAlertAnswer.received_at, SafetyAlert.acknowledged_at)
        .join(SafetyAlert, SafetyAlert.id == SafetyAlertAnswer.alert_id)
        .where(
            SafetyAlertAnswer.patient_id == patient.id,
            SafetyAlertAnswer.record_id == origin.id,
            SafetyAlertAnswer.answer >= concern.answer,
            SafetyAlert.source == str(concern.source),
        )
    )
    lowered_at = origin.lowered_at
    return any(
        acknowledged_at is None or lowered_at is None or lowered_at <= received_at
        for received_at, acknowledged_at in session.execute(query)
    )


def _add(session: Session, patient: Patient, concern: Concern, origin: Origin, now: datetime) -> None:
    """Add an answer to the patient's open alert of its kind, or open one with it."""
    query = select(SafetyAlert).where(
        SafetyAlert.patient_id == patient.id,
        SafetyAlert.source == str(concern.source),
        SafetyAlert.acknowledged_at.is_(None),
        SafetyAlert.closed_at.is_(None),
    )
    # Locked against a worker that escalates it, and would not see that another answer came.
    alert = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if alert is None:
        alert = _open(session, patient, concern, origin, now)
    else:
        _join(alert, concern, origin, now)
    session.add(
        SafetyAlertAnswer(
            clinic_id=patient.clinic_id,
            alert_id=alert.id,
            number=alert.answer_count,
            patient_id=patient.id,
            record_id=origin.id,
            local_date=origin.local_date,
            answer=concern.answer,
            received_at=now,
        )
    )
    session.flush()


def _join(alert: SafetyAlert, concern: Concern, origin: Origin, now: datetime) -> None:
    """Count another answer of an open alert; the most severe one, then the latest day, describes the alert.

    Where the on-call was notified before, they are again: of a more severe answer at once, of another one
    when nobody has acknowledged it in the clinic's time.
    """
    alert.answer_count += 1
    alert.latest_answer_at = not_before(now, alert.latest_answer_at)
    if concern.answer > alert.answer:
        alert.waiting_since = alert.opened_at
    elif alert.waiting_since is None:
        alert.waiting_since = now
    if (concern.answer, origin.local_date) > (alert.answer, alert.local_date):
        alert.answer, alert.local_date = concern.answer, origin.local_date
        alert.priority, alert.rank = str(concern.priority), RANK[concern.priority]


def _open(session: Session, patient: Patient, concern: Concern, origin: Origin, now: datetime) -> SafetyAlert:
    # Changes the ETag of the worklist and the summary, which show the alert.
    patient.change_seq += 1
    alert = SafetyAlert(
        clinic_id=patient.clinic_id,
        id=uuid4(),
        patient_id=patient.id,
        source=str(concern.source),
        local_date=origin.local_date,
        answer=concern.answer,
        priority=str(concern.priority),
        rank=RANK[concern.priority],
        opened_at=now,
        answer_count=1,
        latest_answer_at=now,
        waiting_since=now,
        escalated_at=None,
        acknowledged_at=None,
        acknowledged_by=None,
        acknowledge_note=None,
        closed_at=None,
        closed_by=None,
        action=None,
        close_note=None,
    )
    session.add(alert)
    session.flush()
    return alert


def _locked(ctx: Context, alert_id: UUID) -> SafetyAlert:
    """Lock an alert against another clinician's change; the patient's row is locked first, as everywhere."""
    alert = read(ctx, alert_id)
    ctx.load_patient(alert.patient_id, lock=True)
    again = select(SafetyAlert).where(SafetyAlert.id == alert_id)
    return ctx.session.scalars(again.execution_options(populate_existing=True)).one()


def _check_not_closed(session: Session, alert: SafetyAlert) -> None:
    if alert.closed_by is not None:
        raise AlreadyClosed(**_who(session, alert.closed_by, alert.closed_at))


def _check_seen(alert: SafetyAlert, answer_count: int | None) -> None:
    """Raise Conflict for a clinician who has not seen all answers of an alert."""
    if answer_count is not None and answer_count < alert.answer_count:
        sentence = Sentence("The patient has answered again since: read the alert, then send this again.")
        raise Conflict(FieldError("/answer_count", "answered_again", sentence))


def _who(session: Session, account_id: UUID, at: datetime | None) -> dict[str, Any]:
    name = names(session, [account_id]).get(account_id, "")
    who = {"id": str(account_id), "display_name": name}
    return {"handled_by": who, "handled_at": at.isoformat() if at else None}
