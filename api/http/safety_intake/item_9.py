"""An item 9 above "not at all" is heard before its request is judged, and kept whatever refuses that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from operator import attrgetter
from typing import Any
from uuid import UUID

from flask import g
from werkzeug.exceptions import HTTPException

from api.http import clock, problems, safety_message
from api.http.auth import rejects_unexpected_input
from api.http.safety_intake import find_objects, lenient_json
from api.http.safety_intake.daily_answer import most_urgent
from api.http.strict_json import InvalidJson
from api.http.transaction import database
from clinical.instruments.response import read_item_9
from clinical.safety import NOT_AT_ALL
from services.errors import ServiceError
from services.questionnaires import responses
from services.questionnaires.responses import Item9

View = Callable[..., Any]


def screens_item_9(view: View) -> View:
    """Let a body be searched for items 9 before anything refuses it or its address.

    Their alerts are opened in a transaction of their own, so that no failure of ours on the rest undoes them,
    and what must be shown comes with any answer. Of a form that is refused, the item is kept by itself: the
    problem is returned rather than raised, so that this stands. Stands beneath `allow`, above everything that
    judges the body.
    """
    judged = rejects_unexpected_input(view)

    @wraps(view)
    def kept(*args: Any, **kwargs: Any) -> Any:
        patient_id = kwargs.get("patient_id")
        found = find_item_9_answers(lenient_json.body(), kwargs.get("response_id"))
        hear(patient_id, found)
        try:
            return safety_message.attach(judged(*args, **kwargs))
        except (HTTPException, InvalidJson, ServiceError) as error:
            members = keep(patient_id, found)
            if not members:
                raise
            return problems.response_without_rollback(error, _unless_told(error, members))

    kept.validates_after_screening = True  # type: ignore[attr-defined]
    return kept


def find_item_9_answers(body: Any, response_id: UUID | None = None) -> list[Item9]:
    """Give the items 9 anywhere in a body that are not "not at all"; an address may name their form."""
    found = []
    for place in find_objects.objects(body):
        answer = read_item_9(place.members.get("instrument"), place.members.get("answers"))
        if answer != NOT_AT_ALL:
            found.append(Item9(response_id or place.id, answer, place.local_date))
    return most_urgent(found, attrgetter("answer"))


def hear(patient_id: UUID | None, items: list[Item9]) -> None:
    """Open the alerts of items 9, and have shown what must be; nothing where there are none."""
    if not items:
        return
    with safety_message.with_fallback_message(serious=True), database().write(g.actor.clinic_id) as session:
        safety_message.put(responses.open_item_9_alerts(session, g.actor, patient_id, items, clock.now()))


def keep(patient_id: UUID | None, items: Iterable[Item9]) -> dict[str, Any]:
    """Keep items 9 of a form that was refused; gives the members of the answer that say so, none for none."""
    members: dict[str, Any] = {}
    for item in items:
        if item.answer is not None:
            kept = responses.store_item_9(g.session, g.actor, patient_id, item, clock.now())
            members = {
                "id": str(kept.response.id),
                "version": kept.response.version,
                "safety": safety_message.SCHEMA.dump(kept.safety),
            }
    return members


def _unless_told(error: Exception, members: dict[str, Any]) -> dict[str, Any]:
    """Leave to a refusal the version that it tells already."""
    has_version = getattr(error, "version", None) is not None
    return {
        name: value
        for name, value in members.items()
        if name == "safety" or (name == "version" and not has_version)
    }
