"""Simulated safety answers, and the alerts that they opened."""

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
from demo.ids import uuid_from
from demo.records import SimulatedPatient, at
from models.check_ins import CheckIn
from models.infusions import Infusion
from models.outbox import Delivery
from models.questionnaires import QuestionnaireResponse
from models.safety import SafetyAlert, SafetyAlertAnswer, SafetyAnswer, SafetySettings
from services.safety.alerts import RANK
from services.safety.outbox import DELIVERED

EVERY: Final = 8
"""One patient in so many answers daily for two months, the one with a login included."""

AROUND_FIRST: Final = 2
"""One patient in so many answered around the first infusion, with thoughts of suicide before it."""

NOT_RELIEVED: Final = 4
"""Which of six patients in a row still had thoughts of suicide on day 3."""

WAITING_PATIENT: Final = 8
ACKNOWLEDGED_PATIENT: Final = 16
"""Numbers of the patients whose last alert is open, and acknowledged."""

LAST_DAYS: Final = timedelta(days=60)
DAYS_AROUND: Final = 3
EVENING: Final = 20.0
ESCALATE_AFTER_MINUTES: Final = 30
JUST_NOW: Final = timedelta(minutes=10)
ACKNOWLEDGED_AFTER: Final = timedelta(minutes=12)
ACKNOWLEDGED_AFTER_CALL: Final = timedelta(minutes=41)
CLOSED_AFTER: Final = timedelta(hours=2)

Row = SafetyAnswer | SafetyAlert | SafetyAlertAnswer | Delivery


@dataclass(frozen=True, slots=True)
class AlertTimes:
    """Times at which an alert was opened, escalated, acknowledged and closed."""

    opened: datetime
    escalated: datetime | None = None
    acknowledged: datetime | None = None
    closed: datetime | None = None


def settings(clinic_id: UUID, admin_id: UUID, opened: datetime) -> SafetySettings:
    """Return settings with the daily question on; the on-call's host does not exist."""
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


def rows(number: int, patient: SimulatedPatient, known: Sequence[object], now: datetime) -> Iterator[Row]:
    """Yield a patient's daily answers with their alerts, and the alert of each item 9 above "not at all"."""
    rng = Random(f"safety {number}")  # noqa: S311  simulated data
    for row in known:
        answer = row.answers.get(ITEM_9, 0) if isinstance(row, QuestionnaireResponse) else 0
        if isinstance(row, QuestionnaireResponse) and answer:
            times = _handled(row.received_at, now)
            (concern,) = of_item_9(answer)
            alert = _alert(patient, (concern, row.local_date), uuid_from(rng), times)
            yield alert
            yield _answer_of(alert, str(row.id))
    yield from _daily(number, patient, known, now, rng)


def _daily(
    number: int, patient: SimulatedPatient, known: Sequence[object], now: datetime, rng: Random
) -> Iterator[Row]:
    answered = [row for row in known if isinstance(row, CheckIn) and row.known_until is None]
    days = {row.local_date: row for row in answered if not row.removed}
    answers = {**_last_two_months(number, days, now), **_around_first(number, days, known)}
    last = max(answers, default=None)
    for day, answer in sorted(answers.items()):
        received = days[day].received_at if day in days else at(day, EVENING, patient.time_zone)
        times = _handled(received, now)
        if day == last and number == WAITING_PATIENT:
            times = AlertTimes(max(received, now - JUST_NOW))
        elif day == last and number == ACKNOWLEDGED_PATIENT:
            notified = received + timedelta(minutes=ESCALATE_AFTER_MINUTES)
            times = AlertTimes(received, escalated=notified, acknowledged=received + ACKNOWLEDGED_AFTER_CALL)
        yield _answer(patient, day, answer, times.opened)
        if answer:
            (concern,) = of_daily_answer(answer)
            alert = _alert(patient, (concern, day), uuid_from(rng), times)
            yield alert
            yield _answer_of(alert, str(day))
            if times.escalated:
                yield _delivered(alert, times.escalated, uuid_from(rng))


