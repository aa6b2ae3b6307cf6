from __future__ import annotations

import pytest

from clinical import safety
from clinical.safety import Priority, Source, of_daily_answer, of_item_9


@pytest.mark.parametrize(
    ("answer", "priority"), [(0, None), (1, Priority.ENDORSED), (2, Priority.ENDORSED), (3, Priority.TOP)]
)
def test_every_answer_above_not_at_all_is_a_concern_and_three_is_the_top_level(answer, priority):
    for judge, source in ((of_item_9, Source.ITEM_9), (of_daily_answer, Source.DAILY_ANSWER)):
        found = judge(answer)
        assert [(each.source, each.priority, each.answer) for each in found] == (
            [] if priority is None else [(source, priority, answer)]
        )


@pytest.mark.parametrize(
    ("sent", "parsed"),
    [
        *[(none, 0) for none in (0, None, False, "0", -0.0)],
        *[(1, 1), (0.1, 1), ("2", 2), ("2,5", 3), (7, 3), (10**400, 3), (float("inf"), 3), ("9" * 999, 3)],
        *[(True, None), (-1, None), (float("nan"), None), ("", None), ("-1", None), ([], None), ({}, None)],
    ],
)
def test_what_is_no_answer_is_parsed_as_the_nearest_above_it_or_not_at_all(sent, parsed):
    assert safety.parse_answer(sent) == parsed


@pytest.mark.parametrize("answer", [-1, 4])
def test_an_answer_off_the_scale_has_no_concern(answer):
    with pytest.raises(ValueError, match="from 0 to 3"):
        of_item_9(answer)


def test_the_message_states_that_nobody_watches_with_contacts_and_without():
    with_some = safety.crisis_message(safety.SHIPPED_CONTACTS["US"])
    without = safety.crisis_message(())
    for shown in (with_some, without):
        assert "Nobody watches these answers in real time" in shown.message
        assert "emergency" in shown.message
    assert [(each.kind, each.address) for each in with_some.contacts] == [("call", "988"), ("text", "988")]
    assert "one of these" not in without.message


def test_contacts_are_shipped_only_where_their_source_is_known():
    assert set(safety.SHIPPED_CONTACTS) == {"US", "CA"}


def test_not_at_all_is_never_called_no_risk():
    assert safety.NOT_ENDORSED == "not endorsed"
    assert len(safety.DAILY_OPTIONS) == safety.MAX_ANSWER + 1
