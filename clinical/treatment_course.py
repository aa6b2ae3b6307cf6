"""Treatment courses: the first one, one after a long break, one that began in another clinic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from clinical.baseline import AssessedBaseline
from clinical.target_measure import TargetMeasure


class CourseKind(StrEnum):
    """Kind of a treatment course; `transferred_in` began in another clinic."""

    INITIAL = "initial"
    RE_INDUCTION = "re_induction"
    TRANSFERRED_IN = "transferred_in"


class EndReason(StrEnum):
    """Why a course ended."""

    COMPLETED = "completed"
    NO_BENEFIT = "no_benefit"
    SIDE_EFFECTS = "side_effects"
    PATIENT_DECISION = "patient_decision"
    DROPPED_OUT = "dropped_out"
    TRANSFERRED_OUT = "transferred_out"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class EarlierTreatment:
    """What is known of the infusions that another clinic gave in this course.

    They count towards induction, without readings. `first_infusion_on` and `last_infusion_on` are None where
    they are not known.
    """

    infusion_count: int
    first_infusion_on: date | None = None
    last_infusion_on: date | None = None


@dataclass(frozen=True, slots=True)
class TreatmentCourse:
    """One treatment course; `number` counts a patient's courses from 1, in order of `began_on`.

    `began_on` is the day of its first infusion here, or the day planned for it. `induction_infusion_count`
    and `induction_days` override the plan's. `baseline` is the clinician-rated baseline of this course,
    `consultation_version` the version of the consultation it rests on. `target_measure` is what the outlook
    of the course is computed from, `target_baseline` the usual answer to it before treatment where it is a
    rating. `id` is None for a course that nobody recorded: the infusions before the first recorded one.
    """

    id: UUID | None
    number: int
    kind: CourseKind
    began_on: date
    ended_on: date | None = None
    end_reason: EndReason | None = None
    induction_infusion_count: int | None = None
    induction_days: int | None = None
    earlier: EarlierTreatment | None = None
    baseline: AssessedBaseline | None = None
    consultation_version: int | None = None
    target_measure: TargetMeasure = TargetMeasure.WELLBEING
    target_baseline: int | None = None


class ReviewDecision(StrEnum):
    """What a clinician decided in a response review, after the last infusion of a series."""

    CONTINUE_MAINTENANCE = "continue_maintenance"
    EXTEND = "extend"
    STOP = "stop"
    REFER = "refer"


@dataclass(frozen=True, slots=True)
class RecordedReview:
    """A response review that a clinician recorded; infusions are added to the series by `extend` only."""

    reviewed_on: date
    decision: ReviewDecision
    additional_infusion_count: int = 0


@dataclass(frozen=True, slots=True)
class ProposedCourse:
    """A new course that a long interval suggests; a clinician opens it, or does not.

    `after_days` is the length of the interval and `last_infusion_on` the infusion before it; `began_on` is
    the infusion that ended it, None while none has. `after_end` is whether an infusion after the course's end
    suggests it, rather than the length of the interval.
    """

    kind: CourseKind
    after_days: int
    last_infusion_on: date
    began_on: date | None
    after_end: bool = False
