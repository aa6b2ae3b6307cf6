"""The file of a diary: each line becomes a check-in, or the reasons why it cannot be one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from clinical.check_in import CheckInDraft
from clinical.sentences import Sentence
from imports import daylio, own_export
from imports.cells import Cells, error
from imports.lines import LineErrors, ParsedFile, ParsedLine, StoredLine
from imports.scales import OURS, Scale, may_be_one_to_five
from imports.table_file import Columns, Record, Table, Unreadable, read_table
from schemas.base import time_zones
from services import check_ins
from services.context import Context
from services.errors import FieldError

COLUMNS: Final = Columns(
    frozenset({"date", "mood"}),
    frozenset(
        {"time", "enjoyment", "anxiety", "side_effects", "note", "benefit_left", "ratings", "time_zone"}
    ),
)
RATED: Final = ("mood", "anxiety", "enjoyment")
NOT_A_ZONE: Final = Sentence("--time-zone is not the IANA name of a time zone, such as Europe/Paris.")
SCALE_UNSTATED: Final = Sentence(
    "All ratings are from 1 to 5: state their scale, as 0-10, as 1-5 with its direction, or as daylio."
)
UNTIMED_ORDER: Final = Sentence(
    "This time cannot be read: the order of the file decides, the newest entry is above."
)
ASSUMED_WORDS: Final = Sentence(
    "The moods are read by what their words mean: look them over, or state the five."
)


@dataclass(frozen=True, slots=True)
class DiarySettings:
    """How a diary is read: the zone of lines without one, its scale if stated, and its five mood words."""

    time_zone: str
    scale: Scale | None = None
    moods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line that can be stored."""

    line: int
    local_date: date
    draft: CheckInDraft


@dataclass(frozen=True, slots=True)
class Diary:
    """A file as read: what can be stored, in order of day, and what cannot.

    `unused` are the lines that a later entry of the same day stands for.
    """

    entries: tuple[Entry, ...]
    refused: tuple[LineErrors, ...]
    unused: tuple[int, ...] = ()
    warnings: tuple[LineErrors, ...] = ()


@dataclass(slots=True)
class _Line:
    """One line as read; `clock` is None where the file has no time that can be read."""

    line: int
    day: date | None = None
    clock: time | None = None
    entry: Entry | None = None
    errors: list[FieldError] = field(default_factory=list)
    warnings: list[FieldError] = field(default_factory=list)


def read(content: bytes, settings: DiarySettings, now: datetime) -> Diary:
    """Read a whole file: our columns, a Daylio export or our own export; raises Unreadable."""
    if settings.time_zone not in time_zones():
        raise Unreadable("unknown_time_zone", NOT_A_ZONE)
    table = read_table(content, (daylio.COLUMNS, own_export.COLUMNS, COLUMNS))
    names = set(table.names)
    if daylio.COLUMNS.required <= names:
        return _read_daylio(table, settings, now)
    if own_export.COLUMNS.required <= names:
        settings = DiarySettings(settings.time_zone, OURS)
        return _one_line_a_day([_line(each, settings, now, own=True) for each in table.records])
    _refuse_unstated_scale(table, settings)
    return _one_line_a_day([_line(each, settings, now) for each in table.records])


def parse(content: bytes, patient_id: UUID, settings: DiarySettings, now: datetime) -> ParsedFile:
    """Return how each line of a patient's diary is stored; raises Unreadable."""
    diary = read(content, settings, now)
    lines = tuple(_parsed(entry, patient_id) for entry in diary.entries)
    return ParsedFile(lines, diary.refused, diary.unused, diary.warnings)


def _parsed(entry: Entry, patient_id: UUID) -> ParsedLine:
    def store(ctx: Context) -> StoredLine:
        return StoredLine(check_ins.put_imported(ctx, patient_id, entry.local_date, entry.draft).outcome)

    return ParsedLine(entry.line, store, "date", {"local_date": "date"})


def _refuse_unstated_scale(table: Table, settings: DiarySettings) -> None:
    ratings = [record.cells[name] for record in table.records for name in RATED if name in record.cells]
    if settings.scale is None and may_be_one_to_five(ratings):
        raise Unreadable("scale_unstated", SCALE_UNSTATED)


