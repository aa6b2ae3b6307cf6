"""A draft's fields as the columns of a row, and back, by the type hints of its dataclass.

A field that is a dataclass itself is flattened: its fields are columns of the same row. A tuple is a JSON
column: a list of values, or of objects with a member for each field of a dataclass. Members of enums are
stored as text, days and instants inside JSON as ISO 8601.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

Draft = TypeVar("Draft")


def to_columns(draft: Any) -> dict[str, Any]:
    """Return the columns of a draft, by name."""
    columns: dict[str, Any] = {}
    for field in fields(draft):
        value = getattr(draft, field.name)
        if is_dataclass(value):
            columns |= to_columns(value)
        elif isinstance(value, tuple):
            columns[field.name] = [to_json(each) for each in value]
        else:
            columns[field.name] = str(value) if isinstance(value, StrEnum) else value
    return columns


def from_columns(draft: type[Draft], row: Any, **given: Any) -> Draft:
    """Return the draft that a row stores; fields that are given are not read from it."""
    stored = {name: _field(hint, row, name) for name, hint in _hints(draft) if name not in given}
    return draft(**stored, **given)


def to_json(value: Any) -> Any:
    """Return a value as a JSON column holds it."""
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_json(each) for each in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


def from_json(hint: type[Draft], value: Any) -> Draft:
    """Return the dataclass that `to_json` wrote."""
    return cast("Draft", _loaded(hint, value))


def _field(hint: Any, row: Any, name: str) -> Any:
    if is_dataclass(hint):
        nested: Any = hint
        return from_columns(nested, row)
    return _loaded(hint, getattr(row, name))


def _hints(draft: Any) -> tuple[tuple[str, Any], ...]:
    # Takes any class: to mypy, the arguments of a function in functools.cache are Hashable, and no class is.
    return _resolved(draft)


@cache
def _resolved(draft: Hashable) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(draft)
    return tuple((field.name, hints[field.name]) for field in fields(cast("Any", draft)))


def _loaded(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) is UnionType:
        # Of unions only `X | None` is supported: another one fails here.
        (hint,) = (each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is tuple:
        return tuple(_loaded(get_args(hint)[0], each) for each in value)
    if is_dataclass(hint):
        members = {name: _loaded(of, value[name]) for name, of in _hints(hint)}
        return cast("Any", hint)(**members)
    if isinstance(hint, type) and isinstance(value, str):
        if issubclass(hint, StrEnum):
            return hint(value)
        if issubclass(hint, date):
            return hint.fromisoformat(value)
    return value
