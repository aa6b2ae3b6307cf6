"""URL converters: a patient's id or "me", a calendar day, a questionnaire, a list of medical history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from werkzeug.routing import BaseConverter, UUIDConverter

from clinical.custom_instrument import EVERY_CODE_PATTERN, PREFIX, is_custom
from clinical.medical_history import MedicalList
from clinical.score import Instrument
from clinical.sentences import Sentence

if TYPE_CHECKING:
    from flask import Flask


class PatientConverter(UUIDConverter):
    """A patient's id; "me" is the signed-in patient, None in Python."""

    regex = f"me|{UUIDConverter.regex}"

    def to_python(self, value: str) -> UUID | None:  # type: ignore[override]
        """Return the id; None for "me"."""
        return None if value == "me" else UUID(value)

    def to_url(self, value: Any) -> str:
        """Return the id as a path segment."""
        return "me" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class InvalidPathValue:
    """A well-formed path segment that names nothing; the view returns 422 with the name of the field."""

    code: str
    detail: Sentence


NO_SUCH_DAY: Final = InvalidPathValue(
    "not_a_date", Sentence("This day does not exist: send a calendar day, as 2026-11-21.")
)
NO_SUCH_INSTRUMENT: Final = InvalidPathValue(
    "unknown_instrument",
    Sentence(
        "Send one of the questionnaires whose totals are stored: {codes}, or one of the clinic's own, whose "
        "code begins with {prefix}.",
        codes=", ".join(Instrument),
        prefix=PREFIX,
    ),
)


class DateConverter(BaseConverter):
    """A calendar day, as 2026-11-21."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date | InvalidPathValue:
        """Return the day, or InvalidPathValue."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            return NO_SUCH_DAY

    def to_url(self, value: date) -> str:
        """Return the day as a path segment."""
        return value.isoformat()


class InstrumentConverter(BaseConverter):
    """Code of an instrument whose totals are stored: of the catalogue, as phq-9, or of the clinic."""

    def to_python(self, value: str) -> str | InvalidPathValue:
        """Return the code, or InvalidPathValue; the service asks whether the clinic has it."""
        if is_custom(value):
            return value
        try:
            return Instrument(value)
        except ValueError:
            return NO_SUCH_INSTRUMENT

    def to_url(self, value: str) -> str:
        """Return its name as a path segment."""
        return str(value)


class MedicalListConverter(BaseConverter):
    """A list of a patient's medical history, as allergies."""

    regex = "|".join(MedicalList)

    def to_python(self, value: str) -> MedicalList:
        """Return the list."""
        return MedicalList(value)

    def to_url(self, value: MedicalList) -> str:
        """Return its name as a path segment."""
        return str(value)


def install(app: Flask) -> None:
    """Register the converters."""
    app.url_map.converters["patient"] = PatientConverter
    app.url_map.converters["date"] = DateConverter
    app.url_map.converters["instrument"] = InstrumentConverter
    app.url_map.converters["medical_list"] = MedicalListConverter


def patient_schema(_converter: PatientConverter) -> dict[str, Any]:
    """Return the OpenAPI schema of a patient's id."""
    return {
        "type": "string",
        "description": 'A patient\'s UUID, or "me".',
        "pattern": f"^({PatientConverter.regex})$",
    }


def date_schema(_converter: DateConverter) -> dict[str, Any]:
    """Return the OpenAPI schema of a day."""
    return {"type": "string", "format": "date", "example": "2026-11-21"}


def instrument_schema(_converter: InstrumentConverter) -> dict[str, Any]:
    """Return the OpenAPI schema of a questionnaire's name."""
    return {"type": "string", "pattern": EVERY_CODE_PATTERN, "example": "phq-9"}


def medical_list_schema(_converter: MedicalListConverter) -> dict[str, Any]:
    """Return the OpenAPI schema of a list's name."""
    return {"type": "string", "enum": [str(name) for name in MedicalList]}
