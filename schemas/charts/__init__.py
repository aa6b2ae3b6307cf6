"""A patient's course as one picture, the same for a page, a print, a letter and another system's frame."""

from __future__ import annotations

from schemas.charts.frame import NARROWEST, WIDEST, WIDTH
from schemas.charts.lasting import Lasting, Point, lasting_svg
from schemas.charts.overlaid import overlaid_svg
from schemas.charts.palette import STYLE_HASHES, Theme
from schemas.charts.picture import svg
from schemas.charts.png import png
from schemas.charts.scene import MOST_DAYS, WELLBEING, Picture, Strip, most_days, strips

__all__ = [
    "MOST_DAYS",
    "NARROWEST",
    "STYLE_HASHES",
    "WELLBEING",
    "WIDEST",
    "WIDTH",
    "Lasting",
    "Picture",
    "Point",
    "Strip",
    "Theme",
    "lasting_svg",
    "most_days",
    "overlaid_svg",
    "png",
    "strips",
    "svg",
]
