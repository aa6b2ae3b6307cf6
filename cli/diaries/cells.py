"""The cells of one line of a diary as the body of a check-in, which the check-in's own schema then judges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from marshmallow import ValidationError

from clinical.check_in import CheckInDraft
from schemas.base import LocalDate, time_zones
from schemas.diaries import DiaryLineSchema
from services.errors import FieldError

NONE: Final = "none"
UNTIMED: Final = time(12)
"""For a line without a time: any fixed hour will do, so that reading a file twice gives the same."""

NUMBER: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
SCHEMA: Final = DiaryLineSchema()


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one line that are not empty; what is wrong with them is added to `errors`."""

    values: dict[str, str]
    errors: list[FieldError]

    def read(self, now: datetime) -> tuple[date, CheckInDraft] | None:
        """Return the day and its check-in; None where anything is wrong with the line."""
        day, recorded_at = self._date(), None
        hour = self._time()
        if day is not None and hour is not None and self.values["time_zone"] in time_zones():
            recorded_at = datetime.combine(day, hour, ZoneInfo(self.values["time_zone"]))
        try:
            draft: CheckInDraft = SCHEMA.load(self._body(recorded_at))
        except ValidationError as error:
            self._add_schema_errors(error.messages)
            return None
        if draft.recorded_at > now:
            self._add("date", "in_the_future", "This moment has not come yet.")
        return None if day is None or self.errors else (day, draft)

    def _body(self, recorded_at: datetime | None) -> dict[str, Any]:
        note = self.values.get("note")
        if note is not None and "\0" in note:
            self._add("note", "unstorable_text", "Text may hold no NUL.")
        return {
            "mood": _number(self.values.get("mood")),
            "anxiety": _number(self.values.get("anxiety")),
            "enjoyment": _number(self.values.get("enjoyment")),
            "benefit_left": _number(self.values.get("benefit_left")),
            "side_effects": self._side_effects(),
            "ratings": self._ratings(),
            "note": note,
            "time_zone": self.values["time_zone"],
            "recorded_at": None if recorded_at is None else _rfc_3339(recorded_at),
        }

    def _side_effects(self) -> list[dict[str, str]] | None:
        """Return the side effects; None where they were not asked for, empty for "none"."""
        text = self.values.get("side_effects")
        if text is None or text.lower() == NONE:
            return None if text is None else []
        return [{"code": code, "severity": severity} for code, severity in _pairs(text)]

    def _ratings(self) -> dict[str, Any] | None:
        """Return the optional daily ratings by their code; None where there are none."""
        text = self.values.get("ratings")
        if text is None:
            return None
        pairs = list(_pairs(text))
        if len({code for code, _ in pairs}) != len(pairs):
            self._add("ratings", "named_twice", "Name each rating once.")
        return {code: _number(rating) for code, rating in pairs}

    def _date(self) -> date | None:
        text = self.values.get("date")
        if text is None:
            self._add("date", "required", "A value is needed.")
            return None
        try:
            day: date = LocalDate().deserialize(text)
        except ValidationError:
            self._add("date", "not_a_date", "Write a day as 2026-11-21.")
            return None
        return day

    def _time(self) -> time | None:
        text = self.values.get("time")
        if text is None:
            return UNTIMED
        if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", text):
            try:
                return time.fromisoformat(text.zfill(5) if len(text) < 6 else text.zfill(8))
            except ValueError:
                pass
        self._add("time", "not_a_time", "Write a time as 21:54.")
        return None

    def _add_schema_errors(self, messages: Any) -> None:
        """Add the first error of each column; that of the moment is an error of its date."""
        for name, found in messages.items():
            column = "date" if name == "recorded_at" else name
            is_consequence = name == "recorded_at" and (self.errors or "time_zone" in messages)
            if not is_consequence and not any(error.pointer == column for error in self.errors):
                self._add(column, *_code_and_detail(next(_leaves(found))))

    def _add(self, name: str, code: str, detail: str) -> None:
        self.errors.append(error(name, code, detail))


def error(name: str, code: str, detail: str) -> FieldError:
    """Return what is wrong with one column of a line."""
    return FieldError(name, code, detail, "column")


def _rfc_3339(moment: datetime) -> str:
    """Return an instant in UTC, since RFC 3339 has no seconds in an offset, as old time zones have."""
    try:
        return moment.astimezone(UTC).isoformat()
    except OverflowError:
        return moment.replace(tzinfo=UTC).isoformat()


def _number(text: str | None) -> Any:
    """Return a number as JSON would have it; what is none stays text, for the schema to refuse."""
    if text is None or not NUMBER.fullmatch(text) or not text.isascii():
        return text
    return float(text) if "." in text else int(text)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        name, _, value = (piece.strip().lower() for piece in part.partition(":"))
        yield name, value


def _leaves(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
        return
    for below in found.values() if isinstance(found, dict) else found:
        yield from _leaves(below)


def _code_and_detail(message: str) -> tuple[str, str]:
    """Split "code: Sentence."; a message of marshmallow's own has no code."""
    code, colon, detail = message.partition(": ")
    if colon and re.fullmatch(r"[a-z_0-9]+", code):
        return code, detail
    return "required", "A value is needed."
