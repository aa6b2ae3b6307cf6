from __future__ import annotations

from dataclasses import fields

from clinical.events import DatedEvent, EventKind
from clinical.history import History


def test_a_mark_on_the_trend_has_no_room_for_what_was_written():
    assert [field.name for field in fields(DatedEvent)] == ["day", "kind"]


def test_nothing_is_worked_out_from_events():
    assert "events" not in {field.name for field in fields(History)}
    assert len(EventKind) == 4
