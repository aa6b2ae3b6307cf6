"""Which answers open an alert, of which priority, and the crisis message shown at once."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

NOT_AT_ALL: Final = 0
"""The answer "not at all" to item 9 of the PHQ-9; any above it opens an alert. Source: Kroenke 2001;
Louzon 2016."""
MAX_ANSWER: Final = 3
"""The highest answer, "nearly every day", which is the top level. Source: Kroenke 2001; that it is the top
level is a proposal."""

IN_DIGITS: Final = re.compile(r"\s*([+-]?\d+(?:[.,]\d*)?)\s*")
"""A number written as text."""

ENDORSED: Final = "endorsed"
NOT_ENDORSED: Final = "not endorsed"
"""What the answer 0 is called. Never "no risk": of those who died by suicide, 71.6 % had answered 0
(Louzon 2016, 447,245 PHQ-9s of the VA)."""

DAILY_QUESTION: Final = (
    "Today, have you been bothered by thoughts that you would be better off dead, or of hurting yourself?"
)
"""Our own question, a proposal, close to item 9 of the PHQ-9, which anybody may reproduce; item 9 itself asks
about two weeks, and so cannot be asked each day."""

DAILY_OPTIONS: Final = ("Not at all", "Now and then", "Much of the day", "Nearly all day")
"""The answers 0 to 3 to the daily question, a proposal."""

NOBODY_WATCHES: Final = (
    "Nobody watches these answers in real time. If you might act on such thoughts, or are in danger, contact "
    "one of these now, or your local emergency number."
)
NOBODY_WATCHES_ALONE: Final = (
    "Nobody watches these answers in real time. If you might act on such thoughts, or are in danger, call "
    "your local emergency number now, or go to the nearest emergency department."
)
"""The same message for a clinic that has named no contacts."""


class Source(StrEnum):
    """Where an answer that opens an alert was given."""

    ITEM_9 = "item_9"
    DAILY_ANSWER = "daily_answer"


class Priority(StrEnum):
    """How soon an answer must be seen; every priority opens an alert, TOP ranks first."""

    TOP = "top"
    ENDORSED = "endorsed"


@dataclass(frozen=True, slots=True)
class Concern:
    """An answer above "not at all"; `answer` is 1 to 3."""

    source: Source
    priority: Priority
    answer: int


class Action(StrEnum):
    """What a clinician did about an alert before closing it; a proposal, an open list."""

    SPOKE_WITH_PATIENT = "spoke_with_patient"
    SAW_PATIENT = "saw_patient"
    MADE_SAFETY_PLAN = "made_safety_plan"
    REFERRED_TO_EMERGENCY_CARE = "referred_to_emergency_care"
    INFORMED_TREATING_CLINICIAN = "informed_treating_clinician"
    TRIED_TO_REACH_PATIENT = "tried_to_reach_patient"
    OTHER = "other"


class ContactKind(StrEnum):
    """How a crisis contact is reached."""

    CALL = "call"
    TEXT = "text"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class CrisisContact:
    """Whom to contact now; `address` is a number to call or text, or a URL."""

    label: str
    kind: ContactKind
    address: str


@dataclass(frozen=True, slots=True)
class CrisisMessage:
    """What is shown before anything else to anyone who gave such an answer."""

    message: str
    contacts: tuple[CrisisContact, ...]


SHIPPED_CONTACTS: Final[dict[str, tuple[CrisisContact, ...]]] = {
    "US": (
        CrisisContact("988 Suicide & Crisis Lifeline", ContactKind.CALL, "988"),
        CrisisContact("988 Suicide & Crisis Lifeline", ContactKind.TEXT, "988"),
    ),
    "CA": (
        CrisisContact("9-8-8: Suicide Crisis Helpline", ContactKind.CALL, "988"),
        CrisisContact("9-8-8: Suicide Crisis Helpline", ContactKind.TEXT, "988"),
    ),
}
"""Contacts by country (ISO 3166-1), where we know them: 988lifeline.org for the United States, 988.ca for
Canada. For any other country the clinic names its own: a wrong number is worse than none."""


def parse_answer(sent: Any) -> int | None:
    """Parse leniently what was sent as an answer from 0 to 3; in doubt return the higher one.

    A number counts as text too, between two answers as the higher, beyond the scale as the top. Returns 0 for
    "not at all" and where nothing was sent, None for what is neither that nor a number.
    """
    if sent is None or sent is False:
        return NOT_AT_ALL
    if isinstance(sent, str) and (written := IN_DIGITS.fullmatch(sent)):
        sent = float(written[1].replace(",", "."))
    if isinstance(sent, bool) or not isinstance(sent, (int, float)) or not sent >= NOT_AT_ALL:
        return None
    return math.ceil(min(sent, MAX_ANSWER))


def of_item_9(answer: int) -> tuple[Concern, ...]:
    """Return the concern of item 9 of a PHQ-9, answered 0 to 3; 0 is "not endorsed", never "no risk".

    Every answer above 0 counts: the hazard of suicide was 1.75, 2.15 and 2.85 times as high for 1, 2 and 3
    (Louzon 2016). That 3 is the top level is our own choice, a proposal.
    """
    return _above_not_at_all(Source.ITEM_9, answer)


def of_daily_answer(answer: int) -> tuple[Concern, ...]:
    """Return the concern of a daily safety answer, 0 to 3; levels as for item 9, by analogy, a proposal."""
    return _above_not_at_all(Source.DAILY_ANSWER, answer)


def crisis_message(contacts: tuple[CrisisContact, ...]) -> CrisisMessage:
    """Return what is shown at once, with the clinic's contacts."""
    return CrisisMessage(NOBODY_WATCHES if contacts else NOBODY_WATCHES_ALONE, contacts)


def _above_not_at_all(source: Source, answer: int) -> tuple[Concern, ...]:
    if not NOT_AT_ALL <= answer <= MAX_ANSWER:
        raise ValueError("a safety answer lies from 0 to 3")
    if answer == NOT_AT_ALL:
        return ()
    return (Concern(source, Priority.TOP if answer == MAX_ANSWER else Priority.ENDORSED, answer),)
