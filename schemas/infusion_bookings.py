"""A patient's bookings, reviewed."""

from __future__ import annotations

from marshmallow import fields

from clinical.booking import BookingCode
from schemas.base import Choice, OmitNone, TextDate, Translated, about

BOOKING = "The next booked infusion, and what about the bookings is to be looked at."


class BookingFindingSchema(OmitNone):
    """One thing about the bookings to look at; nothing is booked or moved by it."""

    code = Choice(BookingCode, "Stable name of the finding.", required=True)
    day_on = TextDate(
        required=True,
        attribute="day",
        metadata=about("Day of the booking; of not_booked, the day since which nothing is booked."),
    )
    text = Translated(required=True, metadata=about("The finding as a sentence."))


class BookingSchema(OmitNone):
    """The next booked infusion, and what about the bookings is to be looked at."""

    booked_on = TextDate(metadata=about("Day of the next booked infusion; absent where nothing is booked."))
    booked_elsewhere = fields.Boolean(
        required=True,
        metadata=about("Whether booked_on is named by a decision on an outlook and by no infusion here."),
    )
    findings = fields.List(
        fields.Nested(BookingFindingSchema),
        required=True,
        metadata=about("What does not fit or is missing, the most urgent first."),
    )
