"""A clinic's own instruments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http.auth import allow
from api.http.blueprint import Blueprint
from api.http.etag import (
    etag_headers,
    expected_version,
    showing_version,
    version_tag,
    versioned,
    write_response,
)
from api.http.transaction import context
from schemas.custom_instruments import CustomInstrumentsSchema, NewCustomInstrumentsSchema
from services import custom_instruments
from services.access import CARE_TEAM, Role, Scope
from services.custom_instruments import InstrumentsDraft

blueprint = Blueprint(
    "custom_instruments",
    __name__,
    url_prefix="/v1/clinics",
    description="Instruments of the clinic's own, next to the catalogue's",
)
PATH = "/<uuid:clinic_id>/custom-instruments"
EXAMPLE = {
    "items": [
        {"code": "clinic-daily-function", "name": "Daily function", "lowest": 0, "highest": 40}
        | {"direction": "higher_is_better"}
    ]
}


@blueprint.route(PATH)
@allow(Role.ADMIN, *CARE_TEAM, scope=Scope.TRENDS_READ)
@showing_version
@blueprint.response(200, CustomInstrumentsSchema)
def get_custom_instruments(clinic_id: UUID) -> Any:
    """List a clinic's own instruments

    Their totals are entered, imported and listed like those of the catalogue, by their codes.
    """
    stored = custom_instruments.read(context(), clinic_id)
    return stored, etag_headers(version_tag(stored.version))


@blueprint.route(PATH, methods=["PUT"])
@allow(Role.ADMIN, Role.CLINICIAN)
@versioned(CustomInstrumentsSchema())
@blueprint.arguments(NewCustomInstrumentsSchema, example=EXAMPLE)
@blueprint.response(200, CustomInstrumentsSchema)
@blueprint.alt_response(201, schema=CustomInstrumentsSchema, description="The first list of the clinic.")
def put_custom_instruments(body: dict[str, Any], clinic_id: UUID) -> Any:
    """Store a clinic's own instruments

    The whole list: name, range and direction of each, and thresholds with their source. One that has totals
    stays in the list, retired. The outlook does not use them. Idempotent; a change needs If-Match.
    """
    draft = InstrumentsDraft(tuple(body["items"]))
    stored = custom_instruments.put(context(), clinic_id, draft, expected_version())
    return write_response(stored, stored.value.version)
