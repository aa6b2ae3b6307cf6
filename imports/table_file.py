"""A CSV file as names of columns and records; a file of another shape is refused as what it is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from clinical.sentences import Sentence
from services.errors import FieldError

TITLE_LINES: Final = 20
"""Lines among which the names of the columns are looked for, to say where they are. Operational."""

MAGIC: Final = (
    (b"%PDF", "pdf", Sentence("This is a PDF. Export the diary as CSV.")),
    (
        b"\xd0\xcf\x11\xe0",
        "xls",
        Sentence("This is a workbook of an old Excel (.xls). Save the sheet as CSV UTF-8."),
    ),
    (b"PK\x03\x04", "zip", Sentence("This is a ZIP archive. Unpack it, and import the CSV file.")),
)
WORKBOOK: Final = Sentence("This is a workbook of Excel (.xlsx). Save the sheet as CSV UTF-8.")
UTF_16: Final = Sentence("This is text in UTF-16 (Unicode text), not in UTF-8. Save it as CSV UTF-8.")
NOT_UTF_8: Final = Sentence("The file is not text in UTF-8. Save it as CSV UTF-8.")
JSON_TEXT: Final = Sentence("This is JSON. Export CSV instead.")
MARKUP: Final = Sentence("This is HTML or XML. Export CSV instead.")
SEP_LINE: Final = Sentence(
    "Line 1, sep=, is a note to a spreadsheet. Delete it: the first line must name the columns."
)
TABS: Final = Sentence(
    "The columns are separated by tabs. Save it as CSV, separated by commas or semicolons."
)


class Unreadable(Exception):
    """The file as a whole cannot be read; the sentence says why and never repeats what is in it."""

    def __init__(self, code: str, detail: Sentence) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one kind of file: those that must be there, those that may, those passed over."""

    required: frozenset[str]
    optional: frozenset[str]
    ignored: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Record:
    """One record that is not blank: the line it begins on, its cells by column, and what is wrong with it."""

    line: int
    cells: dict[str, str]
    error: FieldError | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns by name, in order, and its records."""

    names: tuple[str, ...]
    records: tuple[Record, ...]


def read_table(content: bytes, shapes: tuple[Columns, ...]) -> Table:
    """Read a file whose columns are of one of these shapes, the last being the usual; raises Unreadable."""
    text = _text(content)
    _refuse_other_separators(text)
    rows = _rows(text)
    _, header = next(rows, (0, []))
    names = tuple(name.strip().lower() for name in header)
    shape = next((each for each in shapes if each.required <= set(names)), None)
    if shape is None:
        _refuse_title_lines(text, shapes)
        missing = sorted(shapes[-1].required.difference(names))
        names_missing = Sentence("{name}", name=missing[0])
        for name in missing[1:]:
            names_missing = Sentence("{left} and no {right}", left=names_missing, right=name)
        detail = Sentence("The first line must name the columns; there is no {names}.", names=names_missing)
        raise Unreadable("missing_column", detail)
    _refuse_names(names, shape)
    return Table(names, tuple(_record(line, names, cells) for line, cells in rows))


def _text(content: bytes) -> str:
    for magic, code, detail in MAGIC:
        if content.startswith(magic):
            is_workbook = code == "zip" and b"xl/" in content
            raise Unreadable("xlsx" if is_workbook else code, WORKBOOK if is_workbook else detail)
    # Without a byte order mark, every other byte of Latin letters in UTF-16 is NUL.
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:4].count(0) == 2:
        raise Unreadable("utf_16", UTF_16)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("not_utf_8", NOT_UTF_8) from None
    start = text.lstrip()[:1]
    if start == "<":
        raise Unreadable("markup", MARKUP)
    if start == "{" or (start == "[" and _is_json(text)):
        raise Unreadable("json", JSON_TEXT)
    return text


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse_other_separators(text: str) -> None:
    first = text.partition("\n")[0]
    if first.strip().strip('"').lower().startswith("sep="):
        raise Unreadable("sep_line", SEP_LINE)
    if "\t" in first and "," not in first and ";" not in first:
        raise Unreadable("tabs", TABS)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give each row that is not blank, with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        sentence = Sentence(
            "The file is not CSV from line {begins} on: see to its quotation marks.", begins=begins
        )
        raise Unreadable("broken_quotes", sentence) from None


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return ";" if ";" in first and "," not in first else ","


def _refuse_title_lines(text: str, shapes: tuple[Columns, ...]) -> None:
    for number, line in enumerate(text.splitlines()[:TITLE_LINES], start=1):
        names = {name.strip().strip('"').lower() for name in line.replace(";", ",").split(",")}
        if number > 1 and any(each.required <= names for each in shapes):
            above = Sentence("line 1") if number == 2 else Sentence("lines 1 to {number}", number=number - 1)
            detail = Sentence(
                "The columns are named on line {number}. Delete what is above it, {above}.",
                number=number,
                above=above,
            )
            raise Unreadable("title_lines", detail)


def _refuse_names(names: tuple[str, ...], shape: Columns) -> None:
    known = shape.required | shape.optional
    for number, name in enumerate(names, start=1):
        if not name:
            detail = Sentence("Column {number} has no name. Delete the column, or name it.", number=number)
            raise Unreadable("blank_column", detail)
        if name not in known | shape.ignored:
            detail = Sentence(
                "Column {number} has a name that is not known. Known are {names}.",
                number=number,
                names=", ".join(sorted(known)),
            )
            raise Unreadable("unknown_column", detail)
        if name in names[: number - 1]:
            raise Unreadable(
                "repeated_column", Sentence("Column {number} has the name of an earlier one.", number=number)
            )


def _record(line: int, names: tuple[str, ...], cells: list[str]) -> Record:
    if len(cells) != len(names):
        sentence = Sentence(
            "This line has {number} columns, the first line {expected}.",
            number=len(cells),
            expected=len(names),
        )
        return Record(line, {}, FieldError("line", "wrong_columns", sentence, "column"))
    filled = zip(names, (cell.strip() for cell in cells), strict=True)
    return Record(line, {name: value for name, value in filled if value})
