"""What infusions cost, and a patient's statement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, current_app

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers, also_printed
from api.http.content_negotiation import HTML, JSON, negotiate, rows_response
from api.http.etag import (
    etag_headers,
    expected_version,
    not_modified,
    revalidated,
    version_tag,
    versioned,
    write_response,
)
from api.http.languages import language_of_texts
from api.http.rate_limits import limited
from api.http.transaction import context
from clinical.formatting import count
from clinical.sentences import Sentence
from rendering import statement
from rendering.statement import Table
from schemas.costs import CostSchema, CostsSchema, NewCostSchema
from services.access import Part, Role
from services.costs import statements as cost_statements
from services.costs.arithmetic import Charge, Coverage, Line, Total
from services.costs.currencies import amount, decimal
from services.costs.statements import Statement

blueprint = Blueprint(
    "costs",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/costs",
    description="Costs of infusions and statements",
)
EXAMPLE = {"currency": "EUR", "price": 35000, "coverage": "partly", "covered": 12000}
COLUMNS = (
    "local_date", "given", "currency", "price", "coverage", "covered", "patient_share", "price_decimal",
    "patient_share_decimal", "infusion_id", "paid_upfront", "reimbursed",
)  # fmt: skip
DAY, GIVEN, CURRENCY = Sentence("Day"), Sentence("Given"), Sentence("Currency")
COVERAGE, INTERVAL, EVERY = Sentence("Coverage"), Sentence("Interval"), Sentence("Every")
PRICE, LEFT = Sentence("Price"), Sentence("Left to the patient")
SUMS = (PRICE, Sentence("Covered"), Sentence("Patient pays"), Sentence("Reimbursed"), LEFT)
POLICY = f"default-src 'none'; style-src '{statement.STYLE_HASH}'; frame-ancestors 'none'"
PRESENT = "present_interval"
INTERVALS = {
    PRESENT: Sentence("As between the last two infusions"),
    "shortest_interval": Sentence("The plan's shortest interval"),
    "longest_interval": Sentence("The plan's longest interval"),
}
WORDS = {
    Coverage.NONE: Sentence("none"),
    Coverage.PARTLY: Sentence("partly"),
    Coverage.REIMBURSED: Sentence("reimbursed"),
}


@blueprint.route("/<uuid:infusion_id>", methods=["PUT"])
@allow(Role.CLINICIAN, Role.BILLING)
@versioned(CostSchema())
@blueprint.arguments(NewCostSchema, example=EXAMPLE)
@blueprint.response(200, CostSchema)
@blueprint.alt_response(201, schema=CostSchema, description="It was recorded for the first time.")
def put_cost(body: dict[str, Any], patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Store or correct the cost of an infusion

    Idempotent. A correction needs If-Match.
    """
    charge = Charge(body["currency"], body["price"], Coverage(body["coverage"]), body["covered"])
    return write_response(cost_statements.put(context(), patient_id, infusion_id, charge, expected_version()))


