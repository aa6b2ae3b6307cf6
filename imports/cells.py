"""The cells of one line of a diary as the body of a check-in, which the check-in's own schema then judges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from marshmallow import ValidationError

from clinical.answer_timing import UNTIMED
from clinical.check_in import CheckInDraft
from clinical.sentences import Sentence, after_code
from imports import notes
from imports.scales import OURS, Scale
from schemas.base import FIRST_YEAR, LAST_YEAR, Instant, LocalDate, time_zones
from schemas.check_ins import NOTE_LENGTH
from schemas.imports import DiaryLineSchema
from services.errors import FieldError

NONE: Final = "none"

NUMBER: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
SCHEMA: Final = DiaryLineSchema()


@dataclass(slots=True)
class Cells:
    """The cells of one line that are not empty; what is wrong with them is added to `errors`.

    `warnings` are about what is stored in another form than it was written in.
    """

    values: dict[str, str]
    errors: list[FieldError]
    scale: Scale = OURS
    warnings: list[FieldError] = field(default_factory=list)

    def read(self, now: datetime) -> tuple[date, CheckInDraft] | None:
        """Return the day and its check-in; None where anything is wrong with the line."""
        day = self.day()
        recorded_at = self._recorded_at(day, now)
        try:
            draft: CheckInDraft = SCHEMA.load(self._body(recorded_at))
        except ValidationError as error:
            self._add_schema_errors(error.messages)
            return None
        if draft.recorded_at > now:
            self._add_future(day, draft, now)
        return None if day is None or self.errors else (day, draft)

    def day(self) -> date | None:
        """Return the day of the line; None where it cannot be read."""
        text = self.values.get("date")
        if text is None:
            self._add("date", "required", Sentence("A value is needed."))
            return None
        try:
            day: date = LocalDate().deserialize(text)
        except ValidationError:
            self._add("date", "not_a_date", Sentence("Write a day as 2026-11-21."))
            return None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self._add(
                "date",
                "beyond_calendar",
                Sentence(
                    "Send a day from {first_year} to {last_year}.", first_year=FIRST_YEAR, last_year=LAST_YEAR
                ),
            )
            return None
        return day

    def _recorded_at(self, day: date | None, now: datetime) -> datetime | None:
        if "recorded_at" in self.values:
            try:
                return Instant().deserialize(self.values["recorded_at"])
            except ValidationError:
                self._add(
                    "recorded_at", "not_an_instant", Sentence("Write a moment as 2026-11-21T21:54:00-05:00.")
                )
                return None
        clock = self._time()
        if day is None or clock is None or self.values["time_zone"] not in time_zones():
            return None
        recorded_at = datetime.combine(day, clock, ZoneInfo(self.values["time_zone"]))
        is_today = now.astimezone(ZoneInfo(self.values["time_zone"])).date() == day
        # In the morning, noon of today is still ahead.
        return now if "time" not in self.values and is_today and recorded_at > now else recorded_at

    def _add_future(self, day: date | None, draft: CheckInDraft, now: datetime) -> None:
        """Name the column that is ahead: the date, or the time of today."""
        is_today = day == now.astimezone(ZoneInfo(draft.time_zone)).date()
        column = "recorded_at" if "recorded_at" in self.values else "time" if is_today else "date"
        self._add(column, "in_the_future", Sentence("This moment has not come yet."))

    def _body(self, recorded_at: datetime | None) -> dict[str, Any]:
        return {
            "mood": self._rating("mood", of_wellbeing=True),
            "anxiety": self._rating("anxiety", of_wellbeing=False),
            "enjoyment": self._rating("enjoyment", of_wellbeing=True),
            "benefit_left": _number(self.values.get("benefit_left")),
            "side_effects": self._side_effects(),
            "ratings": self._ratings(),
            "note": self._note(),
            "time_zone": self.values["time_zone"],
            "recorded_at": None if recorded_at is None else recorded_at.astimezone(UTC).isoformat(),
        }

    def _rating(self, name: str, *, of_wellbeing: bool) -> Any:
        """Return a rating on our scale; one that cannot be converted is an error of its own."""
        number = _number(self.values.get(name))
        if number is None or self.scale == OURS:
            return number
        whole = number if isinstance(number, int) or (isinstance(number, float) and number % 1 == 0) else None
        converted = None if whole is None else self.scale.convert(int(whole), of_wellbeing=of_wellbeing)
        if converted is None:
            sentence = Sentence(
                "Send a whole number from {lowest} to {highest}.",
                lowest=self.scale.lowest,
                highest=self.scale.highest,
            )
            self._add(name, "out_of_range" if whole is not None else "not_whole", sentence)
        return converted

    def _note(self) -> str | None:
        note = self.values.get("note")
        if note is None:
            return None
        if "\0" in note:
            self._add("note", "unstorable_text", Sentence("Text may hold no NUL."))
        text, is_cut = notes.cut(notes.plain_text(note))
        if is_cut:
            sentence = Sentence("The note was cut: {number} characters are stored.", number=NOTE_LENGTH)
            self.warnings.append(error("note", "note_cut", sentence))
        return text or None

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
            self._add("ratings", "named_twice", Sentence("Name each rating once."))
        return {code: _number(rating) for code, rating in pairs}

    def _time(self) -> time | None:
        text = self.values.get("time")
        if text is None:
            return UNTIMED
        if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", text):
            try:
                return time.fromisoformat(text.zfill(5) if len(text) < 6 else text.zfill(8))
            except ValueError:
                pass
        self._add("time", "not_a_time", Sentence("Write a time as 21:54."))
        return None

    def _add_schema_errors(self, messages: Any) -> None:
        """Add the first error of each column; that of the moment is an error of its date."""
        for name, found in messages.items():
            column = "date" if name == "recorded_at" and name not in self.values else name
            is_consequence = name == "recorded_at" and (self.errors or "time_zone" in messages)
            if not is_consequence and not any(error.pointer == column for error in self.errors):
                self._add(column, *code_and_detail(next(leaves(found))))

    def _add(self, name: str, code: str, detail: Sentence) -> None:
        self.errors.append(error(name, code, detail))


def error(name: str, code: str, detail: Sentence) -> FieldError:
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


def leaves(found: Any) -> Iterator[str]:
    """Yield the messages of a schema about one member, at any depth."""
    if isinstance(found, str):
        yield found
        return
    for below in found.values() if isinstance(found, dict) else found:
        yield from leaves(below)


def code_and_detail(message: str) -> tuple[str, Sentence]:
    """Return the code and the sentence of a message; one of marshmallow's own has no code."""
    code, detail = after_code(message)
    return (code, detail) if code else ("required", Sentence("A value is needed."))
