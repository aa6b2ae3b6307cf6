"""Totals of questionnaires by day."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.content_negotiation import negotiate, series_response
from api.http.etag import (
    etag_headers,
    expected_version,
    not_modified,
    revalidated,
    version_tag,
    versioned,
    write_response,
)
from api.http.pagination import page, page_request
from api.http.rate_limits import limited
from api.http.transaction import context
from schemas.base import OrderedQuery, page_of
from schemas.scores import NewScoreSchema, ScoreRevisionSchema, ScoreSchema, ScoresQuery
from services import scores
from services.access import CARE_TEAM, Part, Role, Scope
from services.scores import Entry, Occasion

blueprint = Blueprint(
    "scores",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/scores",
    description="Questionnaire totals, answered here, entered or imported",
)
COLUMNS = (
    "local_date",
    "instrument",
    "total",
    "source",
    "record_id",
    "version",
    "lowest",
    "highest",
    "rater",
)
ONE = "/<instrument:instrument>/<date:local_date>"


@blueprint.route(ONE, methods=["PUT"])
@allow(*CARE_TEAM)
@versioned(ScoreSchema())
@blueprint.arguments(NewScoreSchema, example={"total": 14})
@blueprint.response(200, ScoreSchema)
@blueprint.alt_response(201, schema=ScoreSchema, description="It was entered for the first time.")
def put_score(body: dict[str, Any], patient_id: UUID | None, instrument: str, local_date: date) -> Any:
    """Store or correct a questionnaire total of a day

    Only the total is stored. Of a questionnaire whose range is not known here, send the range too. Entering
    a total does not replace looking at item 9 of a PHQ-9. Idempotent. Another total for a day that has
    one needs If-Match with the version it corrects.
    """
    of, entry = Occasion(instrument, local_date), Entry(**body)
    return write_response(scores.put(context(), patient_id, of, entry, expected_version()))


@blueprint.route(ONE)
@allow(Role.PATIENT, *CARE_TEAM, scope=Scope.TRENDS_READ, part=Part.QUESTIONNAIRES)
@also_answers("removed")
@revalidated
@blueprint.response(200, ScoreSchema)
def get_score(patient_id: UUID | None, instrument: str, local_date: date) -> Any:
    """Get a questionnaire total of a day"""
    score = scores.read(context(), patient_id, Occasion(instrument, local_date))
    tag = version_tag(score.version)
    return not_modified(tag) or (score, etag_headers(tag))


@blueprint.route(ONE, methods=["DELETE"])
@allow(Role.CLINICIAN)
@versioned(ScoreSchema())
@blueprint.response(204)
def delete_score(patient_id: UUID | None, instrument: str, local_date: date) -> Any:
    """Remove a questionnaire total of a day

    A tombstone stays in its place, and so do its revisions. Idempotent.
    """
    of = Occasion(instrument, local_date)
    removed = scores.remove(context(), patient_id, of, expected_version())
    return None, etag_headers(version_tag(removed.value.version))


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM, scope=Scope.TRENDS_READ, part=Part.QUESTIONNAIRES)
@limited()
@also_answers("not_acceptable")
@blueprint.arguments(ScoresQuery, location="query")
@blueprint.response(200, page_of(ScoreSchema))
def list_scores(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List questionnaire totals in order of date

    Those of questionnaires answered here, entered by a clinician and imported, each with its source. As JSON,
    CSV or NDJSON, by Accept.
    """
    form = negotiate()
    found = scores.page(context(), patient_id, page_request(query), query["instrument"])
    return series_response(form, COLUMNS, ScoreSchema(many=True).dump(found.items), found.next_position)


@blueprint.route(f"{ONE}/revisions")
@allow(Role.PATIENT, *CARE_TEAM)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(ScoreRevisionSchema))
def list_score_revisions(
    query: dict[str, Any], patient_id: UUID | None, instrument: str, local_date: date
) -> Any:
    """List every revision of a questionnaire total"""
    of = Occasion(instrument, local_date)
    found = scores.revisions(context(), patient_id, of, page_request(query))
    return page(found.items, found.next_position)
