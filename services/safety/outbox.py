"""What is to be sent out about alerts nobody took on: queued, claimed by a lease, settled or given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, CursorResult, Update, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from models.clinics import Clinic
from models.outbox import Delivery
from models.safety import SafetyAlert
from services.safety.settings import SafetyDraft, in_force

LEASE: Final = timedelta(minutes=2)
"""How long a claim holds: longer than a try takes, so that only a worker that died loses its claim.
Operational."""

WAITS: Final = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 600, 900))
"""How long to wait after each failed try; the last holds for all that follow. A proposal. Operational."""

GIVE_UP_AFTER: Final = timedelta(hours=48)
"""How long delivery of an alert is tried: by then it was first on the worklist twice. Operational."""

MAX_AT_ONCE: Final = 20
"""Most deliveries that a worker claims at a time. Operational."""

WAITING, DELIVERED, GIVEN_UP, WITHDRAWN = "waiting", "delivered", "given_up", "withdrawn"


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is this worker's to try until its lease ends; `attempts` counts the try begun."""

    id: UUID
    alert_id: UUID
    channel: str
    attempts: int
    created_at: datetime


def clinics(session: Session) -> list[UUID]:
    """Every clinic, in the order in which they were opened; the session is one opened for none."""
    return list(session.scalars(select(Clinic.id).order_by(Clinic.created_at, Clinic.id)))


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after so many tries, at least one, have failed."""
    return WAITS[min(attempts, len(WAITS)) - 1]


def anything_due(session: Session, now: datetime) -> bool:
    """Whether there is something to escalate or to send, by a look that holds nobody up."""
    settings = in_force(session).settings
    overdue = _overdue(settings, now)
    if overdue is not None and session.scalar(select(SafetyAlert.id).where(overdue).limit(1)):
        return True
    if any(session.scalar(select(SafetyAlert.id).where(lacks).limit(1)) for _, lacks in _lacking(settings)):
        return True
    return session.scalar(select(Delivery.id).where(_may_be_tried(now)).limit(1)) is not None


def escalate(session: Session, now: datetime) -> int:
    """Queue a message on each of the on-call's channels for every alert that waited too long.

    An alert escalates once: of several workers one marks it, and the message is queued in the same deed. On a
    channel that was set since, it is queued too, as long as nobody was told on another.
    """
    settings = in_force(session).settings
    _queue_lacking(session, settings, now)
    overdue = _overdue(settings, now)
    if overdue is None:
        return 0
    escalated = 0
    for alert_id in _first(session, overdue):
        mark = update(SafetyAlert).where(SafetyAlert.id == alert_id, overdue).values(escalated_at=now)
        if _changed(session, mark):
            session.add_all(_queued(alert_id, channel, now) for channel in _channels(settings))
            session.flush()
            escalated += 1
    return escalated


def claim(session: Session, now: datetime) -> Claim | None:
    """Take one of what is due under a lease; None where nothing is.

    What a dead worker claimed is due again once its lease has ended. One at a time: the last of several would
    wait longer than its lease while the others are tried.
    """
    query = select(Delivery).where(_may_be_tried(now)).order_by(Delivery.due_at, Delivery.id)
    for row in list(session.scalars(query.limit(MAX_AT_ONCE))):
        take = update(Delivery).where(Delivery.id == row.id, _may_be_tried(now))
        tries = row.attempts + 1
        lease = {"leased_until": now + LEASE, "attempts": tries, "last_tried_at": now}
        if _changed(session, take.values(**lease)):
            return Claim(row.id, row.alert_id, row.channel, tries, row.created_at)
    return None


def settle(session: Session, claimed: Claim, failure: str | None, now: datetime) -> str:
    """Write down how a try ended, and give the state it is in; `failure` is a code, None for success."""
    this = Delivery.id == claimed.id
    if failure is None:
        done = {"state": DELIVERED, "delivered_at": now, "leased_until": None, "last_failure": None}
        _changed(session, update(Delivery).where(this).values(**done))
        return DELIVERED
    state = GIVEN_UP if now - claimed.created_at >= GIVE_UP_AFTER else WAITING
    due_at = now + retry_delay(claimed.attempts)
    failed = {"state": state, "due_at": due_at, "leased_until": None, "last_failure": failure}
    # Withdrawn meanwhile, it stays withdrawn.
    _changed(session, update(Delivery).where(this, Delivery.state == WAITING).values(**failed))
    return state


def withdraw(session: Session, alert_id: UUID) -> None:
    """Send nothing more about an alert that somebody has taken on."""
    waiting = Delivery.alert_id == alert_id, Delivery.state == WAITING
    _changed(session, update(Delivery).where(*waiting).values(state=WITHDRAWN))


def _queue_lacking(session: Session, settings: SafetyDraft, now: datetime) -> None:
    for channel, lacks in _lacking(settings):
        for alert_id in _first(session, lacks):
            this = select(SafetyAlert.id).where(SafetyAlert.id == alert_id)
            # Held before looking again: another worker may have queued it, or somebody taken it on.
            session.execute(this.with_for_update())
            if session.scalar(this.where(lacks)):
                session.add(_queued(alert_id, channel, now))
                session.flush()


def _first(session: Session, which: ColumnElement[bool]) -> list[UUID]:
    """The most severe, then the oldest: in one order for all workers, so that none block one another."""
    order = SafetyAlert.rank, SafetyAlert.opened_at, SafetyAlert.id
    return list(session.scalars(select(SafetyAlert.id).where(which).order_by(*order).limit(MAX_AT_ONCE)))


def _lacking(settings: SafetyDraft) -> list[tuple[str, ColumnElement[bool]]]:
    """By channel, alerts that escalated before it was set, and that nobody was told of or took on."""
    of_alert = Delivery.alert_id == SafetyAlert.id
    waits = SafetyAlert.escalated_at.is_not(None), SafetyAlert.acknowledged_at.is_(None)
    untold = ~exists().where(of_alert, Delivery.state == DELIVERED)
    return [
        (channel, and_(*waits, untold, ~exists().where(of_alert, Delivery.channel == channel)))
        for channel in _channels(settings)
    ]


def _channels(settings: SafetyDraft) -> list[str]:
    set_up = (("email", settings.on_call_email), ("webhook", settings.on_call_webhook))
    return [channel for channel, address in set_up if address is not None]


def _overdue(settings: SafetyDraft, now: datetime) -> ColumnElement[bool] | None:
    """Alerts that nobody took on in time; None in a clinic that set no time or no on-call."""
    if settings.escalate_after_minutes is None or not _channels(settings):
        return None
    untouched = SafetyAlert.acknowledged_at.is_(None), SafetyAlert.escalated_at.is_(None)
    since = now - timedelta(minutes=settings.escalate_after_minutes)
    return and_(*untouched, SafetyAlert.opened_at <= since)


def _may_be_tried(now: datetime) -> ColumnElement[bool]:
    # A clock that was set back leaves moments further ahead than any that we write: they do not count.
    due = or_(Delivery.due_at <= now, Delivery.due_at > now + WAITS[-1])
    over = or_(Delivery.leased_until <= now, Delivery.leased_until > now + LEASE)
    return and_(Delivery.state == WAITING, due, or_(Delivery.leased_until.is_(None), over))


def _queued(alert_id: UUID, channel: str, now: datetime) -> Delivery:
    return Delivery(
        id=uuid4(),
        alert_id=alert_id,
        channel=channel,
        state=WAITING,
        attempts=0,
        created_at=now,
        due_at=now,
        leased_until=None,
        last_tried_at=None,
        last_failure=None,
        delivered_at=None,
    )


def _changed(session: Session, change: Update) -> bool:
    """Carry out a change, and tell whether there was a row to change: of several workers, one sees it."""
    done = session.execute(change, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount > 0
