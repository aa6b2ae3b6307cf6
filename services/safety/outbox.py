"""Deliveries about alerts that nobody acknowledged: queued, claimed by a lease, settled or given up.

Two queries read what waits in all clinics, and name clinics, channels and times alone; whatever changes
something is done in a session of one clinic.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, CursorResult, Update, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from models.clinics import Clinic
from models.outbox import Delivery
from models.safety import SafetyAlert, SafetySettings
from models.tenancy import across_clinics
from services import clock_bounds
from services.safety.settings import SafetyDraft, in_force

LEASE: Final = timedelta(minutes=2)
"""How long a claim holds: longer than a try takes, so that only a worker that died loses its claim.
Operational."""

RETRY_DELAYS: Final = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 600, 900))
"""How long to wait after each failed try; the last holds for all that follow. A proposal. Operational."""

GIVE_UP_AFTER: Final = timedelta(hours=48)
"""How long delivery of an alert is tried: by then it was first on the worklist twice. Operational."""

MIN_ATTEMPTS: Final = 12
"""Fewest attempts before an alert's delivery is given up: a clock that jumps two days ahead ends none.
Operational."""

MAX_ATTEMPTS: Final = 220
"""Most attempts of an alert's delivery, in more than 48 hours: a clock set back prolongs none for good.
Operational."""

TEST_ATTEMPTS: Final = 3
"""Most attempts of a test message, which take two minutes. Operational."""

MAX_BATCH: Final = 20
"""Most alerts of a clinic that escalate at a time. Operational."""

WAITING, DELIVERED, GIVEN_UP, WITHDRAWN = "waiting", "delivered", "given_up", "withdrawn"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where messages go: a channel of a clinic, as its settings of that version have it."""

    clinic_id: UUID
    channel: str
    settings_version: int


