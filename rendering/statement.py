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
    "body{font:11pt/1.4 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1c2128}"
    "h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #d5dae0}"
    "td:first-child{white-space:nowrap}"
    ".n{text-align:right;font-variant-numeric:tabular-nums}"
    "@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}"
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
    """A page: its title, what it is about, tables, of which those without rows are left out, and notes."""

    title: Sentence
    about: Sequence[Sentence]
    tables: Sequence[Table]
    notes: Sequence[Sentence]

    def to_html(self, language: str) -> str:
        """Return the page as HTML in a language; every text is escaped here and only here."""

        def text(of: str) -> str:
            return escape(translated(of, language) if isinstance(of, Sentence) else of)

        lines = [f"<p>{text(line)}</p>" for line in self.about]
        lines += [_table(table, text) for table in self.tables if table.rows]
        lines += [f"<p>{text(note)}</p>" for note in self.notes]
        title = text(self.title)
        return (
            f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{STYLE}</style></head><body><h1>{title}</h1>{''.join(lines)}</body></html>\n"
        )


def _table(table: Table, text: Callable[[str], str]) -> str:
    head = "".join(
        f'<th scope="col"{_css_class(table, number)}>{text(column)}</th>'
        for number, column in enumerate(table.columns)
    )
    rows = "".join(
        "<tr>"
        + "".join(f"<td{_css_class(table, number)}>{text(cell)}</td>" for number, cell in enumerate(row))
        + "</tr>"
        for row in table.rows
    )
    return f"<h2>{text(table.heading)}</h2><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _css_class(table: Table, number: int) -> str:
    return ' class="n"' if number >= table.numbers_from else ""
