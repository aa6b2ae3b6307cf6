"""Vital signs of an infusion, entered by hand or sent by a device."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, g
from marshmallow import ValidationError

from api.http import access_audit, problems
from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers, checks_storable_text
from api.http.response_cache import json_response
from api.http.strict_json import UNSTORABLE_DETAIL, unstorable
from api.http.transaction import context
from schemas.infusion_vitals import (
    NewVitalReadingSchema,
    NewVitalsSchema,
    PatientVitalReadingSchema,
    VitalReadingSchema,
    VitalResultsSchema,
    VitalSeriesSchema,
)
from services.access import CARE_TEAM, Part, Role, Scope
from services.errors import FieldError, Invalid
from services.infusion_sessions import vitals as session_vitals
from services.infusion_sessions.vitals import NamedReading, Result, Taken

blueprint = Blueprint(
    "infusion_vitals",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/infusions/<uuid:infusion_id>/vitals",
    description="Timed vital signs of infusions",
)
CURRENT_READING = VitalReadingSchema()
OWN, WHOLE = PatientVitalReadingSchema(many=True), VitalReadingSchema(many=True)
NEW_READING = NewVitalReadingSchema()
HTTP = {Taken.CREATED: 201, Taken.UNCHANGED: 200, Taken.CONFLICT: 409, Taken.REJECTED: 422}
EXAMPLE = {
    "readings": [
        {"id": "5b1d7c9e-2f4a-4c6d-8e10-3a5b7c9d1e2f", "measured_at": "2026-11-17T10:15:00-05:00"}
        | {"heart_rate": 82, "systolic": 142, "diastolic": 90, "spo2": 97}
        | {"respiratory_rate": 14, "sedation_score": 5}
    ]
}


@blueprint.route("", methods=["POST"])
@checks_storable_text
@allow(*CARE_TEAM, scope=Scope.VITALS_WRITE)
@also_answers("removed")
@blueprint.arguments(NewVitalsSchema, example=EXAMPLE)
@blueprint.response(207, VitalResultsSchema)
def send_vitals(body: dict[str, Any], patient_id: UUID | None, infusion_id: UUID) -> dict[str, Any]:
    """Send timed vital signs of an infusion

    Each reading is judged by itself, and the results come in the order sent: an invalid one is rejected with
    its problem, and the rest are stored. Idempotent: a reading is stored once. One whose id is known with
    other numbers, was entered in error or belongs to another infusion comes back as a conflict with its
    problem, and the stored one is unchanged. Readings beyond the clinic's limits are stored with the limits
    they exceed.
    """
    readings = [_read(at, sent) for at, sent in enumerate(body["readings"])]
    found = session_vitals.take(context(), patient_id, infusion_id, readings)
    if patient_id is not None and any(each.shown for each in found):
        access_audit.declare_patients("infusions", [patient_id])
    return {
        "results": [
            _id_document(sent) | _result_document(each)
            for sent, each in zip(body["readings"], found, strict=True)
        ]
    }


def _read(at: int, sent: Any) -> NamedReading | Invalid:
    if (pointer := unstorable(sent)) is not None:
        return Invalid(FieldError(f"/readings/{at}{pointer}", "unstorable_text", UNSTORABLE_DETAIL))
    try:
        return NamedReading(**NEW_READING.load(sent))
    except ValidationError as error:
        return Invalid(*problems.schema_errors({"readings": {at: error.messages}}))


def _id_document(sent: Any) -> dict[str, Any]:
    """Return the id of a reading as it was sent; nothing for what is no UUID."""
    try:
        return {"id": UUID(sent["id"])}
    except (ValueError, AttributeError, TypeError, KeyError):
        return {}


def _result_document(result: Result) -> dict[str, Any]:
    exceeded = [] if result.row is None or result.refusal else result.row.limits_exceeded
    document = {"status": str(result.taken), "http_status": HTTP[result.taken], "limits_exceeded": exceeded}
    if result.refusal is None:
        return document
    current = {"current": CURRENT_READING.dump(result.row)} if result.shown else {}
    return document | {"problem": problems.service_error_document(result.refusal)} | current


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM, scope=Scope.TRENDS_READ, part=Part.INFUSIONS)
@also_answers("removed")
@blueprint.response(200, VitalSeriesSchema)
def list_vitals(patient_id: UUID | None, infusion_id: UUID) -> Any:
    """List the vital signs of an infusion in order of time

    A patient gets the numbers, without the clinic's limits.
    """
    schema = OWN if g.actor.sees_as_patient else WHOLE
    rows = session_vitals.series(context(), patient_id, infusion_id)
    return json_response(current_app.json.dumps({"items": schema.dump(rows)}), {})


@blueprint.route("/<uuid:reading_id>", methods=["DELETE"])
@allow(*CARE_TEAM)
@also_answers("removed")
@blueprint.response(204)
def delete_vital_reading(patient_id: UUID | None, infusion_id: UUID, reading_id: UUID) -> None:
    """Mark a reading as entered in error

    It is retained with who marked it and when, and is no longer listed. Idempotent.
    """
    session_vitals.strike(context(), patient_id, infusion_id, reading_id)
