"""JSON in without surprises, JSON out the same each time."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from flask import Request
from flask.json.provider import JSONProvider

from services.errors import ServiceError

MAX_DEPTH = 32
MAX_DIGITS = 20
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class NotAJsonRequest(ServiceError):
    """A write came as something other than JSON."""

    code = "not_a_json_request"
    detail = "Send application/json."


class InvalidJson(ValueError):
    """The text is not JSON as this server takes it; `code` says in which way."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def reject_other_types(request: Request) -> None:
    """Raise NotAJsonRequest for a body that is not said to be JSON."""
    if request.mimetype != "application/json":
        raise NotAJsonRequest


def loads(data: bytes) -> Any:
    """Read JSON; raises InvalidJson for what Python's reader would quietly let through.

    That is: a name given twice, NaN and infinities, more than 32 levels, numbers of absurd length, and
    text with a NUL or half a surrogate pair, which not every database can hold.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_int=_short_int,
        )
    except InvalidJson:
        raise
    except RecursionError:
        raise InvalidJson("too_deep", f"Nest no deeper than {MAX_DEPTH} levels.") from None
    except ValueError:
        raise InvalidJson("not_json", "The body is not JSON in UTF-8.") from None
    _refuse_unstorable(value)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidJson("repeated_name", "A name appears twice in one object.")
    return members


def _no_constant(_name: str) -> NoReturn:
    raise InvalidJson("not_a_number", "NaN and infinities are not JSON.")


def _short_int(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise InvalidJson("number_too_long", f"A number may have {MAX_DIGITS} digits.")
    return int(digits)


def _refuse_unstorable(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        if not level:
            return
        below: list[Any] = []
        for item in level:
            if isinstance(item, str):
                if UNSTORABLE.search(item):
                    raise InvalidJson(
                        "unstorable_text", "Text may hold no NUL and no half of a surrogate pair."
                    )
            elif isinstance(item, dict):
                below.extend(item)
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
        level = below
    raise InvalidJson("too_deep", f"Nest no deeper than {MAX_DEPTH} levels.")


class CompactJSON(JSONProvider):
    """Writes compact JSON in the schema's own order, so that the same answer is the same bytes."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Write JSON; refuses NaN rather than write what is not JSON."""
        return json.dumps(obj, ensure_ascii=False, allow_nan=False, separators=(",", ":"), **kwargs)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:  # noqa: ARG002
        """Read JSON as strictly as request bodies are read."""
        return loads(s if isinstance(s, bytes) else s.encode())
