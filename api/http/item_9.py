"""An item 9 above "not at all" is kept and acted on whatever refuses the body it came in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import g, request
from werkzeug.exceptions import HTTPException

from api.http import clock, problems
from api.http.strict_json import NotStrict
from clinical.instruments.form import endorsed_item_9
from schemas.alerts import SafetyReplySchema
from services import questionnaires_responses as responses
from services.errors import Refusal

SHOWN = SafetyReplySchema()

View = Callable[..., Any]
Answered = tuple[UUID | None, int]
"""The form's id where it can be read, and what item 9 was answered with."""


def keeps_item_9(find: Callable[..., Iterable[Answered]]) -> Callable[[View], View]:
    """Let a refused body be searched by `find` for items 9; the problem then carries what must be shown.

    Stands beneath `allow`, above everything that judges the body. What was refused has left nothing in the
    request's transaction; the problem is returned rather than raised, so that what is kept here stands.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def kept(*args: Any, **kwargs: Any) -> Any:
            try:
                return view(*args, **kwargs)
            except (HTTPException, NotStrict, Refusal) as error:
                found = list(find(_body(), **kwargs))
                if not found:
                    raise
                members = [keep_item_9(kwargs.get("patient_id"), *one) for one in found][-1]
                return problems.of_kept(error, _unless_told(error, members))

        return kept

    return decorate


def item_9_of(form: Any) -> int | None:
    """The answer to item 9 in something that may be a form, where it is above "not at all"."""
    return endorsed_item_9(form.get("instrument"), form.get("answers")) if isinstance(form, dict) else None


def keep_item_9(patient_id: UUID | None, response_id: UUID | None, answer: int) -> dict[str, Any]:
    """Keep an item 9 and act on it; gives the members of the answer that say so."""
    kept = responses.keep_item_9(g.session, g.actor, patient_id, response_id, answer, clock.now())
    return {
        "id": str(kept.response.id),
        "version": kept.response.version,
        "safety": SHOWN.dump(kept.safety),
    }


def _unless_told(error: Exception, members: dict[str, Any]) -> dict[str, Any]:
    """Leave to a refusal the version that it tells already."""
    told = getattr(error, "version", None) is not None
    return {
        name: value for name, value in members.items() if name == "safety" or (name == "version" and not told)
    }


def _body() -> Any:
    """Read the body leniently: what it is refused for must not keep it from being searched."""
    try:
        return json.loads(request.get_data(cache=True))
    except (ValueError, RecursionError, HTTPException):
        return None
