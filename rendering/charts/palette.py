"""Light and dark colours of a chart, and the style sheet that switches between them.

Every colour is a presentation attribute, which no content security policy can block. Only `auto` adds a
style sheet, which turns the light chart dark on a screen set to dark; where a page's policy refuses inline
styles, or a viewer supports none, the chart stays light, on its own paper. There are two sheets: that of a
patient's chart names nothing of a forecast. `STYLE_HASHES` let a policy allow exactly these two. Text has a
contrast of at least 4.5 to 1 and every mark 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Theme(StrEnum):
    """`auto` follows the reader's screen and is light in print."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


LIGHT: Final[Mapping[str, str]] = {
    "paper": "#ffffff",
    "text": "#1c2128",
    "quiet": "#4d5661",
    "grid": "#d5dae0",
    "missing": "#7b8692",
    "forecast": "#8a3b00",
    "window": "#fbe7d3",
    "infusion": "#3a4250",
    "wellbeing": "#12664a",
    "mood": "#0a57a8",
    "enjoyment": "#74429a",
    "anxiety": "#a3282d",
    "side_effect_burden": "#5c5a12",
}
DARK: Final[Mapping[str, str]] = {
    "paper": "#12161b",
    "text": "#eceff3",
    "quiet": "#b4bdc8",
    "grid": "#363e48",
    "missing": "#78838f",
    "forecast": "#ffb070",
    "window": "#3f2a17",
    "infusion": "#d3dae2",
    "wellbeing": "#6fd6ab",
    "mood": "#7fbcff",
    "enjoyment": "#d3a6f5",
    "anxiety": "#ff9d98",
    "side_effect_burden": "#d8d368",
}
STAFF_COLOURS: Final = frozenset({"forecast", "window", "wellbeing"})
"""Colours that only a chart for staff uses."""

BAND_OPACITY: Final = 0.22
"""Opacity of a band; low enough for the contrast of what is drawn over it."""


def colours(theme: Theme) -> Mapping[str, str]:
    """Return the colours that a theme writes into attributes."""
    return DARK if theme is Theme.DARK else LIGHT


def _style(names: Iterable[str]) -> str:
    rules = "".join(
        f".afterglow-{kind}-{name.replace('_', '-')}{{{kind}:{DARK[name]}}}"
        for name in names
        for kind in ("fill", "stroke")
    )
    return f"@media screen and (prefers-color-scheme:dark){{{rules}}}"


def _hash(style: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


STYLE: Final = _style(DARK)
PATIENT_STYLE: Final = _style(name for name in DARK if name not in STAFF_COLOURS)
STYLE_HASHES: Final = (_hash(STYLE), _hash(PATIENT_STYLE))
