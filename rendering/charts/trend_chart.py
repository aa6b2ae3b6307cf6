"""Trend chart of a patient's course, as SVG.

Decisions:

- The root is a group, named by its title. The drawing inside it is one image (`role="img"`) with the title
  for its name, described by the description, so that a screen reader does not read a thousand points. Next
  to it is a table of SVG text with the roles of a table: an image's content is hidden from screen readers, so
  a table inside it would reach nobody; mail programs, converters and many viewers drop HTML in a
  `foreignObject`, and no screen reader reads `metadata`. The table is transparent: it is for screen readers,
  search and copying. In an `img` element only the `alt` text is read: use the title.
- Every colour is an attribute; see `palette` for the one style sheet. No script, no link, no font of its own,
  no position that a page's style could override.
- One panel a measure, below one another with days in common: four overlaid series are indistinguishable on a
  phone, and wellbeing, or the rating that the outlook is by, has its own panel because the half-benefit line
  is a level of it and of nothing else.
- It holds no name and nothing that a patient wrote.
"""

from __future__ import annotations

import hashlib
from typing import Final

from rendering.charts import axes, event_marks, treatment_marks
from rendering.charts.alt_text import description, headline, title
from rendering.charts.canvas import Appearance, Canvas
from rendering.charts.chart_data import TrendChart, period
from rendering.charts.data_table import table
from rendering.charts.legend import legend
from rendering.charts.palette import PATIENT_STYLE, STYLE
from rendering.charts.scales import LEFT, Frame
from rendering.charts.series import caption, series

TITLE_SIZE: Final = 15


def trend_svg(chart: TrendChart, appearance: Appearance) -> str:
    """Draw a chart as high as it takes; the same values give the same text."""
    span = period(chart)
    texts = title(chart, span), description(chart, span)
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    style = PATIENT_STYLE if chart.outlook is None else STYLE
    canvas = Canvas(f"afterglow-{digest[:8]}", appearance, LEFT, style)
    axes.define_hatching(canvas)
    y = canvas.write_title(*texts, size=TITLE_SIZE)
    y = canvas.write_paragraph(headline(chart), y, fill="text")
    y += event_marks.ROW if event_marks.within(chart, span) else 0
    frame = Frame(appearance.width, span, y + 6, len(chart.panels))
    _draw(canvas, frame, chart)
    return canvas.to_svg(legend(canvas, chart, span, frame.bottom + 26))


def _draw(canvas: Canvas, frame: Frame, chart: TrendChart) -> None:
    # In the order of painting: what comes later covers what comes before.
    forecast = chart.forecast
    if forecast is not None:
        treatment_marks.due_window(canvas, frame, forecast)
    for index, panel in enumerate(chart.panels):
        axes.panel(canvas, frame, chart, index)
        caption(canvas, frame, panel, index)
    treatment_marks.infusions(canvas, frame, chart)
    event_marks.events(canvas, frame, chart)
    for index, panel in enumerate(chart.panels):
        series(canvas, frame, panel, index)
    treatment_marks.today(canvas, frame, chart.today)
    if forecast is not None:
        treatment_marks.half_benefit(canvas, frame, chart, forecast)
        treatment_marks.recommended(canvas, frame, forecast)
    axes.dates(canvas, frame)
    table(canvas, frame, chart)
