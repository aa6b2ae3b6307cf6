"""The crisis message: the first member of any response to a request that held a safety answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import current_app, g

from clinical.safety import CrisisMessage, crisis_message
from schemas.safety import CrisisMessageSchema
from services.errors import ServiceError

if TYPE_CHECKING:
    from flask import Response

SCHEMA = CrisisMessageSchema()


@contextmanager
def with_fallback_message(serious: bool) -> Iterator[None]:
    """Show the message that needs no database where the server fails on an answer above "not at all"."""
    try:
        yield
    except ServiceError:
        raise
    except Exception:
        if serious and "safety_message" not in g:
            put(crisis_message(()))
        raise


def put(message: CrisisMessage | None) -> None:
    """Set the message that the response shows first; None leaves it as it is."""
    if message is not None:
        g.safety_message = message


def member() -> dict[str, Any]:
    """Return the `safety` member of the response: empty where there is no message."""
    message: CrisisMessage | None = g.get("safety_message")
    return {} if message is None else {"safety": SCHEMA.dump(message)}


def attach(answered: Any) -> Response:
    """Return the response with the message as the first member of its JSON, whatever its status."""
    response = current_app.make_response(answered)
    shown = member()
    if shown and response.is_json:
        response.set_data(current_app.json.dumps(shown | response.get_json() | shown))
    return response
