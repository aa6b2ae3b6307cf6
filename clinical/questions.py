"""Questions of a day: those of every day, and those that are asked on some."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from clinical.check_in import SCALE_MAX, SCALE_MIN
from clinical.daily_ratings import CATALOGUE
from clinical.direction import Direction
from clinical.half_benefit_recall import RecallAnswer
from clinical.infusion import GivenInfusion
from clinical.protocol import PhaseKind, Protocol, cycle_starts, phase, treatment_days

BENEFIT_LEFT_EVERY_DAYS: Final = 7
"""Days between two questions on the benefit left. A proposal, untested with patients: often enough to see
a three-week benefit wear off, seldom enough that one answer hardly remembers the one before. Source: a
proposal, untested with patients."""

RECALL_ASKED_DAYS_BEFORE: Final = 1
"""Days before a booked infusion from which the recall question is asked. Source: a proposal: most of the time
since the last infusion has passed then, and an answer on the phone is there before anybody comes in."""

RECALL_ASKED_DAYS_AFTER: Final = 7
"""Days after an infusion was given until which the recall question is asked. Source: a proposal: later, the
benefit of the new infusion covers what is to be remembered of the one before."""

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


@dataclass(frozen=True, slots=True)
class RecallQuestion:
    """The recall question and its answers in the order in which they are offered, with their words."""

    question: str
    answers: tuple[tuple[RecallAnswer, str], ...]


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
HALF_BENEFIT_RECALL: Final = RecallQuestion(
    "After your last infusion, about how many days until half of the benefit was gone?",
    tuple(zip(RecallAnswer, ("about this many days", "it had not gone", "I can't say"), strict=True)),
)
"""Asked once at an infusion about the one before it, outside the check-in. The wording is a proposal."""
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


def recall_is_about(protocol: Protocol, infusions: Sequence[GivenInfusion], day: date) -> date | None:
    """Return the day of the infusion that the recall question of an infusion on `day` is about.

    The last one before `day` that opened a cycle: the last of the induction, or one of maintenance. None
    where there is none, so during an induction, whose infusions follow within days.
    """
    return max(cycle_starts(protocol, infusions, day - timedelta(days=1)), default=None)
