"""What some of the demo clinic's patients answered about safety, and what became of it; all made up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from clinical.infusion import GIVEN
from clinical.instruments.phq9 import ITEM_9
from clinical.safety import Action, Concern, Priority, of_daily_answer, of_item_9
from demo.records import Habits, at, uuid_from
from models.check_ins import CheckIn
from models.infusions import Infusion
from models.outbox import Delivery
from models.questionnaires import QuestionnaireResponse
from models.safety import SafetyAlert, SafetyAnswer, SafetySettings
from services.safety.alerts import RANK
from services.safety.outbox import DELIVERED

EVERY: Final = 8
"""Every so many patients, the one who signs in among them, is asked each day of the last two months."""

AROUND_FIRST: Final = 2
"""Every so many were asked around their first infusion, when thoughts of suicide were there before it."""

NOT_RELIEVED: Final = 4
"""Of six patients in a row, the one of those whose thoughts of suicide were still there by day 3."""

WAITS: Final = 8
TAKEN_ON: Final = 16
"""The patients, by number, whose last answer still waits, and whose somebody is seeing to."""

LAST_DAYS: Final = timedelta(days=60)
DAYS_AROUND: Final = 3
EVENING: Final = 20.0
ESCALATE_AFTER_MINUTES: Final = 30
JUST_NOW: Final = timedelta(minutes=10)
SEEN_AFTER: Final = timedelta(minutes=12)
SEEN_AFTER_CALL: Final = timedelta(minutes=41)
CLOSED_AFTER: Final = timedelta(hours=2)

Row = SafetyAnswer | SafetyAlert | Delivery


@dataclass(frozen=True, slots=True)
class Course:
    """What became of an alert: when it was opened, and when it escalated, was seen to and closed, if so."""

    opened: datetime
    escalated: datetime | None = None
    seen: datetime | None = None
    closed: datetime | None = None


def settings(clinic_id: UUID, admin_id: UUID, opened: datetime) -> SafetySettings:
    """The clinic is prepared for the question; its on-call's host exists nowhere."""
    return SafetySettings(
        clinic_id=clinic_id,
        version=1,
        country="US",
        crisis_contacts=[],
        safety_question=True,
        escalate_after_minutes=ESCALATE_AFTER_MINUTES,
        on_call_email=None,
        on_call_webhook="https://pager.lantern-bay.example/afterglow",
        recorded_by=admin_id,
        known_from=opened,
        known_until=None,
    )


def rows(number: int, habits: Habits, known: Sequence[object], now: datetime) -> Iterator[Row]:
    """A patient's daily answers with their alerts, and the alert of each item 9 above "not at all"."""
    chance = Random(f"safety {number}")  # noqa: S311  made-up data, the same every time
    for row in known:
        answer = row.answers.get(ITEM_9, 0) if isinstance(row, QuestionnaireResponse) else 0
        if isinstance(row, QuestionnaireResponse) and answer:
            course = _dealt_with(row.received_at, now)
            (concern,) = of_item_9(answer)
            yield _alert(habits, (concern, str(row.id), row.local_date), uuid_from(chance), course)
    yield from _daily(number, habits, known, now, chance)


def _daily(
    number: int, habits: Habits, known: Sequence[object], now: datetime, chance: Random
) -> Iterator[Row]:
    answered = [row for row in known if isinstance(row, CheckIn) and row.known_until is None]
    days = {row.local_date: row for row in answered if not row.removed}
    told = {**_lately(number, days, now), **_around_first(number, days, known)}
    last = max(told, default=None)
    for day, answer in sorted(told.items()):
        heard = days[day].received_at if day in days else at(day, EVENING, habits.time_zone)
        course = _dealt_with(heard, now)
        if day == last and number == WAITS:
            course = Course(max(heard, now - JUST_NOW))
        elif day == last and number == TAKEN_ON:
            called = heard + timedelta(minutes=ESCALATE_AFTER_MINUTES)
            course = Course(heard, escalated=called, seen=heard + SEEN_AFTER_CALL)
        yield _answer(habits, day, answer, course.opened)
        if answer:
            (concern,) = of_daily_answer(answer)
            alert = _alert(habits, (concern, str(day), day), uuid_from(chance), course)
            yield alert
            if course.escalated:
                yield _delivered(alert, course.escalated, uuid_from(chance))


