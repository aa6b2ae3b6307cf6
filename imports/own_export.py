"""Our own CSV of check-ins in the columns of a diary file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from clinical.sentences import Sentence
from imports.table_file import Columns
from rendering import spreadsheet_cells
from services.errors import FieldError

COLUMNS: Final = Columns(
    frozenset({"local_date", "mood", "time_zone", "recorded_at", "entry_mode"}),
    frozenset({"enjoyment", "anxiety", "side_effects", "note", "benefit_left", "ratings"}),
    frozenset({"received_at", "clock_suspect", "reported_by", "recorded_by_name", "version"}),
)


def in_our_columns(cells: Mapping[str, str], errors: list[FieldError]) -> dict[str, str]:
    """Give one line in the columns of a diary, with the moment at which it was recorded."""
    columns = {name: text for name, text in cells.items() if name in COLUMNS.required | COLUMNS.optional}
    columns["date"] = columns.pop("local_date", "")
    columns.pop("entry_mode", None)
    for name, written in (("side_effects", _effects), ("ratings", _ratings)):
        if name in columns:
            try:
                columns[name] = written(json.loads(columns[name]))
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                del columns[name]
                sentence = Sentence("Leave this cell as it was exported: it holds JSON.")
                errors.append(FieldError(name, "not_json", sentence, "column"))
    if "note" in columns:
        columns["note"] = spreadsheet_cells.unguarded(columns["note"])
    return {name: text for name, text in columns.items() if text}


def _effects(found: Any) -> str:
    return ";".join(f"{each['code']}:{each['severity']}" for each in found) or "none"


def _ratings(found: Any) -> str:
    return ";".join(f"{code}:{rating}" for code, rating in found.items())
