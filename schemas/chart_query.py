"""Query parameters of a chart."""

from __future__ import annotations

from marshmallow import fields

from rendering.charts import MAX_WIDTH, MIN_WIDTH, WIDTH, Theme
from schemas.base import QueryNumber, Strict, one_of


class ChartQuery(Strict):
    """Width and theme of a chart."""

    width = QueryNumber(
        MIN_WIDTH, MAX_WIDTH, load_default=WIDTH, metadata={"description": "Width of a chart in pixels."}
    )
    theme = fields.String(
        load_default=str(Theme.AUTO),
        validate=one_of([str(theme) for theme in Theme], "unknown_theme"),
        metadata={
            "description": "Colours of a chart: auto follows the reader's screen, and is light as PNG."
        },
    )
