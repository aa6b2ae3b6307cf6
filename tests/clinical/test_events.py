from __future__ import annotations

from dataclasses import fields

from clinical.events import DatedEvent, EventKind
from clinical.history import History


def test_an_event_mark_has_no_note():
    assert [field.name for field in fields(DatedEvent)] == ["day", "kind"]


def test_events_are_not_inputs_of_any_computation():
    assert "events" not in {field.name for field in fields(History)}
    assert len(EventKind) == 4
