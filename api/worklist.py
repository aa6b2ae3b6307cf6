"""The worklist: a clinic's patients by urgency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from api.http import access_audit
from api.http.auth import allow
from api.http.blueprint import Blueprint
from api.http.pagination import page, page_request
from api.http.rate_limits import limited
from api.http.response_cache import cached_json, json_page_response
from api.http.transaction import context, database
from clinical.attention import AttentionLevel
from clinical.worklist_entry import EntryState
from schemas.worklist import ALL_STATES, WorklistPageSchema, WorklistQuery, WorklistRowSchema
from services import worklist
from services.access import CARE_TEAM, Role, Scope
from services.worklist_entries import StoredEntry

blueprint = Blueprint(
    "worklist", __name__, url_prefix="/v1/clinics", description="The clinic's patients by urgency"
)


ROW = WorklistRowSchema()
REASONS_SHOWN = 2
"""Most reasons for attention in a row. Operational."""


@blueprint.route("/<uuid:clinic_id>/patients")
@allow(*CARE_TEAM, scope=Scope.SUMMARY_READ)
@limited(2)
@blueprint.arguments(WorklistQuery, location="query")
@blueprint.response(200, WorklistPageSchema)
def list_patients(query: dict[str, Any], clinic_id: UUID) -> Any:
    """List a clinic's patients, the most urgent first

    By urgency, patients whom the team has snoozed or handled are left out until they return, and hidden_count
    is how many; state=all lists them too. To copy the whole list page by page, use sort=record_number: that
    order has everybody, and does not change while patients check in.
    """
    ctx = context()
    found = worklist.page(ctx, database(), clinic_id, _filters(query), page_request(query))
    access_audit.declare_all_patients("patients")
    body, _, headers = page([], found.next_position)
    # How a clinic divides its work is its own.
    with_entry = not ctx.actor.has(Role.INTEGRATION)
    items = [_written(row, with_entry=with_entry) for row in found.items]
    more = {name: body[name] for name in ("next_cursor",) if name in body}
    return json_page_response(items, more | {"hidden_count": found.hidden_count}, headers)


def _filters(query: Mapping[str, Any]) -> worklist.Filters:
    states = None
    if query["state"] is not None:
        named = EntryState if ALL_STATES in query["state"] else query["state"]
        states = frozenset(EntryState(each) for each in named)
    return worklist.Filters(
        statuses=query["status"] or (),
        levels=tuple(AttentionLevel[each.upper()] for each in query["urgency"] or ()),
        q=query["q"],
        due_before_on=query["due_before_on"],
        not_booked=query["not_booked"],
        mine=query["mine"],
        states=states,
        sort=worklist.Sort(query["sort"]),
    )


def _written(row: worklist.Row, *, with_entry: bool) -> str:
    entry = row.entry if with_entry else None
    # Names of colleagues change without the entry's version.
    names = entry and (entry.version, str(entry.assigned_to), str(entry.updated_by))
    version = "row", row.patient_id, row.patient_version, row.snapshot.outlook_id, row.list_state, names
    return cached_json(version, lambda: ROW.dump(_row(row, entry)))


def _row(row: worklist.Row, entry: StoredEntry | None) -> dict[str, Any]:
    outlook, summary = row.snapshot.outlook, row.snapshot.summary
    return {
        "patient_id": row.patient_id,
        "record_number": row.record_number,
        "display_name": row.display_name,
        "headline": summary["headline"],
        "attention": {**summary["attention"], "reasons": summary["attention"]["reasons"][:REASONS_SHOWN]},
        "reasons_to_hold": summary["reasons_to_hold"],
        "booking": summary["booking"],
        "outlook_id": row.snapshot.outlook_id,
        "status": outlook["status"],
        "no_forecast_reason": outlook["no_forecast_reason"],
        "phase": outlook["phase"],
        "due_window": {
            "recommended_on": outlook["recommended_on"],
            "due_median_on": outlook["due_median_on"],
            "due_lo80_on": outlook["due_lo80_on"],
            "due_hi80_on": outlook["due_hi80_on"],
            "protocol_earliest_on": outlook["protocol_earliest_on"],
            "protocol_latest_on": outlook["protocol_latest_on"],
        },
        "benefit_left_estimate": outlook["benefit_left_estimate"],
        "p_half_lost": outlook["p_half_lost"],
        "wear_off_flag": outlook["wear_off_flag"],
        "open_alert_count": summary["open_alert_count"],
        "answered_last_7_days_count": summary["answered_last_7_days_count"],
        "answered_last_14_days_count": summary["answered_last_14_days_count"],
        "last_check_in_on": summary["last_check_in_on"],
        "silent_days": outlook["data_quality"]["silent_days"],
        "stale": outlook["data_quality"]["stale"],
        "last_infusion_on": summary["last_infusion_on"],
        "days_since_infusion": summary["days_since_infusion"],
        "next_booked_infusion_on": summary["next_booked_infusion_on"],
        "hidden": row.list_state.state is not EntryState.OPEN,
        "returned_because": row.list_state.returned_because,
        "worklist_entry": entry,
        "today": summary["today"],
        "engine_version": outlook["engine_version"],
    }