def _read_daylio(table: Table, settings: DiarySettings, now: datetime) -> Diary:
    words = daylio.MoodWords(settings.moods)
    _refuse_unstated_scale(table, settings)
    lines = [_daylio_line(each, settings, now, words) for each in table.records]
    if words.assumed and lines:
        lines[0].warnings.append(error("mood", "assumed_words", ASSUMED_WORDS))
    return _last_entry_of_a_day(lines)


def _line(record: Record, settings: DiarySettings, now: datetime, *, own: bool = False) -> _Line:
    line = _Line(record.line)
    if record.error is not None:
        line.errors.append(record.error)
        return line
    values = own_export.in_our_columns(record.cells, line.errors) if own else record.cells
    return _read_cells(line, values, settings.scale or OURS, settings, now)


def _daylio_line(record: Record, settings: DiarySettings, now: datetime, words: daylio.MoodWords) -> _Line:
    line = _Line(record.line)
    if record.error is not None:
        line.errors.append(record.error)
        return line
    values = daylio.in_our_columns(record.cells, words, line.errors)
    if "time" in values:
        line.clock = time.fromisoformat(values["time"])
    elif "time" in record.cells:
        line.warnings.append(error("time", "unreadable_time", UNTIMED_ORDER))
    in_digits = record.cells.get("mood", "").isdecimal() and words.value(record.cells["mood"]) is None
    scale = (settings.scale or OURS) if in_digits else OURS
    return _read_cells(line, values, scale, settings, now)


def _read_cells(
    line: _Line, values: dict[str, str], scale: Scale, settings: DiarySettings, now: datetime
) -> _Line:
    cells = Cells({"time_zone": settings.time_zone} | values, line.errors, scale)
    found = cells.read(now)
    line.warnings += cells.warnings
    if found is not None:
        line.day, draft = found
        line.entry = Entry(line.line, line.day, draft)
    else:
        line.day = Cells(values, []).day()
    return line


def _one_line_a_day(lines: Sequence[_Line]) -> Diary:
    """Keep the first line of each day; where that is refused, the day is refused whole."""
    first: dict[date, _Line] = {}
    for line in lines:
        if line.day is None:
            continue
        used = first.setdefault(line.day, line)
        if used is line:
            continue
        line.entry = None
        line.errors.append(_day_taken(used))
    return _diary(lines, [])


def _day_taken(used: _Line) -> FieldError:
    if used.entry is None:
        return _day_refused(used)
    return error("date", "day_repeated", Sentence("Line {line} has this day already.", line=used.line))


def _last_entry_of_a_day(lines: Sequence[_Line]) -> Diary:
    """Keep the last entry of each day; where that is refused, the day is refused whole."""
    by_day: dict[date, list[_Line]] = defaultdict(list)
    for line in lines:
        if line.day is not None:
            by_day[line.day].append(line)
    unused = []
    for found in by_day.values():
        last = _last(found)
        for line in found:
            if line is last:
                continue
            if last.entry is not None:
                unused.append(line)
            elif line.entry is not None:
                line.entry = None
                line.errors.append(_day_refused(last))
    return _diary(lines, unused)


def _day_refused(used: _Line) -> FieldError:
    sentence = Sentence(
        "Line {line} is the entry that counts for this day, and it was refused.", line=used.line
    )
    return error("date", "day_refused", sentence)


def _last(lines: Sequence[_Line]) -> _Line:
    """Return the last entry of a day: by its time, and by the file's order where any time is missing."""
    # An export begins with the newest: of two at one minute, the upper line is the later.
    if any(line.clock is None for line in lines):
        return min(lines, key=lambda line: line.line)
    return max(lines, key=lambda line: (line.clock or time.min, -line.line))


def _diary(lines: Sequence[_Line], unused: Sequence[_Line]) -> Diary:
    numbers = {line.line for line in unused}
    used = [line for line in lines if line.line not in numbers]
    entries = sorted((line.entry for line in used if line.entry), key=lambda entry: entry.local_date)
    refused = (LineErrors(line.line, tuple(line.errors)) for line in used if line.entry is None)
    warned = (LineErrors(line.line, tuple(line.warnings)) for line in used if line.warnings)
    return Diary(tuple(entries), tuple(refused), tuple(sorted(numbers)), tuple(warned))
