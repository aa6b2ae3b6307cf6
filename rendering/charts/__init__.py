"""Charts as SVG or PNG: one file for a page, a print, a letter and another system's frame."""

from __future__ import annotations

from rendering.charts.canvas import Appearance
from rendering.charts.chart_data import MAX_DAYS, WELLBEING, Panel, TrendChart, max_days, panels
from rendering.charts.palette import STYLE_HASHES, Theme
from rendering.charts.png import png
from rendering.charts.reliability_chart import ReliabilityPoint, reliability_svg
from rendering.charts.response_curve_chart import response_curves_svg
from rendering.charts.scales import MAX_WIDTH, MIN_WIDTH, WIDTH
from rendering.charts.survival_chart import SurvivalCurve, SurvivalPoint, survival_svg
from rendering.charts.trend_chart import trend_svg

__all__ = [
    "MAX_DAYS",
    "MAX_WIDTH",
    "MIN_WIDTH",
    "STYLE_HASHES",
    "WELLBEING",
    "WIDTH",
    "Appearance",
    "Panel",
    "ReliabilityPoint",
    "SurvivalCurve",
    "SurvivalPoint",
    "Theme",
    "TrendChart",
    "max_days",
    "panels",
    "png",
    "reliability_svg",
    "response_curves_svg",
    "survival_svg",
    "trend_svg",
]
