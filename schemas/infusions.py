"""Infusions, on the way in and on the way out."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, fields, post_load, pre_dump
from marshmallow.validate import OneOf

from clinical.infusion import InfusionReason, InfusionStatus
from schemas.base import Amount, Instant, LocalDate, Strict, TimeZone

ROUTES = ("intravenous", "intramuscular", "subcutaneous", "intranasal", "oral")


class NewInfusionSchema(Strict):
    """What the clinic records.

    Source: plausibility only.
    """

    started_at = Instant(required=True)
    ended_at = Instant()
    time_zone = TimeZone(required=True)
    dose_mg = Amount(0, 2000, metadata={"description": "The total given, in mg."})
    weight_kg = Amount(1, 500)
    route = fields.String(
        load_default="intravenous", validate=OneOf(ROUTES, error="unknown_route: Not a known route.")
    )
    status = fields.String(
        required=True,
        validate=OneOf([str(word) for word in InfusionStatus], error="unknown_status: Not a status."),
    )
    reason = fields.String(
        required=True,
        validate=OneOf([str(word) for word in InfusionReason], error="unknown_reason: Not a reason."),
    )

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Give every member a value; the edge makes the draft."""
        return {
            "ended_at": None,
            "dose_mg": None,
            "weight_kg": None,
            **data,
            "status": InfusionStatus(data["status"]),
            "reason": InfusionReason(data["reason"]),
        }


class InfusionSchema(Schema):
    """An infusion as stored; what is not known is absent."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    local_date = LocalDate(required=True)
    started_at = Instant(required=True)
    ended_at = Instant()
    time_zone = fields.String(required=True)
    dose_mg = fields.Float()
    weight_kg = fields.Float()
    route = fields.String(required=True)
    status = fields.String(required=True)
    reason = fields.String(required=True)

    @pre_dump
    def only_what_is_known(self, row: Any, **_kwargs: Any) -> dict[str, Any]:
        """Leave out what is not known, and give moments in the zone where it was given."""
        said = {name: getattr(row, name) for name in self.fields}
        zone = ZoneInfo(row.time_zone)
        for name in ("started_at", "ended_at"):
            said[name] = said[name].astimezone(zone) if said[name] else None
        return {name: value for name, value in said.items() if value is not None}


class InfusionRevisionSchema(InfusionSchema):
    """One revision of an infusion, and when it was held for true."""

    removed = fields.Boolean(required=True)
    known_from = Instant(required=True)
    known_until = Instant()
    recorded_by = fields.UUID()


class InfusionRevisionsSchema(Schema):
    """Every revision of an infusion, in order."""

    items = fields.List(fields.Nested(InfusionRevisionSchema), required=True)
