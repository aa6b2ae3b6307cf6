"""A patient's plan: its own settings, and what follows with the clinic's."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, pre_dump

from clinical.protocol import (
    MAX_INDUCTION_DAYS,
    MAX_INDUCTION_INFUSIONS,
    MAX_INTERVAL_DAYS,
    MIN_INTERVAL_DAYS,
)
from schemas.base import LocalDate, Strict, WholeNumber


class NewProtocolSchema(Strict):
    """What differs from the clinic's settings; an absent member means the clinic's.

    Source: the patient's plan, within the bounds of clinical/protocol.py. Changed by: a clinician, `PUT
    /v1/patients/{id}/protocol`; an admin, `PATCH /v1/clinics/{id}/settings`.
    """

    induction_infusions = WholeNumber(1, MAX_INDUCTION_INFUSIONS)
    induction_days = WholeNumber(1, MAX_INDUCTION_DAYS)
    min_interval_days = WholeNumber(MIN_INTERVAL_DAYS, MAX_INTERVAL_DAYS)
    max_interval_days = WholeNumber(MIN_INTERVAL_DAYS, MAX_INTERVAL_DAYS)
    paused_from = LocalDate()
    paused_until = LocalDate(metadata={"description": "The first day after the pause."})
    ended_on = LocalDate()


class PlanSchema(Schema):
    """A plan; what is not set is absent."""

    induction_infusions = fields.Integer()
    induction_days = fields.Integer()
    min_interval_days = fields.Integer()
    max_interval_days = fields.Integer()
    paused_from = LocalDate()
    paused_until = LocalDate()
    ended_on = LocalDate()

    @pre_dump
    def only_what_is_set(self, plan: Any, **_kwargs: Any) -> dict[str, Any]:
        """Leave out what is not set."""
        return {name: value for name in self.fields if (value := getattr(plan, name)) is not None}


class ProtocolSchema(Schema):
    """A patient's plan as it stands."""

    version = fields.Integer(required=True, metadata={"description": "0: the clinic's settings alone."})
    overrides = fields.Nested(PlanSchema, required=True)
    in_effect = fields.Nested(PlanSchema, required=True)
