"""The picture as SVG text.

What was decided, and why:

- The root is a group, named by its title. The drawing inside it is one image (`role="img"`) with the title
  for its name, described by the description, so that nobody has to listen to a thousand points; beside it
  stands a table of SVG text with the roles of a table. An image's own content is hidden from screen readers,
  so a table inside an image would reach nobody; HTML in a `foreignObject` is dropped by mail programs, by
  converters to PNG and PDF and by many viewers, and `metadata` is read aloud by none. The table is drawn
  fully transparent: it is there for hearing, searching and copying, on a page, in a frame and standing alone.
  As the source of an `img` element a picture is only its `alt` text to a screen reader, whatever it holds:
  give it the title.
- Every colour is an attribute; the palette tells about the one style sheet. No script, no link, no font of
  its own, no position that a page's style could take away.
- One panel a measure, below one another with days in common: four overlaid series cannot be told apart on a
  phone, and wellbeing has a panel because the half-benefit line is a level of it and of nothing else.
- Nothing that a patient wrote is in it, and no name.
"""

from __future__ import annotations

import hashlib
from typing import Final
from xml.etree import ElementTree as ET

from rendering.charts import axes, event_marks, treatment_marks
from rendering.charts.alt_text import description, headline, title
from rendering.charts.chart_data import Period, Picture, period
from rendering.charts.data_table import table
from rendering.charts.legend import legend
from rendering.charts.palette import PATIENTS_STYLE, STYLE, Theme
from rendering.charts.scales import LEFT, RIGHT, Frame
from rendering.charts.series import caption, series
from rendering.charts.svg import FONT, TEXT_SIZE, Pen, number, wrapped

TITLE_SIZE: Final = 15
LINE: Final = 16


def svg(picture: Picture, width: int, theme: Theme = Theme.AUTO) -> str:
    """Draw a picture `width` pixels wide, as high as it takes; the same values give the same text."""
    span = period(picture)
    named, described = title(picture, span), description(picture, span)
    digest = hashlib.sha256(f"{named}\n{described}".encode()).hexdigest()
    pen = Pen(theme, f"afterglow-{digest[:8]}")
    root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "group", "lang": "en"})
    root.set("aria-labelledby", pen.id("title"))
    pen.draw(root, "title", id=pen.id("title")).text = named
    pen.draw(root, "desc", id=pen.id("about")).text = described
    if theme is Theme.AUTO:
        pen.draw(root, "style").text = PATIENTS_STYLE if picture.outlook is None else STYLE
    axes.hatching(pen, root)
    paper = pen.draw(root, "rect", fill="paper", x=0, y=0, width=width)
    image = pen.draw(root, "g", role="img", font_family=FONT, font_size=TEXT_SIZE)
    image.set("aria-labelledby", pen.id("title"))
    image.set("aria-describedby", pen.id("about"))
    height = number(_drawn(pen, root, image, picture, span, width, named))
    paper.set("height", height)
    for name, value in (("width", f"{width}"), ("height", height), ("viewBox", f"0 0 {width} {height}")):
        root.set(name, value)
    return ET.tostring(root, encoding="unicode")


def _drawn(
    pen: Pen, root: ET.Element, image: ET.Element, picture: Picture, span: Period, width: int, named: str
) -> float:
    """Draw everything from the top down; gives the height it took."""
    y = 4.0
    room = width - LEFT - RIGHT
    for line in wrapped(named, room, TITLE_SIZE):
        y += LINE + 2
        pen.write(image, line, LEFT, y, weight="600").set("font-size", number(TITLE_SIZE))
    for line in wrapped(headline(picture), room):
        y += LINE
        pen.write(image, line, LEFT, y)
    y += event_marks.ROW if event_marks.drawn(picture, span) else 0
    frame = Frame(width, span, y + 6, len(picture.strips))
    said = picture.forecast
    if said is not None:
        treatment_marks.due_window(pen, image, frame, said)
    for index, strip in enumerate(picture.strips):
        axes.panel(pen, image, frame, picture, index)
        caption(pen, image, frame, strip, index)
    treatment_marks.infusions(pen, image, frame, picture)
    event_marks.events(pen, image, frame, picture)
    for index, strip in enumerate(picture.strips):
        series(pen, image, frame, strip, index)
    treatment_marks.today(pen, image, frame, picture.today)
    if said is not None:
        treatment_marks.half_benefit(pen, image, frame, picture, said)
        treatment_marks.recommended(pen, image, frame, said)
    axes.dates(pen, image, frame)
    table(pen, root, frame, picture)
    return legend(pen, image, picture, span, width, frame.bottom + 26)
