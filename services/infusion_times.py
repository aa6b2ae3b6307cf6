"""When an infusion can have been, and whether another covers that time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.infusion import GIVEN, InfusionStatus
from clinical.local_day import EARLIEST_DATE
from clinical.sentences import Sentence
from models.infusions import Infusion
from services.dates import TOO_EARLY
from services.errors import Conflict, FieldError
from services.revisions import in_force

MAX_LENGTH: Final = timedelta(hours=24)
"""Longest infusion. Source: plausibility only."""
TAKEN_TO_LAST: Final = timedelta(minutes=40)
"""Time that an infusion without a recorded end is assumed to take, for overlaps alone. Source: the usual
infusion of 0.5 mg/kg in trials; to assume it is a proposal."""

FURTHEST_AHEAD: Final = timedelta(days=366)
"""How far ahead an infusion can be booked. Source: plausibility only: 366 days; a proposal."""

CLASHES: Final = {
    InfusionStatus.COMPLETED: GIVEN,
    InfusionStatus.STOPPED: GIVEN,
    InfusionStatus.SCHEDULED: GIVEN | {InfusionStatus.SCHEDULED},
    InfusionStatus.NOT_DONE: frozenset[InfusionStatus](),
}
"""With which others each may not share its time. What was given is a fact, whatever was booked then."""


Span = tuple[datetime, datetime | None]
"""An infusion's start and end; no end where none is recorded."""


def wrong_times(status: InfusionStatus, span: Span, day: date, now: datetime) -> Iterable[FieldError]:
    """Yield what cannot be about an infusion's times; `day` is the local date of its start."""
    started_at, ended_at = span
    if status in GIVEN and started_at > now:
        yield FieldError("/started_at", "in_the_future", Sentence("An infusion given cannot lie ahead."))
    elif started_at > now + FURTHEST_AHEAD:
        sentence = Sentence("An infusion is booked at most {days} days ahead.", days=FURTHEST_AHEAD.days)
        yield FieldError("/started_at", "too_far_ahead", sentence)
    elif day < EARLIEST_DATE:
        yield FieldError("/started_at", "too_long_past", TOO_EARLY)
    if ended_at is not None and not (started_at <= ended_at <= started_at + MAX_LENGTH):
        yield FieldError(
            "/ended_at", "not_after_start", Sentence("It must end after it starts, within 24 hours.")
        )


def wrong_request(requested_on: date | None, day: date, today: date) -> Iterable[FieldError]:
    """Yield what cannot be about the day on which an infusion of `day` was asked for."""
    if requested_on is None:
        return
    if requested_on > min(day, today):
        sentence = Sentence("It is asked for on the day of the infusion or before, and not in the future.")
        yield FieldError("/requested_on", "too_late", sentence)
    elif requested_on < EARLIEST_DATE:
        yield FieldError("/requested_on", "too_long_past", TOO_EARLY)


def validate_no_overlap(
    session: Session, which: tuple[UUID, UUID], status: InfusionStatus, span: Span
) -> None:
    """Raise Conflict where another infusion of the patient covers some of the span.

    `which` is the patient's id and the infusion's own.
    """
    patient_id, infusion_id = which
    started_at, ended_at = span[0], _end(*span)
    others = session.execute(
        select(Infusion.started_at, Infusion.ended_at).where(
            Infusion.patient_id == patient_id,
            Infusion.id != infusion_id,
            Infusion.removed.is_(False),
            Infusion.status.in_([str(word) for word in CLASHES[status]]),
            Infusion.started_at <= ended_at,
            Infusion.started_at >= started_at - MAX_LENGTH,
            in_force(Infusion),
        )
    )
    if any(_end(*other) >= started_at for other in others):
        minutes = TAKEN_TO_LAST // timedelta(minutes=1)
        sentence = Sentence(
            "Another infusion covers this time; without ended_at one is taken to last {minutes} minutes.",
            minutes=minutes,
        )
        raise Conflict(FieldError("/started_at", "overlaps", sentence))


def _end(started_at: datetime, ended_at: datetime | None) -> datetime:
    return ended_at or started_at + TAKEN_TO_LAST
