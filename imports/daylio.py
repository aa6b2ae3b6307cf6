"""A Daylio export in the columns of our own diary file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from clinical.sentences import Sentence
from imports.table_file import Columns
from services.errors import FieldError

COLUMNS: Final = Columns(
    frozenset({"full_date", "date", "weekday", "time", "mood", "activities"}),
    frozenset({"note_title", "note"}),
    frozenset({"scales"}),
)

VALUES: Final = (9, 7, 5, 3, 1)
"""Five words on a scale of 0 to 10: the middle of each fifth. Our own convention, not a clinical one."""

DEFAULTS: Final = (
    ("rad", "good", "meh", "bad", "awful"),
    # German: as two people read their own exports, github.com/NiklasvonM/Daylio (data.R) among them.
    ("super", "gut", "ok", "schlecht", "lausig"),
)
"""The names that Daylio gives its five moods, best first, in the languages of which we know an export."""

PLAIN_WORDS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "French": (("génial",), ("bien", "bon"), ("moyen", "bof"), ("mauvais", "mal"), ("horrible", "affreux")),
    "Spanish": (("genial",), ("bien", "bueno"), ("regular",), ("mal", "malo"), ("horrible", "fatal")),
    "Portuguese": (("ótimo", "radiante"), ("bem", "bom"), ("mais ou menos",), ("mal", "ruim"), ("horrível",)),
    "Italian": (
        ("ottimo", "fantastico"),
        ("bene", "buono"),
        ("così così",),
        ("male",),
        ("orribile", "pessimo"),
    ),
    "Dutch": (("geweldig",), ("goed",), ("oké", "matig"), ("slecht",), ("vreselijk",)),
}
"""Words for five steps, best first, by what they mean. We know no export in these languages and cannot say
which words Daylio gives: a file that is read by them is reported with a warning."""

MEANINGS: Final = {word: value for words in DEFAULTS for word, value in zip(words, VALUES, strict=True)} | {
    "furchtbar": 1
}
"""An earlier German version called the last one "furchtbar": hello-smart.de, review of Daylio."""

ASSUMED: Final = {
    word: value
    for steps in PLAIN_WORDS.values()
    for words, value in zip(steps, VALUES, strict=True)
    for word in words
}

TWELVE_HOURS: Final = re.compile(r"(0?[1-9]|1[0-2])[:.]([0-9]{2})\s*([ap])\.?\s?m\.?")
OF_24_HOURS: Final = re.compile(r"([01]?[0-9]|2[0-3])\s?[:.h]\s?([0-5][0-9])(?:\s?(?:uhr|h|u))?")


class MoodWords:
    """What the mood words of a file mean: Daylio's own, plain words, or five that were stated, best first."""

    def __init__(self, stated: Sequence[str] = ()) -> None:
        self._stated = {word.strip().casefold(): value for word, value in zip(stated, VALUES, strict=False)}
        self.assumed = False

    def value(self, word: str) -> int | None:
        """Return the mood from 0 to 10; None for a word of unknown meaning."""
        sought = word.casefold()
        found = self._stated.get(sought) if self._stated else MEANINGS.get(sought)
        if found is None and not self._stated and sought in ASSUMED:
            self.assumed = True
            found = ASSUMED[sought]
        return found


def in_our_columns(cells: Mapping[str, str], words: MoodWords, errors: list[FieldError]) -> dict[str, str]:
    """Give one line in our columns; activities are left behind, and anxiety was never asked.

    A mood in digits is left as it is; the time is left out where it cannot be read.
    """
    mood = cells.get("mood", "")
    value = words.value(mood)
    if value is None and not mood.isdecimal():
        sentence = Sentence(
            "Its meaning is not known. State the five moods, best first, with --moods or moods."
        )
        errors.append(FieldError("mood", "unknown_mood", sentence, "column"))
    texts = (cells.get("note_title"), cells.get("note"))
    columns = {
        "date": cells.get("full_date", ""),
        "time": in_24_hours(cells.get("time", "")) or "",
        "mood": mood if value is None else str(value),
        "note": "\n".join(text for text in texts if text),
    }
    return {name: text for name, text in columns.items() if text}


def in_24_hours(text: str) -> str | None:
    """Return a time as 21:54, None where it cannot be read: Daylio writes it as the phone shows it."""
    plain = text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ").strip().lower()
    found = TWELVE_HOURS.fullmatch(plain)
    if found:
        hour, minute, half = found.groups()
        return f"{int(hour) % 12 + (12 if half == 'p' else 0):02}:{minute}"
    found = OF_24_HOURS.fullmatch(plain)
    return f"{int(found[1]):02}:{found[2]}" if found else None
