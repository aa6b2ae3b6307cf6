"""Simulated answers to the recall question, of some of the demo clinic's patients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from math import exp
from random import Random
from typing import Final

from clinical.half_benefit_recall import RecallAnswer
from clinical.infusion import GIVEN, GivenInfusion
from clinical.protocol import Protocol
from clinical.questions import recall_is_about
from demo.courses import Course, Profile
from demo.records import SimulatedPatient
from models.half_benefit_recalls import HalfBenefitRecall
from models.infusions import Infusion

EVERY: Final = 2
"""One patient in so many is asked, none who is an example of something else."""

UNABLE_SHARE: Final = 0.1
"""Share of the answers that are "I can't say"."""

ERROR: Final = 0.25
"""Standard deviation of the logarithm of the days that are recalled. Invented."""

ASKED_BEFORE: Final = timedelta(minutes=25)
"""How long before the infusion it is asked."""


def rows(
    number: int,
    patient: SimulatedPatient,
    profile: Profile,
    found: tuple[Course, Protocol],
    known: Iterable[object],
) -> Iterator[HalfBenefitRecall]:
    """Yield an answer at each infusion of maintenance, by what was simulated of the one before it.

    `found` is the patient's course with its plan; not of the patient with a login, number 0.
    """
    course, plan = found
    if number % EVERY == 0 or profile.label is not None:
        return
    infusions = tuple(GivenInfusion(given.day) for given in course.infusions)
    for row in known:
        if not isinstance(row, Infusion) or row.known_until is not None or row.status not in GIVEN:
            continue
        about = recall_is_about(plan, infusions, row.local_date)
        if about is not None:
            rng = Random(f"recall {number} {row.local_date}")  # noqa: S311  simulated data
            days = _recalled(course, about, row.local_date, rng)
            yield _answer(row, patient, days, rng)


def _recalled(course: Course, about: date, day: date, rng: Random) -> int | None:
    """Return the days that somebody recalls until half of an infusion's benefit was gone; None: not gone."""
    gone = (answer.day for answer in course.answers if about < answer.day < day and answer.left <= 1 / 2)
    first = min(gone, default=None)
    if first is None:
        return None
    recalled = max(round((first - about).days * exp(rng.gauss(0, ERROR))), 1)
    return recalled if recalled <= (day - about).days else None


def _answer(
    asked_at: Infusion, patient: SimulatedPatient, days: int | None, rng: Random
) -> HalfBenefitRecall:
    answer = RecallAnswer.NOT_GONE if days is None else RecallAnswer.DAYS
    if rng.random() < UNABLE_SHARE:
        answer, days = RecallAnswer("cannot_say"), None
    answered_at = asked_at.started_at - ASKED_BEFORE
    return HalfBenefitRecall(
        clinic_id=patient.clinic_id,
        patient_id=patient.patient_id,
        infusion_id=asked_at.id,
        version=1,
        answer=str(answer),
        days=days,
        answered_at=answered_at,
        removed=False,
        recorded_by=patient.account_id,
        known_from=answered_at,
        known_until=None,
    )
