"""The picture as PNG, for letters and for systems that take no SVG."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

import resvg_py

FAMILY: Final = "Source Sans Pro"
FACES: Final = ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf")


def png(drawn: str) -> bytes:
    """Paint an SVG of ours as PNG, at its own width, in a font that comes with us.

    A server need not have a font. Two servers of one architecture paint the same bytes. A style sheet's dark
    side is not painted: ask for the theme.
    """
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawn,
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
