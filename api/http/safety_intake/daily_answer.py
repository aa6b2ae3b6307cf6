"""Safety answers are heard before the rest of a request is judged, and stand whatever becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import wraps
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import g

from api.http import clock, safety_message
from api.http.auth import rejects_unexpected_input
from api.http.safety_intake import find_objects, lenient_json
from api.http.transaction import database
from clinical.safety import NOT_AT_ALL, parse_answer
from services.errors import FieldError, Invalid
from services.safety import answers as safety_answers
from services.safety.answers import IntakeResult, SubmittedAnswer

if TYPE_CHECKING:
    from uuid import UUID

FIELD = "safety_answer"

MAX_SCREENED_ANSWERS: Final = 400
"""Answers of one request that are acted on: a year of days, and four times what a push may hold. One that
holds more is refused, and a phone sends it again in parts; acting on all of it would hold everybody up."""

One = TypeVar("One")
View = Callable[..., Any]


def screens_safety_answers(view: View) -> View:
    """Let a view's body be searched for safety answers, before anything refuses it or its address.

    What is found is kept in a transaction of its own, and what must be shown comes with the answer, be it a
    success or a refusal. Stands beneath `allow`, above everything that judges the body.
    """
    judged = rejects_unexpected_input(view)

    @wraps(view)
    def heard(*args: Any, **kwargs: Any) -> Any:
        day = kwargs.get("local_date")
        hear(kwargs.get("patient_id"), find_safety_answers(lenient_json.body(), day))
        return safety_message.attach(judged(*args, **kwargs))

    heard.validates_after_screening = True  # type: ignore[attr-defined]
    return heard


def find_safety_answers(body: Any, day: Any = None) -> list[SubmittedAnswer]:
    """Give the safety answers anywhere in a body, each of the day that its address names, if it does."""
    named = day if isinstance(day, date) else None
    found = [
        (named or place.local_date, answer)
        for place in find_objects.objects(body)
        for answer in _answer_in(place.members)
    ]
    return most_urgent(found, itemgetter(1))


def hear(patient_id: UUID | None, answers: list[SubmittedAnswer]) -> None:
    """Keep safety answers, with their alerts, and have shown what must be; nothing where there are none."""
    if not answers:
        return
    serious = any(answer != NOT_AT_ALL for _, answer in answers)
    with safety_message.with_fallback_message(serious), database().write(g.actor.clinic_id) as session:
        g.heard = safety_answers.store_answers(session, g.actor, patient_id, answers, clock.now())
    safety_message.put(g.heard.message)


def most_urgent(found: list[One], answer_of: Callable[[One], int | None]) -> list[One]:
    """Of too many answers to act on keep the highest, of equal ones the last, in the order they came in.

    One that cannot be read stands above "not at all" and below the others.
    """

    def urgency(at: int) -> tuple[bool, int, int]:
        answer = answer_of(found[at])
        return answer != NOT_AT_ALL, answer or NOT_AT_ALL, at

    order = sorted(range(len(found)), key=urgency, reverse=True)
    return [found[at] for at in sorted(order[:MAX_SCREENED_ANSWERS])]


def _answer_in(answers: dict[str, Any]) -> Iterator[int | None]:
    """The safety answer among a day's answers; 0 only as it is asked for, so that no doubt lowers one."""
    said = answers.get(FIELD)
    answer = parse_answer(said)
    if answer != NOT_AT_ALL or (isinstance(said, (int, float)) and not isinstance(said, bool)):
        yield answer


def reject_unrequested_answer(answers: Any, pointer: str = "") -> None:
    """Raise Invalid for a safety answer in a clinic that never asked for one."""
    heard: IntakeResult | None = g.get("heard")
    if heard is not None and not heard.asked and isinstance(answers, dict) and FIELD in answers:
        sentence = "This clinic does not ask the safety question."
        raise Invalid(FieldError(f"{pointer}/{FIELD}", "not_asked_here", sentence))
