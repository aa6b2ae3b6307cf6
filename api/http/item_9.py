"""An item 9 above "not at all" is heard before its request is judged, and kept whatever refuses that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from flask import g
from werkzeug.exceptions import HTTPException

from api.http import clock, forgiving_json, problems
from api.http.heard import SHOWN, day_in, most_urgent, saying_so_whatever_fails, show
from api.http.strict_json import NotStrict
from api.http.transaction import sessions
from clinical.instruments.form import endorsed_item_9
from services import questionnaires_responses as responses
from services.errors import Refusal
from services.questionnaires_responses import Item9

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Endorsed:
    """What item 9 was answered with, above "not at all", and the day its form names, if that can be read."""

    answer: int
    local_date: date | None


Answered = tuple[UUID | None, Endorsed]
"""The form's id where it can be read, and what was answered."""


def keeps_item_9(find: Callable[..., Iterable[Answered]]) -> Callable[[View], View]:
    """Let a body be searched by `find` for items 9 before anything refuses it.

    Their alerts are opened in a transaction of their own, so that no failure of ours on the rest undoes them,
    and what must be shown comes with any answer. Of a form that is refused, the item is kept by itself: the
    problem is returned rather than raised, so that this stands. Stands beneath `allow`, above everything that
    judges the body.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def kept(*args: Any, **kwargs: Any) -> Any:
            found = most_urgent(list(find(forgiving_json.body(), **kwargs)), _answer)
            if not found:
                return view(*args, **kwargs)
            patient_id = kwargs.get("patient_id")
            _hear(patient_id, found)
            try:
                return view(*args, **kwargs)
            except (HTTPException, NotStrict, Refusal) as error:
                members = [keep_item_9(patient_id, *one) for one in found][-1]
                return problems.of_kept(error, _unless_told(error, members))

        return kept

    return decorate


def item_9_of(form: Any) -> Endorsed | None:
    """The answer to item 9 in something that may be a form, where it is above "not at all"."""
    if not isinstance(form, dict):
        return None
    answer = endorsed_item_9(form.get("instrument"), form.get("answers"))
    return None if answer is None else Endorsed(answer, day_in(form.get("local_date")))


def keep_item_9(patient_id: UUID | None, response_id: UUID | None, endorsed: Endorsed) -> dict[str, Any]:
    """Keep an item 9 and act on it; gives the members of the answer that say so."""
    kept = responses.keep_item_9(g.session, g.actor, patient_id, response_id, endorsed.answer, clock.now())
    return {
        "id": str(kept.response.id),
        "version": kept.response.version,
        "safety": SHOWN.dump(kept.safety),
    }


def _answer(one: Answered) -> int:
    return one[1].answer


def _hear(patient_id: UUID | None, found: list[Answered]) -> None:
    told = [Item9(response_id, one.answer, one.local_date) for response_id, one in found]
    with saying_so_whatever_fails(endorsed=True), sessions().writing(g.actor.clinic_id) as session:
        show(responses.hear_items_9(session, g.actor, patient_id, told, clock.now()))


def _unless_told(error: Exception, members: dict[str, Any]) -> dict[str, Any]:
    """Leave to a refusal the version that it tells already."""
    told = getattr(error, "version", None) is not None
    return {
        name: value for name, value in members.items() if name == "safety" or (name == "version" and not told)
    }
