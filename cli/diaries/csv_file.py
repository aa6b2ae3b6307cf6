"""Read the file of a diary: each line becomes a check-in, or the reasons why it cannot be one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from cli.diaries import daylio as daylio_export
from cli.diaries.cells import Cells, error
from clinical.check_in import CheckInDraft
from schemas.base import time_zones
from services.errors import FieldError

REQUIRED: Final = frozenset({"date", "mood"})
COLUMNS: Final = REQUIRED | {
    "time", "enjoyment", "anxiety", "side_effects", "note", "benefit_left", "ratings", "time_zone",
}  # fmt: skip


class Unreadable(Exception):
    """The file as a whole cannot be read; the sentence says why and never repeats what is in it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line that can be stored."""

    line: int
    local_date: date
    draft: CheckInDraft


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """One line that cannot be stored, with every field at fault."""

    line: int
    errors: tuple[FieldError, ...]


@dataclass(frozen=True, slots=True)
class Diary:
    """A file as read: what can be stored, in order of day, and what cannot.

    `set_aside` are the lines of a Daylio export that a later entry of the same day stands for.
    """

    entries: tuple[Entry, ...]
    refused: tuple[RefusedLine, ...]
    set_aside: tuple[int, ...] = ()


def read(content: bytes, time_zone: str, now: datetime) -> Diary:
    """Read a whole file, days without a `time_zone` column being in `time_zone`; raises Unreadable."""
    if time_zone not in time_zones():
        raise Unreadable("--time-zone is not the IANA name of a time zone, such as Europe/Paris.")
    records = _records(content)
    _, header = next(records, (0, []))
    names = [name.strip().lower() for name in header]
    daylio = daylio_export.is_export(names)
    if not daylio:
        _refuse_header(names)
    entries, refused = [], []
    for line, cells in records:
        found = _line(line, names, cells, time_zone, now, daylio=daylio)
        if isinstance(found, Entry):
            entries.append(found)
        else:
            refused.append(found)
    return _last_of_each_day(entries, refused) if daylio else _first_of_each_day(entries, refused)


def _records(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Give each record that is not blank, with the line it begins on."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("The file is not text in UTF-8.") from None
    first = text.partition("\n")[0]
    delimiter = ";" if ";" in first and "," not in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        sentence = f"The file is not CSV from line {begins} on: see to its quotation marks."
        raise Unreadable(sentence) from None


def _refuse_header(names: list[str]) -> None:
    if missing := sorted(REQUIRED.difference(names)):
        raise Unreadable(f"The first line must name the columns; there is no {' and no '.join(missing)}.")
    for number, name in enumerate(names, start=1):
        if name not in COLUMNS:
            known = ", ".join(sorted(COLUMNS))
            raise Unreadable(f"Column {number} has a name that is not known. Known are {known}.")
        if name in names[: number - 1]:
            raise Unreadable(f"Column {number} has the name of an earlier one.")


def _line(
    line: int, names: list[str], cells: list[str], time_zone: str, now: datetime, *, daylio: bool
) -> Entry | RefusedLine:
    if len(cells) != len(names):
        sentence = f"This line has {len(cells)} columns, the first line {len(names)}."
        return RefusedLine(line, (error("line", "wrong_columns", sentence),))
    values = dict(zip(names, (cell.strip() for cell in cells), strict=True))
    errors: list[FieldError] = []
    if daylio:
        values = daylio_export.in_our_columns(values, errors)
    filled = {"time_zone": time_zone} | {name: value for name, value in values.items() if value}
    read_line = Cells(filled, errors).read(now)
    if read_line is None:
        return RefusedLine(line, tuple(errors))
    local_date, draft = read_line
    return Entry(line, local_date, draft)


def _first_of_each_day(entries: list[Entry], refused: list[RefusedLine]) -> Diary:
    by_day: dict[date, Entry] = {}
    for entry in entries:
        first = by_day.setdefault(entry.local_date, entry)
        if first is not entry:
            sentence = f"Line {first.line} has this day already."
            refused.append(RefusedLine(entry.line, (error("date", "day_repeated", sentence),)))
    return _in_order(by_day, refused, ())


def _last_of_each_day(entries: list[Entry], refused: list[RefusedLine]) -> Diary:
    by_day: dict[date, Entry] = {}
    # An export begins with the newest: of two at one minute, the upper line is the later.
    for entry in sorted(entries, key=lambda entry: (entry.draft.recorded_at, -entry.line)):
        by_day[entry.local_date] = entry
    set_aside = tuple(entry.line for entry in entries if by_day[entry.local_date] is not entry)
    return _in_order(by_day, refused, set_aside)


def _in_order(by_day: dict[date, Entry], refused: list[RefusedLine], set_aside: tuple[int, ...]) -> Diary:
    entries = tuple(by_day[day] for day in sorted(by_day))
    return Diary(entries, tuple(sorted(refused, key=lambda line: line.line)), set_aside)
