"""Prices of infusions and a patient's statement; amounts are whole numbers of minor units."""

from __future__ import annotations

from marshmallow import Schema, fields

from clinical.sentences import Sentence
from schemas.base import Choice, Count, LocalDate, Matches, OmitNone, Strict, Version, WholeNumber, about

COVERAGE = ("none", "partly", "reimbursed")
COVERAGE_MEANS = (
    "none: the patient pays all. partly: somebody else pays a part, the patient the rest. reimbursed: the "
    "patient pays the price and is paid back a part or all of it."
)
INTERVALS = ("present_interval", "shortest_interval", "longest_interval")
CURRENCY = "Currency code of ISO 4217."
MINOR = "In minor units of the currency: 35000 is 350.00 EUR, and 35000 JPY."
PRICE = f"Price of one infusion. {MINOR}"
COVERED = f"Part of the price that somebody else pays or pays back. {MINOR}"
PAID_UPFRONT = f"What the patient pays before any reimbursement. {MINOR}"
REIMBURSED = f"What the patient is paid back of it. {MINOR}"
PATIENT_SHARE = f"What remains to be paid by the patient: paid_upfront less reimbursed. {MINOR}"


class Money(fields.Integer):
    """An amount in an answer, in minor units."""

    def __init__(self, description: str) -> None:
        super().__init__(required=True, metadata={"minimum": 0, "description": description})


class Currency(fields.String):
    """A currency in an answer."""

    def __init__(self) -> None:
        super().__init__(required=True, metadata={"pattern": "^[A-Z]{3}$", "description": CURRENCY})


class NewCostSchema(Strict):
    """Price of one infusion, and the part of it that the patient does not pay."""

    currency = fields.String(
        required=True,
        validate=Matches("^[A-Z]{3}$", Sentence("unknown_currency: Send a code of ISO 4217, as EUR.")),
        metadata={"pattern": "^[A-Z]{3}$", "description": CURRENCY, "example": "EUR"},
    )
    price = WholeNumber(0, required=True, metadata=about(PRICE))
    coverage = Choice(COVERAGE, COVERAGE_MEANS, error="unknown_coverage", required=True)
    covered = WholeNumber(0, load_default=0, metadata=about(COVERED))


class CostSchema(Schema):
    """Stored price of one infusion."""

    infusion_id = fields.UUID(required=True, metadata=about("Infusion that the price is for."))
    version = Version()
    currency = Currency()
    price = Money(PRICE)
    coverage = Choice(COVERAGE, COVERAGE_MEANS, required=True)
    covered = Money(COVERED)


class CostLineSchema(CostSchema):
    """One line of a statement."""

    local_date = LocalDate(required=True, metadata=about("Day of the infusion where it is given."))
    given = fields.Boolean(
        required=True, metadata=about("Whether the infusion was given; only those enter the totals.")
    )
    paid_upfront = Money(PAID_UPFRONT)
    reimbursed = Money(REIMBURSED)
    patient_share = Money(PATIENT_SHARE)


class CostTotalSchema(Schema):
    """Totals of the infusions given so far, in one currency."""

    currency = Currency()
    infusion_count = Count("Number of infusions given that have a price in this currency.", required=True)
    price = Money(f"Sum of the prices. {MINOR}")
    covered = Money(f"Sum of what others pay or pay back. {MINOR}")
    paid_upfront = Money(f"Sum of what the patient paid before any reimbursement. {MINOR}")
    reimbursed = Money(f"Sum of what the patient was paid back. {MINOR}")
    patient_share = Money(f"Sum of what remained to be paid by the patient. {MINOR}")


class ScenarioSchema(Schema):
    """Cost of 365 days at one interval between infusions."""

    interval = Choice(
        INTERVALS,
        "present_interval: as between the last two infusions that opened a cycle. shortest_interval and "
        "longest_interval: the two ends of the protocol's window.",
        required=True,
    )
    interval_days = fields.Integer(
        required=True, metadata={"minimum": 1, "description": "Days between two infusions."}
    )
    price = Money(f"Price of 365 days. {MINOR}")
    patient_share = Money(f"What 365 days cost the patient. {MINOR}")


class AnnualEstimateSchema(Schema):
    """Cost of a year in which each infusion costs what the latest one with a price did."""

    currency = Currency()
    infusion_id = fields.UUID(required=True, metadata=about("Infusion whose price is used."))
    local_date = LocalDate(required=True, metadata=about("Day of that infusion."))
    scenarios = fields.List(
        fields.Nested(ScenarioSchema),
        required=True,
        metadata=about("One per interval; without present_interval until two infusions have opened a cycle."),
    )


class CostsSchema(OmitNone):
    """A patient's statement on `today`."""

    patient_id = fields.UUID(required=True, metadata=about("Patient whose statement it is."))
    today = LocalDate(required=True, metadata=about("Current day in the patient's time zone."))
    totals = fields.List(
        fields.Nested(CostTotalSchema),
        required=True,
        metadata=about("Infusions given so far, one total per currency; currencies are never added up."),
    )
    without_price_count = Count("Number of infusions given whose price nobody recorded.", required=True)
    annual_estimate = fields.Nested(
        AnnualEstimateSchema, metadata=about("Present in maintenance, once an infusion given has a price.")
    )
    items = fields.List(
        fields.Nested(CostLineSchema),
        required=True,
        metadata=about("Infusions with a price, in order of start; the newest ones.", most=1_000),
    )
