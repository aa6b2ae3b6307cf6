"""What some of the demo clinic's patients answered to the daily safety question, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from clinical.safety import Action, Level, of_daily_answer
from models.alerts import SafetyAlert, SafetyAnswer, SafetySettings
from models.check_ins import CheckIn
from services.alerts import RANK
from services.demo_rows import Habits, uuid_from

EVERY: Final = 8
"""Every so many patients, the one who signs in among them, is asked."""

WAITS: Final = 8
TAKEN_ON: Final = 16
"""The patients, by number, whose last answer still waits, and whose somebody is seeing to."""

LAST_DAYS: Final = timedelta(days=60)
SEEN_AFTER: Final = timedelta(minutes=12)
CLOSED_AFTER: Final = timedelta(hours=2)


def settings(clinic_id: UUID, admin_id: UUID, opened: datetime) -> SafetySettings:
    """The clinic is prepared for the question; its on-call's host exists nowhere."""
    return SafetySettings(
        clinic_id=clinic_id,
        version=1,
        country="US",
        crisis_contacts=[],
        safety_question=True,
        escalate_after_minutes=30,
        on_call_email=None,
        on_call_webhook="https://pager.lantern-bay.example/afterglow",
        recorded_by=admin_id,
        known_from=opened,
        known_until=None,
    )


def rows(
    number: int, habits: Habits, known: Iterable[object], now: datetime
) -> Iterator[SafetyAnswer | SafetyAlert]:
    """A patient's answers of the last two months, "not at all" but for one or two days, and their alerts."""
    answered = [row for row in known if isinstance(row, CheckIn) and row.known_until is None]
    recent = [row for row in answered if not row.removed and row.received_at > now - LAST_DAYS]
    if number % EVERY or not recent:
        return
    chance = Random(f"safety {number}")  # noqa: S311  made-up data, the same every time
    recent.sort(key=lambda row: row.local_date)
    worst = min(recent[:-1] or recent, key=lambda row: (row.mood, row.local_date))
    last = {WAITS: 2, TAKEN_ON: 3}.get(number, 0)
    for row in recent:
        answer = last if row is recent[-1] else int(row is worst)
        yield _answer(habits, row, answer)
        if answer:
            yield _alert(habits, row, answer, uuid_from(chance), (number if row is recent[-1] else 0, now))


def _answer(habits: Habits, row: CheckIn, answer: int) -> SafetyAnswer:
    return SafetyAnswer(
        clinic_id=habits.clinic_id,
        patient_id=habits.patient_id,
        local_date=row.local_date,
        version=1,
        answer=answer,
        recorded_by=habits.account_id,
        known_from=row.received_at,
        known_until=None,
    )


def _alert(
    habits: Habits, row: CheckIn, answer: int, alert_id: UUID, until: tuple[int, datetime]
) -> SafetyAlert:
    """An alert of one answer; `until` is whose last answer it is, by number, and the present moment."""
    (concern,) = of_daily_answer(answer)
    number, now = until
    opened = row.received_at
    seen = None if number == WAITS else min(opened + SEEN_AFTER, now)
    closed = None if number in (WAITS, TAKEN_ON) else min(opened + CLOSED_AFTER, now)
    return SafetyAlert(
        clinic_id=habits.clinic_id,
        id=alert_id,
        patient_id=habits.patient_id,
        source=str(concern.source),
        source_id=str(row.local_date),
        local_date=row.local_date,
        answer=answer,
        level=str(Level(concern.level)),
        rank=RANK[concern.level],
        opened_at=opened,
        escalated_at=None,
        acknowledged_at=seen,
        acknowledged_by=habits.clinician_id if seen else None,
        acknowledge_note="Calling now." if seen else None,
        closed_at=closed,
        closed_by=habits.clinician_id if closed else None,
        action=str(Action.SPOKE_WITH_PATIENT) if closed else None,
        close_note="Talked it through; safe, seen again at the next infusion." if closed else None,
    )
