"""Questions of a day: those of every day, and those that are asked on some."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from clinical.check_in import SCALE_MAX, SCALE_MIN
from clinical.daily_ratings import CATALOGUE
from clinical.direction import Direction
from clinical.infusion import GivenInfusion
from clinical.protocol import PhaseKind, Protocol, phase, treatment_days

BENEFIT_LEFT_EVERY_DAYS: Final = 7
"""Days between two questions on the benefit left. A proposal, untested with patients: often enough to see
a three-week benefit wear off, seldom enough that one answer hardly remembers the one before. Source: a
proposal, untested with patients."""

BENEFIT_LEFT_MAX: Final = 100
"""All of the benefit, percent. Operational."""


@dataclass(frozen=True, slots=True)
class DailyQuestion:
    """One question of the daily check-in, answered by a whole number from `lowest` to `highest`.

    `code` is the member of a check-in, or of its `ratings`, that takes the answer. The anchors say what the
    ends of the scale mean. A check-in is refused without an answer to a `required` question.
    """

    code: str
    question: str
    low_anchor: str
    high_anchor: str
    direction: Direction
    required: bool = False
    lowest: int = SCALE_MIN
    highest: int = SCALE_MAX


MOOD: Final = DailyQuestion(
    "mood", "How was your mood today?", "worst", "best", Direction.HIGHER_IS_BETTER, required=True
)
ENJOYMENT: Final = DailyQuestion(
    "enjoyment", "How much did you enjoy things today?", "not at all", "most", Direction.HIGHER_IS_BETTER
)
ANXIETY: Final = DailyQuestion(
    "anxiety", "How anxious were you today?", "not at all", "worst", Direction.HIGHER_IS_WORSE, required=True
)
"""The wording of these three is a proposal; the scales are those of docs/clinical/questions.md."""
BENEFIT_LEFT: Final = DailyQuestion(
    "benefit_left",
    "How much of what the last infusion gave you is still there?",
    "nothing",
    "all of it",
    Direction.HIGHER_IS_BETTER,
    highest=BENEFIT_LEFT_MAX,
)
POST_INFUSION_MOOD: Final = DailyQuestion(
    "mood", "How is your mood now?", "worst", "best", Direction.HIGHER_IS_BETTER
)
"""Asked once more within a day after an infusion, outside the check-in. The wording is a proposal."""
OPTIONAL: Final = tuple(
    DailyQuestion(rating.code, rating.question, rating.lowest, rating.highest, rating.direction)
    for rating in CATALOGUE
)
EVERY_QUESTION: Final = (MOOD, ENJOYMENT, ANXIETY, BENEFIT_LEFT, *OPTIONAL)


def questions_of_day(ratings: Collection[str], *, benefit_left: bool) -> Iterator[DailyQuestion]:
    """Yield the questions of a day in the order in which they are asked, `ratings` by their codes."""
    yield from (MOOD, ENJOYMENT, ANXIETY)
    if benefit_left:
        yield BENEFIT_LEFT
    yield from (question for question in OPTIONAL if question.code in ratings)


def asks_benefit_left(protocol: Protocol, infusions: Sequence[GivenInfusion], today: date) -> bool:
    """Return whether to ask on `today` how much of what the last infusion gave is still there.

    In maintenance only, on every seventh day after the infusion that opened the running cycle, and not on
    that day itself. Later infusions are ignored.
    """
    opened = max(treatment_days(protocol, infusions, today), default=None)
    if opened is None or phase(protocol, infusions, today).kind is not PhaseKind.MAINTENANCE:
        return False
    since = (today - opened).days
    return since > 0 and since % BENEFIT_LEFT_EVERY_DAYS == 0
