"""Find every object of a request's JSON body: an answer that must not be missed may be in the wrong place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from flask import g, request
from marshmallow import ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from api.http.strict_json import MAX_DIGITS, has_too_many_values
from schemas.base import Instant, TimeZone

MAX_SCREENED_BYTES: Final = 1024 * 1024
"""Enough for a push of a hundred days with the longest notes there are. A body larger than a request may be
is screened up to this size and refused afterwards."""

MAX_SCREENED_VALUES: Final = 40_000
"""Most values of a body that is screened: what a body of that size holds where it holds what a phone sends.
Operational."""


@dataclass(frozen=True, slots=True)
class FoundObject:
    """An object of a body, with the day and the id that it names, or else those of the object around it.

    None where neither names one that can be parsed.
    """

    members: dict[str, Any]
    local_date: date | None
    id: UUID | None

    @property
    def moment(self) -> tuple[str, datetime] | None:
        """The time zone and the instant that it names; None unless both can be parsed."""
        try:
            zone = TimeZone().deserialize(self.members.get("time_zone"))
            recorded_at = Instant().deserialize(self.members.get("recorded_at"))
        except ValidationError:
            return None
        return None if zone is None or recorded_at is None else (zone, recorded_at)


def request_body() -> Any:
    """Return the request's JSON, parsed once for everything that screens it; None where it is not JSON."""
    if "screened_body" not in g:
        g.screened_body = parse(_data())
    return g.screened_body


def parse(data: bytes) -> Any:
    """Parse JSON, also JSON that `strict_json` refuses: names given twice, long numbers, text with a NUL.

    None for more values than any client records, which would keep everybody else waiting.
    """
    if has_too_many_values(data, MAX_SCREENED_VALUES):
        return None
    try:
        return json.loads(data, parse_int=_bounded_int, object_pairs_hook=_members)
    except (ValueError, RecursionError):
        return None


def objects(body: Any) -> Iterator[FoundObject]:
    """Yield every object of a body in the order of the text, the outer before the inner."""
    waiting: list[tuple[Any, date | None, UUID | None]] = [(body, None, None)]
    while waiting:
        found, day, name = waiting.pop()
        if isinstance(found, dict):
            day = _day_in(found.get("local_date")) or day
            name = _id_in(found.get("id")) or name
            yield FoundObject(found, day, name)
            found = list(found.values())
        if isinstance(found, list):
            waiting.extend((each, day, name) for each in reversed(found) if isinstance(each, (dict, list)))


def _data() -> bytes:
    try:
        return request.get_data(cache=True)
    except RequestEntityTooLarge:
        length = request.content_length or 0
        return bytes(request.environ["wsgi.input"].read(length)) if length <= MAX_SCREENED_BYTES else b""


def _bounded_int(digits: str) -> int:
    # Cut off, a number of absurd length is still larger, or smaller, than any that was asked for.
    return int(digits[:MAX_DIGITS])


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's members; of a number given twice the higher, since nobody knows which was meant."""
    members: dict[str, Any] = {}
    for name, value in pairs:
        before = members.get(name)
        if isinstance(before, int) and isinstance(value, int):
            members[name] = max(before, value)
        else:
            members[name] = [before, value] if isinstance(before, (dict, list)) else value
    return members


def _day_in(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _id_in(text: Any) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None