@dataclass(frozen=True, slots=True)
class Due:
    """What is due to a receiver: whether any of it was never attempted, and whether any was."""

    receiver: Receiver
    has_new: bool
    has_failed: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this worker may attempt until its lease ends; `attempt_count` includes this one.

    A test message has no alert.
    """

    id: UUID
    alert_id: UUID | None
    channel: str
    attempt_count: int
    created_at: datetime


def clinics(session: Session) -> list[UUID]:
    """Return every clinic in order of creation; the session is one without a clinic."""
    return list(session.scalars(select(Clinic.id).order_by(Clinic.created_at, Clinic.id)))


def retry_delay(attempt_count: int) -> timedelta:
    """Return the wait after so many failed attempts, at least one."""
    return RETRY_DELAYS[min(attempt_count, len(RETRY_DELAYS)) - 1]


def clinics_to_escalate(session: Session, now: datetime) -> list[UUID]:
    """Return the clinics in which an alert is to be escalated, the one that is overdue longest first.

    The session is one without a clinic.
    """
    overdue = {clinic_id: due_at for clinic_id, due_at in _overdue_by_clinic(session, now) if due_at <= now}
    added = dict.fromkeys(_clinics_with_added_channel(session), now)
    due = added | overdue
    return sorted(due, key=lambda clinic_id: (due[clinic_id], clinic_id))


def due_receivers(session: Session, now: datetime) -> list[Due]:
    """Return each receiver to which something is due, that of the earliest first, over all clinics.

    The session is one without a clinic.
    """
    receiver = Delivery.clinic_id, Delivery.channel, SafetySettings.version
    attempts = func.min(Delivery.attempt_count), func.max(Delivery.attempt_count)
    query = (
        select(*receiver, *attempts)
        .outerjoin(SafetySettings, _settings_of(Delivery.clinic_id))
        .where(_may_be_tried(now))
        .group_by(*receiver)
        .order_by(func.min(Delivery.due_at), *receiver)
    )
    return [
        Due(Receiver(clinic_id, channel, version or 0), fewest == 0, most > 0)
        for clinic_id, channel, version, fewest, most in across_clinics(session, query)
    ]


def longest_overdue(session: Session, now: datetime) -> timedelta | None:
    """Return how long the delivery of an alert has waited since its first attempt was due; None without one.

    For the server's own checks: while a worker runs and the receivers answer it is a few seconds. The session
    is one without a clinic.
    """
    waiting = Delivery.state == WAITING, Delivery.alert_id.is_not(None)
    ((oldest,),) = across_clinics(session, select(func.min(Delivery.created_at)).where(*waiting))
    unescalated = [due_at for _, due_at in _overdue_by_clinic(session, now) if due_at <= now]
    earliest = min([*unescalated, *([] if oldest is None else [oldest])], default=None)
    return None if earliest is None else max(now - earliest, timedelta(0))


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
            session.add_all(queued(alert_id, channel, now) for channel in channels(settings))
            session.flush()
            escalated += 1
    return escalated


def claim(
    session: Session, now: datetime, channel: str | None = None, *, only_new: bool = False
) -> Claim | None:
    """Claim one due delivery under a lease; return None where none is due.

    What was never attempted comes first, then the earliest due; `only_new` leaves out the rest. What a dead
    worker claimed is due again once its lease has ended. One at a time: the last of several would wait longer
    than its lease while the others are attempted.
    """
    query = select(Delivery).where(_may_be_tried(now))
    if channel is not None:
        query = query.where(Delivery.channel == channel)
    if only_new:
        query = query.where(Delivery.attempt_count == 0)
    order = case((Delivery.attempt_count == 0, 0), else_=1), Delivery.due_at, Delivery.id
    for row in list(session.scalars(query.order_by(*order).limit(MAX_BATCH))):
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
    state = GIVEN_UP if _is_given_up(claimed, now) else WAITING
    due_at = now + retry_delay(claimed.attempt_count)
    failed = {"state": state, "due_at": due_at, "leased_until": None, "last_failure": failure}
    # A delivery withdrawn meanwhile stays withdrawn.
    _changed(session, update(Delivery).where(this, Delivery.state == WAITING).values(**failed))
    return state


def _is_given_up(claimed: Claim, now: datetime) -> bool:
    if claimed.alert_id is None:
        return claimed.attempt_count >= TEST_ATTEMPTS
    tried_enough = claimed.attempt_count >= MIN_ATTEMPTS and now - claimed.created_at >= GIVE_UP_AFTER
    return tried_enough or claimed.attempt_count >= MAX_ATTEMPTS


def withdraw(session: Session, alert_id: UUID) -> None:
    """Withdraw what is still waiting to be sent about an alert."""
    waiting = Delivery.alert_id == alert_id, Delivery.state == WAITING
    _changed(session, update(Delivery).where(*waiting).values(state=WITHDRAWN))


def channels(settings: SafetyDraft) -> list[str]:
    """Return the channels on which the on-call can be notified."""
    set_up = (("email", settings.on_call_email), ("webhook", settings.on_call_webhook))
    return [channel for channel, address in set_up if address is not None]


def queued(alert_id: UUID | None, channel: str, now: datetime) -> Delivery:
    """Return a message that is due now; without an alert it is a test message."""
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


def _settings_of(clinic_id: Any) -> ColumnElement[bool]:
    return and_(SafetySettings.clinic_id == clinic_id, SafetySettings.known_until.is_(None))


def _overdue_by_clinic(session: Session, now: datetime) -> list[tuple[UUID, datetime]]:
    """Return when the next alert of each clinic escalates, for clinics that set a time and a channel."""
    waiting = func.min(SafetyAlert.waiting_since), func.max(SafetyAlert.waiting_since)
    query = (
        select(SafetyAlert.clinic_id, SafetySettings.escalate_after_minutes, *waiting)
        .join(SafetySettings, _settings_of(SafetyAlert.clinic_id))
        .where(
            SafetyAlert.acknowledged_at.is_(None),
            SafetyAlert.waiting_since.is_not(None),
            SafetySettings.escalate_after_minutes.is_not(None),
            or_(SafetySettings.on_call_email.is_not(None), SafetySettings.on_call_webhook.is_not(None)),
        )
        .group_by(SafetyAlert.clinic_id, SafetySettings.escalate_after_minutes)
    )
    return [
        (clinic_id, now if clock_bounds.is_ahead(last, now) else first + timedelta(minutes=minutes))
        for clinic_id, minutes, first, last in across_clinics(session, query)
    ]


def _clinics_with_added_channel(session: Session) -> list[UUID]:
    """Return the clinics that set a channel after an alert escalated that was not delivered on another."""
    of_alert = (
        Delivery.clinic_id == SafetyAlert.clinic_id,
        Delivery.alert_id == SafetyAlert.id,
        Delivery.created_at >= SafetyAlert.escalated_at,
    )
    lacking = [
        and_(address.is_not(None), ~exists().where(*of_alert, Delivery.channel == channel))
        for channel, address in (
            ("email", SafetySettings.on_call_email),
            ("webhook", SafetySettings.on_call_webhook),
        )
    ]
    query = (
        select(SafetyAlert.clinic_id)
        .join(SafetySettings, _settings_of(SafetyAlert.clinic_id))
        .where(
            SafetyAlert.acknowledged_at.is_(None),
            SafetyAlert.escalated_at.is_not(None),
            ~exists().where(*of_alert, Delivery.state == DELIVERED),
            or_(*lacking),
        )
        .distinct()
    )
    return [clinic_id for (clinic_id,) in across_clinics(session, query)]


def _queue_added_channels(session: Session, settings: SafetyDraft, now: datetime) -> None:
    for channel, undelivered in _channels_without_delivery(settings):
        for alert_id in _most_severe(session, undelivered):
            this = select(SafetyAlert.id).where(SafetyAlert.id == alert_id)
            # Locked before the second check: another worker may have queued it, or somebody acknowledged it.
            session.execute(this.with_for_update())
            if session.scalar(this.where(undelivered)):
                session.add(queued(alert_id, channel, now))
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
        for channel in channels(settings)
    ]


def _overdue(settings: SafetyDraft, now: datetime) -> ColumnElement[bool] | None:
    """Return the condition of alerts not acknowledged in time; None where no time or no channel is set."""
    if settings.escalate_after_minutes is None or not channels(settings):
        return None
    # One that waits since the clock was ahead is overdue: how long it has waited is not known.
    wait = timedelta(minutes=settings.escalate_after_minutes)
    unhandled = SafetyAlert.acknowledged_at.is_(None)
    return and_(unhandled, clock_bounds.over(SafetyAlert.waiting_since, now - wait, wait))


def _may_be_tried(now: datetime) -> ColumnElement[bool]:
    # A clock that was set back leaves instants further ahead than any that is ever written: ignore them. One
    # lease of tolerance, since a worker may have waited for a lock after it read its clock, and must not take
    # the fresh lease of the worker that went first for such an instant.
    due = or_(
        Delivery.attempt_count == 0,
        Delivery.due_at <= now,
        Delivery.due_at > now + RETRY_DELAYS[-1] + LEASE,
    )
    over = or_(Delivery.leased_until <= now, Delivery.leased_until > now + 2 * LEASE)
    return and_(Delivery.state == WAITING, due, or_(Delivery.leased_until.is_(None), over))


def _changed(session: Session, change: Update) -> bool:
    """Execute an update and return whether it changed a row: of several workers, one sees that it did."""
    done = session.execute(change, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount > 0
