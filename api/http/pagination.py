"""Keyset pagination: a signed, opaque cursor that fits only the query it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from flask import current_app, g, request
from itsdangerous import BadData, URLSafeSerializer

from clinical.sentences import Sentence
from services.errors import ServiceError
from services.revisions import PageRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

Row = TypeVar("Row")


class CursorMismatch(ServiceError):
    """The cursor was not issued by this server for this query."""

    code = "cursor_mismatch"
    detail = Sentence(
        "The cursor was issued for another path, other filters, another user or another server. "
        "Send next_cursor with the path and filters it came from, or leave cursor out to start "
        "again."
    )


def read_cursor(cursor: str | None) -> Any:
    """Return the position a cursor points to, None for the beginning; raises CursorMismatch."""
    if cursor is None:
        return None
    try:
        return _serializer().loads(cursor)
    except BadData:
        raise CursorMismatch from None


def write_cursor(position: Any) -> str:
    """Return a position as a cursor, bound to this path, these filters and this user."""
    return str(_serializer().dumps(position))


def page_request(query: Mapping[str, Any]) -> PageRequest:
    """Return the part of a list that a query string asks for."""
    return PageRequest(
        query["limit"],
        read_cursor(query["cursor"]),
        descending=query["order"] == "desc",
        first=query.get("first"),
        last=query.get("last"),
    )


def page(items: list[Any], position: Any) -> tuple[dict[str, Any], int, Mapping[str, str]]:
    """Return a page as a response; `position` is where the next one starts, None after the last."""
    if position is None:
        return {"items": items}, 200, {}
    cursor = write_cursor(position)
    query = urlencode({**request.args.to_dict(), "cursor": cursor})
    return {"items": items, "next_cursor": cursor}, 200, {"Link": f'<{request.path}?{query}>; rel="next"'}


def _serializer() -> URLSafeSerializer:
    filters = sorted((name, value) for name, value in request.args.items() if name not in ("cursor", "limit"))
    query = repr((request.path, filters, str(g.actor.id)))
    return URLSafeSerializer(current_app.extensions["cursor_key"], salt=query)
