"""What a patient is asked today."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import current_app

from api.http.auth import allow
from api.http.blueprint import Blueprint
from api.http.etag import etag_headers, not_modified, revalidated
from api.http.languages import language, language_tag
from api.http.response_cache import json_response
from api.http.transaction import context
from clinical.safety import DAILY_OPTIONS, DAILY_QUESTION
from schemas.today import TodaySchema
from services import today
from services.access import CARE_TEAM, Role

blueprint = Blueprint(
    "today",
    __name__,
    url_prefix="/v1/patients/<patient:patient_id>/today",
    description="What a patient is asked today",
)
TODAY = TodaySchema()
PRIVATE = {"Cache-Control": "private, no-cache"}
TAG_LENGTH = 32
"""Characters of the entity tag, a hash of the response. Operational."""


@blueprint.route("")
@allow(Role.PATIENT, *CARE_TEAM)
@revalidated
@blueprint.response(200, TodaySchema)
def get_today(patient_id: UUID | None) -> Any:
    """Get what a patient is asked today

    The patient's day and when it ends, every question with its words and its answer so far, the safety
    question, the questionnaires due, the next infusion booked, the crisis contacts and the editions of the
    catalogues. A phone asks at its start and at day_ends_at, with If-None-Match.
    """
    found = today.read(context(), patient_id)
    text = current_app.json.dumps(TODAY.dump(_shown(found)))
    tag = sha256(text.encode()).hexdigest()[:TAG_LENGTH]
    return not_modified(tag, **PRIVATE) or json_response(text, etag_headers(tag, **PRIVATE))


def _shown(found: today.Today) -> dict[str, Any]:
    members = {name: getattr(found, name) for name in found.__dataclass_fields__}
    safety = found.daily_safety
    return members | {
        "language": language(),
        "questions": [asdict(each.question) | {"answer": each.answer} for each in found.questions],
        "daily_safety": {
            "asked": safety.asked,
            "question": DAILY_QUESTION,
            "options": DAILY_OPTIONS,
            "answer": safety.answer,
            "crisis_message": safety.crisis_message,
        },
        "catalogues": {
            "side_effects_edition": language_tag(found.side_effects_edition),
            "questionnaires_edition": found.questionnaires_edition,
        },
    }
