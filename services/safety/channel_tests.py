"""Test messages to the on-call, marked as such and about nobody: when an address is set, and on demand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from clinical.sentences import Sentence
from models.outbox import Delivery
from services import clock_bounds, event_log
from services.access import lock_clinic, own_clinic
from services.context import Context
from services.errors import Conflict, FieldError, TooManyAttempts
from services.event_log import Event
from services.revisions import WriteResult
from services.safety import outbox
from services.safety import settings as safety_settings
from services.safety.settings import OutboundCapabilities, SafetyDraft, SettingsInForce, in_force

PAUSE: Final = timedelta(minutes=1)
"""Shortest time between two tests on demand of a clinic. Operational."""

PER_HOUR: Final = 10
"""Most test messages of a clinic on a channel in an hour: an address may be somebody else's. Operational."""

STORED_FOR: Final = timedelta(days=30)
"""How long a test message is stored. Operational."""

CHANNELS: Final = ("email", "webhook")


class TooManyTests(TooManyAttempts):
    """A test was sent a moment ago, or many in the last hour; `retry_after` is in seconds."""

    detail = Sentence(
        "Test messages were sent a moment ago. Wait as many seconds as Retry-After says, then send another."
    )


def set_and_test(
    ctx: Context,
    clinic_id: UUID,
    draft: SafetyDraft,
    expected_version: int | None,
    capabilities: OutboundCapabilities,
) -> WriteResult[SettingsInForce]:
    """Store the settings, as `settings.put` does, and queue a test message to each address that is new."""
    own_clinic(ctx.actor, clinic_id)
    before = in_force(ctx.session).settings
    stored = safety_settings.put(ctx, clinic_id, draft, expected_version, capabilities)
    addresses = zip(CHANNELS, _addresses(before), _addresses(draft), strict=True)
    changed = [channel for channel, former, new in addresses if new is not None and new != former]
    _queue(ctx, [channel for channel in changed if _sent(ctx.session, channel, ctx.now) < PER_HOUR])
    return stored


def send(ctx: Context, clinic_id: UUID) -> list[Delivery]:
    """Queue a test message on each channel that is set, and return them.

    Raises Conflict where none is set, and TooManyTests a moment after another test.
    """
    own_clinic(ctx.actor, clinic_id)
    # Of two requests at once the second waits, and finds the messages of the first.
    lock_clinic(ctx.session, clinic_id)
    channels = outbox.channels(in_force(ctx.session).settings)
    if not channels:
        sentence = Sentence("Set an on-call e-mail address or webhook first: there is nobody to notify.")
        raise Conflict(FieldError("clinic_id", "no_on_call", sentence, "parameter"))
    if _sent(ctx.session, None, ctx.now, PAUSE):
        raise TooManyTests(int(PAUSE.total_seconds()))
    if any(_sent(ctx.session, channel, ctx.now) >= PER_HOUR for channel in channels):
        raise TooManyTests(int(timedelta(hours=1).total_seconds()))
    event_log.record(ctx, Event.TEST_MESSAGE_SENT, resource="safety-settings/test")
    return _queue(ctx, channels)


def newest(ctx: Context, clinic_id: UUID) -> list[Delivery]:
    """Return the newest test message of each channel, with its outcome so far."""
    own_clinic(ctx.actor, clinic_id)
    order = Delivery.created_at.desc(), Delivery.id
    found = (
        ctx.session.scalar(select(Delivery).where(*_tests(channel)).order_by(*order).limit(1))
        for channel in CHANNELS
    )
    return [each for each in found if each is not None]


def _queue(ctx: Context, channels: Iterable[str]) -> list[Delivery]:
    session, queued = ctx.session, [outbox.queued(None, channel, ctx.now) for channel in channels]
    for message in queued:
        # What still waits would go to the new address too.
        waiting = *_tests(message.channel), Delivery.state == outbox.WAITING
        session.execute(update(Delivery).where(*waiting).values(state=outbox.WITHDRAWN))
        session.execute(
            delete(Delivery).where(*_tests(message.channel), Delivery.created_at < ctx.now - STORED_FOR)
        )
    session.add_all(queued)
    session.flush()
    return queued


def _sent(
    session: Session, channel: str | None, now: datetime, within: timedelta = timedelta(hours=1)
) -> int:
    """Return how many test messages were queued of late; none that a clock ahead of ours queued."""
    late = Delivery.created_at > now - within, Delivery.created_at <= now + clock_bounds.LEEWAY
    query = select(func.count()).select_from(Delivery).where(*_tests(channel), *late)
    return session.scalar(query) or 0


def _tests(channel: str | None) -> list[ColumnElement[bool]]:
    of_channel = [] if channel is None else [Delivery.channel == channel]
    return [Delivery.alert_id.is_(None), *of_channel]


def _addresses(settings: SafetyDraft) -> tuple[str | None, str | None]:
    return settings.on_call_email, settings.on_call_webhook
