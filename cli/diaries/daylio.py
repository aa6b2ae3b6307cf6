"""A Daylio export in the columns of our own diary file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from services.errors import FieldError

HEADER: Final = frozenset({"full_date", "date", "weekday", "time", "mood", "activities"})

MOODS: Final = {"rad": "9", "good": "7", "meh": "5", "bad": "3", "awful": "1"}
"""Five words on a scale of 0 to 10: the middle of each fifth. Our own convention, not a clinical one."""


def is_export(names: Sequence[str]) -> bool:
    """Tell a Daylio export by its header."""
    return HEADER.issubset(names)


def in_our_columns(values: dict[str, str], errors: list[FieldError]) -> dict[str, str]:
    """Give one line in our columns; activities are left behind, and anxiety was never asked."""
    mood = MOODS.get(values["mood"].lower(), "")
    if not mood:
        words = ", ".join(MOODS)
        errors.append(FieldError("mood", "unknown_mood", f"It must be one of {words}.", "column"))
    texts = (values.get("note_title", ""), values.get("note", ""))
    return {
        "date": values["full_date"],
        "time": _in_24_hours(values["time"]),
        "mood": mood,
        "note": "\n".join(text for text in texts if text),
    }


def _in_24_hours(text: str) -> str:
    """Daylio writes the time as the phone shows it: 21:54 or 9:54 PM."""
    found = re.fullmatch(r"(0?[1-9]|1[0-2]):([0-9]{2})\s*([ap])\.?m\.?", text.lower())
    if not found:
        return text
    hour, minute, half = found.groups()
    return f"{int(hour) % 12 + (12 if half == 'p' else 0):02}:{minute}"
