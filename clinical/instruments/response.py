"""Answers to a questionnaire: which of them are valid, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from clinical import safety
from clinical.instruments.instrument import Instrument, Item
from clinical.instruments.phq9 import ITEM_9, PHQ_9
from clinical.sentences import Sentence


@dataclass(frozen=True, slots=True)
class FormDraft:
    """An answered questionnaire as sent, its answers by item and not validated.

    `local_date` is the patient's day on which it was answered, `recorded_at` the instant.
    """

    instrument: str
    instrument_version: str
    local_date: date
    time_zone: str
    recorded_at: datetime
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """An invalid answer: its item, a code for programs and a sentence for people."""

    item: str
    code: str
    detail: Sentence


def read(instrument: Instrument, sent: Mapping[str, Any]) -> tuple[dict[str, int], list[Fault]]:
    """Return the valid answers, by item in the instrument's order, and the faults of the others.

    An item left out is unanswered, which is no fault. A fault never repeats what was sent.
    """
    answers: dict[str, int] = {}
    faults: list[Fault] = []
    for code, value in sent.items():
        item = instrument.item(code)
        if item is None:
            faults.append(
                Fault(code, "unknown_item", Sentence("This version of the questionnaire has no such item."))
            )
        elif (number := _whole(value)) is None or number not in item.values:
            faults.append(
                Fault(code, "off_scale", Sentence("Answer this item with {scale}.", scale=_scale(item)))
            )
        else:
            answers[code] = number
    order = {item.code: at for at, item in enumerate(instrument.items)}
    return dict(sorted(answers.items(), key=lambda answer: order[answer[0]])), faults


def read_item_9(code: Any, sent: Any) -> int | None:
    """Return the answer to item 9 of the PHQ-9, read leniently, whatever else is wrong.

    `code` and `sent` are not validated. 0 for "not at all", and for what is no PHQ-9 or leaves item 9
    unanswered; None for an answer that is neither "not at all" nor a number.
    """
    if code != PHQ_9.code or not isinstance(sent, dict):
        return safety.NOT_AT_ALL
    return safety.parse_answer(sent.get(ITEM_9))


def _whole(value: Any) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _scale(item: Item) -> Sentence:
    return Sentence("a whole number from {low} to {high}", low=min(item.values), high=max(item.values))
