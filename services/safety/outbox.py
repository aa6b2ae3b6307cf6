"""Deliveries about alerts that nobody acknowledged: queued, claimed by a lease, settled or given up."""

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

RETRY_DELAYS: Final = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 600, 900))
"""How long to wait after each failed try; the last holds for all that follow. A proposal. Operational."""

GIVE_UP_AFTER: Final = timedelta(hours=48)
"""How long delivery of an alert is tried: by then it was first on the worklist twice. Operational."""

MAX_BATCH: Final = 20
"""Most deliveries that a worker claims at a time. Operational."""

WAITING, DELIVERED, GIVEN_UP, WITHDRAWN = "waiting", "delivered", "given_up", "withdrawn"


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this worker may attempt until its lease ends; `attempt_count` includes this one."""

    id: UUID
    alert_id: UUID
    channel: str
    attempt_count: int
    created_at: datetime


def clinics(session: Session) -> list[UUID]:
    """Return every clinic in order of creation; the session is one without a clinic."""
    return list(session.scalars(select(Clinic.id).order_by(Clinic.created_at, Clinic.id)))


def retry_delay(attempt_count: int) -> timedelta:
    """Return the wait after so many failed attempts, at least one."""
    return RETRY_DELAYS[min(attempt_count, len(RETRY_DELAYS)) - 1]


def anything_due(session: Session, now: datetime) -> bool:
    """Return whether there is something to escalate or to send, without taking a lock."""
    settings = in_force(session).settings
    overdue = _overdue(settings, now)
    if overdue is not None and session.scalar(select(SafetyAlert.id).where(overdue).limit(1)):
        return True
    for _, undelivered in _channels_without_delivery(settings):
        if session.scalar(select(SafetyAlert.id).where(undelivered).limit(1)):
            return True
    return session.scalar(select(Delivery.id).where(_may_be_tried(now)).limit(1)) is not None


def escalate(session: Session, now: datetime) -> int:
    """Queue a delivery on each of the on-call's channels for every overdue alert; return how many escalated.

    An alert escalates once, and again where answers came after that: of several workers one marks it and
    queues the deliveries in one transaction, in place of those that still wait. On a channel that was set
    since, a delivery is queued too, as long as none was delivered on another.
    """
    settings = in_force(session).settings
    _queue_added_channels(session, settings, now)
    overdue = _overdue(settings, now)
    if overdue is None:
        return 0
    escalated = 0
    for alert_id in _most_severe(session, overdue):
        marked = {"escalated_at": now, "waiting_since": None}
        mark = update(SafetyAlert).where(SafetyAlert.id == alert_id, overdue).values(**marked)
        if _changed(session, mark):
            withdraw(session, alert_id)
            session.add_all(_queued(alert_id, channel, now) for channel in _channels(settings))
            session.flush()
            escalated += 1
    return escalated


def claim(session: Session, now: datetime) -> Claim | None:
    """Claim one due delivery under a lease; return None where none is due.

    What a dead worker claimed is due again once its lease has ended. One at a time: the last of several would
    wait longer than its lease while the others are attempted.
    """
    query = select(Delivery).where(_may_be_tried(now)).order_by(Delivery.due_at, Delivery.id)
    for row in list(session.scalars(query.limit(MAX_BATCH))):
        take = update(Delivery).where(Delivery.id == row.id, _may_be_tried(now))
        attempt_count = row.attempt_count + 1
        lease = {"leased_until": now + LEASE, "attempt_count": attempt_count, "last_tried_at": now}
        if _changed(session, take.values(**lease)):
            return Claim(row.id, row.alert_id, row.channel, attempt_count, row.created_at)
    return None


def settle(session: Session, claimed: Claim, failure: str | None, now: datetime) -> str:
    """Record how an attempt ended and return the new state; `failure` is a code, None for success."""
    this = Delivery.id == claimed.id
    if failure is None:
        done = {"state": DELIVERED, "delivered_at": now, "leased_until": None, "last_failure": None}
        _changed(session, update(Delivery).where(this).values(**done))
        return DELIVERED
    state = GIVEN_UP if now - claimed.created_at >= GIVE_UP_AFTER else WAITING
    due_at = now + retry_delay(claimed.attempt_count)
    failed = {"state": state, "due_at": due_at, "leased_until": None, "last_failure": failure}
    # A delivery withdrawn meanwhile stays withdrawn.
    _changed(session, update(Delivery).where(this, Delivery.state == WAITING).values(**failed))
    return state


def withdraw(session: Session, alert_id: UUID) -> None:
    """Withdraw what is still waiting to be sent about an alert."""
    waiting = Delivery.alert_id == alert_id, Delivery.state == WAITING
    _changed(session, update(Delivery).where(*waiting).values(state=WITHDRAWN))


def _queue_added_channels(session: Session, settings: SafetyDraft, now: datetime) -> None:
    for channel, undelivered in _channels_without_delivery(settings):
        for alert_id in _most_severe(session, undelivered):
            this = select(SafetyAlert.id).where(SafetyAlert.id == alert_id)
            # Locked before the second check: another worker may have queued it, or somebody acknowledged it.
            session.execute(this.with_for_update())
            if session.scalar(this.where(undelivered)):
                session.add(_queued(alert_id, channel, now))
                session.flush()


def _most_severe(session: Session, which: ColumnElement[bool]) -> list[UUID]:
    """Return the most severe, then the oldest: one order for all workers, so that they cannot deadlock."""
    order = SafetyAlert.rank, SafetyAlert.opened_at, SafetyAlert.id
    return list(session.scalars(select(SafetyAlert.id).where(which).order_by(*order).limit(MAX_BATCH)))


def _channels_without_delivery(settings: SafetyDraft) -> list[tuple[str, ColumnElement[bool]]]:
    """Return, by channel, the condition of alerts that escalated before it was set, undelivered so far."""
    of_alert = and_(Delivery.alert_id == SafetyAlert.id, Delivery.created_at >= SafetyAlert.escalated_at)
    waiting = SafetyAlert.escalated_at.is_not(None), SafetyAlert.acknowledged_at.is_(None)
    undelivered = ~exists().where(of_alert, Delivery.state == DELIVERED)
    return [
        (channel, and_(*waiting, undelivered, ~exists().where(of_alert, Delivery.channel == channel)))
        for channel in _channels(settings)
    ]


def _channels(settings: SafetyDraft) -> list[str]:
    set_up = (("email", settings.on_call_email), ("webhook", settings.on_call_webhook))
    return [channel for channel, address in set_up if address is not None]


def _overdue(settings: SafetyDraft, now: datetime) -> ColumnElement[bool] | None:
    """Return the condition of alerts not acknowledged in time; None where no time or no channel is set."""
    if settings.escalate_after_minutes is None or not _channels(settings):
        return None
    since = now - timedelta(minutes=settings.escalate_after_minutes)
    return and_(SafetyAlert.acknowledged_at.is_(None), SafetyAlert.waiting_since <= since)


def _may_be_tried(now: datetime) -> ColumnElement[bool]:
    # A clock that was set back leaves instants further ahead than any that is ever written: ignore them. One
    # lease of tolerance, since a worker may have waited for a lock after it read its clock, and must not take
    # the fresh lease of the worker that went first for such an instant.
    due = or_(Delivery.due_at <= now, Delivery.due_at > now + RETRY_DELAYS[-1] + LEASE)
    over = or_(Delivery.leased_until <= now, Delivery.leased_until > now + 2 * LEASE)
    return and_(Delivery.state == WAITING, due, or_(Delivery.leased_until.is_(None), over))


def _queued(alert_id: UUID, channel: str, now: datetime) -> Delivery:
    return Delivery(
        id=uuid4(),
        alert_id=alert_id,
        channel=channel,
        state=WAITING,
        attempt_count=0,
        created_at=now,
        due_at=now,
        leased_until=None,
        last_tried_at=None,
        last_failure=None,
        delivered_at=None,
    )


def _changed(session: Session, change: Update) -> bool:
    """Execute an update and return whether it changed a row: of several workers, one sees that it did."""
    done = session.execute(change, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount > 0
