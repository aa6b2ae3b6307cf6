"""Booked infusions of many patients, reviewed against the plan, the outlook as shown and decisions on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.booking import BookingFacts, BookingReview, DecidedBooking, review_bookings
from clinical.history import History
from clinical.outlook.result import Outlook
from clinical.protocol import ProtocolWindow, last_infusion
from models.outlooks import OutlookDecision


def decided_bookings(
    session: Session, patient_ids: Sequence[UUID], as_of: datetime | None = None
) -> dict[UUID, DecidedBooking]:
    """Return the booked day of each patient's newest decision that names one, as known at an instant."""
    row = OutlookDecision
    query = (
        select(row.patient_id, row.today, row.booked_on)
        .where(row.patient_id.in_(patient_ids), row.booked_on.is_not(None))
        .order_by(row.decided_at, row.id)
    )
    if as_of is not None:
        query = query.where(row.decided_at <= as_of)
    return {
        patient_id: DecidedBooking(today, booked_on)
        for patient_id, today, booked_on in session.execute(query)
        if booked_on is not None
    }


def review(
    history: History, visible: Outlook, booked: Sequence[date], decided: DecidedBooking | None
) -> BookingReview:
    """Return the review of a patient's bookings on the outlook's day.

    `history` is that of the current course, and `visible` the outlook as the clinic is shown it.
    """
    earliest, latest = visible.protocol_earliest_on, visible.protocol_latest_on
    window = None if earliest is None or latest is None else ProtocolWindow(earliest, latest)
    return review_bookings(
        BookingFacts(
            today=visible.today,
            booked=booked,
            protocol=history.protocol,
            window=window,
            recommended_on=visible.recommended_on,
            last_infusion_on=last_infusion(history.infusions, visible.today),
            decided=decided,
        )
    )
