"""A body read for what it holds, whatever else is wrong with it: for answers that must not be missed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from flask import g, request
from werkzeug.exceptions import RequestEntityTooLarge

from api.http.strict_json import MAX_DEPTH, MAX_DIGITS

MARKS: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{},]', re.DOTALL)
"""What says how far a text can be read: strings, brackets and commas. A string that nothing ends takes the
rest in one go, or a long one could be read once from each of its quotes."""

CLOSED_BY: Final = {"{": "}", "[": "]"}


MAX_SCREENED_BYTES: Final = 1024 * 1024
"""Enough for a push of a hundred days with the longest notes there are. What is longer than a request may be
is refused all the same, once it was searched."""


def body() -> Any:
    """The request's body as far as it can be read, read once for all who ask; None where nothing can."""
    if "forgiven_body" not in g:
        g.forgiven_body = read(_data())
    return g.forgiven_body


def _data() -> bytes:
    try:
        return request.get_data(cache=True)
    except RequestEntityTooLarge:
        length = min(request.content_length or 0, MAX_SCREENED_BYTES)
        return bytes(request.environ["wsgi.input"].read(length))


def read(data: bytes) -> Any:
    """Read JSON that is broken, or badly encoded: what stands whole before the break; None for nothing."""
    text = data.decode(json.detect_encoding(data), errors="replace")
    try:
        return _read(text)
    except json.JSONDecodeError as broken:
        until = broken.pos
    except RecursionError:
        until = len(text)
    for part in _up_to(text, until):
        try:
            return _read(part)
        except (ValueError, RecursionError):
            continue
    return None


def _read(text: str) -> Any:
    return json.loads(text, strict=False, parse_int=_whole, object_pairs_hook=_members)


def _whole(digits: str) -> int:
    """A number of absurd length is still larger, or smaller, than any that was asked for."""
    return int(digits[:MAX_DIGITS])


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a number given twice, the higher, of an object both: nobody knows which was meant."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        before = found.get(name)
        if isinstance(before, int) and isinstance(value, int):
            found[name] = max(before, value)
        else:
            found[name] = [before, value] if isinstance(before, (dict, list)) else value
    return found


def _up_to(text: str, until: int) -> Iterator[str]:
    """Cut a text before a place, and close what is open: as it stands there, and after its last whole part.

    A number right before the break is taken for whole.
    """
    open_ones: list[str] = []
    kept, closing = 0, ""
    for mark in MARKS.finditer(text, 0, until):
        word = mark.group()
        if word in CLOSED_BY:
            open_ones.append(CLOSED_BY[word])
            if len(open_ones) > MAX_DEPTH:
                break
        elif word == ",":
            kept, closing = mark.start(), "".join(reversed(open_ones))
        elif open_ones and word == open_ones[-1]:
            open_ones.pop()
            kept, closing = mark.end(), "".join(reversed(open_ones))
        elif word in CLOSED_BY.values():
            break
    else:
        yield text[:until] + "".join(reversed(open_ones))
    yield text[:kept] + closing
