"""The safety message: shown first in any response to a request that held a safety answer."""

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
    """Show the message that needs no database where ours fails on an answer other than "not at all"."""
    try:
        yield
    except ServiceError:
        raise
    except Exception:
        put(crisis_message(()) if serious else None)
        raise


def put(message: CrisisMessage | None) -> None:
    """Have a message shown first in whatever the request is answered with; None leaves it as it is."""
    if message is not None:
        g.safety_message = message


def member() -> dict[str, Any]:
    """Return the `safety` member of the response: empty where there is no message."""
    message: CrisisMessage | None = g.get("safety_message")
    return {} if message is None else {"safety": SCHEMA.dump(message)}


def attach(answered: Any) -> Response:
    """Return the response with the safety message as a member of its JSON, whatever its status."""
    response = current_app.make_response(answered)
    shown = member()
    if shown and response.is_json:
        response.set_data(current_app.json.dumps(response.get_json() | shown))
    return response
