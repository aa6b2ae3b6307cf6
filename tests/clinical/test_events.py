from __future__ import annotations

from dataclasses import fields, replace

from clinical.events import DatedEvent, EventKind
from clinical.outlook import Outlook, outlook
from tests.clinical.courses import course, running_day


def test_an_event_mark_has_no_note():
    assert [field.name for field in fields(DatedEvent)] == ["day", "kind"]


def test_of_all_events_only_changes_of_medication_change_an_outlook():
    given = course(intervals=(24, 22, 25), until=20)
    today = running_day(given)

    def by(kind: EventKind) -> Outlook:
        return outlook(replace(given, events=(DatedEvent(today, kind),)), today)

    usual = outlook(given, today)
    assert {kind for kind in EventKind if by(kind) != usual} == {EventKind.MEDICATION_CHANGE}
