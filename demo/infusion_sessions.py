"""What consultations and a few patients' sessions looked like; all made up, the clinic's limits too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from clinical.infusion import GIVEN
from clinical.suitability import CHECKLIST
from demo.records import Habits, uuid_from
from models.consultations import Consultation
from models.infusion_sessions import (
    DischargeCheck,
    InfusionSession,
    SessionSettings,
    VitalSigns,
)
from models.infusions import Infusion

RECORDED: Final = 8
"""So many patients have sessions with their infusions: the one who signs in, and some of those who begin."""

INDICATIONS: Final = ("major_depression", "major_depression", "generalised_anxiety")
"""What the patients are treated for, in turn; all have a consultation."""

SYSTOLIC_HIGH: Final = 150
"""The demo clinic's own limit, made up like everything else of it."""

READINGS: Final = ((-20, 0.0), (10, 0.5), (20, 0.8), (30, 1.0), (40, 1.0), (60, 0.5), (90, 0.1))
"""Minutes after the start, and the share of the highest rise by then."""

Recorded = Consultation | InfusionSession | VitalSigns | DischargeCheck
MINUTES: Final = timedelta(minutes=1)
OVER_AFTER: Final = timedelta(minutes=200)
"""By then everybody has left, and what happened is written down."""


def settings(clinic_id: UUID, admin_id: UUID, opened: datetime) -> SessionSettings:
    """What the demo clinic set for its sessions."""
    return SessionSettings(
        clinic_id=clinic_id,
        version=1,
        minimum_monitoring_minutes=120,
        systolic_hold=140,
        diastolic_hold=90,
        systolic_high=SYSTOLIC_HIGH,
        max_infusions_in_30_days=8,
        shortest_interval_days=14,
        recorded_by=admin_id,
        known_from=opened,
        known_until=None,
    )


def rows(
    number: int, habits: Habits, known: Iterable[object], enrolled: datetime, now: datetime
) -> Iterator[Recorded]:
    """One patient's consultation, and for a few a session around each infusion given."""
    yield _consultation(number, habits, enrolled)
    if number >= RECORDED:
        return
    chance = Random(f"sessions {number}")  # noqa: S311  made-up data, the same every time
    for row in known:
        if not isinstance(row, Infusion) or row.known_until is not None or row.status not in GIVEN:
            continue
        written = max(row.known_from, row.started_at + OVER_AFTER)
        if written <= now:
            yield from _session(row, habits, written, chance)


def _consultation(number: int, habits: Habits, enrolled: datetime) -> Consultation:
    day, by = enrolled.date(), str(habits.clinician_id)
    yes = CHECKLIST[(number + 3) % len(CHECKLIST)].code
    answers = [
        {"question": each.code, "answer": "yes" if each.code == yes else "no"}
        | {"answered_on": str(day), "answered_by": by}
        for each in sorted(CHECKLIST, key=lambda each: each.code)
    ]
    return Consultation(
        clinic_id=habits.clinic_id,
        patient_id=habits.patient_id,
        version=1,
        seen_on=day,
        answers=answers,
        indication=INDICATIONS[number % len(INDICATIONS)],
        decision="suitable",
        reasons="Reviewed with the treating physician; watched at each infusion.",
        decided_by=habits.clinician_id,
        decided_at=enrolled,
        consent_given_on=day,
        consent_recorded_by=habits.clinician_id,
        recorded_by=habits.clinician_id,
        known_from=enrolled,
        known_until=None,
    )


def _session(given: Infusion, habits: Habits, written: datetime, chance: Random) -> Iterator[Recorded]:
    systolic, diastolic = round(chance.gauss(124, 8)), round(chance.gauss(78, 5))
    start = given.started_at
    onset = start + chance.randint(8, 20) * MINUTES
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
        dissociation_total=chance.randint(2, 14),
        dissociation_at=start + 40 * MINUTES,
        recorded_by=habits.clinician_id,
        known_from=written,
        known_until=None,
    )
    rise = chance.gauss(18, 9)
    for minutes, share in READINGS:
        yield _reading(
            given, habits, (written, minutes), chance, (systolic + rise * share, diastolic + rise * share / 2)
        )
    yield DischargeCheck(
        **_of(given),
        version=1,
        left_at=start + chance.randint(160, 190) * MINUTES,
        accompanied_by="companion",
        oriented="yes",
        steady_gait="yes",
        blood_pressure_near_start="yes",
        nausea_controlled="yes",
        safety_asked="yes",
        minimum_monitoring_minutes=120,
        recorded_by=habits.clinician_id,
        known_from=written,
        known_until=None,
    )


def _reading(
    given: Infusion,
    habits: Habits,
    when: tuple[datetime, int],
    chance: Random,
    pressure: tuple[float, float],
) -> VitalSigns:
    systolic, diastolic = round(pressure[0] + chance.gauss(0, 3)), round(pressure[1] + chance.gauss(0, 2))
    exceeded = [{"limit": "systolic_high", "value": systolic, "set_at": SYSTOLIC_HIGH}]
    return VitalSigns(
        **_of(given),
        id=uuid_from(chance),
        measured_at=given.started_at + when[1] * MINUTES,
        heart_rate=round(chance.gauss(78, 6)),
        systolic=systolic,
        diastolic=min(diastolic, systolic - 20),
        spo2=chance.randint(95, 99),
        source="hand",
        limits_exceeded=exceeded if systolic > SYSTOLIC_HIGH else [],
        recorded_by=habits.clinician_id,
        received_at=when[0],
        marked_in_error_at=None,
        marked_in_error_by=None,
    )


def _of(given: Infusion) -> dict[str, Any]:
    return {"clinic_id": given.clinic_id, "patient_id": given.patient_id, "infusion_id": given.id}
