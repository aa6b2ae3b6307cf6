"""SVG document of a chart: title and description, background, and one image that holds the drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from clinical.sentences import Sentence
from clinical.translations import ENGLISH, translated
from rendering.charts.palette import STYLE, Theme, colours
from rendering.charts.scales import RIGHT
from rendering.charts.svg import FONT, TEXT_SIZE, number, wrapped

LINE: Final = 16
"""Pixels from one line of text to the next."""

TITLE_LINE: Final = 18
TITLE_TOP: Final = 4


@dataclass(frozen=True, slots=True)
class Appearance:
    """Width of a chart in pixels, its theme, and the language of its texts."""

    width: int
    theme: Theme = Theme.AUTO
    language: str = ENGLISH


class Canvas:
    """SVG document of a chart, as wide as its appearance says.

    Sentences are written in its language. `name` is the prefix of all ids, so that charts on one page do not
    clash. `left` is the x of all text. `image` takes the drawing (role=img); its siblings in `root`, such as
    a data table, are read by screen readers. `defs` holds patterns.
    """

    def __init__(self, name: str, appearance: Appearance, left: int, style: str = STYLE) -> None:
        self.width, theme, self._language = appearance.width, appearance.theme, appearance.language
        self.left, self._name, self._theme = left, name, theme
        self.root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "group"})
        self.root.set("lang", self._language)
        self.root.set("aria-labelledby", self.id("title"))
        self._title = self.draw("title", self.root, id=self.id("title"))
        self._description = self.draw("desc", self.root, id=self.id("description"))
        if theme is Theme.AUTO:
            self.draw("style", self.root).text = style
        self.defs = self.draw("defs", self.root)
        self._background = self.draw("rect", self.root, fill="paper", x=0, y=0, width=self.width)
        self.image = self.draw("g", self.root, role="img", font_family=FONT, font_size=TEXT_SIZE)
        self.image.set("aria-labelledby", self.id("title"))
        self.image.set("aria-describedby", self.id("description"))

    @property
    def right(self) -> float:
        """Where texts and axes end."""
        return self.width - RIGHT

    def id(self, part: str) -> str:
        """Return the id of a part of this chart."""
        return f"{self._name}-{part}"

    def words(self, text: str) -> str:
        """Return a sentence in the language of this chart; any other text as it is."""
        return translated(text, self._language) if isinstance(text, Sentence) else text

    def draw(self, tag: str, parent: ET.Element | None = None, /, **attributes: str | float) -> ET.Element:
        """Add an element to the image or to another element; resolve a `fill` or `stroke` by the palette."""
        element = ET.SubElement(self.image if parent is None else parent, tag)
        palette, classes = colours(self._theme), []
        for key, value in attributes.items():
            text = value if isinstance(value, str) else number(value)
            if key in {"fill", "stroke"} and text in palette:
                classes.append(f"afterglow-{key}-{text.replace('_', '-')}")
                text = palette[text]
            element.set(key.replace("_", "-"), text)
        if classes and self._theme is Theme.AUTO:
            element.set("class", " ".join(classes))
        return element

    def write(self, text: str, x: float, y: float, *, fill: str = "quiet", anchor: str = "") -> ET.Element:
        """Write one line of text with its baseline at y."""
        element = self.draw("text", fill=fill, x=x, y=y)
        element.text = self.words(text)
        if anchor:
            element.set("text-anchor", anchor)
        return element

    def write_bold(self, text: str, x: float, y: float, *, anchor: str = "") -> ET.Element:
        """Write one line of bold text in the main colour."""
        element = self.write(text, x, y, fill="text", anchor=anchor)
        element.set("font-weight", "600")
        return element

    def write_title(self, title: str, description: str, size: float = TEXT_SIZE) -> float:
        """Name and describe the document and write the title at its top; return the last line's baseline."""
        title = self.words(title)
        self._title.text, self._description.text = title, self.words(description)
        y: float = TITLE_TOP
        for line in wrapped(title, self.right - self.left, size, bold=True):
            y += TITLE_LINE
            element = self.write_bold(line, self.left, y)
            if size != TEXT_SIZE:
                element.set("font-size", number(size))
        return y

    def write_paragraph(self, text: str, y: float, fill: str = "quiet") -> float:
        """Write a text below y in as many lines as it takes; return the last line's baseline."""
        for line in wrapped(self.words(text), self.right - self.left):
            y += LINE
            self.write(line, self.left, y, fill=fill)
        return y

    def to_svg(self, height: float) -> str:
        """Return the document as text, of this height."""
        self._background.set("height", number(height))
        self.root.set("width", f"{self.width}")
        self.root.set("height", number(height))
        self.root.set("viewBox", f"0 0 {self.width} {number(height)}")
        return ET.tostring(self.root, encoding="unicode")
