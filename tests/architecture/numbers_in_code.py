"""Every number that the code names, with what its docstring states of it.

A constant's docstring, the string below it, ends with the source of its number and, where that is not a
change of the code, with who changes it:

    MIN_INTERVAL_DAYS: Final = 7
    \"\"\"Shortest interval of maintenance, days. Source: Phillips 2019. Changed by: nobody.\"\"\"

"Operational." in place of a source marks a limit of the machine rather than of medicine. The docstring of a
dictionary or of a class holds for all its numbers; a field's own comes first. Values that carry a source
themselves (`source`, `sources`, `study`) are shown with that one.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib import import_module
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import numpy as np
from marshmallow import Schema, fields

from clinical.instruments.instrument import Cutoff, Instrument, Item, Operator, Option
from schemas.base import MAX_WHOLE_NUMBER, DecimalNumber, QueryNumber, WholeNumber
from tests.architecture.sources import ROOT

PACKAGES: Final = ("clinical", "services", "schemas", "models")
NOTE: Final = re.compile(r"(?P<what>.*?)\s*Source: (?P<source>.+?)\.?(?: Changed by: (?P<by>.+?)\.?)?")
OPERATIONAL: Final = re.compile(r"(?P<what>.*?)\s*Operational\.")


@dataclasses.dataclass(frozen=True)
class Note:
    """What a docstring states of its numbers; empty where it states nothing."""

    what: str = ""
    source: str = ""
    by: str = ""
    operational: bool = False


@dataclasses.dataclass(frozen=True)
class Leaf:
    """One number in a value: the way to it, the number as text, and the source that the value carries."""

    path: str
    text: str
    source: str = ""
    published: bool = False


@dataclasses.dataclass(frozen=True)
class Number:
    """A number with a name."""

    file: str
    name: str
    path: str
    value: str
    note: Note

    @property
    def place(self) -> str:
        """Return where it is, as the page names it."""
        return f"{self.file} {self.name}{self.path}"


def written(value: object) -> str | None:
    """Return a number, or several, as text; None for what is not a number."""
    if isinstance(value, timedelta):
        return f"{value.total_seconds() / 60:g} min"
    if isinstance(value, (bool, str)) or value is None:
        return None
    if isinstance(value, (int, float)):
        return f"{value:.10g}"
    if isinstance(value, np.ndarray):
        return f"{value.size} from {value.min():g} to {value.max():g}" if value.ndim == 1 else None
    if isinstance(value, (tuple, list)) and value and all(isinstance(one, (int, float)) for one in value):
        return ", ".join(str(written(one)) for one in value)
    return None


def leaves(path: str, value: Any, source: str = "") -> Iterator[Leaf]:
    """Return every number in a value."""
    text = written(value)
    if text is not None:
        yield Leaf(path, text, source)
    elif isinstance(value, Instrument):
        yield from _of_instrument(path, value)
    elif isinstance(value, (Item, Option)) or (
        isinstance(value, tuple) and any(isinstance(one, (Instrument, Option)) for one in value)
    ):
        return
    elif isinstance(value, Mapping):
        for key, each in value.items():
            label = " ".join(map(str, key)) if isinstance(key, tuple) else str(key)
            yield from leaves(f"{path}[{label}]", each)
    elif isinstance(value, (tuple, list)):
        for place, each in enumerate(value):
            yield from leaves(f"{path}[{place}]", each)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from leaves(
                f"{path}.{field.name}", getattr(value, field.name), _source_within(value, field.name)
            )


def _source_within(value: Any, field: str) -> str:
    by_field = getattr(value, "sources", None) or {}
    return by_field.get(field) or getattr(value, "source", None) or getattr(value, "study", None) or ""


def _of_instrument(path: str, instrument: Instrument) -> Iterator[Leaf]:
    source = _first_author_and_year(instrument.source)
    yield Leaf(f"{path}.highest", str(instrument.highest), source, published=True)
    if instrument.factor != 1:
        yield Leaf(f"{path}.factor", str(instrument.factor), source, published=True)
    if instrument.bands:
        bands = ", ".join(f"{band.low}-{band.high}" for band in instrument.bands)
        yield Leaf(f"{path}.bands", bands, instrument.bands_source or "", published=True)
    if instrument.cutoffs:
        sources = "; ".join(dict.fromkeys(cutoff.source for cutoff in instrument.cutoffs))
        cutoffs = ", ".join(_cutoff(cutoff) for cutoff in instrument.cutoffs)
        yield Leaf(f"{path}.cutoffs", cutoffs, sources, published=True)


def _first_author_and_year(citation: str) -> str:
    year = re.search(r"\b(?:19|20)\d\d\b", citation)
    return f"{re.split(r'[ ,]', citation)[0]} {year[0]}" if year else citation


def _cutoff(cutoff: Cutoff) -> str:
    return f"{cutoff.total} or {'more' if cutoff.operator is Operator.AT_LEAST else 'less'}"


def numbers() -> list[Number]:
    """Return every number with a name: constants, defaults, and the bounds of what comes in."""
    return [
        number
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for number in _of_file(path)
    ]


def _of_file(path: Path) -> Iterator[Number]:
    file = path.relative_to(ROOT)
    module = import_module(".".join(file.with_suffix("").parts).removesuffix(".__init__"))
    body = ast.parse(path.read_text(encoding="utf-8")).body
    for node, note in _with_notes(body):
        if isinstance(node, ast.ClassDef):
            for name, leaf, own in _of_class(getattr(module, node.name), node):
                yield Number(str(file), f"{node.name}.{name}", "", leaf.text, own)
        for name in _targets(node):
            for leaf in leaves("", getattr(module, name)):
                if _has_literal(node) or leaf.published:
                    yield Number(str(file), name, leaf.path, leaf.text, _of_leaf(note, name, leaf))


def _of_leaf(note: Note, name: str, leaf: Leaf) -> Note:
    """Return a leaf's note: its container's, with the way to the leaf and the source that it carries."""
    way = re.sub(r"\[\d+\]|['\"]", "", leaf.path) if not note.operational else ""
    words = ", ".join(re.sub(r"[_\[\]]+", " ", part).strip() for part in way.split(".") if part)
    what = note.what or (name.replace("_", "-") if leaf.published else "")
    source = leaf.source or note.source
    by = note.by or ("nobody" if leaf.published else "the code" if source else "")
    if by == "nobody" and "a proposal" in source:
        by = "the code"
    return Note(f"{what}: {words}" if words else what, source, by, note.operational)


def _with_notes(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, Note]]:
    """Return statements, each with what the string below it states, or the class's docstring."""
    for node, below in zip_longest(body, body[1:]):
        if isinstance(node, ast.ClassDef):
            yield node, read_note(ast.get_docstring(node) or "")
        elif isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            yield node, read_note(str(below.value.value))
        else:
            yield node, Note()