def _last_two_months(number: int, days: Mapping[date, CheckIn], now: datetime) -> dict[date, int]:
    """Return two months of "not at all", except on the worst day and, for two patients, on the last."""
    recent = [row for row in days.values() if row.received_at > now - LAST_DAYS]
    if number == ACKNOWLEDGED_PATIENT:
        # Early enough that the on-call was notified and acknowledged it.
        recent = [row for row in recent if row.received_at + ACKNOWLEDGED_AFTER_CALL <= now]
    if number % EVERY or not recent:
        return {}
    recent.sort(key=lambda row: row.local_date)
    worst = min(recent[:-1] or recent, key=lambda row: (row.mood, row.local_date))
    answers = {row.local_date: int(row is worst) for row in recent}
    answers[recent[-1].local_date] = {WAITING_PATIENT: 2, ACKNOWLEDGED_PATIENT: 3}.get(number, 0)
    return answers


def _around_first(number: int, days: Mapping[date, CheckIn], known: Iterable[object]) -> dict[date, int]:
    """Return answers around the first infusion: thoughts of suicide before it, with or without relief."""
    infused = [row.local_date for row in known if isinstance(row, Infusion) and row.status in GIVEN]
    if number % AROUND_FIRST or not infused:
        return {}
    first = min(infused)
    near = sorted(day for day in days if 0 < abs((day - first).days) <= DAYS_AROUND)
    answers = dict.fromkeys(near, 0)
    if not number:
        # The patient with a login: relieved by day 3, on a day without a check-in.
        answers[first + timedelta(days=DAYS_AROUND)] = 0
    before, after = [day for day in near if day < first], [day for day in near if day > first]
    answers |= dict.fromkeys(before[-1:], 1)
    if number % 6 == NOT_RELIEVED:
        answers |= dict.fromkeys(after[-1:], 1)
    return answers


def _handled(opened: datetime, now: datetime) -> AlertTimes:
    return AlertTimes(
        opened, acknowledged=min(opened + ACKNOWLEDGED_AFTER, now), closed=min(opened + CLOSED_AFTER, now)
    )


def _answer(patient: SimulatedPatient, day: date, answer: int, received: datetime) -> SafetyAnswer:
    return SafetyAnswer(
        clinic_id=patient.clinic_id,
        patient_id=patient.patient_id,
        local_date=day,
        version=1,
        answer=answer,
        recorded_by=patient.account_id,
        known_from=received,
        known_until=None,
    )


def _alert(
    patient: SimulatedPatient, what: tuple[Concern, date], alert_id: UUID, times: AlertTimes
) -> SafetyAlert:
    """Return an alert; `what` is its one answer and the local day."""
    concern, day = what
    return SafetyAlert(
        clinic_id=patient.clinic_id,
        id=alert_id,
        patient_id=patient.patient_id,
        source=str(concern.source),
        local_date=day,
        answer=concern.answer,
        priority=str(Priority(concern.priority)),
        rank=RANK[concern.priority],
        opened_at=times.opened,
        answer_count=1,
        latest_answer_at=times.opened,
        waiting_since=None if times.escalated else times.opened,
        escalated_at=times.escalated,
        acknowledged_at=times.acknowledged,
        acknowledged_by=patient.clinician_id if times.acknowledged else None,
        acknowledge_note="Calling now." if times.acknowledged else None,
        closed_at=times.closed,
        closed_by=patient.clinician_id if times.closed else None,
        action=str(Action.SPOKE_WITH_PATIENT) if times.closed else None,
        close_note="Talked it through; safe, seen again at the next infusion." if times.closed else None,
    )


def _answer_of(alert: SafetyAlert, record_id: str) -> SafetyAlertAnswer:
    """Return the one answer of an alert; `record_id` names its form or day."""
    return SafetyAlertAnswer(
        clinic_id=alert.clinic_id,
        alert_id=alert.id,
        number=1,
        patient_id=alert.patient_id,
        record_id=record_id,
        local_date=alert.local_date,
        answer=alert.answer,
        received_at=alert.opened_at,
    )


def _delivered(alert: SafetyAlert, notified: datetime, delivery_id: UUID) -> Delivery:
    """Return the delivery of an alert to the on-call."""
    return Delivery(
        clinic_id=alert.clinic_id,
        id=delivery_id,
        alert_id=alert.id,
        channel="webhook",
        state=DELIVERED,
        attempt_count=1,
        created_at=notified,
        due_at=notified,
        leased_until=None,
        last_tried_at=notified,
        last_failure=None,
        delivered_at=notified,
    )
