"""Values of the core as what JSON can hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from clinical.outlook import Outlook


def document(value: Any) -> Any:
    """Turn a value of the core into what JSON can hold, members in their own order."""
    if is_dataclass(value):
        return {field.name: document(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, UUID)):
        return str(value)
    if isinstance(value, Mapping):
        return {name: document(item) for name, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [document(item) for item in value]
    return value


def outlook_document(outlook: Outlook) -> dict[str, Any]:
    """Turn an outlook into what JSON can hold; the numbers of a reason become an object."""
    whole: dict[str, Any] = document(outlook)
    for reason in whole["reasons"]:
        reason["numbers"] = dict(reason["numbers"])
    return whole
