"""What a path may hold: a patient's id or "me", a calendar day, a questionnaire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from werkzeug.routing import BaseConverter, UUIDConverter

from clinical.score import Instrument

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


@dataclass(frozen=True, slots=True)
class InvalidPathValue:
    """What a path holds in the place of something and is none; told from the view, which names the field."""

    code: str
    detail: str


NO_SUCH_DAY: Final = InvalidPathValue("not_a_date", "No calendar has this day.")
NO_SUCH_INSTRUMENT: Final = InvalidPathValue(
    "unknown_instrument", f"Totals are kept of these questionnaires: {', '.join(Instrument)}."
)


class DateConverter(BaseConverter):
    """A calendar day, as 2026-11-21."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date | InvalidPathValue:
        """Read the day."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            return NO_SUCH_DAY

    def to_url(self, value: date) -> str:
        """Write the day."""
        return value.isoformat()


class InstrumentConverter(BaseConverter):
    """A questionnaire whose totals are kept, as phq-9."""

    def to_python(self, value: str) -> Instrument | InvalidPathValue:
        """Read the questionnaire's name."""
        try:
            return Instrument(value)
        except ValueError:
            return NO_SUCH_INSTRUMENT

    def to_url(self, value: Instrument) -> str:
        """Write the questionnaire's name."""
        return str(value)


def install(app: Flask) -> None:
    """Make the converters known to the routes."""
    app.url_map.converters["patient"] = PatientConverter
    app.url_map.converters["date"] = DateConverter
    app.url_map.converters["instrument"] = InstrumentConverter


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


def instrument_schema(_converter: InstrumentConverter) -> dict[str, Any]:
    """Describe a questionnaire's name in the OpenAPI file."""
    return {"type": "string", "enum": [str(name) for name in Instrument]}
