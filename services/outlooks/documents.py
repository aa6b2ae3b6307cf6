"""Clinical values as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from clinical.outlook import Outlook
from clinical.sentences import Sentence
from clinical.translations import in_every_language


def document(value: Any) -> Any:
    """Return a clinical value as JSON types, members in the order of its fields.

    A sentence becomes an object with its text in every language.
    """
    if isinstance(value, Sentence):
        return in_every_language(value)
    if is_dataclass(value):
        return {field.name: document(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, UUID)):
        return str(value)
    if isinstance(value, Mapping):
        return {name: document(item) for name, item in value.items()}
    return [document(item) for item in value] if isinstance(value, (tuple, list)) else value


def outlook_document(outlook: Outlook) -> dict[str, Any]:
    """Return an outlook as a JSON document; the numbers of a reason become an object."""
    found: dict[str, Any] = document(outlook)
    for reason in found["reasons"]:
        reason["numbers"] = dict(reason["numbers"])
    return found
