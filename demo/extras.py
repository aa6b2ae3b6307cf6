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
from clinical.target_measure import TargetMeasure
from demo.ids import uuid_from
from demo.records import SimulatedPatient, at
from models.check_ins import CheckIn
from models.costs import InfusionCost
from models.daily_ratings import EnabledRatings
from models.events import Event
from models.infusions import Infusion
from services.costs.arithmetic import Coverage

EVERY: Final = 10
"""One patient in so many has all of this, the one with a login included."""

RATINGS: Final = (("rumination", "sleep"), ("craving", "energy"), ("intrusive_thoughts", "focus"))
PRICE: Final = 65000
"""650.00 USD, invented, within the range reported for the United States."""

COVERED: Final = 25000
EVENTS: Final = (
    (5, EventKind.PSYCHOTHERAPY, "An integration session after the infusion."),
    (12, EventKind.LIFE_EVENT, "A new job."),
    (20, EventKind.MEDICATION_CHANGE, "Sertraline from 50 to 75 mg."),
    (33, EventKind.ANNOTATION, "Sleeps in the afternoon; to be asked about."),
)
"""Days after the first infusion, and the event of each."""

URGENT_DAYS_AGO: Final = (6, 7, 8)


def ratings_of(number: int) -> list[str]:
    """Return the codes of the optional ratings enabled for a patient; none for most."""
    return [] if number % EVERY else sorted(RATINGS[number // EVERY % len(RATINGS)])


def with_urinary_symptoms(known: Iterable[object], today: date) -> None:
    """Add urinary symptoms on a few days of last week: a reason to hold."""
    days = {today - timedelta(days=ago) for ago in URGENT_DAYS_AGO}
    for row in known:
        if isinstance(row, CheckIn) and row.local_date in days:
            row.side_effects = [*(row.side_effects or []), {"code": "urgent_urination", "severity": "mild"}]


def with_dizzy_mornings(known: Iterable[object]) -> None:
    """Add severe dizziness to the morning of the last infusion's day, before the infusion began."""
    rows = list(known)
    last = max(row.local_date for row in rows if isinstance(row, Infusion) and row.status in GIVEN)
    for row in rows:
        if isinstance(row, CheckIn) and row.local_date == last:
            row.side_effects = [{"code": "dizziness", "severity": "severe"}]


def with_ratings(number: int, known: Iterable[object]) -> None:
    """Add optional ratings near the mood on every day answered, where they are enabled."""
    codes = ratings_of(number)
    for row in known:
        if codes and isinstance(row, CheckIn):
            rng = Random(f"ratings {number} {row.local_date}")  # noqa: S311  simulated data
            row.ratings = {code: _near(code, row.mood, rng) for code in codes}


def rows(
    number: int, patient: SimulatedPatient, known: Iterable[object], now: datetime
) -> Iterator[EnabledRatings | Event | InfusionCost]:
    """Yield the enabled ratings, the events so far, and a price for every infusion given.

    Of a patient whose intrusive thoughts are timed, that rating alone.
    """
    given = [row for row in known if isinstance(row, Infusion) and row.known_until is None]
    given = sorted((row for row in given if row.status in GIVEN), key=lambda row: row.started_at)
    row_of = {
        "clinic_id": patient.clinic_id,
        "patient_id": patient.patient_id,
        "recorded_by": patient.clinician_id,
    }
    if patient.intrusive_thoughts:
        enrolled = min(row.known_from for row in known if isinstance(row, CheckIn))
        asked = [str(TargetMeasure.INTRUSIVE_THOUGHTS)]
        yield EnabledRatings(**row_of, version=1, codes=asked, known_from=enrolled, known_until=None)
    if number % EVERY or not given:
        return
    first = given[0].local_date
    since = given[0].known_from
    yield EnabledRatings(**row_of, version=1, codes=ratings_of(number), known_from=since, known_until=None)
    rng = Random(f"around {number}")  # noqa: S311  as above
    for days, kind, note in EVENTS:
        day = first + timedelta(days=days)
        event = _event(row_of, patient, day, kind, note, rng)
        if event.known_from <= now:
            yield event
    reimbursed = number % (2 * EVERY) == 0
    for row in given:
        yield InfusionCost(
            **row_of,
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


def _near(code: str, mood: int, rng: Random) -> int:
    like = mood if OF_CODE[code].direction is Direction.HIGHER_IS_BETTER else SCALE_MAX - mood
    return min(max(round(like + rng.gauss(0, 1.2)), SCALE_MIN), SCALE_MAX)


def _event(
    row_of: Mapping[str, UUID], patient: SimulatedPatient, day: date, kind: EventKind, note: str, rng: Random
) -> Event:
    hidden = kind is EventKind.ANNOTATION
    return Event(
        **row_of,
        id=uuid_from(rng),
        version=1,
        local_date=day,
        kind=str(kind),
        note=note,
        visibility=str(Visibility.STAFF if hidden else Visibility.PATIENT),
        reported_by="staff",
        removed=False,
        known_from=at(day, 18.0, patient.time_zone),
        known_until=None,
    )
