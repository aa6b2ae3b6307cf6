"""Keyset pages: a signed, opaque cursor that only fits the question it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from flask import current_app, g, request
from itsdangerous import BadData, URLSafeSerializer

from services.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Row = TypeVar("Row")


class CursorMismatch(ServiceError):
    """The cursor was not made by this server for this question."""

    code = "cursor_mismatch"
    detail = "This cursor belongs to another question, clinic or server. Start again without one."


def read_cursor(cursor: str | None) -> Any:
    """Give the place a cursor points to, None for the beginning; raises CursorMismatch."""
    if cursor is None:
        return None
    try:
        return _serializer().loads(cursor)
    except BadData:
        raise CursorMismatch from None


def write_cursor(place: Any) -> str:
    """Write a place as a cursor, bound to this path, these filters and whoever asks."""
    return str(_serializer().dumps(place))


def cut(found: list[Row], most: int, place_of: Callable[[Row], Any]) -> tuple[list[Row], Any]:
    """Cut a page off a list read one row further, and tell where the next one starts; None after the last."""
    items = found[:most]
    return items, place_of(items[-1]) if len(found) > most else None


def page(items: list[Any], place: Any) -> tuple[dict[str, Any], int, Mapping[str, str]]:
    """Answer with a page; `place` is where the next one starts, None after the last."""
    if place is None:
        return {"items": items}, 200, {}
    cursor = write_cursor(place)
    query = urlencode({**request.args.to_dict(), "cursor": cursor})
    return {"items": items, "next_cursor": cursor}, 200, {"Link": f'<{request.path}?{query}>; rel="next"'}


def _serializer() -> URLSafeSerializer:
    asked = sorted((name, value) for name, value in request.args.items() if name not in ("cursor", "limit"))
    question = repr((request.path, asked, str(g.actor.id)))
    return URLSafeSerializer(current_app.extensions["cursor_key"], salt=question)
