"""Files of every shape and what an import says about each; `python -m tests.imports.shapes` writes the table.

The table is in docs/import.md, between two marks; a test compares it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from imports.diaries import DiarySettings, read
from imports.scales import parse_scale
from imports.table_file import Unreadable
from tests.architecture.sources import ROOT

PAGE: Final = ROOT / "docs" / "import.md"
BEGIN, END = "<!-- shapes -->\n", "<!-- end of shapes -->\n"
NOW: Final = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAYLIO: Final = "full_date,date,weekday,time,mood,activities,note_title,note\n"
OWN: Final = (
    "local_date,mood,enjoyment,anxiety,side_effects,note,benefit_left,ratings,time_zone,recorded_at,received_at,"
    "entry_mode,clock_suspect,reported_by,version\n"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A file, in words and in bytes, and how it is read."""

    about: str
    content: bytes
    scale: str | None = None
    moods: str = ""


def _text(about: str, text: str, scale: str | None = "0-10", moods: str = "") -> Shape:
    return Shape(about, text.encode(), scale, moods)


SHAPES: Final = (
    Shape("a workbook of Excel, .xlsx", b"PK\x03\x04....xl/workbook.xml"),
    Shape("a workbook of an old Excel, .xls", b"\xd0\xcf\x11\xe0"),
    Shape("a ZIP archive, or a Daylio backup", b"PK\x03\x04....backup.daylio"),
    Shape("a PDF", b"%PDF-1.7"),
    Shape("text in UTF-16", "date,mood\n2026-11-20,7\n".encode("utf-16")),
    Shape("text in Windows-1252", "date,mood,note\n2026-11-20,7,café\n".encode("cp1252")),
    _text("JSON", json.dumps([{"date": "2026-11-20", "mood": 7}])),
    _text("HTML or XML", "<table><tr><td>date</td></tr></table>"),
    _text("first line `sep=;`", "sep=;\ndate;mood\n2026-11-20;7\n"),
    _text("separated by tabs", "date\tmood\n2026-11-20\t7\n"),
    _text("title lines above the columns", "My diary\n\ndate,mood\n2026-11-20,7\n"),
    _text("a column without a name", "date,mood,\n2026-11-20,7,\n"),
    _text("a column that is not known", "date,mood,anxeity\n2026-11-20,7,2\n"),
    _text("two columns of one name", "date,mood,mood\n2026-11-20,7,7\n"),
    _text("no columns named", "2026-11-20,7\n"),
    _text("a quotation mark that is not closed", 'date,mood,note\n2026-11-20,7,"x\n'),
    _text("only ratings from 1 to 5", "date,mood\n2026-11-20,4\n2026-11-21,2\n", None),
    _text("the same, `--scale 1-5`", "date,mood\n2026-11-20,4\n2026-11-21,2\n", "1-5"),
    _text("the same, `--scale daylio`", "date,mood\n2026-11-20,4\n2026-11-21,2\n", "daylio"),
    _text("a rating off the scale of 1 to 5", "date,mood\n2026-11-20,6\n", "1-5"),
    _text("today's line without a time, in the morning", "date,mood\n2026-11-22,7\n"),
    _text("today at a time to come", "date,time,mood\n2026-11-22,21:00,7\n"),
    _text("a day to come", "date,mood\n2026-11-23,7\n"),
    _text("a time that is none", "date,time,mood\n2026-11-20,25:00,7\n"),
    _text("a day twice", "date,mood\n2026-11-20,7\n2026-11-20,8\n"),
    _text("a day twice, the first line refused", "date,mood\n2026-11-20,77\n2026-11-20,8\n"),
    _text("a cell too many", "date,mood\n2026-11-20,7,8\n"),
    _text("a note of more than 2000 characters", f"date,mood,note\n2026-11-20,7,{'x' * 2001}\n"),
    _text("a note in HTML", "date,mood,note\n2026-11-20,7,<b>Good</b> day<br>slept &amp; ate\n"),
    _text("our own CSV of check-ins", f"{OWN}2026-11-20,7,,2,[],,,,UTC,2026-11-20T20:00Z,,live,,,1\n"),
    _text("Daylio, in English or German", f"{DAYLIO}2026-11-20,20 November,Friday,9:54 PM,good,,,\n", None),
    _text("Daylio, in another language", f"{DAYLIO}2026-11-20,20 novembre,vendredi,21:54,bien,,,\n", None),
    _text("Daylio, moods with other names", f"{DAYLIO}2026-11-20,20 November,Friday,21:54,fine,,,\n", None),
    _text(
        "the same, `--moods great,fine,so-so,low,awful`",
        f"{DAYLIO}2026-11-20,20 November,Friday,21:54,fine,,,\n",
        None,
        "great,fine,so-so,low,awful",
    ),
    _text("Daylio, a time that cannot be read", f"{DAYLIO}2026-11-20,20/11,Friday,9時54分,good,,,\n", None),
    _text(
        "Daylio, two entries of a day",
        f"{DAYLIO}2026-11-20,20 November,Friday,21:00,good,,,\n2026-11-20,20 November,Friday,8:00,bad,,,\n",
        None,
    ),
    _text(
        "Daylio, the last entry of a day refused",
        f"{DAYLIO}2026-11-20,20 November,Friday,21:00,fine,,,\n2026-11-20,20 November,Friday,8:00,bad,,,\n",
        None,
    ),
)  # fmt: skip


def sentences(shape: Shape) -> list[str]:
    """Return what an import of a file says, in the order in which it says it."""
    scale = None if shape.scale is None else parse_scale(shape.scale)
    moods = tuple(shape.moods.split(",")) if shape.moods else ()
    try:
        diary = read(shape.content, DiarySettings("UTC", scale, moods), NOW)
    except Unreadable as why:
        return [f"{why.detail} (`{why.code}`)"]
    found = [
        f"warning, line {each.line}: {error.pointer}: {error.detail} (`{error.code}`)"
        for each in diary.warnings
        for error in each.errors
    ]
    found += [f"line {line}: not used: a later entry of its day was" for line in diary.unused]
    found += [
        f"line {each.line}: {error.pointer}: {error.detail} (`{error.code}`)"
        for each in sorted(diary.refused, key=lambda refused: refused.line)
        for error in each.errors
    ]
    moods_read = ", ".join(str(entry.draft.mood) for entry in diary.entries)
    if not diary.entries:
        return found
    return [*found, f"stored: mood {moods_read}"]


def table() -> str:
    """Return the table of docs/import.md."""
    rows = [f"| {shape.about} | {'<br>'.join(sentences(shape))} |\n" for shape in SHAPES]
    return "".join(["| A file that is or has | What the import says |\n", "|---|---|\n", *rows])


def written() -> str:
    """Return the page with the table as it is now."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}{table()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
