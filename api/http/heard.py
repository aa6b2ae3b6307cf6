"""Safety answers are heard before the rest of a request is judged, and stand whatever becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import wraps
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import current_app, g

from api.http import clock, forgiving_json
from api.http.transaction import sessions
from clinical.safety import HIGHEST_ANSWER, NOT_AT_ALL, SafetyReply, reply
from schemas.alerts import SafetyReplySchema
from services import alerts_answers
from services.alerts_answers import Heard, Told
from services.errors import FieldError, Invalid, Refusal

if TYPE_CHECKING:
    from flask import Response

FIELD = "safety_answer"
ANSWERS = range(NOT_AT_ALL, HIGHEST_ANSWER + 1)
SHOWN = SafetyReplySchema()

MOST_HEARD: Final = 400
"""Answers of one request that are acted on: a year of days, and four times what a push may hold. One that
holds more is refused, and a phone sends it again in parts; acting on all of it would hold everybody up."""

One = TypeVar("One")
View = Callable[..., Any]
Found = Callable[..., Iterable[Told]]


def hears(find: Found) -> Callable[[View], View]:
    """Let a view's body be searched by `find` for safety answers, before anything refuses it.

    What is found is kept in a transaction of its own, and what must be shown comes with the answer, be it a
    success or a refusal. Stands beneath `allow`, above everything that judges the body.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def heard(*args: Any, **kwargs: Any) -> Any:
            told = most_urgent(list(find(forgiving_json.body(), **kwargs)), itemgetter(1))
            if not told:
                return view(*args, **kwargs)
            endorsed = any(answer > NOT_AT_ALL for _, answer in told)
            with saying_so_whatever_fails(endorsed), sessions().writing(g.actor.clinic_id) as session:
                which = kwargs.get("patient_id")
                g.heard = alerts_answers.hear(session, g.actor, which, told, clock.now())
            show(g.heard.reply)
            return _showing(view(*args, **kwargs))

        return heard

    return decorate


def most_urgent(told: list[One], answer_of: Callable[[One], int]) -> list[One]:
    """Of too many answers to act on keep the highest, of equal ones the last, in the order they came in."""
    order = sorted(range(len(told)), key=lambda at: (answer_of(told[at]), at), reverse=True)
    return [told[at] for at in sorted(order[:MOST_HEARD])]


def answer_in(answers: Any) -> Iterator[int]:
    """Give the safety answer among a day's answers, if there is one that can be read."""
    found = answers.get(FIELD) if isinstance(answers, dict) else None
    if isinstance(found, (int, float)) and not isinstance(found, bool) and found in ANSWERS:
        yield int(found)


def day_in(text: Any) -> date | None:
    """Read the day an answer is about; None where it cannot be read."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def refuse_unasked(answers: Any, pointer: str = "") -> None:
    """Raise Invalid for a safety answer in a clinic that never asked for one."""
    heard: Heard | None = g.get("heard")
    if heard is not None and not heard.asked and isinstance(answers, dict) and FIELD in answers:
        sentence = "This clinic does not ask the safety question."
        raise Invalid(FieldError(f"{pointer}/{FIELD}", "not_asked_here", sentence))


@contextmanager
def saying_so_whatever_fails(endorsed: bool) -> Iterator[None]:
    """Have the line shown that needs no database, where ours fails on an answer above "not at all"."""
    try:
        yield
    except Refusal:
        raise
    except Exception:
        show(reply(()) if endorsed else None)
        raise


def show(shown: SafetyReply | None) -> None:
    """Have a reply shown first in whatever the request is answered with."""
    if shown is not None:
        g.shown_first = shown


def shown_first() -> dict[str, Any]:
    """Give what must be shown before anything else, as a member of whatever is answered."""
    shown: SafetyReply | None = g.get("shown_first")
    return {} if shown is None else {"safety": SHOWN.dump(shown)}


def _showing(answered: Any) -> Response:
    response = current_app.make_response(answered)
    shown = shown_first()
    if shown and response.is_json:
        response.set_data(current_app.json.dumps(response.get_json() | shown))
    return response
