"""The catalogue of questionnaires."""

from __future__ import annotations

from typing import Any

from api.http.auth import public
from api.http.blueprint import Blueprint, also_answers
from api.http.etag import etag_headers, not_modified, revalidated
from clinical.instruments.catalogue import edition, find, offered
from schemas.questionnaires.catalogue import QuestionnaireListSchema, QuestionnaireSchema
from services.errors import NotFound

blueprint = Blueprint(
    "questionnaires", __name__, url_prefix="/v1/questionnaires", description="Published questionnaires"
)
PUBLIC = {"Cache-Control": "public, max-age=3600"}
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@blueprint.route("")
@public
@revalidated
@blueprint.response(200, QuestionnaireListSchema)
def list_questionnaires() -> Any:
    """List the available questionnaires"""
    tag = edition()
    return not_modified(tag, **PUBLIC) or ({"items": offered()}, etag_headers(tag, **PUBLIC))


@blueprint.route("/<code>/versions/<instrument_version>")
@public
@revalidated
@also_answers("not_found")
@blueprint.response(200, QuestionnaireSchema)
def get_questionnaire(code: str, instrument_version: str) -> Any:
    """Get one version of a questionnaire: items, scoring, bands, source and licence

    A version never changes and may be cached for ever. Show the licence wherever the items are shown.
    """
    instrument = find(code, instrument_version)
    if instrument is None:
        raise NotFound
    tag = f"{code}-{instrument_version}"
    return not_modified(tag, **FOR_EVER) or (instrument, etag_headers(tag, **FOR_EVER))
