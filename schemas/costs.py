"""What infusions cost, on the way in and on the way out; amounts are whole numbers of minor units."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import OneOf, Regexp

from schemas.base import LocalDate, OmitNone, Strict, WholeNumber

COVERAGE = ("none", "partly", "reimbursed")
MINOR = "In minor units of the currency: 35000 is 350.00 EUR, and 35000 JPY."
MONEY = {"minimum": 0, "description": MINOR}
PAID = f"What the patient pays at first. {MINOR}"
GIVEN_BACK = f"What of it the patient is given back. {MINOR}"
LEFT = f"What is left to the patient in the end. {MINOR}"


class NewCostSchema(Strict):
    """What one infusion costs and how much of it the patient does not pay."""

    currency = fields.String(
        required=True,
        validate=Regexp("^[A-Z]{3}$", error="unknown_currency: Send a code of ISO 4217, as EUR."),
        metadata={"description": "A code of ISO 4217.", "example": "EUR"},
    )
    price = WholeNumber(0, required=True, metadata={"description": MINOR})
    coverage = fields.String(
        required=True,
        validate=OneOf(COVERAGE, error="unknown_coverage: none, partly or reimbursed."),
        metadata={
            "description": "none; partly: somebody pays a part and the patient the rest; reimbursed: the "
            "patient pays the price and is given a part or all of it back."
        },
    )
    covered = WholeNumber(
        0, load_default=0, metadata={"description": f"The part paid by somebody else, or paid back. {MINOR}"}
    )


class CostSchema(Schema):
    """What one infusion costs, as stored."""

    infusion_id = fields.UUID(required=True)
    version = fields.Integer(required=True, metadata={"minimum": 1})
    currency = fields.String(required=True)
    price = fields.Integer(required=True, metadata=MONEY)
    coverage = fields.String(required=True)
    covered = fields.Integer(required=True, metadata=MONEY)


class CostLineSchema(CostSchema):
    """One line of a statement."""

    day = LocalDate(required=True)
    given = fields.Boolean(required=True, metadata={"description": "Only what was given is added up."})
    paid = fields.Integer(required=True, metadata=MONEY | {"description": PAID})
    given_back = fields.Integer(required=True, metadata=MONEY | {"description": GIVEN_BACK})
    own = fields.Integer(required=True, metadata=MONEY | {"description": LEFT})


class CostTotalSchema(Schema):
    """The infusions given so far, in one currency."""

    currency = fields.String(required=True)
    infusions = fields.Integer(required=True)
    price = fields.Integer(required=True, metadata=MONEY)
    covered = fields.Integer(required=True, metadata=MONEY)
    paid = fields.Integer(required=True, metadata=MONEY | {"description": PAID})
    given_back = fields.Integer(required=True, metadata=MONEY | {"description": GIVEN_BACK})
    own = fields.Integer(required=True, metadata=MONEY | {"description": LEFT})


class YearSchema(Schema):
    """What 365 days cost at one pace."""

    pace = fields.String(
        required=True,
        metadata={"description": "present_interval, shortest_interval or longest_interval; an open list."},
    )
    interval_days = fields.Integer(required=True)
    price = fields.Integer(required=True, metadata=MONEY)
    own = fields.Integer(required=True, metadata=MONEY)


class YearlySchema(Schema):
    """A year's cost, if each infusion costs what the latest one with a price did."""

    currency = fields.String(required=True)
    infusion_id = fields.UUID(required=True, metadata={"description": "The infusion that it rests on."})
    day = LocalDate(required=True)
    at = fields.List(
        fields.Nested(YearSchema),
        required=True,
        metadata={"description": "Without present_interval until two infusions have opened a cycle."},
    )


class CostsSchema(OmitNone):
    """A patient's statement on `today`."""

    patient_id = fields.UUID(required=True)
    today = LocalDate(required=True)
    totals = fields.List(fields.Nested(CostTotalSchema), required=True)
    without_price = fields.Integer(
        required=True, metadata={"description": "Infusions given whose price nobody recorded."}
    )
    a_year = fields.Nested(
        YearlySchema, metadata={"description": "In maintenance, once an infusion given has a price."}
    )
    items = fields.List(fields.Nested(CostLineSchema), required=True)
