"""A clinic, its settings and its members."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import OneOf

from clinical.outlook.visibility import Mode
from clinical.protocol import (
    MAX_INDUCTION_DAYS,
    MAX_INDUCTION_INFUSIONS,
    MAX_INTERVAL_DAYS,
    MIN_INTERVAL_DAYS,
)
from schemas.base import EmailAddress, Flag, Line, Strict, Text, TimeZone, WholeNumber

MODE = (
    "off: no forecast is made; silent: it is made, kept and scored, and shown to nobody; shown. The plan's "
    "dates and the trend are there in every mode."
)
PRIOR = "What a new patient's forecast starts from: published-1, or the name of one that the clinic learnt."

BACKFILL = (
    "How late a patient may fill in a day, counted to when it was recorded. That is what the phone says: one "
    "that claims an earlier recorded_at can fill in any day."
)


class ClinicSchema(Schema):
    """A clinic and the protocol its patients start from."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)
    backfill_days = fields.Integer(required=True)
    induction_infusions = fields.Integer(required=True)
    induction_days = fields.Integer(required=True)
    min_interval_days = fields.Integer(required=True)
    max_interval_days = fields.Integer(required=True)
    outlook_mode = fields.String(required=True, metadata={"description": MODE})
    outlook_prior = fields.String(required=True, metadata={"description": PRIOR})
    version = fields.Integer(required=True)


class ClinicChangeSchema(Strict):
    """What is to change of a clinic.

    Source: the clinic's, within the bounds of clinical/protocol.py; 366 days are plausibility only.
    Changed by: an admin, `PATCH /v1/clinics/{id}/settings`.
    """

    name = Line(200)
    time_zone = TimeZone()
    backfill_days = WholeNumber(0, 366, metadata={"description": BACKFILL})
    induction_infusions = WholeNumber(1, MAX_INDUCTION_INFUSIONS)
    induction_days = WholeNumber(1, MAX_INDUCTION_DAYS)
    min_interval_days = WholeNumber(MIN_INTERVAL_DAYS, MAX_INTERVAL_DAYS)
    max_interval_days = WholeNumber(MIN_INTERVAL_DAYS, MAX_INTERVAL_DAYS)
    outlook_mode = fields.String(
        validate=OneOf([str(word) for word in Mode], error="unknown_mode: off, silent or shown."),
        metadata={"description": MODE},
    )
    outlook_prior = Text(32, metadata={"description": PRIOR})

    @validates_schema
    def something(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse a change of nothing."""
        if not data:
            raise ValidationError("nothing_to_change: Send at least one member.")


class NewMemberSchema(Strict):
    """A new member of staff."""

    email = EmailAddress(required=True)
    display_name = Line(200, required=True)
    role = fields.String(
        required=True, validate=OneOf(("clinician", "admin"), error="unknown_role: clinician or admin.")
    )


class MemberSchema(Schema):
    """A member of staff."""

    id = fields.UUID(required=True)
    display_name = fields.String(required=True)
    email = fields.String(attribute="invited_email")
    role = fields.String(required=True)
    signed_up = fields.Function(
        lambda row: row.password_hash is not None, required=True, metadata={"type": "boolean"}
    )
    disabled = fields.Function(
        lambda row: row.disabled_at is not None, required=True, metadata={"type": "boolean"}
    )
    version = fields.Integer(required=True)


class MemberListSchema(Schema):
    """A clinic's staff."""

    items = fields.List(fields.Nested(MemberSchema), required=True)


class MemberChangeSchema(Strict):
    """Shut somebody out, or let them in again."""

    disabled = Flag(required=True)
