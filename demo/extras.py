"""Daily ratings, events and costs of some of the demo clinic's patients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from clinical.check_in import SCALE_MAX, SCALE_MIN
from clinical.daily_ratings import OF_CODE
from clinical.direction import Direction
from clinical.events import EventKind, Visibility
from clinical.infusion import GIVEN
from demo.records import Habits, at, uuid_from
from models.check_ins import CheckIn
from models.costs import InfusionCost
from models.daily_ratings import EnabledRatings
from models.events import Event
from models.infusions import Infusion
from services.costs.arithmetic import Coverage

EVERY: Final = 10
"""Every so many patients, the one who signs in among them, has all of this."""

ASKED: Final = (("rumination", "sleep"), ("craving", "energy"), ("intrusive_thoughts", "focus"))
PRICE: Final = 65000
"""650.00 USD, invented, within the range that newspapers report for the United States."""

COVERED: Final = 25000
TOLD: Final = (
    (5, EventKind.PSYCHOTHERAPY, "A session to make sense of the infusion."),
    (12, EventKind.LIFE_EVENT, "A new job."),
    (20, EventKind.MEDICATION_CHANGE, "Sertraline from 50 to 75 mg."),
    (33, EventKind.ANNOTATION, "Sleeps in the afternoon; to be asked about."),
)
"""Days after the first infusion, and the event of each."""

URGENT_DAYS_AGO: Final = (6, 7, 8)


def asked(number: int) -> list[str]:
    """The extra ratings that a patient is asked, by the patient's number; none for most."""
    return [] if number % EVERY else sorted(ASKED[number // EVERY % len(ASKED)])


def with_urinary_symptoms(known: Iterable[object], today: date) -> None:
    """Report urinary symptoms on a few days of last week: a reason to hold."""
    days = {today - timedelta(days=ago) for ago in URGENT_DAYS_AGO}
    for row in known:
        if isinstance(row, CheckIn) and row.local_date in days:
            row.side_effects = [*(row.side_effects or []), {"code": "urgent_urination", "severity": "mild"}]


def with_ratings(number: int, known: Iterable[object]) -> None:
    """Let those who are asked answer on each day that they answer at all, near to their mood."""
    codes = asked(number)
    for row in known:
        if codes and isinstance(row, CheckIn):
            chance = Random(f"ratings {number} {row.local_date}")  # noqa: S311  made-up data, always the same
            row.ratings = {code: _near(code, row.mood, chance) for code in codes}


def rows(
    number: int, habits: Habits, known: Iterable[object], now: datetime
) -> Iterator[EnabledRatings | Event | InfusionCost]:
    """What the patient is asked, the events of the course so far, and a price for every infusion given."""
    given = [row for row in known if isinstance(row, Infusion) and row.known_until is None]
    given = sorted((row for row in given if row.status in GIVEN), key=lambda row: row.started_at)
    if number % EVERY or not given:
        return
    first = given[0].local_date
    who = {"clinic_id": habits.clinic_id, "patient_id": habits.patient_id, "recorded_by": habits.clinician_id}
    since = given[0].known_from
    yield EnabledRatings(**who, version=1, codes=asked(number), known_from=since, known_until=None)
    chance = Random(f"around {number}")  # noqa: S311  as above
    for days, kind, note in TOLD:
        day = first + timedelta(days=days)
        event = _event(who, habits, day, kind, note, chance)
        if event.known_from <= now:
            yield event
    reimbursed = number % (2 * EVERY) == 0
    for row in given:
        yield InfusionCost(
            **who,
            infusion_id=row.id,
            version=1,
            currency="USD",
            price=PRICE,
            coverage=str(Coverage.REIMBURSED if reimbursed else Coverage.NONE),
            covered=COVERED if reimbursed else 0,
            removed=False,
            known_from=row.known_from,
            known_until=None,
        )


def _near(code: str, mood: int, chance: Random) -> int:
    like = mood if OF_CODE[code].direction is Direction.HIGHER_IS_BETTER else SCALE_MAX - mood
    return min(max(round(like + chance.gauss(0, 1.2)), SCALE_MIN), SCALE_MAX)


def _event(
    who: Mapping[str, UUID], habits: Habits, day: date, kind: EventKind, note: str, chance: Random
) -> Event:
    hidden = kind is EventKind.ANNOTATION
    return Event(
        **who,
        id=uuid_from(chance),
        version=1,
        local_date=day,
        kind=str(kind),
        note=note,
        visibility=str(Visibility.STAFF if hidden else Visibility.PATIENT),
        reported_by="clinician",
        removed=False,
        known_from=at(day, 18.0, habits.time_zone),
        known_until=None,
    )
