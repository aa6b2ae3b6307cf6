"""Treatment courses, as sent and as returned."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from clinical.check_in import SCALE_MAX, SCALE_MIN
from clinical.protocol import MAX_INDUCTION_DAYS, MAX_INDUCTION_INFUSIONS
from clinical.target_measure import TargetMeasure
from clinical.treatment_course import CourseKind, EarlierTreatment, EndReason
from schemas.base import (
    KNOWN_FROM,
    KNOWN_UNTIL,
    RECORDED_BY,
    REMOVED,
    Choice,
    Count,
    Instant,
    LocalDate,
    OmitNone,
    Rating,
    Strict,
    Version,
    WholeNumber,
    about,
)
from schemas.baselines import ANXIETY, MOOD, NewBaselineSchema

MAX_EARLIER_INFUSIONS = 500
"""Most infusions of another clinic. Operational."""
SCALE = {"minimum": SCALE_MIN, "maximum": SCALE_MAX}
KIND = (
    "Kind of the course. initial: the patient's first. re_induction: a new series after a long interval. "
    "transferred_in: another clinic began it."
)
BEGAN_ON = (
    "Day of the course's first infusion here, or the day planned for it. The course holds the infusions from "
    "this day up to the day before the next course."
)
ENDED_ON = "Day on which the course ended; absent: it has not."
END_REASON = "Why it ended; sent with ended_on, and never without."
COUNT = "Number of infusions of this course's induction; absent: as in the patient's plan."
DAYS = "Days within which this course's induction lies; absent: as in the patient's plan."
CONSULTATION = "Version of the patient's consultation that this course rests on."
TARGET_MEASURE = (
    "What the outlook of this course is computed from: wellbeing, or one optional daily rating, which the "
    "patient is then asked each day."
)
TARGET_BASELINE = (
    "Usual answer to the target measure before treatment, as a clinician judges it, on the scale of that "
    "rating; for answers that the patient did not give. Only where the target measure is an optional rating."
)
BASELINE = (
    "Clinician-rated baseline of this course. Absent: the patient's own rated baseline, if this course's "
    "first infusion is the first one after it."
)
ASSESSED_ON = "Day of the rating; not after the course's first infusion."
EARLIER = (
    "What is known of the infusions that the other clinic gave in this course; they count towards its "
    "induction. For transferred_in, and no other kind."
)
EARLIER_COUNT = "Number of infusions that the other clinic gave."
EARLIER_FIRST = "Day of the first infusion there; absent: not known."
EARLIER_LAST = "Day of the last infusion there; absent: not known."


class NewEarlierTreatmentSchema(Strict):
    """What another clinic gave in the same course.

    Source: plausibility only. Changed by: a clinician, `PUT /v1/patients/{id}/courses/{course_id}`.
    """

    infusion_count = WholeNumber(1, MAX_EARLIER_INFUSIONS, required=True, metadata=about(EARLIER_COUNT))
    first_infusion_on = LocalDate(metadata=about(EARLIER_FIRST))
    last_infusion_on = LocalDate(metadata=about(EARLIER_LAST))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> EarlierTreatment:
        """Return the value."""
        return EarlierTreatment(**data)


class NewTreatmentCourseSchema(Strict):
    """A treatment course, whole.

    Source: the patient's course, within the bounds of clinical/protocol.py. Changed by: a clinician, `PUT
    /v1/patients/{id}/courses/{course_id}`.
    """

    kind = Choice(CourseKind, KIND, error="unknown_kind", required=True)
    began_on = LocalDate(required=True, metadata=about(BEGAN_ON))
    ended_on = LocalDate(metadata=about(ENDED_ON))
    end_reason = Choice(EndReason, END_REASON, error="unknown_end_reason")
    induction_infusion_count = WholeNumber(1, MAX_INDUCTION_INFUSIONS, metadata=about(COUNT))
    induction_days = WholeNumber(1, MAX_INDUCTION_DAYS, metadata=about(DAYS))
    consultation_version = WholeNumber(1, metadata=about(CONSULTATION))
    target_measure = Choice(
        TargetMeasure,
        f"{TARGET_MEASURE} Absent: wellbeing.",
        error="unknown_measure",
        load_default=str(TargetMeasure.WELLBEING),
    )
    target_baseline = Rating(metadata=about(TARGET_BASELINE))
    baseline = fields.Nested(NewBaselineSchema, metadata=about(BASELINE))
    earlier_treatment = fields.Nested(NewEarlierTreatmentSchema, attribute="earlier", metadata=about(EARLIER))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the codes as their values; the view makes the draft."""
        data["kind"] = CourseKind(data["kind"])
        data["target_measure"] = TargetMeasure(data["target_measure"])
        if "end_reason" in data:
            data["end_reason"] = EndReason(data["end_reason"])
        return data


class CourseBaselineSchema(OmitNone):
    """A course's rated baseline; what was not rated is absent."""

    assessed_on = LocalDate(required=True, metadata=about(ASSESSED_ON))
    mood = fields.Integer(required=True, metadata=SCALE | about(MOOD))
    anxiety = fields.Integer(metadata=SCALE | about(ANXIETY))


class EarlierTreatmentSchema(OmitNone):
    """What another clinic gave in the same course; what is not known is absent."""

    infusion_count = Count(EARLIER_COUNT, required=True)
    first_infusion_on = LocalDate(metadata=about(EARLIER_FIRST))
    last_infusion_on = LocalDate(metadata=about(EARLIER_LAST))


class _StoredCourseSchema(OmitNone):
    """The members that a course and its revisions have."""

    id = fields.UUID(
        required=True,
        attribute="row.id",
        metadata=about("Id of the course, made by the client that created it."),
    )
    version = Version()
    kind = Choice(CourseKind, KIND, required=True, attribute="draft.kind")
    began_on = LocalDate(required=True, attribute="draft.began_on", metadata=about(BEGAN_ON))
    ended_on = LocalDate(attribute="draft.ended_on", metadata=about(ENDED_ON))
    end_reason = Choice(EndReason, END_REASON, attribute="draft.end_reason")
    induction_infusion_count = fields.Integer(
        attribute="draft.induction_infusion_count", metadata={"minimum": 1, "description": COUNT}
    )
    induction_days = fields.Integer(
        attribute="draft.induction_days", metadata={"minimum": 1, "description": DAYS}
    )
    consultation_version = fields.Integer(
        attribute="draft.consultation_version", metadata={"minimum": 1, "description": CONSULTATION}
    )
    target_measure = Choice(TargetMeasure, TARGET_MEASURE, required=True, attribute="draft.target_measure")
    target_baseline = fields.Integer(
        attribute="draft.target_baseline", metadata=SCALE | about(TARGET_BASELINE)
    )
    baseline = fields.Nested(CourseBaselineSchema, attribute="draft.baseline", metadata=about(BASELINE))
    earlier_treatment = fields.Nested(
        EarlierTreatmentSchema, attribute="draft.earlier", metadata=about(EARLIER)
    )


class TreatmentCourseSchema(_StoredCourseSchema):
    """A stored treatment course; what was not recorded is absent."""

    number = fields.Integer(
        required=True,
        metadata={
            "minimum": 1,
            "description": "Ordinal of the course among the patient's, from 1. Infusions before the first "
            "recorded course count as a course that nobody recorded.",
        },
    )


class TreatmentCourseRevisionSchema(_StoredCourseSchema):
    """One revision of a treatment course."""

    known_from = Instant(required=True, attribute="row.known_from", metadata=about(KNOWN_FROM))
    known_until = Instant(attribute="row.known_until", metadata=about(KNOWN_UNTIL))
    recorded_by = fields.UUID(attribute="row.recorded_by", metadata=about(RECORDED_BY))
    removed = fields.Boolean(required=True, attribute="row.removed", metadata=about(REMOVED))
