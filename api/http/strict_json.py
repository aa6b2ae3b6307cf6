"""Strict JSON in (RFC 8259, no repeated names), compact JSON out."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from flask import Request
from flask.json.provider import JSONProvider

from clinical.sentences import Sentence
from services.errors import ServiceError

MAX_DEPTH = 32
MAX_DIGITS = 20
MAX_VALUES = 10_000
"""Most values of one body: more than fit in a push of a hundred days with every question answered, and few
enough that reading them takes some ten milliseconds. Operational."""
_STRING = re.compile(rb'"(?:[^"\\]|\\.?)*+"?', re.DOTALL)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
UNSTORABLE_DETAIL = Sentence("Text may not contain NUL characters or unpaired surrogates: remove them.")


_Place = tuple[Any, "str | int"] | None
"""Where a value is in a body: the place of what it is in, and its name or number there."""


class NotAJsonRequest(ServiceError):
    """The body of a request is not declared as JSON."""

    code = "not_a_json_request"
    detail = Sentence("Send the body as JSON, with the header Content-Type: application/json.")


class InvalidJson(ValueError):
    """The text is not JSON that this server accepts; `code` names the reason."""

    def __init__(self, code: str, detail: Sentence, pointer: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.pointer = pointer


def reject_other_types(request: Request) -> None:
    """Raise NotAJsonRequest for a body whose Content-Type is not JSON."""
    if request.mimetype != "application/json":
        raise NotAJsonRequest


def loads(data: bytes, *, storable: bool = True) -> Any:
    """Parse JSON; raises InvalidJson also for what Python's parser accepts.

    That is: a repeated name, NaN and infinities, more than 32 levels, more than 10,000 values, integers of
    more than 20 digits, and text with a NUL or half a surrogate pair, which not every database can store.
    Unless `storable`, such text is left to a caller who asks `unstorable` of each part.
    """
    if has_too_many_values(data):
        raise InvalidJson(
            "too_many_values",
            Sentence(
                "Send at most {number} values in one body, those within lists and objects included.",
                number=MAX_VALUES,
            ),
        )
    return _parsed(data, storable=storable)


def _parsed(data: bytes, *, storable: bool) -> Any:
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_reject_repeated_names,
            parse_constant=_no_constant,
            parse_int=_short_int,
        )
    except InvalidJson:
        raise
    except RecursionError:
        raise InvalidJson(
            "too_deep",
            Sentence("Send objects and lists nested at most {number} levels deep.", number=MAX_DEPTH),
        ) from None
    except ValueError:
        raise InvalidJson(
            "not_json",
            Sentence(
                "The body is not valid JSON in UTF-8. Check quotes, commas and brackets, then send it again."
            ),
        ) from None
    pointer = unstorable(value)
    if pointer is not None and storable:
        raise InvalidJson("unstorable_text", UNSTORABLE_DETAIL, pointer)
    return value


def has_too_many_values(data: bytes, most: int = MAX_VALUES) -> bool:
    """Whether JSON has more values than a body may, counted before anything is made of them.

    Each value but the first follows a comma or begins a list or an object; those within text do not count.
    """
    if _separators(data) < most:
        return False
    return _separators(_STRING.sub(b"", data)) >= most


def _separators(data: bytes) -> int:
    return sum(data.count(each) for each in (b",", b"[", b"{"))


def _reject_repeated_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidJson(
            "repeated_name",
            Sentence("A member name appears twice in one object: send each name once."),
        )
    return members


def _no_constant(_name: str) -> NoReturn:
    raise InvalidJson(
        "not_a_number", Sentence("NaN and Infinity are not JSON: leave the member out or send a number.")
    )


def _short_int(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise InvalidJson(
            "number_too_long",
            Sentence("A whole number may have at most {number} digits.", number=MAX_DIGITS),
        )
    return int(digits)


def unstorable(value: Any) -> str | None:
    """Return a JSON pointer to the first text or name that no database can store, None where there is none.

    A pointer ends before a name that cannot be written itself. Raises InvalidJson for too many levels.
    """
    level: list[tuple[_Place, Any]] = [(None, value)]
    found: list[str] = []
    for _ in range(MAX_DEPTH + 1):
        if not level:
            return found[0] if found else None
        below: list[tuple[_Place, Any]] = []
        for place, item in level:
            if isinstance(item, str):
                if not found and UNSTORABLE.search(item):
                    found.append(_pointer(place))
            elif isinstance(item, dict):
                below.extend((place, name) for name in item)
                below.extend(((place, name), member) for name, member in item.items())
            elif isinstance(item, list):
                below.extend(((place, at), member) for at, member in enumerate(item))
        level = below
    raise InvalidJson(
        "too_deep",
        Sentence("Send objects and lists nested at most {number} levels deep.", number=MAX_DEPTH),
    )


def _pointer(place: _Place) -> str:
    """Return the JSON pointer to a place; made only for the one that is named, since a name may be long."""
    parts: list[str] = []
    while place is not None:
        place, part = place
        parts.append(UNSTORABLE.sub("", str(part)).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in reversed(parts))


class CompactJSON(JSONProvider):
    """Compact JSON in the order of the schema, so that equal responses are equal bytes."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Return compact JSON; raises ValueError for NaN, which is not JSON."""
        return json.dumps(obj, ensure_ascii=False, allow_nan=False, separators=(",", ":"), **kwargs)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:  # noqa: ARG002
        """Parse JSON as strictly as request bodies are parsed, of any size."""
        return _parsed(s if isinstance(s, bytes) else s.encode(), storable=True)
