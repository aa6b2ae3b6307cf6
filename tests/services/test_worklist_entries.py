"""The reasons of a simulated patient from day to day: who is handled on one day, and back on which."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinical.attention import AttentionCode
from clinical.booking import BookingReview
from clinical.outlook.mode import Mode
from clinical.outlook.visibility import shown
from clinical.worklist_entry import (
    EntryState,
    Mark,
    ReturnReason,
    SeenAttention,
    return_reason,
    seen_attention,
)
from services.worklist_attention import Organisation, attention_facts, urgency
from tests.clinical.courses import course


@pytest.fixture(scope="module")
def cycle() -> dict[int, SeenAttention]:
    """What is seen of a responder with nothing booked, by days since the infusion, until past the plan."""
    history = course(intervals=(24, 25, 23), until=34, half=20.0, seed=2)
    last, found = history.infusions[-1].day, {}
    for since in range(14, 35):
        today = last + timedelta(days=since)
        visible = shown(history, today, Mode.SHOWN)
        present = urgency(history, attention_facts(history, visible, Organisation())).attention
        found[since] = seen_attention(present, today, BookingReview(), (), last)
    return found


@pytest.mark.parametrize(
    ("marked", "back", "reason"),
    [
        (14, 19, ReturnReason.HIGHER_URGENCY),  # due
        (19, 22, ReturnReason.HIGHER_URGENCY),  # half of the benefit has probably gone
        (22, 29, ReturnReason.NEW_REASON),  # past the plan's latest day
        (29, None, None),
    ],
)
def test_a_forecast_that_moves_each_day_returns_nobody_before_something_else_happens(
    marked, back, reason, cycle
):
    mark = Mark(EntryState.HANDLED, cycle[marked])
    returned = {on: return_reason(mark, seen) for on, seen in cycle.items() if on > marked}
    first = next((on for on, why in returned.items() if why is not None), None)
    assert (first, returned.get(first)) == (back, reason)


def test_the_days_of_those_reasons_do_move(cycle):
    moved = [
        {each.code: each.since for each in cycle[on].reasons}[AttentionCode.NOT_BOOKED]
        for on in range(14, 19)
    ]
    assert moved == sorted(set(moved))
