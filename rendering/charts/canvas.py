"""A sheet with a title, a description to be heard, and one image: what the smaller pictures share."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from rendering.charts.palette import STYLE, Theme
from rendering.charts.scales import RIGHT
from rendering.charts.svg import FONT, TEXT_SIZE, Pen, number, wrapped

LINE = 16
TITLE_AT = 22


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is being drawn on; `image` takes the marks, `left` is where its texts begin."""

    pen: Pen
    root: ET.Element
    paper: ET.Element
    image: ET.Element
    width: int
    left: int

    def lines(self, text: str, y: float) -> float:
        """Write a text below a height, in as many lines as it needs, and give the last one's height."""
        for line in wrapped(text, self.width - self.left - RIGHT):
            y += LINE
            self.pen.write(self.image, line, self.left, y, fill="quiet")
        return y

    def finished(self, height: float) -> str:
        """The sheet as text, cut at a height."""
        tall = number(height)
        self.paper.set("height", tall)
        for name, value in (
            ("width", f"{self.width}"),
            ("height", tall),
            ("viewBox", f"0 0 {self.width} {tall}"),
        ):
            self.root.set(name, value)
        return ET.tostring(self.root, encoding="unicode")


def sheet(pen: Pen, named: str, about: str, width: int, left: int) -> Sheet:
    """Begin a sheet `width` pixels wide, with its title written and its description there to be heard."""
    root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "group", "lang": "en"})
    root.set("aria-labelledby", pen.id("title"))
    pen.draw(root, "title", id=pen.id("title")).text = named
    pen.draw(root, "desc", id=pen.id("about")).text = about
    if pen.theme is Theme.AUTO:
        pen.draw(root, "style").text = STYLE
    paper = pen.draw(root, "rect", fill="paper", x=0, y=0, width=width)
    image = pen.draw(root, "g", role="img", font_family=FONT, font_size=TEXT_SIZE)
    image.set("aria-labelledby", pen.id("title"))
    image.set("aria-describedby", pen.id("about"))
    pen.write(image, named, left, TITLE_AT, weight="600")
    return Sheet(pen, root, paper, image, width, left)
