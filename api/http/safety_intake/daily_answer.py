"""Store the daily safety answers of a request before the rest of the request is validated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import wraps
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import g

from api.http import clock, safety_message
from api.http.auth import rejects_unexpected_input
from api.http.safety_intake import find_objects
from api.http.transaction import by_transaction, database
from clinical.safety import NOT_AT_ALL, parse_answer
from clinical.sentences import Sentence
from services.context import Context
from services.errors import FieldError, Invalid
from services.safety import answers as safety_answers
from services.safety.answers import IntakeResult, SubmittedAnswer

if TYPE_CHECKING:
    from uuid import UUID

FIELD = "safety_answer"

MAX_ANSWERS: Final = 100
"""Most answers of one request that are acted on, as many as a push may hold: the most severe. A request with
more is refused, and sent again in parts. Operational."""

Found = TypeVar("Found")
View = Callable[..., Any]


def screens_safety_answers(field: str = FIELD) -> Callable[[View], View]:
    """Search a view's body for members named `field` before anything refuses the body or the path.

    The answers found are stored in transactions of their own, and the crisis message comes with the
    response, a success or a problem. Goes beneath `allow` and above everything that validates the body.
    """

    def decorate(view: View) -> View:
        validated = rejects_unexpected_input(rejects_too_many_answers(view))

        @wraps(view)
        def screened(*args: Any, **kwargs: Any) -> Any:
            found = find_safety_answers(find_objects.request_body(), kwargs.get("local_date"), field)
            _store(kwargs.get("patient_id"), acted_on(found, attrgetter("answer")))
            return safety_message.attach(validated(*args, **kwargs))

        screened.validates_after_screening = True  # type: ignore[attr-defined]
        return screened

    return decorate


def find_safety_answers(body: Any, path_day: Any = None, field: str = FIELD) -> list[SubmittedAnswer]:
    """Return the safety answers anywhere in a body, each with the day of the path, if the path has one."""
    day = path_day if isinstance(path_day, date) else None
    return [
        SubmittedAnswer(day or each.local_date, answer, each.moment)
        for each in find_objects.objects(body)
        for answer in _answer_in(each.members, field)
    ]


def acted_on(found: list[Found], answer_of: Callable[[Found], int | None]) -> list[Found]:
    """Return the answers of a request that are acted on: of too many the most urgent."""
    if len(found) > MAX_ANSWERS:
        g.has_too_many_answers = True
    return most_urgent(found, answer_of, MAX_ANSWERS)


def rejects_too_many_answers(view: View) -> View:
    """Refuse a request with more answers than are acted on, once everything has screened it."""
    if getattr(view, "validates_after_screening", False):
        return view

    @wraps(view)
    def checked_view(*args: Any, **kwargs: Any) -> Any:
        if g.get("has_too_many_answers"):
            sentence = Sentence(
                "Send at most {number} safety answers in one request. The most severe ones were acted on: "
                "send all of them again, in several requests.",
                number=MAX_ANSWERS,
            )
            raise Invalid(FieldError("", "too_many", sentence))
        return view(*args, **kwargs)

    return checked_view


def most_urgent(found: Sequence[Found], answer_of: Callable[[Found], int | None], count: int) -> list[Found]:
    """Return so many of the highest answers, of equal ones the last, in the order they came in.

    One that cannot be parsed ranks above "not at all" and below the others.
    """

    def urgency(at: int) -> tuple[bool, int, int]:
        answer = answer_of(found[at])
        return answer != NOT_AT_ALL, answer or NOT_AT_ALL, at

    order = sorted(range(len(found)), key=urgency, reverse=True)
    return [found[at] for at in sorted(order[:count])]


def reject_unrequested_answer(answers: Any, pointer: str = "", field: str = FIELD) -> None:
    """Raise Invalid for a safety answer in a clinic that never asked for one."""
    intake: IntakeResult | None = g.get("safety_intake")
    if intake is not None and not intake.asked and isinstance(answers, dict) and field in answers:
        sentence = Sentence("This clinic does not ask the safety question.")
        raise Invalid(FieldError(f"{pointer}/{field}", "not_asked_here", sentence))


def _store(patient_id: UUID | None, answers: list[SubmittedAnswer]) -> None:
    """Store safety answers with their alerts, and set the message to show, if there are any."""
    serious = any(each.answer != NOT_AT_ALL for each in answers)
    for some in by_transaction(answers):
        with safety_message.with_fallback_message(serious), database().write(g.actor.clinic_id) as session:
            ctx = Context(session, g.actor, clock.now())
            g.safety_intake = safety_answers.store_answers(ctx, patient_id, some)
        safety_message.put(g.safety_intake.message)


def _answer_in(members: dict[str, Any], field: str) -> Iterator[int | None]:
    """Yield the safety answer of an object; 0 only for a number, so that no doubt lowers an answer."""
    sent = members.get(field)
    answer = parse_answer(sent)
    if answer != NOT_AT_ALL or (isinstance(sent, (int, float)) and not isinstance(sent, bool)):
        yield answer
