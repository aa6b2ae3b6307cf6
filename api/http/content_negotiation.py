"""One series in the form that was asked for: JSON, CSV, a JSON object a line, a picture or a page."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, request

from api.http.pagination import page
from api.http.response_cache import answer
from services.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

JSON = "application/json"
CSV = "text/csv"
NDJSON = "application/x-ndjson"
SVG = "image/svg+xml"
PNG = "image/png"
HTML = "text/html"
# A spreadsheet runs a cell that begins like this as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class NotAcceptable(ServiceError):
    """None of the forms asked for is offered here."""

    code = "not_acceptable"
    detail = f"This is offered as {JSON}, {CSV} and {NDJSON}."


def wanted(*others: str) -> str:
    """Tell which form the client prefers, others offered here included; raises NotAcceptable."""
    if not request.accept_mimetypes:
        return JSON
    offered = [JSON, CSV, NDJSON, *others]
    best = request.accept_mimetypes.best_match(offered)
    if best is None:
        raise NotAcceptable(f"This is offered as {', '.join(offered[:-1])} and {offered[-1]}.")
    return best


def series(form: str, columns: Sequence[str], rows: list[Mapping[str, Any]], place: Any) -> Response:
    """Answer with a page of rows that are written out already, in the form that was asked for."""
    body, _, headers = page(rows, place)
    if form == JSON:
        return answer(current_app.json.dumps(body), headers)
    lines = as_lines(form, columns, rows)
    lines.headers.update(headers)
    return lines


def as_lines(form: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Response:
    """Write rows as CSV (RFC 4180) or as a JSON object a line."""
    if form == NDJSON:
        text = "".join(current_app.json.dumps(row) + "\n" for row in rows)
        return current_app.response_class(text, mimetype=NDJSON)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return current_app.response_class(buffer.getvalue(), content_type="text/csv; charset=utf-8")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, dict, bool)):
        return current_app.json.dumps(value)
    text = str(value)
    if isinstance(value, str) and text.startswith(FORMULA_STARTS):
        return f"'{text}"
    return text
