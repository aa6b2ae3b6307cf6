"""Infusions, as sent and as returned."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, fields, post_load, pre_dump

from clinical.infusion import InfusionReason, InfusionStatus
from schemas.base import (
    Choice,
    DecimalNumber,
    Instant,
    LocalDate,
    RemovableRevision,
    Strict,
    TimeZone,
    Version,
    about,
)

ROUTES = ("intravenous", "intramuscular", "subcutaneous", "intranasal", "oral")
STARTED_AT = "When it started, or is booked to start."
ENDED_AT = "When it ended; absent where not recorded."
TIME_ZONE = "IANA time zone of the place where it is given."
DOSE_MG = "Total dose of ketamine given, mg."
WEIGHT_KG = "Weight of the patient on that day, kg."
ROUTE = "Route of administration."
STATUS = "scheduled: booked. completed and stopped (begun and broken off) count as given. not_done does not."
REASON = "Why it was given on that day."
NOT_FRONT_DESK = " Absent for the front desk."


class NewInfusionSchema(Strict):
    """An infusion, as the clinic records it.

    Source: plausibility only.
    """

    started_at = Instant(required=True, metadata=about(STARTED_AT))
    ended_at = Instant(metadata=about(ENDED_AT))
    time_zone = TimeZone(required=True, metadata=about(TIME_ZONE))
    dose_mg = DecimalNumber(0, 2000, metadata=about(DOSE_MG))
    weight_kg = DecimalNumber(1, 500, metadata=about(WEIGHT_KG))
    route = Choice(ROUTES, ROUTE, error="unknown_route", load_default="intravenous")
    status = Choice(InfusionStatus, STATUS, error="unknown_status", required=True)
    reason = Choice(InfusionReason, REASON, error="unknown_reason", required=True)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return a value for every member; the view makes the draft."""
        return {
            "ended_at": None,
            "dose_mg": None,
            "weight_kg": None,
            **data,
            "status": InfusionStatus(data["status"]),
            "reason": InfusionReason(data["reason"]),
        }


class InfusionSchema(Schema):
    """A stored infusion; what is not known is absent (FHIR: MedicationAdministration)."""

    id = fields.UUID(required=True, metadata=about("Id of the infusion, made by the client that created it."))
    version = Version()
    local_date = LocalDate(required=True, metadata=about("Day of the infusion, in its own time zone."))
    started_at = Instant(required=True, metadata=about(STARTED_AT))
    ended_at = Instant(metadata=about(ENDED_AT))
    time_zone = TimeZone(required=True, metadata=about(TIME_ZONE))
    dose_mg = fields.Float(metadata=about(f"{DOSE_MG} Absent where not recorded."))
    weight_kg = fields.Float(metadata=about(f"{WEIGHT_KG} Absent where not recorded."))
    route = Choice(ROUTES, ROUTE + NOT_FRONT_DESK)
    status = Choice(InfusionStatus, STATUS, required=True)
    reason = Choice(InfusionReason, REASON + NOT_FRONT_DESK)

    @pre_dump
    def only_what_is_known(self, row: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return what is known, with instants in the time zone where it was given."""
        members = {name: getattr(row, name) for name in self.fields}
        zone = ZoneInfo(row.time_zone)
        for name in ("started_at", "ended_at"):
            members[name] = members[name].astimezone(zone) if members[name] else None
        return {name: value for name, value in members.items() if value is not None}


BOOKING = ("id", "version", "local_date", "started_at", "ended_at", "time_zone", "status")
"""The members of an infusion that say when it is booked, and whether it took place."""


class InfusionRevisionSchema(RemovableRevision, InfusionSchema):
    """One revision of an infusion; a removed one was entered in error."""


class InfusionRevisionsSchema(Schema):
    """Every revision of an infusion, in order."""

    items = fields.List(
        fields.Nested(InfusionRevisionSchema),
        required=True,
        metadata=about("Revisions, the first one first."),
    )
