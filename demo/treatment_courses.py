"""Treatment courses of the demo clinic's patients who have more than one, or came from another clinic.

And the response reviews that are recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid5

from clinical import local_day
from clinical.target_measure import TargetMeasure
from clinical.treatment_course import CourseKind, EndReason, ReviewDecision
from demo.courses import Course, Profile
from demo.records import DAY_START_HOUR, SimulatedPatient, at
from models.response_reviews import ResponseReview
from models.treatment_courses import TreatmentCourse

AT_NINE: Final = 9.0


def rows(
    before: Course | None, last: Course, profile: Profile, patient: SimulatedPatient, now: datetime
) -> Iterator[TreatmentCourse | ResponseReview]:
    """Yield the recorded courses, of most patients begun here none, and the response review."""
    if before is not None:
        yield from _of_returned(before, last, patient)
    if last.elsewhere:
        yield _of_transferred(last, profile, patient, now)
    if profile.intrusive_thoughts:
        yield _course(
            patient,
            (CourseKind.INITIAL, last.infusions[0].day),
            at(last.enrolled, AT_NINE, patient.time_zone),
            target_measure=str(TargetMeasure.INTRUSIVE_THOUGHTS),
        )
    if profile.reviewed_ago is not None:
        yield _review(patient, now - timedelta(days=profile.reviewed_ago))


def _review(patient: SimulatedPatient, reviewed: datetime) -> ResponseReview:
    """Return the review of a patient who goes on to maintenance."""
    day = local_day.today(reviewed, patient.time_zone, DAY_START_HOUR)
    return ResponseReview(
        clinic_id=patient.clinic_id,
        patient_id=patient.patient_id,
        id=uuid5(patient.patient_id, f"review {day}"),
        version=1,
        reviewed_on=day,
        decision=str(ReviewDecision.CONTINUE_MAINTENANCE),
        additional_infusion_count=None,
        note=None,
        removed=False,
        recorded_by=patient.clinician_id,
        known_from=reviewed,
        known_until=None,
    )


def _of_returned(first: Course, second: Course, patient: SimulatedPatient) -> Iterator[TreatmentCourse]:
    """Yield the two courses of a patient who came back."""
    ended = first.answers[-1].day
    began = second.infusions[0].day
    yield _course(
        patient,
        (CourseKind.INITIAL, first.infusions[0].day),
        at(ended, AT_NINE, patient.time_zone),
        ended_on=ended,
        end_reason=str(EndReason.COMPLETED),
    )
    yield _course(patient, (CourseKind.RE_INDUCTION, began), at(began, AT_NINE, patient.time_zone))


def _of_transferred(
    found: Course, profile: Profile, patient: SimulatedPatient, now: datetime
) -> TreatmentCourse:
    """Return the course of a patient whom another clinic treated first."""
    last = found.elsewhere[-1].day
    return _course(
        patient,
        (CourseKind.TRANSFERRED_IN, last + timedelta(days=1)),
        min(at(found.enrolled, AT_NINE, patient.time_zone), now),
        earlier_infusion_count=len(found.elsewhere),
        earlier_first_infusion_on=found.elsewhere[0].day,
        earlier_last_infusion_on=last,
        baseline_assessed_on=found.enrolled,
        baseline_mood=round(profile.level),
        baseline_anxiety=round(profile.worry),
    )


def _course(
    patient: SimulatedPatient, begun: tuple[CourseKind, date], known_from: datetime, **known: Any
) -> TreatmentCourse:
    kind, began_on = begun
    return TreatmentCourse(
        clinic_id=patient.clinic_id,
        patient_id=patient.patient_id,
        id=uuid5(patient.patient_id, f"course {began_on}"),
        version=1,
        kind=str(kind),
        began_on=began_on,
        removed=False,
        recorded_by=patient.clinician_id,
        known_from=known_from,
        known_until=None,
        **known,
    )
