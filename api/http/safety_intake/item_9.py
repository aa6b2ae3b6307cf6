"""Open the alerts of items 9 before their request is validated, and store an item 9 whose form is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from operator import attrgetter
from typing import Any
from uuid import UUID

from flask import g
from werkzeug.exceptions import HTTPException

from api.http import clock, problems, safety_message
from api.http.auth import rejects_unexpected_input
from api.http.safety_intake import find_objects
from api.http.safety_intake.daily_answer import acted_on, most_urgent, rejects_too_many_answers
from api.http.strict_json import InvalidJson
from api.http.transaction import MAX_WRITES, by_transaction, context, database
from clinical.instruments.response import read_item_9
from clinical.safety import NOT_AT_ALL
from services.context import Context
from services.errors import ServiceError
from services.questionnaires import responses
from services.questionnaires.responses import Item9

View = Callable[..., Any]


def screens_item_9(view: View) -> View:
    """Search a view's body for items 9 before anything refuses the body or the path.

    Their alerts are opened in transactions of their own, so that no later failure undoes them, and the
    crisis message comes with any response. Of a form that is refused, the item is stored by itself: the
    problem is returned rather than raised, so that the transaction commits. Of a refused push with many, the
    most severe ones are; it is sent again in parts. Goes beneath `allow` and above everything that validates
    the body.
    """
    validated = rejects_unexpected_input(rejects_too_many_answers(view))

    @wraps(view)
    def screened(*args: Any, **kwargs: Any) -> Any:
        patient_id = kwargs.get("patient_id")
        found = find_item_9_answers(find_objects.request_body(), kwargs.get("response_id"))
        _open_alerts(patient_id, acted_on(found, attrgetter("answer")))
        try:
            return safety_message.attach(validated(*args, **kwargs))
        except (HTTPException, InvalidJson, ServiceError) as error:
            members = store_alone(patient_id, found, MAX_WRITES)
            if not members:
                raise
            return problems.response_without_rollback(error, _without_repetition(error, members))

    screened.validates_after_screening = True  # type: ignore[attr-defined]
    return screened


def find_item_9_answers(body: Any, response_id: UUID | None = None) -> list[Item9]:
    """Return the items 9 anywhere in a body that are not "not at all"; the path may name their form."""
    found = []
    for each in find_objects.objects(body):
        answer = read_item_9(each.members.get("instrument"), each.members.get("answers"))
        if answer != NOT_AT_ALL:
            found.append(Item9(response_id or each.id, answer, each.local_date, each.moment))
    return found


def store_alone(patient_id: UUID | None, items: Sequence[Item9], count: int) -> dict[str, Any]:
    """Store so many items 9 of what was refused, the most severe; return the response's members about them.

    These are of the last one, and none where there is no item.
    """
    members: dict[str, Any] = {}
    for item in most_urgent(items, attrgetter("answer"), count):
        if item.answer is not None:
            stored = responses.store_item_9(context(), patient_id, item)
            members = {
                "record_id": str(stored.response.id),
                "version": stored.response.version,
                "safety": safety_message.SCHEMA.dump(stored.safety),
            }
    return members


def _open_alerts(patient_id: UUID | None, items: list[Item9]) -> None:
    """Open the alerts of items 9, and set the message to show, if there are any."""
    for some in by_transaction(items):
        with (
            safety_message.with_fallback_message(serious=True),
            database().write(g.actor.clinic_id) as session,
        ):
            ctx = Context(session, g.actor, clock.now())
            safety_message.put(responses.open_item_9_alerts(ctx, patient_id, some))


def _without_repetition(error: Exception, members: dict[str, Any]) -> dict[str, Any]:
    """Leave out the id, and the version where the problem has one already."""
    has_version = getattr(error, "version", None) is not None
    return {
        name: value
        for name, value in members.items()
        if name == "safety" or (name == "version" and not has_version)
    }
