"""Benefit left, due window, reasons."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g

from api.http import clock
from api.http.auth import allow
from api.http.blueprint import Blueprint
from api.http.etag import not_modified, revalidated, tagged
from api.http.transaction import sessions
from schemas.outlooks import AsOfQuery, OutlookSchema
from services import outlooks
from services.access import Role, Scope

blueprint = Blueprint(
    "outlooks", __name__, url_prefix="/v1/patients/<patient:patient_id>/outlook", description="Outlooks"
)
PRIVATE = {"Cache-Control": "private, no-cache"}


@blueprint.route("")
@allow(Role.CLINICIAN, scope=Scope.SUMMARY_READ)
@revalidated
@blueprint.arguments(AsOfQuery, location="query")
@blueprint.response(200, OutlookSchema)
def get_outlook(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """Read when a patient's next maintenance infusion is due, and why

    It informs a clinician, who decides. Answers status insufficient_data, with what is missing, rather than
    guess. With as_of, what it would have said then, from what was known then.
    """
    standing = standing_for(patient_id, query["as_of"])
    return not_modified(standing.tag, **PRIVATE) or (standing.outlook, tagged(standing.tag, **PRIVATE))


def standing_for(patient_id: UUID | None, as_of: datetime | None) -> outlooks.Standing:
    """Give a patient's standing, present or past, to the views that show a part of it."""
    if as_of is not None:
        return outlooks.standing_as_of(g.session, g.actor, patient_id, min(as_of, clock.now()))
    return outlooks.standing(g.session, sessions(), g.actor, patient_id, clock.now())