def read_note(docstring: str) -> Note:
    """Read the first sentence of a docstring, and the source and the change that it ends with."""
    text = " ".join(docstring.split())
    if found := OPERATIONAL.fullmatch(text):
        return Note(_first_sentence(found["what"]), operational=True)
    if found := NOTE.fullmatch(text):
        return Note(_first_sentence(found["what"]), found["source"], found["by"] or "the code")
    return Note(_first_sentence(text))


def _first_sentence(text: str) -> str:
    return re.split(r"\.(?: |$)", text, maxsplit=1)[0]


def _targets(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    return [one.id for one in targets if isinstance(one, ast.Name)]


def _has_literal(node: ast.stmt) -> bool:
    """Whether a number is written out: what is derived from named ones alone is no further number."""
    value = getattr(node, "value", None)
    return value is not None and any(
        isinstance(each, ast.Constant) and isinstance(each.value, (int, float)) and each.value is not True
        for each in ast.walk(value)
    )


def _of_class(kind: type, tree: ast.ClassDef) -> Iterator[tuple[str, Leaf, Note]]:
    of_all = read_note(ast.get_docstring(tree) or "")
    own = {name: (node, note) for node, note in _with_notes(tree.body) for name in _targets(node)}
    word = "Default" if dataclasses.is_dataclass(kind) else "Accepted"
    for name, text in _bounds(kind):
        node, note = own.get(name, (None, Note()))
        if dataclasses.is_dataclass(kind) and (node is None or not _has_literal(node)):
            continue
        what = note.what or f"{word} `{name}`"
        stated = note if note.source or note.operational else of_all
        yield name, Leaf(name, text), dataclasses.replace(stated, what=what)


def _bounds(kind: type) -> Iterator[tuple[str, str]]:
    """Return a dataclass's defaults, or the range of each number that a schema accepts."""
    if dataclasses.is_dataclass(kind):
        for field in dataclasses.fields(kind):
            # A count begins at 0 and a factor at 1.
            if written(field.default) not in {None, "0", "1"}:
                yield field.name, str(written(field.default))
    elif issubclass(kind, Schema):
        inherited = [
            field for base in kind.__bases__ for field in getattr(base, "_declared_fields", {}).values()
        ]
        for name, sent in kind._declared_fields.items():
            if any(sent is field for field in inherited):
                continue
            inner = sent.inner if isinstance(sent, fields.List) else sent
            if not isinstance(inner, (WholeNumber, DecimalNumber)) or isinstance(inner, QueryNumber):
                continue
            if inner.high != MAX_WHOLE_NUMBER:
                yield name, f"{inner.low:g} to {inner.high:g}"


def compared(module: Path) -> list[str]:
    """Return comparisons with a number that has no name, other than with 0, 1 and 2."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return [
        f"{module.relative_to(ROOT)}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Constant)
        and isinstance(side.value, (int, float))
        and not isinstance(side.value, bool)
        and side.value not in {0, 1, 2}
    ]
