from __future__ import annotations

import zlib
from struct import unpack

import pytest

from rendering import charts
from tests.rendering.charts.examples import responder

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def size(painted: bytes) -> tuple[int, int]:
    width, height = unpack(">II", painted[16:24])
    return width, height


def pixels(painted: bytes) -> bytes:
    """The image data, unpacked but not unfiltered."""
    found, at = b"", len(SIGNATURE)
    while at < len(painted):
        length, kind = unpack(">I4s", painted[at : at + 8])
        if kind == b"IDAT":
            found += painted[at + 8 : at + 8 + length]
        at += length + 12
    return zlib.decompress(found)


@pytest.mark.parametrize("width", [charts.MIN_WIDTH, 360, 1440, charts.MAX_WIDTH])
def test_it_is_as_wide_as_asked_for(width):
    painted = charts.png(charts.trend_svg(responder(), charts.Appearance(width)))
    assert painted.startswith(SIGNATURE)
    assert size(painted)[0] == width
    assert len(painted) < 1_000_000


def test_words_are_painted_without_any_font_of_the_server():
    text = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20">{}</svg>'
    words = text.format('<text x="2" y="15" font-family="system-ui, sans-serif">Mood</text>')
    assert pixels(charts.png(words)) != pixels(charts.png(text.format("")))


def test_dark_is_painted_dark():
    light, dark = (
        charts.png(charts.trend_svg(responder(), charts.Appearance(360, theme)))
        for theme in (charts.Theme.LIGHT, charts.Theme.DARK)
    )
    assert size(light) == size(dark)
    assert light != dark
