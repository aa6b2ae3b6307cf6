"""Where in a body something was told: anywhere, for what must not be missed may have been put wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FoundObject:
    """An object in a body, with the day and the id that it names, or else what is around it.

    None where neither names one that can be read.
    """

    members: dict[str, Any]
    local_date: date | None
    id: UUID | None


def objects(body: Any) -> Iterator[FoundObject]:
    """Give every object of a body in the order of the text, the outer before the inner."""
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
