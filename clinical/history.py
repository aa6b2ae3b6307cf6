"""All data of one patient that an outlook is computed from, as known at one instant."""

from __future__ import annotations

from dataclasses import dataclass

from clinical.baseline import AssessedBaseline
from clinical.check_in import Reading
from clinical.custom_instrument import CustomInstrument, CustomInstruments
from clinical.events import DatedEvent
from clinical.half_benefit_recall import HalfBenefitRecall
from clinical.infusion import GivenInfusion
from clinical.protocol import Protocol
from clinical.score import Score
from clinical.target_measure import TargetMeasure
from clinical.treatment_course import RecordedReview, TreatmentCourse


@dataclass(frozen=True, slots=True)
class History:
    """A patient's readings, given infusions and scores, each in order of day, and the plan in force.

    At most one reading a day, and one score a day and instrument; two infusions may share a day. Days after
    "today" may be present; a function of today must ignore them. `baseline` is the clinician-rated baseline,
    None without one. `courses` are the recorded treatment courses in order of `began_on`, empty where nobody
    recorded any; `clinical.current_course` restricts a history to one of them, and only then are
    `earlier_courses` set: the histories of the courses before it, in order. `reviews` are the recorded
    response reviews in order of day; what they add to a series is in the plan already
    (`clinical.response_review.with_extensions`). `target_measure` is what the outlook is computed from,
    and `target_baseline` the usual answer to it before treatment, as a clinician judges it, where it is an
    optional rating; both are those of the course once the history is restricted to one. `custom_instruments`
    are those of the clinic, where the patient has a total of one. `half_benefit_recalls` are in
    order of day, and so are `events`, the changes of medication.
    """

    readings: tuple[Reading, ...]
    infusions: tuple[GivenInfusion, ...]
    protocol: Protocol
    scores: tuple[Score, ...] = ()
    baseline: AssessedBaseline | None = None
    courses: tuple[TreatmentCourse, ...] = ()
    earlier_courses: tuple[History, ...] = ()
    reviews: tuple[RecordedReview, ...] = ()
    target_measure: TargetMeasure = TargetMeasure.WELLBEING
    target_baseline: int | None = None
    custom_instruments: tuple[CustomInstrument, ...] = ()
    half_benefit_recalls: tuple[HalfBenefitRecall, ...] = ()
    events: tuple[DatedEvent, ...] = ()

    @property
    def custom(self) -> CustomInstruments:
        """The clinic's own instruments by code."""
        return {each.code: each for each in self.custom_instruments}
