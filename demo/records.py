"""Revisions of a simulated course: when each value became known, and what was corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Any, Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from clinical.check_in import Severity
from clinical.infusion import GIVEN, InfusionReason, InfusionStatus
from clinical.local_day import entry_mode
from clinical.side_effects import CODES
from clinical.suitability import Decision
from demo.courses import Answer, Course, Given, clinic_day
from demo.ids import uuid_from
from models.check_ins import CheckIn
from models.infusions import Infusion
from models.questionnaires import QuestionnaireResponse
from models.scores import Score

Row = TypeVar("Row", CheckIn, Infusion)
Scored = Score | QuestionnaireResponse

MINUTES: Final = timedelta(minutes=1)
DAY_START_HOUR: Final = 4
MORNING_HOUR: Final = 6.2
EVENING_HOUR: Final = 18.0
ELEVEN: Final = 11.0
ROUTE: Final = "intravenous"
LOT_NUMBER: Final = "KT4471"
VIAL_MG: Final = 100.0
WITNESS: Final = "Fennel Marshlight"
DOSE_MG_PER_KG: Final = 0.5

ON_THE_DAY: Final[tuple[str, ...]] = (
    "dissociation", "nausea", "dizziness", "drowsiness", "blurred_vision", "numbness", "headache",
)  # fmt: skip
DAY_AFTER: Final[tuple[str, ...]] = ("fatigue", "headache", "drowsiness", "nausea")
OTHER_DAYS: Final[tuple[str, ...]] = ("headache", "fatigue", "anxiety")
if not CODES.issuperset({*ON_THE_DAY, *DAY_AFTER, *OTHER_DAYS}):
    raise LookupError("a side effect of the demo clinic is not in the catalogue")

GOOD_DAY: Final = (
    "Walked down to the harbour.",
    "Cooked for friends.",
    "Slept well.",
    "Laughed a lot today.",
)
BAD_DAY: Final = (
    "Hard to get out of bed.",
    "Everything felt slow.",
    "Stayed in, curtains drawn.",
    "Slept badly.",
)


@dataclass(frozen=True, slots=True)
class SimulatedPatient:
    """Identity and habits of a simulated patient; `clinician_id` records the infusions."""

    clinic_id: UUID
    patient_id: UUID
    account_id: UUID
    clinician_id: UUID
    time_zone: str
    hour: float
    weight_kg: float
    device_id: str
    side_effects: bool
    booked_in: int | None
    mornings: bool = False
    decision: Decision = Decision.SUITABLE
    intrusive_thoughts: bool = False


def rows(
    course: Course, patient: SimulatedPatient, scored: Iterable[Scored], now: datetime, rng: Random
) -> list[CheckIn | Infusion | Scored]:
    """Return every revision of a course known by `now`, numbered in the order in which it became known."""
    found: list[CheckIn | Infusion | Scored] = [*scored]
    for answer in course.answers:
        found += _closed(_check_ins(answer, patient, rng), now)
    for given in course.infusions:
        found += _closed(_infusions(given, patient, rng), now)
    if patient.booked_in is not None:
        found.append(_booked(course, patient, now, rng))
    found.sort(key=lambda row: row.known_from)
    for number, row in enumerate(found, start=1):
        row.change_seq = number
    return found


def at(day: date, hour: float, time_zone: str) -> datetime:
    """Return the instant, in UTC, of an hour of a day in the patient's time zone."""
    minutes = round(hour * 60)
    local = datetime.combine(day, time(minutes // 60, minutes % 60), ZoneInfo(time_zone))
    return local.astimezone(UTC)


def _closed(revisions: Iterable[Row], now: datetime) -> list[Row]:
    """Return the revisions known by `now`; each ends where the next begins."""
    known = [row for row in revisions if row.known_from <= now]
    for row, after in pairwise(known):
        row.known_until = after.known_from
    return known


def _check_ins(answer: Answer, patient: SimulatedPatient, rng: Random) -> Iterator[CheckIn]:
    """Yield a day's answers: sometimes entered days later, sent late, or corrected."""
    hour = min(max(rng.gauss(patient.hour, 0.8), 5.0), 23.5)
    if patient.mornings:
        hour = MORNING_HOUR
    elif answer.since == 0:
        # What is simulated of an infusion's day is after the infusion.
        hour = max(hour, EVENING_HOUR)
    draw = rng.random()
    late = rng.randint(1, 4) if draw < 0.07 else 0
    offline = timedelta(days=rng.randint(1, 3)) if 0.07 <= draw < 0.11 else timedelta()
    recorded = at(answer.day + timedelta(days=late), hour, patient.time_zone)
    received = recorded + offline + timedelta(seconds=rng.randint(1, 40))
    effects = _side_effects(answer, rng) if patient.side_effects else None
    note = rng.choice(GOOD_DAY if answer.mood > 5 else BAD_DAY) if rng.random() < 0.08 else None
    corrected = rng.random() < 0.03
    slip = rng.choice((-2, 1, 2)) if corrected else 0
    mood = min(max(answer.mood + slip, 0), 10)
    yield _check_in(patient, answer, recorded, received, mood, effects, note, 1)
    if corrected:
        again = received + rng.choice((3 * MINUTES, 45 * MINUTES, 15 * 60 * MINUTES))
        yield _check_in(patient, answer, again, again, answer.mood, effects, note, 2)


def _check_in(
    patient: SimulatedPatient,
    answer: Answer,
    recorded: datetime,
    received: datetime,
    mood: int,
    effects: list[dict[str, Any]] | None,
    note: str | None,
    version: int,
) -> CheckIn:
    return CheckIn(
        clinic_id=patient.clinic_id,
        patient_id=patient.patient_id,
        local_date=answer.day,
        version=version,
        mood=mood,
        enjoyment=answer.enjoyment,
        anxiety=answer.anxiety,
        side_effects=effects,
        note=note,
        benefit_left=answer.benefit_left,
        ratings=None
        if answer.intrusive_thoughts is None
        else {"intrusive_thoughts": answer.intrusive_thoughts},
        time_zone=patient.time_zone,
        recorded_at=recorded,
        received_at=received,
        entry_mode=entry_mode(answer.day, recorded, patient.time_zone, DAY_START_HOUR),
        clock_suspect=False,
        reported_by="patient",
        removed=False,
        recorded_by=patient.account_id,
        device_id=patient.device_id,
        known_from=received,
        known_until=None,
    )


def _side_effects(answer: Answer, rng: Random) -> list[dict[str, Any]]:
    """Return many side effects on an infusion's day, some on the day after, hardly any later."""
    if answer.since == 0:
        codes, most, mild = ON_THE_DAY, rng.randint(1, 4), 0.5
    elif answer.since == 1:
        codes, most, mild = DAY_AFTER, rng.choice((0, 0, 1, 1, 2)), 0.8
    else:
        codes, most, mild = OTHER_DAYS, int(rng.random() < 0.06), 0.9
    return [{"code": code, "severity": str(_severity(mild, rng))} for code in sorted(rng.sample(codes, most))]


def _severity(mild: float, rng: Random) -> Severity:
    drawn = rng.random()
    if drawn < mild:
        return Severity.MILD
    return Severity.MODERATE if drawn < mild + 0.85 * (1 - mild) else Severity.SEVERE


def _infusions(given: Given, patient: SimulatedPatient, rng: Random) -> Iterator[Infusion]:
    """Yield an infusion as recorded; sometimes a mistyped weight is corrected the next day."""
    hour = rng.choice((9.0, 9.5, 10.25, 11.0, 13.0, 13.75, 14.5))
    started = at(given.day, ELEVEN if patient.mornings else hour, patient.time_zone)
    stopped = rng.random() < 0.01
    ended = started + (14 if stopped else 40 + rng.choice((-1, 0, 0, 0, 2, 5))) * MINUTES
    weight = round(patient.weight_kg + rng.gauss(0, 0.7), 1)
    status = InfusionStatus.STOPPED if stopped else InfusionStatus.COMPLETED
    dose = round(DOSE_MG_PER_KG * weight * (0.35 if stopped else 1))
    key = uuid_from(rng)
    known = ended + 25 * MINUTES
    mistyped = rng.random() < 0.04
    if mistyped:
        typed = round(weight + 10, 1)
        yield _infusion(patient, key, 1, (started, ended), (dose, typed), (status, given.reason), known)
        known += timedelta(hours=20)
    version = 2 if mistyped else 1
    yield _infusion(patient, key, version, (started, ended), (dose, weight), (status, given.reason), known)


def _booked(course: Course, patient: SimulatedPatient, now: datetime, rng: Random) -> Infusion:
    """Return the next infusion, booked after the last one or at enrolment."""
    soon = now.astimezone(ZoneInfo(patient.time_zone)).date() + timedelta(days=patient.booked_in or 1)
    started = at(clinic_day(soon), rng.choice((9.5, 11.0, 13.5)), patient.time_zone)
    last = course.infusions[-1].day if course.infusions else course.enrolled
    known = min(at(last, 16.0, patient.time_zone), now)
    word = (InfusionStatus.SCHEDULED, InfusionReason.SCHEDULED)
    return _infusion(patient, uuid_from(rng), 1, (started, None), (None, None), word, known)


def _infusion(
    patient: SimulatedPatient,
    key: UUID,
    version: int,
    times: tuple[datetime, datetime | None],
    dose: tuple[float | None, float | None],
    word: tuple[InfusionStatus, InfusionReason],
    known_from: datetime,
) -> Infusion:
    given = word[0] in GIVEN
    return Infusion(
        clinic_id=patient.clinic_id,
        patient_id=patient.patient_id,
        id=key,
        version=version,
        started_at=times[0],
        ended_at=times[1],
        time_zone=patient.time_zone,
        local_date=times[0].astimezone(ZoneInfo(patient.time_zone)).date(),
        dose_mg=dose[0],
        weight_kg=dose[1],
        route=ROUTE,
        status=word[0],
        reason=word[1],
        dose_limits_exceeded=[],
        lot_number=LOT_NUMBER if given else None,
        wasted_mg=max(VIAL_MG - dose[0], 0.0) if given and dose[0] is not None else None,
        performer_account_id=patient.clinician_id if given else None,
        witness_name=WITNESS if given else None,
        overridden_holds=[],
        removed=False,
        recorded_by=patient.clinician_id,
        known_from=known_from,
        known_until=None,
    )
