"""Every number that the code names, by where it stands, as docs/clinical/thresholds.md writes it."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from marshmallow import Schema, fields

from clinical.instruments.instrument import Cutoff, Instrument, Item, Operator, Option
from schemas.base import MAX_WHOLE_NUMBER, Amount, QueryNumber, WholeNumber
from tests.architecture.sources import ROOT

ROOMS = ("clinical", "services", "schemas", "models")


def written(value: object) -> str | None:
    """A number, or several, as text; None for what is not a number."""
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


def leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every number in a value, by the way to it."""
    text = written(value)
    if text is not None:
        yield name, text
    elif isinstance(value, Instrument):
        yield from _of_instrument(name, value)
    elif isinstance(value, (Item, Option)) or (
        isinstance(value, tuple) and any(isinstance(one, (Instrument, Option)) for one in value)
    ):
        return
    elif isinstance(value, Mapping):
        for key, held in value.items():
            label = " ".join(map(str, key)) if isinstance(key, tuple) else str(key)
            yield from leaves(f"{name}[{label}]", held)
    elif isinstance(value, (tuple, list)):
        for place, held in enumerate(value):
            yield from leaves(f"{name}[{place}]", held)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from leaves(f"{name}.{field.name}", getattr(value, field.name))


def _of_instrument(name: str, instrument: Instrument) -> Iterator[tuple[str, str]]:
    yield f"{name}.highest", str(instrument.highest)
    if instrument.factor != 1:
        yield f"{name}.factor", str(instrument.factor)
    if instrument.bands:
        yield f"{name}.bands", ", ".join(f"{band.low}-{band.high}" for band in instrument.bands)
    if instrument.cutoffs:
        yield f"{name}.cutoffs", ", ".join(_cutoff(cutoff) for cutoff in instrument.cutoffs)


def _cutoff(cutoff: Cutoff) -> str:
    return f"{cutoff.total} or {'more' if cutoff.operator is Operator.AT_LEAST else 'less'}"


def numbers() -> dict[str, str]:
    """Every number with a name: constants, defaults, and the bounds of what comes in."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            place = str(path.relative_to(ROOT))
            found |= {f"{place} {name}": text for name, text in _of_file(path)}
    return found


def _of_file(path: Path) -> Iterator[tuple[str, str]]:
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            yield from _of_class(getattr(module, node.name))
        for target in _targets(node):
            yield from leaves(target, getattr(module, target))


def _targets(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    return [one.id for one in targets if isinstance(one, ast.Name)]


def _of_class(kind: type) -> Iterator[tuple[str, str]]:
    if dataclasses.is_dataclass(kind):
        for field in dataclasses.fields(kind):
            # A count begins at 0 and a factor at 1.
            if written(field.default) not in {None, "0", "1"}:
                yield f"{kind.__name__}.{field.name}", str(written(field.default))
    elif issubclass(kind, Schema):
        for name, sent in kind._declared_fields.items():
            inner = sent.inner if isinstance(sent, fields.List) else sent
            if not isinstance(inner, (WholeNumber, Amount)) or isinstance(inner, QueryNumber):
                continue
            if inner.high != MAX_WHOLE_NUMBER:
                yield f"{kind.__name__}.{name}", f"{inner.low:g} to {inner.high:g}"


def compared(module: Path) -> list[str]:
    """Comparisons with a number that has no name, other than with 0, 1 and 2."""
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
