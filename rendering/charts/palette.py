"""The colours of a picture by light and by dark, and the one style sheet that chooses between them.

Every colour is a presentation attribute, which no content security policy can take away. Only `auto` adds a
style sheet, which turns the light picture dark for a screen that asks for it; where a page's policy refuses
inline styles, or a reader knows none, the light picture stays, on its own paper. There are two sheets: that
of a patient's picture names nothing of a forecast. `STYLE_HASHES` let a policy allow these very sheets and
no other. Text keeps a contrast of 4.5 to 1 and every mark 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Theme(StrEnum):
    """`auto` follows the reader's screen and is light on paper."""

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
OF_THE_OUTLOOK: Final = frozenset({"forecast", "window", "wellbeing"})
"""What only the clinic's own picture is drawn with."""

BAND_OPACITY: Final = 0.22
"""How much of a measure's colour its band takes; what is drawn over it keeps its contrast."""


def colours(theme: Theme) -> Mapping[str, str]:
    """The colours that stand in the attributes of a theme."""
    return DARK if theme is Theme.DARK else LIGHT


def _sheet(names: Iterable[str]) -> str:
    rules = "".join(
        f".afterglow-{kind}-{name.replace('_', '-')}{{{kind}:{DARK[name]}}}"
        for name in names
        for kind in ("fill", "stroke")
    )
    return f"@media screen and (prefers-color-scheme:dark){{{rules}}}"


def _hash(sheet: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()


STYLE: Final = _sheet(DARK)
PATIENTS_STYLE: Final = _sheet(name for name in DARK if name not in OF_THE_OUTLOOK)
STYLE_HASHES: Final = (_hash(STYLE), _hash(PATIENTS_STYLE))
