"""Simulated consultations, and infusion sessions of a few patients; the clinic's limits are invented too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any, Final
from uuid import UUID

from clinical.infusion import GIVEN
from clinical.suitability import CHECKLIST, Decision
from demo.ids import uuid_from
from demo.records import SimulatedPatient
from models.consultations import Consultation
from models.infusion_sessions import (
    DischargeCheck,
    InfusionSession,
    SessionSettings,
    VitalSigns,
)
from models.infusions import Infusion

AWAY, SEEN_BEFORE = timedelta(days=180), timedelta(days=3)

SESSION_PATIENTS: Final = 8
"""Number of patients with recorded sessions: the one with a login, and some in induction."""

INDICATIONS: Final = ("major_depression", "major_depression", "generalised_anxiety")
"""Indications of the patients, in turn; all have a consultation."""

REASONS: Final = {
    Decision.SUITABLE: "Reviewed with the treating physician; watched at each infusion.",
    Decision.NOT_SUITABLE: "Blood pressure not controlled: to be treated first.",
}

SYSTOLIC_HIGH: Final = 150
"""The demo clinic's own limit, invented."""

SYSTOLIC_LOW: Final = 90
RESPIRATORY_RATE_LOW: Final = 10
SEDATION_LOW: Final = 3
MAX_DOSE_MG_PER_KG: Final = 1.0
"""More of the demo clinic's own limits, invented."""

ALERT: Final = 5
SEDATED_UNTIL: Final = 60
"""Minutes after the start until which a patient may be drowsy."""

READINGS: Final = ((-20, 0.0), (10, 0.5), (20, 0.8), (30, 1.0), (40, 1.0), (60, 0.5), (90, 0.1))
"""Minutes after the start, and the share of the peak rise in blood pressure at that time."""

Recorded = Consultation | InfusionSession | VitalSigns | DischargeCheck
MINUTES: Final = timedelta(minutes=1)
OVER_AFTER: Final = timedelta(minutes=200)
"""Time after the start at which the patient has left and the session is recorded."""


def settings(clinic_id: UUID, admin_id: UUID, opened: datetime) -> SessionSettings:
    """Return the demo clinic's session settings."""
    return SessionSettings(
        clinic_id=clinic_id,
        version=1,
        minimum_monitoring_minutes=120,
        systolic_hold=140,
        diastolic_hold=90,
        systolic_high=SYSTOLIC_HIGH,
        systolic_low=SYSTOLIC_LOW,
        respiratory_rate_low=RESPIRATORY_RATE_LOW,
        sedation_score_low=SEDATION_LOW,
        max_dose_mg_per_kg=MAX_DOSE_MG_PER_KG,
        max_infusions_in_30_days=8,
        shortest_interval_days=14,
        recorded_by=admin_id,
        known_from=opened,
        known_until=None,
    )


def rows(
    number: int, patient: SimulatedPatient, known: Iterable[object], enrolled: datetime, now: datetime
) -> Iterator[Recorded]:
    """Yield one patient's consultation, and for a few patients a session for each infusion given."""
    known = list(known)
    again = _consulted_again(known)
    first = _consultation(number, patient, enrolled)
    if again is not None:
        first.known_until = again
        second = _consultation(number, patient, again)
        second.version = 2
        yield second
    yield first
    if number >= SESSION_PATIENTS:
        return
    rng = Random(f"sessions {number}")  # noqa: S311  simulated data
    for row in known:
        if not isinstance(row, Infusion) or row.known_until is not None or row.status not in GIVEN:
            continue
        written = max(row.known_from, row.started_at + OVER_AFTER)
        if written <= now:
            yield from _session(row, patient, written, rng)


def _consulted_again(known: Iterable[object]) -> datetime | None:
    """Return when a patient who was away for long was seen again, days before the next course."""
    starts = sorted(row.started_at for row in known if isinstance(row, Infusion))
    after = (later for earlier, later in pairwise(starts) if later - earlier > AWAY)
    back = next(after, None)
    return None if back is None else back - SEEN_BEFORE


