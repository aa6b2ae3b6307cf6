"""Pictures as responses: SVG or PNG, in the language and theme that the client asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, current_app

from api.http.content_negotiation import SVG
from api.http.languages import language_of_texts
from rendering import charts

STYLES: Final = " ".join(f"'{digest}'" for digest in charts.STYLE_HASHES)
# Opened by itself, an SVG is a document: its own style sheet may work, and nothing else.
POLICY: Final = f"default-src 'none'; style-src {STYLES}; frame-ancestors 'none'"


def appearance(query: Mapping[str, Any]) -> charts.Appearance:
    """Return how a picture is drawn for this request; `query` is that of a ChartQuery."""
    return charts.Appearance(query["width"], charts.Theme(query["theme"]), language_of_texts())


def picture(form: str, drawn: str, headers: Mapping[str, str]) -> Response:
    """Return a chart that was drawn as SVG as a response of that form, SVG or PNG."""
    answer = current_app.response_class(drawn if form == SVG else charts.png(drawn), mimetype=form)
    answer.headers.update({**headers, "Content-Security-Policy": POLICY})
    return answer
