"""Content negotiation: one series as JSON, CSV, NDJSON, SVG, PNG or HTML, by the Accept header."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, g, request

from api.http.pagination import page
from api.http.response_cache import json_response
from clinical.sentences import Sentence, both
from rendering import spreadsheet_cells
from services.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

JSON = "application/json"
CSV = "text/csv"
NDJSON = "application/x-ndjson"
SVG = "image/svg+xml"
PNG = "image/png"
HTML = "text/html"


class NotAcceptable(ServiceError):
    """None of the media types in Accept is offered here."""

    code = "not_acceptable"
    detail = Sentence(
        "This is available as {types}: name one of them in Accept, or leave Accept out.",
        types=both((f"{JSON}, {CSV}", NDJSON)),
    )


def negotiate(*others: str) -> str:
    """Return the media type the client prefers, of the usual and these others; raises NotAcceptable."""
    if not request.accept_mimetypes:
        return JSON
    offered = [JSON, CSV, NDJSON, *others]
    best = request.accept_mimetypes.best_match(offered)
    if best is None:
        types = both((", ".join(offered[:-1]), offered[-1]))
        raise NotAcceptable(
            Sentence(
                "This is available as {types}: name one of them in Accept, or leave Accept out.", types=types
            )
        )
    return best


def series_response(
    media_type: str, columns: Sequence[str], rows: list[Mapping[str, Any]], position: Any
) -> Response:
    """Return a page of serialized rows as this media type; `position` is where the next page starts."""
    body, _, headers = page(rows, position)
    if media_type == JSON:
        return json_response(current_app.json.dumps(body), headers)
    response = rows_response(media_type, columns, rows)
    response.headers.update(headers)
    return response


def rows_response(media_type: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Response:
    """Return rows as CSV (RFC 4180) or as NDJSON, one JSON object per line; it is audited as an export."""
    g.exported_as = media_type
    if media_type == NDJSON:
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
    return spreadsheet_cells.guarded(value) if isinstance(value, str) else str(value)
