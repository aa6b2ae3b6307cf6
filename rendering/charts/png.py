"""PNG of a chart, for letters and for systems that take no SVG."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

import resvg_py

FAMILY: Final = "Source Sans Pro"
FACES: Final = ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf")


def png(svg: str) -> bytes:
    """Paint an SVG of this package as PNG at its own width, with a font that is installed with the server.

    Servers of one processor architecture and one release of resvg paint the same bytes; on another one the
    antialiasing may differ. The dark half of an `auto` style sheet is not painted: request the theme.
    """
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            skip_system_fonts=True,
            font_files=_fonts(),
            font_family=FAMILY,
            sans_serif_family=FAMILY,
        )
    )


@cache
def _fonts() -> list[str]:
    folder = files("font_source_sans_pro") / "files"
    return [str(folder / face) for face in FACES]