def _consultation(number: int, patient: SimulatedPatient, enrolled: datetime) -> Consultation:
    day, by = enrolled.date(), str(patient.clinician_id)
    yes = CHECKLIST[(number + 3) % len(CHECKLIST)].code
    answers = [
        {"question": each.code, "answer": "yes" if each.code == yes else "no"}
        | {"answered_on": str(day), "answered_by": by}
        for each in sorted(CHECKLIST, key=lambda each: each.code)
    ]
    return Consultation(
        clinic_id=patient.clinic_id,
        patient_id=patient.patient_id,
        version=1,
        seen_on=day,
        answers=answers,
        indication="ocd" if patient.intrusive_thoughts else INDICATIONS[number % len(INDICATIONS)],
        decision=str(patient.decision),
        reasons=REASONS[patient.decision],
        decided_by=patient.clinician_id,
        decided_at=enrolled,
        consent_given_on=day,
        consent_recorded_by=patient.clinician_id,
        recorded_by=patient.clinician_id,
        known_from=enrolled,
        known_until=None,
    )


def _session(
    given: Infusion, patient: SimulatedPatient, written: datetime, rng: Random
) -> Iterator[Recorded]:
    systolic, diastolic = round(rng.gauss(124, 8)), round(rng.gauss(78, 5))
    start = given.started_at
    onset = start + rng.randint(8, 20) * MINUTES
    effect = {"onset_at": onset.isoformat(), "ended_at": (onset + 45 * MINUTES).isoformat()}
    above = [{"limit": "systolic_hold", "value": systolic, "set_at": 140}] if systolic > 140 else []
    yield InfusionSession(
        **_of(given),
        version=1,
        arrived_at=start - 35 * MINUTES,
        systolic=systolic,
        diastolic=diastolic,
        fasting="yes",
        escort="yes",
        urinary_symptoms="no",
        medication_changed="no",
        safety_asked="yes",
        above_hold=above,
        rate_changes=[],
        side_effects=[{"code": "dissociation", "severity": "moderate", **effect}],
        interventions=[],
        dissociation_scale="cadss-6",
        dissociation_total=rng.randint(2, 14),
        dissociation_at=start + 40 * MINUTES,
        recorded_by=patient.clinician_id,
        known_from=written,
        known_until=None,
    )
    rise = rng.gauss(18, 9)
    for minutes, share in READINGS:
        yield _reading(
            given, patient, (written, minutes), rng, (systolic + rise * share, diastolic + rise * share / 2)
        )
    yield DischargeCheck(
        **_of(given),
        version=1,
        left_at=start + rng.randint(160, 190) * MINUTES,
        accompanied_by="companion",
        oriented="yes",
        steady_gait="yes",
        blood_pressure_near_start="yes",
        nausea_controlled="yes",
        safety_asked="yes",
        minimum_monitoring_minutes=120,
        recorded_by=patient.clinician_id,
        known_from=written,
        known_until=None,
    )


def _reading(
    given: Infusion,
    patient: SimulatedPatient,
    when: tuple[datetime, int],
    rng: Random,
    pressure: tuple[float, float],
) -> VitalSigns:
    systolic, diastolic = round(pressure[0] + rng.gauss(0, 3)), round(pressure[1] + rng.gauss(0, 2))
    # A generator of its own, so that these do not change the other numbers.
    watching = Random(f"watching {given.id} {when[1]}")  # noqa: S311  simulated data
    exceeded = [{"limit": "systolic_high", "value": systolic, "set_at": SYSTOLIC_HIGH}]
    return VitalSigns(
        **_of(given),
        id=uuid_from(rng),
        measured_at=given.started_at + when[1] * MINUTES,
        heart_rate=round(rng.gauss(78, 6)),
        systolic=systolic,
        diastolic=min(diastolic, systolic - 20),
        spo2=rng.randint(95, 99),
        respiratory_rate=watching.randint(12, 18),
        sedation_score=ALERT if when[1] < 0 or when[1] > SEDATED_UNTIL else watching.choice((4, 4, 5)),
        source="hand",
        limits_exceeded=exceeded if systolic > SYSTOLIC_HIGH else [],
        recorded_by=patient.clinician_id,
        received_at=when[0],
        marked_in_error_at=None,
        marked_in_error_by=None,
    )


def _of(given: Infusion) -> dict[str, Any]:
    return {"clinic_id": given.clinic_id, "patient_id": given.patient_id, "infusion_id": given.id}
