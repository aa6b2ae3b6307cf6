"""The catalogue of side effects, and a patient's over time."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.base import LocalDate, OmitNone


class SideEffectKindSchema(Schema):
    """One side effect a patient may name."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    group = fields.String(required=True)
    snomed = fields.Method(
        "get_snomed", metadata={"type": "string", "description": "SNOMED CT, where there is one."}
    )

    def get_snomed(self, kind: object) -> object:
        """Give the concept; an absent one is given as an empty text."""
        return getattr(kind, "snomed", None) or ""


class SideEffectCatalogueSchema(Schema):
    """Every side effect, and the severities."""

    items = fields.List(fields.Nested(SideEffectKindSchema), required=True)
    severities = fields.List(fields.String(), required=True)


class EffectOfDaySchema(OmitNone):
    """One day on which side effects were asked for."""

    day = LocalDate(required=True)
    burden = fields.Integer(
        required=True, metadata={"description": "Mild 1, moderate 2, severe 3, added up."}
    )
    days_since_infusion = fields.Integer()


class EffectAfterSchema(Schema):
    """One side effect after one infusion, in days after it."""

    code = fields.String(required=True)
    onset_day = fields.Integer(required=True, metadata={"description": "The infusion's day is day 0."})
    last_day = fields.Integer(required=True)
    days = fields.Integer(required=True, metadata={"description": "Days on which it was named."})
    worst = fields.String(required=True)


class AfterInfusionSchema(OmitNone):
    """What was told of from one infusion's day until the day before the next."""

    infusion = LocalDate(required=True)
    days_asked = fields.Integer(required=True)
    burden_on_the_day = fields.Integer(metadata={"description": "Absent where that day was not asked."})
    burden_later = fields.Integer(required=True)
    effects = fields.List(fields.Nested(EffectAfterSchema), required=True)


class NoLongerExpectedSchema(Schema):
    """A side effect usual on an infusion's day, named on day 2 or later."""

    day = LocalDate(required=True)
    code = fields.String(required=True)
    severity = fields.String(required=True)
    days_since_infusion = fields.Integer(required=True)


class UrinaryMonthSchema(Schema):
    """One calendar month of urinary symptoms."""

    month = fields.String(required=True, metadata={"description": "As 2026-11."})
    days_asked = fields.Integer(required=True)
    days_with = fields.Integer(required=True)


class ObservedSchema(OmitNone):
    """A side effect that the clinic saw during a session, in minutes after the infusion's start."""

    code = fields.String(required=True)
    severity = fields.String(required=True)
    onset_minutes = fields.Integer(required=True)
    lasted_minutes = fields.Integer(metadata={"description": "Absent where nobody saw it end."})


class AroundSchema(OmitNone):
    """One infusion's session: blood pressure in mmHg before and at its highest, and what was observed."""

    infusion = LocalDate(required=True)
    systolic_before = fields.Integer()
    diastolic_before = fields.Integer()
    highest_systolic = fields.Integer()
    highest_diastolic = fields.Integer()
    observed = fields.List(fields.Nested(ObservedSchema), required=True)


class SideEffectsSchema(Schema):
    """A patient's side effects over time, in order of day."""

    days = fields.List(fields.Nested(EffectOfDaySchema), required=True, attribute="course.days")
    infusions = fields.List(fields.Nested(AfterInfusionSchema), required=True, attribute="course.infusions")
    no_longer_expected = fields.List(
        fields.Nested(NoLongerExpectedSchema), required=True, attribute="course.no_longer_expected"
    )
    urinary = fields.List(fields.Nested(UrinaryMonthSchema), required=True, attribute="course.urinary")
    sessions = fields.List(fields.Nested(AroundSchema), required=True)
