"""What a path may hold: a patient's id or "me", a calendar day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from werkzeug.routing import BaseConverter, UUIDConverter

if TYPE_CHECKING:
    from flask import Flask


class PatientConverter(UUIDConverter):
    """A patient's id; "me" is the signed-in patient, None in Python."""

    regex = f"me|{UUIDConverter.regex}"

    def to_python(self, value: str) -> UUID | None:  # type: ignore[override]
        """Read the id."""
        return None if value == "me" else UUID(value)

    def to_url(self, value: Any) -> str:
        """Write the id."""
        return "me" if value is None else str(value)


class NoSuchDay:
    """What a path holds that looks like a day and is none."""


NO_SUCH_DAY: Final = NoSuchDay()


class DateConverter(BaseConverter):
    """A calendar day, as 2026-11-21."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date | NoSuchDay:
        """Read the day; one that no calendar has is told from the view, where the field can be named."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            return NO_SUCH_DAY

    def to_url(self, value: date) -> str:
        """Write the day."""
        return value.isoformat()


def install(app: Flask) -> None:
    """Make the converters known to the routes."""
    app.url_map.converters["patient"] = PatientConverter
    app.url_map.converters["date"] = DateConverter


def patient_schema(_converter: PatientConverter) -> dict[str, Any]:
    """Describe a patient's id in the OpenAPI file."""
    return {
        "type": "string",
        "description": 'A patient\'s UUID, or "me".',
        "pattern": f"^({PatientConverter.regex})$",
    }


def date_schema(_converter: DateConverter) -> dict[str, Any]:
    """Describe a day in the OpenAPI file."""
    return {"type": "string", "format": "date", "example": "2026-11-21"}
