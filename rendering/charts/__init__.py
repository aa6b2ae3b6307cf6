"""A patient's course as one picture, the same for a page, a print, a letter and another system's frame."""

from __future__ import annotations

from rendering.charts.chart_data import MAX_DAYS, WELLBEING, Picture, Strip, most_days, strips
from rendering.charts.palette import STYLE_HASHES, Theme
from rendering.charts.png import png
from rendering.charts.response_curve_chart import overlaid_svg
from rendering.charts.scales import MAX_WIDTH, MIN_WIDTH, WIDTH
from rendering.charts.survival_chart import Lasting, Point, lasting_svg
from rendering.charts.trend_chart import svg

__all__ = [
    "MAX_DAYS",
    "MAX_WIDTH",
    "MIN_WIDTH",
    "STYLE_HASHES",
    "WELLBEING",
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
