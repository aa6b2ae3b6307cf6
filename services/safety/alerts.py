"""Raise, acknowledge and close safety alerts; whoever gave such an answer is told at once whom to turn to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from clinical.safety import Action, Concern, CrisisMessage, Level, Source, crisis_message
from models.accounts import Account
from models.patients import Patient
from models.safety import SafetyAlert
from services.access import Actor, Role, load_patient
from services.errors import AlreadyAcknowledged, AlreadyClosed, NotFound
from services.safety import outbox
from services.safety.settings import contacts_in_force

RANK = {Level.TOP: 0, Level.ENDORSED: 1}
"""Order of the levels of an alert. Operational."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What held the answer: a form by its id, or a day by its date; and the local day it was about.

    `lowered_at` is when a lower answer was told in its place, where one stands there.
    """

    id: str
    local_date: date
    lowered_at: datetime | None = None


def raise_concerns(
    session: Session, patient: Patient, concerns: Iterable[Concern], origin: Origin, now: datetime
) -> CrisisMessage | None:
    """Open an alert for each concern, and give what the reply must show; None where there is no concern.

    The session holds the patient's row lock. The same answer of the same form or day raises once, and a
    higher one again; so does one told anew after it was taken back, once somebody took its alert on. An
    earlier alert, open or closed, of anything else mutes nothing. The reply is given each time.
    """
    concerns = tuple(concerns)
    for concern in concerns:
        earlier = _raised(session, patient.id, concern.source, origin.id)
        if not any(_holds(alert, concern, origin) for alert in earlier):
            _open(session, patient, concern, origin, _name(earlier, concern, origin), now)
    return crisis_message(contacts_in_force(session)) if concerns else None


def unreadable_answer_message(session: Session) -> CrisisMessage:
    """What the reply must show where something else than "not at all" was said that nobody can read."""
    return crisis_message(contacts_in_force(session))


def acknowledge(
    session: Session, actor: Actor, alert_id: UUID, note: str | None, now: datetime
) -> SafetyAlert:
    """Take an alert on: from here on nobody else is called.

    The same again by the same clinician changes nothing. Anything else raises AlreadyAcknowledged, with who,
    and AlreadyClosed after it was closed: no note is taken that would be kept nowhere.
    """
    alert = _locked(session, actor, alert_id)
    if (alert.acknowledged_by, alert.acknowledge_note) == (actor.id, note):
        return alert
    _refuse_closed(session, alert)
    if alert.acknowledged_by is not None:
        raise AlreadyAcknowledged(**_who(session, alert.acknowledged_by, alert.acknowledged_at))
    alert.acknowledged_at, alert.acknowledged_by, alert.acknowledge_note = now, actor.id, note
    outbox.withdraw(session, alert.id)
    session.flush()
    return alert


def close(
    session: Session, actor: Actor, alert_id: UUID, action: Action, note: str | None, now: datetime
) -> SafetyAlert:
    """Record what was done, which alone ends an alert; by whichever clinician did it.

    The same again by the same clinician changes nothing; anything else raises AlreadyClosed, with who.
    """
    alert = _locked(session, actor, alert_id)
    if (alert.closed_by, alert.action, alert.close_note) == (actor.id, str(action), note):
        return alert
    _refuse_closed(session, alert)
    if alert.acknowledged_by is None:
        alert.acknowledged_at, alert.acknowledged_by = now, actor.id
    alert.closed_at, alert.closed_by, alert.action, alert.close_note = now, actor.id, str(action), note
    outbox.withdraw(session, alert.id)
    patient = session.get_one(Patient, (alert.clinic_id, alert.patient_id))
    patient.change_seq += 1
    session.flush()
    return alert


def read(session: Session, actor: Actor, alert_id: UUID) -> SafetyAlert:
    """Give one alert of the clinic; to a patient only one of their own."""
    alert = session.scalar(select(SafetyAlert).where(SafetyAlert.id == alert_id))
    if alert is None or (actor.role is Role.PATIENT and alert.patient_id != actor.patient_id):
        raise NotFound
    return alert


def open_alerts(
    session: Session, patient_ids: Sequence[UUID], as_of: datetime | None = None
) -> dict[UUID, int]:
    """Count each patient's alerts that nobody has closed, now or at an instant; none is absent."""
    query = select(SafetyAlert.patient_id, func.count()).where(SafetyAlert.patient_id.in_(patient_ids))
    if as_of is None:
        query = query.where(SafetyAlert.closed_at.is_(None))
    else:
        unclosed = or_(SafetyAlert.closed_at.is_(None), SafetyAlert.closed_at > as_of)
        query = query.where(SafetyAlert.opened_at <= as_of, unclosed)
    return dict(session.execute(query.group_by(SafetyAlert.patient_id)).all())


def names(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Give the names of the clinicians of those ids."""
    wanted = {each for each in ids if each is not None}
    query = select(Account.id, Account.display_name).where(Account.id.in_(wanted))
    return dict(session.execute(query).all()) if wanted else {}


def _raised(session: Session, patient_id: UUID, source: Source, source_id: str) -> list[SafetyAlert]:
    """The alerts that answers of this form or day have opened."""
    query = select(SafetyAlert).where(
        SafetyAlert.patient_id == patient_id,
        SafetyAlert.source == str(source),
        or_(SafetyAlert.source_id == source_id, SafetyAlert.source_id.startswith(f"{source_id} ")),
    )
    return list(session.scalars(query))


def _holds(alert: SafetyAlert, concern: Concern, origin: Origin) -> bool:
    """Whether an alert stands for this answer too, or was opened for this very telling of it."""
    if alert.answer < concern.answer:
        return False
    taken_back = origin.lowered_at is not None and origin.lowered_at > alert.opened_at
    return alert.acknowledged_at is None or not taken_back


def _name(earlier: Iterable[SafetyAlert], concern: Concern, origin: Origin) -> str:
    """The form or day, and from the second alert of one answer on, which it is."""
    same = sum(alert.answer == concern.answer for alert in earlier)
    return f"{origin.id} {same + 1}" if same else origin.id


def _open(
    session: Session, patient: Patient, concern: Concern, origin: Origin, source_id: str, now: datetime
) -> None:
    # Whoever reads the list or the summary must see it: that is what this counts.
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
            level=str(concern.level),
            rank=RANK[concern.level],
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


def _locked(session: Session, actor: Actor, alert_id: UUID) -> SafetyAlert:
    """Hold an alert against another clinician's hand; the patient's row is locked first, as everywhere."""
    alert = read(session, actor, alert_id)
    load_patient(session, actor, alert.patient_id, lock=True)
    again = select(SafetyAlert).where(SafetyAlert.id == alert_id)
    return session.scalars(again.execution_options(populate_existing=True)).one()


def _refuse_closed(session: Session, alert: SafetyAlert) -> None:
    if alert.closed_by is not None:
        raise AlreadyClosed(**_who(session, alert.closed_by, alert.closed_at))


def _who(session: Session, account_id: UUID, at: datetime | None) -> dict[str, Any]:
    name = names(session, [account_id]).get(account_id, "")
    who = {"id": str(account_id), "display_name": name}
    return {"by": who, "at": at.isoformat() if at else None}
