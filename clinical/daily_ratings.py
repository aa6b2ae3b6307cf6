"""Optional daily ratings that a clinic may ask for, each from 0 to 10 with a stated direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from clinical.check_in import Reading
from clinical.direction import Direction
from clinical.sentences import Sentence
from clinical.trend import Rating


@dataclass(frozen=True, slots=True)
class DailyRating:
    """One rating of the catalogue; `lowest` and `highest` are the anchors: what 0 and 10 mean."""

    code: str
    label: Sentence
    question: str
    lowest: str
    highest: str
    direction: Direction


_BETTER: Final = Direction.HIGHER_IS_BETTER
_WORSE: Final = Direction.HIGHER_IS_WORSE

CATALOGUE: Final = (
    DailyRating(
        "rumination",
        Sentence("Rumination"),
        "How much did your thoughts go round in circles today?",
        "not at all",
        "all day",
        _WORSE,
    ),
    DailyRating(
        "craving",
        Sentence("Craving"),
        "How strong was your craving today, at its strongest?",
        "no craving",
        "as strong as it can be",
        _WORSE,
    ),
    DailyRating(
        "intrusive_thoughts",
        Sentence("Intrusive thoughts"),
        "How much did unwanted thoughts or memories push themselves in today?",
        "not at all",
        "all day",
        _WORSE,
    ),
    DailyRating(
        "eating_urges",
        Sentence("Urges around eating"),
        "How strong were urges to binge, purge or go without food today?",
        "no urges",
        "as strong as they can be",
        _WORSE,
    ),
    DailyRating(
        "focus", Sentence("Focus"), "How well could you concentrate today?", "not at all", "fully", _BETTER
    ),
    DailyRating(
        "energy", Sentence("Energy"), "How much energy did you have today?", "none", "plenty", _BETTER
    ),
    DailyRating(
        "sleep", Sentence("Sleep"), "How well did you sleep last night?", "very badly", "very well", _BETTER
    ),
)
"""The wording, the scale and the choice of ratings are a proposal.

They are no questionnaire and have no cut-offs: each is compared with the patient's own days. One of them can
be the target measure of a treatment course, which the outlook then times (`clinical.target_measure`).
"""

CODES: Final = frozenset(rating.code for rating in CATALOGUE)
OF_CODE: Final = {rating.code: rating for rating in CATALOGUE}


def answers(readings: Sequence[Reading], code: str) -> tuple[Rating, ...]:
    """Return the answers to one rating as the patient gave them, in the order of the readings."""
    return tuple(
        Rating(each.day, each.ratings[code]) for each in readings if each.ratings and code in each.ratings
    )
