"""The clinic's morning list."""

from __future__ import annotations

from marshmallow import fields
from marshmallow.validate import OneOf

from clinical.outlook import Status
from schemas.base import LocalDate, PageQuery, Text
from schemas.outlooks import Day, EstimateSchema, PhaseSchema, Present


class DueWindowSchema(Present):
    """From when to when the next infusion is likely due, and the day recommended for considering it."""

    recommended = Day()
    median = Day()
    lo80 = Day()
    hi80 = Day()
    protocol_earliest = Day()
    protocol_latest = Day()


class PanelRowSchema(Present):
    """One patient of the list."""

    patient_id = fields.UUID(required=True)
    record_number = fields.String(required=True)
    display_name = fields.String(required=True)
    status = fields.String(required=True)
    refusal = fields.String(
        metadata={"description": "Why no forecast is given; not_shown and switched_off: the clinic's choice."}
    )
    phase = fields.Nested(PhaseSchema, required=True)
    due_window = fields.Nested(DueWindowSchema, required=True)
    benefit_left = fields.Nested(EstimateSchema)
    p_crossed = fields.Float()
    wear_off_flag = fields.String(required=True)
    answered_of_last_7 = fields.Integer(required=True)
    answered_of_last_14 = fields.Integer(required=True)
    last_check_in = Day()
    last_infusion = Day()
    days_since_infusion = fields.Integer()
    next_booked_infusion = Day()
    today = Day(required=True)
    engine_version = fields.String(required=True)


class PanelQuery(PageQuery):
    """Which patients."""

    status = fields.String(
        load_default=None,
        validate=OneOf([str(word) for word in Status], error="unknown_status: Not a status."),
    )
    q = Text(200, load_default=None, metadata={"description": "Part of a name, or a record number."})
    due_before = LocalDate(load_default=None)
    sort = fields.String(
        load_default="urgency",
        validate=OneOf(
            ("urgency", "record_number", "name"), error="unknown_sort: urgency, record_number or name."
        ),
    )
