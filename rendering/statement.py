"""Printable cost statement: HTML with one style sheet, without script, link or image."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from clinical.sentences import Sentence
from clinical.translations import translated

STYLE: Final = (
    "body{font:11pt/1.4 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#1c2128;"
    "background:#fff;overflow-wrap:break-word}"
    "h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem;break-after:avoid}"
    "address{font-style:normal;white-space:pre-line}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:bottom;padding:.25rem .5rem;border-bottom:1px solid #d5dae0}"
    "td:first-child{white-space:nowrap}"
    ".n{text-align:right;font-variant-numeric:tabular-nums}"
    "td.n{white-space:nowrap}"
    "@media print{@page{margin:15mm}body{font-size:10pt;margin:0;padding:0;max-width:none}"
    "tr{break-inside:avoid}table{font-size:8pt}th,td{padding:.15rem .15rem}}"
    "@media screen and (max-width:50rem){thead{position:absolute;clip-path:inset(50%);"
    "width:1px;height:1px;overflow:hidden}"
    "table,tbody,tr{display:block}tr{border-bottom:2px solid #8c959f;padding:.5rem 0}"
    "td,td.n{display:flex;justify-content:space-between;gap:1rem;text-align:right;white-space:normal;"
    "border:0;padding:.1rem 0}td::before{content:attr(data-label);text-align:left;color:#57606a}}"
)
STYLE_HASH: Final = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
"""For a content security policy that allows exactly this style sheet."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text; columns from `numbers_from` on are aligned as numbers."""

    heading: Sentence
    columns: tuple[Sentence, ...]
    rows: Sequence[Sequence[str]]
    numbers_from: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its title, who sends it, what it is about, tables with rows, and notes.

    `sender` is a name and an address, which may have several lines. A table without rows is left out. On a
    narrow screen each row is a list, with the name of its column before each cell.
    """

    title: Sentence
    sender: Sequence[str]
    about: Sequence[Sentence]
    tables: Sequence[Table]
    notes: Sequence[Sentence]

    def to_html(self, language: str) -> str:
        """Return the page as HTML in a language; every text is escaped here and only here."""

        def text(of: str) -> str:
            return escape(translated(of, language) if isinstance(of, Sentence) else of)

        lines = [f"<address>{text(chr(10).join(self.sender))}</address>"] if self.sender else []
        lines += [f"<p>{text(line)}</p>" for line in self.about]
        lines += [_table(table, text) for table in self.tables if table.rows]
        lines += [f"<p>{text(note)}</p>" for note in self.notes]
        title = text(self.title)
        return (
            f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>'
            f"<style>{STYLE}</style></head><body><h1>{title}</h1>{''.join(lines)}</body></html>\n"
        )


# The roles say what the elements are where the style sheet lays a table out as lists.
def _table(table: Table, text: Callable[[str], str]) -> str:
    columns = [text(column) for column in table.columns]
    head = "".join(
        f'<th scope="col" role="columnheader"{_css_class(table, number)}>{column}</th>'
        for number, column in enumerate(columns)
    )
    rows = "".join(f'<tr role="row">{_cells(table, columns, row, text)}</tr>' for row in table.rows)
    return (
        f'<h2>{text(table.heading)}</h2><table role="table"><thead role="rowgroup"><tr role="row">{head}</tr>'
        f'</thead><tbody role="rowgroup">{rows}</tbody></table>'
    )


def _cells(table: Table, columns: Sequence[str], row: Sequence[str], text: Callable[[str], str]) -> str:
    return "".join(
        f'<td role="cell" data-label="{columns[number]}"{_css_class(table, number)}>{text(cell)}</td>'
        for number, cell in enumerate(row)
    )


def _css_class(table: Table, number: int) -> str:
    return ' class="n"' if number >= table.numbers_from else ""
