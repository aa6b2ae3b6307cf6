"""The cells of one line of a diary, turned into values or into what is wrong with them."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from clinical.check_in import MAX_BENEFIT_LEFT, SCALE_MAX, SCALE_MIN, Severity, SideEffect
from clinical.daily_ratings import OF_CODE
from clinical.side_effects import CODES
from services.errors import FieldError

NOTE_LENGTH: Final = 2000
"""Longest note, characters. Operational."""
NONE: Final = "none"
UNTIMED: Final = time(12)
"""For a line that says no time: any fixed hour will do, so that reading a file twice gives the same."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one line that are not empty; what is wrong with them is added to `errors`."""

    values: dict[str, str]
    errors: list[FieldError]

    def moment(self, now: datetime) -> tuple[date | None, datetime | None]:
        """The day, and when it was written down."""
        day, hour = self._date(), self._time()
        zone = self.values["time_zone"]
        if zone not in time_zones():
            self._add("time_zone", "unknown_time_zone", "Not the IANA name of a time zone, as Europe/Paris.")
        elif day is not None and hour is not None:
            try:
                moment = datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)
            except OverflowError:
                self._add("date", "out_of_range", "This day is beyond the calendar.")
                return None, None
            if moment <= now:
                return day, moment
            self._add("date", "in_the_future", "This moment has not come yet.")
        return day, None

    def rating(self, name: str, *, required: bool = False) -> int | None:
        """A rating; None where there is none."""
        if required and self.values.get(name) is None and not self._blamed(name):
            self._add(name, "missing", "This is needed.")
        return self._whole(name, SCALE_MIN, SCALE_MAX)

    def benefit_left(self) -> int | None:
        """How much of the last infusion's benefit is left, in percent; None where it was not said."""
        return self._whole("benefit_left", 0, MAX_BENEFIT_LEFT)

    def side_effects(self) -> tuple[SideEffect, ...] | None:
        """The side effects; None where they were not asked for, empty for "none"."""
        text = self.values.get("side_effects")
        if text is None:
            return None
        if text.lower() == NONE:
            return ()
        found = []
        for part in text.split(";"):
            code, _, severity = (piece.strip().lower() for piece in part.partition(":"))
            if code not in CODES:
                self._add("side_effects", "unknown_code", "A code is not in the catalogue.")
            elif severity not in set(Severity):
                words = ", ".join(Severity)
                self._add("side_effects", "unknown_severity", f"A code must be followed by one of {words}.")
            else:
                found.append(SideEffect(code, Severity(severity)))
        if len({effect.code for effect in found}) != len(found):
            self._add("side_effects", "named_twice", "Each side effect can be named once.")
        return tuple(found)

    def ratings(self) -> dict[str, int] | None:
        """The extra daily ratings by their code; None where there are none."""
        text = self.values.get("ratings")
        if text is None:
            return None
        found: dict[str, int] = {}
        for part in text.split(";"):
            code, _, rating = (piece.strip().lower() for piece in part.partition(":"))
            if code not in OF_CODE:
                self._add("ratings", "unknown_code", "A code is not in the catalogue.")
            elif code in found:
                self._add("ratings", "named_twice", "Each rating can be named once.")
            elif not re.fullmatch(r"[0-9]{1,2}", rating) or int(rating) > SCALE_MAX:
                sentence = f"A code must be followed by a whole number from {SCALE_MIN} to {SCALE_MAX}."
                self._add("ratings", "out_of_range", sentence)
            else:
                found[code] = int(rating)
        return found

    def note(self) -> str | None:
        """The note, if there is one."""
        text = self.values.get("note")
        if text is not None and len(text) > NOTE_LENGTH:
            self._add("note", "wrong_length", f"At most {NOTE_LENGTH} characters can be kept.")
        if text is not None and "\0" in text:
            self._add("note", "not_text", "There is a character in it that is not text.")
        return text

    def _date(self) -> date | None:
        text = self.values.get("date")
        if text is None:
            self._add("date", "missing", "This is needed.")
        elif re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                self._add("date", "not_a_date", "There is no such day.")
        else:
            self._add("date", "not_a_date", "A day as 2026-11-21 is needed.")
        return None

    def _time(self) -> time | None:
        text = self.values.get("time")
        if text is None:
            return UNTIMED
        if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", text):
            try:
                return time.fromisoformat(text.zfill(5) if len(text) < 6 else text.zfill(8))
            except ValueError:
                pass
        self._add("time", "not_a_time", "A time as 21:54 is needed.")
        return None

    def _whole(self, name: str, low: int, high: int) -> int | None:
        text = self.values.get(name)
        if text is None:
            return None
        if not re.fullmatch(r"[0-9]{1,3}(\.0+)?", text) or not low <= int(float(text)) <= high:
            self._add(name, "out_of_range", f"A whole number from {low} to {high} is needed.")
            return None
        return int(float(text))

    def _blamed(self, name: str) -> bool:
        return any(error.pointer == name for error in self.errors)

    def _add(self, name: str, code: str, detail: str) -> None:
        self.errors.append(error(name, code, detail))


def error(name: str, code: str, detail: str) -> FieldError:
    """Say what is wrong with one column of a line."""
    return FieldError(name, code, detail, "column")


@cache
def time_zones() -> frozenset[str]:
    """Give the names of every time zone known."""
    return frozenset(zoneinfo.available_timezones())