@blueprint.route("/<uuid:infusion_id>")
@allow(Role.PATIENT, Role.CLINICIAN, Role.BILLING, part=Part.COSTS)
@also_answers("removed")
@revalidated
@blueprint.response(200, CostSchema)
def get_cost(patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Get the cost of an infusion"""
    cost = cost_statements.read(context(), patient_id, infusion_id)
    tag = version_tag(cost.version)
    return not_modified(tag) or (cost, etag_headers(tag))


@blueprint.route("/<uuid:infusion_id>", methods=["DELETE"])
@allow(Role.CLINICIAN, Role.BILLING)
@versioned(CostSchema())
@blueprint.response(204)
def delete_cost(patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Remove the cost of an infusion

    Its revisions stay. Idempotent.
    """
    removed = cost_statements.remove(context(), patient_id, infusion_id, expected_version())
    return None, etag_headers(version_tag(removed.value.version))


@blueprint.route("")
@allow(Role.PATIENT, Role.CLINICIAN, Role.BILLING, part=Part.COSTS)
@limited()
@also_answers("not_acceptable")
@also_printed
@blueprint.response(200, CostsSchema)
def get_cost_statement(patient_id: UUID | None) -> Any:
    """Get a patient's statement of costs and annual estimate

    As JSON, CSV, NDJSON or a page to print (text/html), by Accept. The annual estimate uses
    the latest infusion given that has a price, at the present interval and at both ends of the protocol's
    window.
    """
    form = negotiate(HTML)
    found = cost_statements.statement(context(), patient_id)
    if form == HTML:
        return _printed(found)
    if form != JSON:
        return rows_response(form, COLUMNS, [_row(line) for line in found.lines])
    answer = {
        "patient_id": found.patient_id,
        "today": found.today,
        "totals": found.totals,
        "without_price_count": found.without_price_count,
        "items": [_item(line) for line in found.lines],
    }
    last = found.based_on
    if last is not None and found.scenarios:
        rests = {"infusion_id": last.infusion_id, "local_date": last.day, "currency": last.charge.currency}
        answer["annual_estimate"] = {**rests, "scenarios": found.scenarios}
    return answer


def _item(line: Line) -> dict[str, Any]:
    charge = line.charge
    amounts = {"price": charge.price, "covered": charge.covered, "patient_share": charge.patient_share}
    amounts |= {"paid_upfront": charge.paid_upfront, "reimbursed": charge.reimbursed}
    charged = {"currency": charge.currency, "coverage": str(charge.coverage), **amounts}
    return {
        "infusion_id": line.infusion_id,
        "version": line.version,
        "local_date": line.day,
        "given": line.given,
        **charged,
    }


def _row(line: Line) -> dict[str, Any]:
    amounts = {"price_decimal": line.charge.price, "patient_share_decimal": line.charge.patient_share}
    written = {name: decimal(amount, line.charge.currency) for name, amount in amounts.items()}
    return {**_item(line), **written, "local_date": str(line.day), "infusion_id": str(line.infusion_id)}


def _printed(found: Statement) -> Response:
    about = [
        Sentence("{name}, record number {number}", name=found.display_name, number=found.record_number),
        Sentence("As of {day}", day=str(found.today)),
    ]
    sender = [found.clinic_name, *([found.clinic_address] if found.clinic_address else [])]
    title, language = Sentence("Infusions and what they cost"), language_of_texts()
    text = statement.Page(title, sender, about, _tables(found, language), _notes(found)).to_html(language)
    answer = current_app.response_class(text, mimetype=HTML)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def _notes(found: Statement) -> list[Sentence]:
    notes = []
    if found.without_price_count:
        text = Sentence(
            "Infusions given without a recorded price, and so not counted: {number}.",
            number=found.without_price_count,
        )
        notes.append(text)
    if not found.scenarios:
        text = Sentence("A year is estimated in maintenance, once an infusion given has a price.")
        return [*notes, text]
    if PRESENT not in {year.interval for year in found.scenarios}:
        notes.append(
            Sentence("The interval between the last two infusions is shown once maintenance has two.")
        )
    text = Sentence("The year is arithmetic: it states what an interval would cost, not what is needed.")
    return [*notes, text]


def _tables(found: Statement, language: str) -> list[Table]:
    lines = [
        [str(line.day), Sentence("yes") if line.given else Sentence("no"), line.charge.currency]
        + [WORDS[line.charge.coverage]]
        + [amount(sum_, line.charge.currency, language) for sum_ in _sums(line.charge)]
        for line in found.lines
    ]
    so_far = [
        [total.currency, f"{total.infusion_count}"]
        + [amount(sum_, total.currency, language) for sum_ in _sums(total)]
        for total in found.totals
    ]
    currency = found.based_on.charge.currency if found.based_on else ""
    years = [
        [INTERVALS[year.interval], count(year.interval_days, "day"), currency]
        + [amount(sum_, currency, language) for sum_ in (year.price, year.patient_share)]
        for year in found.scenarios
    ]
    return [
        Table(Sentence("Infusions"), (DAY, GIVEN, CURRENCY, COVERAGE, *SUMS), lines, 4),
        Table(Sentence("So far"), (CURRENCY, Sentence("Infusions given"), *SUMS), so_far, 1),
        Table(Sentence("A year"), (INTERVAL, EVERY, CURRENCY, PRICE, LEFT), years, 3),
    ]


def _sums(of: Charge | Total) -> tuple[int, ...]:
    return of.price, of.covered, of.paid_upfront, of.reimbursed, of.patient_share