def _lately(number: int, days: Mapping[date, CheckIn], now: datetime) -> dict[date, int]:
    """The last two months, "not at all" but for the worst day and, of two patients, the last."""
    recent = [row for row in days.values() if row.received_at > now - LAST_DAYS]
    if number == TAKEN_ON:
        # Somebody has had the time to be called and to see to it.
        recent = [row for row in recent if row.received_at + SEEN_AFTER_CALL <= now]
    if number % EVERY or not recent:
        return {}
    recent.sort(key=lambda row: row.local_date)
    worst = min(recent[:-1] or recent, key=lambda row: (row.mood, row.local_date))
    told = {row.local_date: int(row is worst) for row in recent}
    told[recent[-1].local_date] = {WAITS: 2, TAKEN_ON: 3}.get(number, 0)
    return told


def _around_first(number: int, days: Mapping[date, CheckIn], known: Iterable[object]) -> dict[date, int]:
    """The days around the first infusion: thoughts of suicide the day before, and gone by day 3, or not."""
    infused = [row.local_date for row in known if isinstance(row, Infusion) and row.status in GIVEN]
    if number % AROUND_FIRST or not infused:
        return {}
    first = min(infused)
    near = sorted(day for day in days if 0 < abs((day - first).days) <= DAYS_AROUND)
    told = dict.fromkeys(near, 0)
    if not number:
        # Whoever signs in finds it gone by day 3, and told on a day that was not checked in otherwise.
        told[first + timedelta(days=DAYS_AROUND)] = 0
    before, after = [day for day in near if day < first], [day for day in near if day > first]
    told |= dict.fromkeys(before[-1:], 1)
    if number % 6 == NOT_RELIEVED:
        told |= dict.fromkeys(after[-1:], 1)
    return told


def _dealt_with(opened: datetime, now: datetime) -> Course:
    return Course(opened, seen=min(opened + SEEN_AFTER, now), closed=min(opened + CLOSED_AFTER, now))


def _answer(habits: Habits, day: date, answer: int, heard: datetime) -> SafetyAnswer:
    return SafetyAnswer(
        clinic_id=habits.clinic_id,
        patient_id=habits.patient_id,
        local_date=day,
        version=1,
        answer=answer,
        recorded_by=habits.account_id,
        known_from=heard,
        known_until=None,
    )


def _alert(habits: Habits, what: tuple[Concern, str, date], alert_id: UUID, course: Course) -> SafetyAlert:
    """An alert; `what` is the answer that gives concern, the form or day that held it, and the local day."""
    concern, held_by, day = what
    return SafetyAlert(
        clinic_id=habits.clinic_id,
        id=alert_id,
        patient_id=habits.patient_id,
        source=str(concern.source),
        source_id=held_by,
        local_date=day,
        answer=concern.answer,
        priority=str(Priority(concern.priority)),
        rank=RANK[concern.priority],
        opened_at=course.opened,
        escalated_at=course.escalated,
        acknowledged_at=course.seen,
        acknowledged_by=habits.clinician_id if course.seen else None,
        acknowledge_note="Calling now." if course.seen else None,
        closed_at=course.closed,
        closed_by=habits.clinician_id if course.closed else None,
        action=str(Action.SPOKE_WITH_PATIENT) if course.closed else None,
        close_note="Talked it through; safe, seen again at the next infusion." if course.closed else None,
    )


def _delivered(alert: SafetyAlert, called: datetime, delivery_id: UUID) -> Delivery:
    """The on-call was told at once."""
    return Delivery(
        clinic_id=alert.clinic_id,
        id=delivery_id,
        alert_id=alert.id,
        channel="webhook",
        state=DELIVERED,
        attempt_count=1,
        created_at=called,
        due_at=called,
        leased_until=None,
        last_tried_at=called,
        last_failure=None,
        delivered_at=called,
    )
