"""The directory: a clinic's patients by name, without anything clinical."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http import access_audit
from api.http.auth import allow
from api.http.blueprint import Blueprint
from api.http.pagination import page, page_request
from api.http.transaction import context
from schemas.base import page_of
from schemas.directory import DirectoryEntrySchema, DirectoryQuery
from services import directory
from services.access import STAFF

blueprint = Blueprint(
    "directory", __name__, url_prefix="/v1/clinics", description="The clinic's patients by name"
)


@blueprint.route("/<uuid:clinic_id>/directory")
@allow(*STAFF)
@blueprint.arguments(DirectoryQuery, location="query")
@blueprint.response(200, page_of(DirectoryEntrySchema))
def list_directory(query: dict[str, Any], clinic_id: UUID) -> Any:
    """List a clinic's patients in order of name

    Id, record number and name of each, for who books, invites or bills and sees no worklist. Discharged
    patients are listed too.
    """
    found = directory.page(context(), clinic_id, query["q"], page_request(query))
    access_audit.declare_all_patients("directory")
    return page(found.items, found.next_position)
