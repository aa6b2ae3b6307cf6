from __future__ import annotations

import base64
import hashlib

import pytest

from rendering.charts.palette import BAND_OPACITY, DARK, LIGHT, PATIENT_STYLE, STYLE, STYLE_HASHES

TEXT = ("text", "quiet")
MARKS = (
    "missing", "forecast", "infusion", "wellbeing", "mood", "enjoyment", "anxiety", "side_effect_burden",
)  # fmt: skip
SERIES = MARKS[3:]


def channels(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def luminance(colour: list[float]) -> float:
    """Relative luminance, WCAG 2.2."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: list[float], other: list[float]) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def over(colour: str, paper: str, opacity: float) -> list[float]:
    pairs = zip(channels(colour), channels(paper), strict=True)
    return [opacity * above + (1 - opacity) * below for above, below in pairs]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "window"])
def test_text_is_legible_on_paper_and_in_the_due_window(palette, ground):
    for name in TEXT:
        assert contrast(channels(palette[name]), channels(palette[ground])) >= 4.5, name


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "window"])
def test_marks_have_contrast_to_what_is_under_them(palette, ground):
    for name in MARKS:
        if (name, ground) != ("missing", "window"):
            assert contrast(channels(palette[name]), channels(palette[ground])) >= 3, name


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "window"])
def test_a_level_has_contrast_to_its_own_band(palette, ground):
    for name in SERIES:
        band = over(palette[name], palette[ground], BAND_OPACITY)
        assert contrast(channels(palette[name]), band) >= 3, name


def test_both_palettes_name_the_same_colours_and_the_style_all_of_them():
    assert set(LIGHT) == set(DARK)
    for colour in DARK.values():
        assert colour in STYLE


def test_the_hashes_are_those_of_the_styles():
    digests = [hashlib.sha256(style.encode()).digest() for style in (STYLE, PATIENT_STYLE)]
    assert [f"sha256-{base64.b64encode(digest).decode()}" for digest in digests] == list(STYLE_HASHES)
