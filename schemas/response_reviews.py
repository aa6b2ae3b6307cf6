"""Response reviews: as sent, as stored, and what the present one rests on."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_dump, validates_schema

from clinical.outlook import Status
from clinical.protocol import MAX_INDUCTION_INFUSIONS
from clinical.sentences import Sentence
from clinical.target_measure import TargetMeasure
from clinical.treatment_course import ReviewDecision
from clinical.trend import Measure
from schemas.base import (
    KNOWN_FROM,
    KNOWN_UNTIL,
    RECORDED_BY,
    REMOVED,
    Choice,
    Count,
    Instant,
    InstrumentCode,
    LocalDate,
    OmitNone,
    Strict,
    Text,
    TextDate,
    Version,
    WholeNumber,
    about,
)
from schemas.outlooks import RATINGS, STATUS, EstimateSchema
from schemas.questionnaires.courses import ComparedTotalSchema
from schemas.safety import PersonSchema
from schemas.summaries import AverageSchema

NOTE_LENGTH = 4000
"""Longest note, characters. Operational."""
ID = "Id of the review, made by the client that created it."
REVIEWED_ON = "Day of the review."
DECISION = (
    "What follows. continue_maintenance: go on as the plan says. extend: more infusions of this series, by "
    "additional_infusion_count. stop: no further infusion; end the course where it is recorded. refer: to "
    "somebody else."
)
ADDED = (
    "Number of infusions that extend adds to this series; for extend, and for no other decision. The series "
    "of the course that holds reviewed_on is planned longer by them, at its pace."
)
NOTE = "The clinician's own words."


class NewResponseReviewSchema(Strict):
    """A response review, whole.

    Source: the clinician's decision, within the bounds of clinical/protocol.py. Changed by: a clinician, `PUT
    /v1/patients/{id}/response-reviews/{review_id}`.
    """

    reviewed_on = LocalDate(required=True, metadata=about(REVIEWED_ON))
    decision = Choice(ReviewDecision, DECISION, error="unknown_decision", required=True)
    additional_infusion_count = WholeNumber(1, MAX_INDUCTION_INFUSIONS, metadata=about(ADDED))
    note = Text(NOTE_LENGTH, metadata=about(NOTE))

    @validates_schema
    def count_of_extension(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Require the count for `extend`, and reject it for every other decision."""
        given, extends = "additional_infusion_count" in data, data.get("decision") == ReviewDecision.EXTEND
        if extends and not given:
            raise ValidationError(
                Sentence("required: Send how many infusions are added."), "additional_infusion_count"
            )
        if given and not extends:
            raise ValidationError(
                Sentence("not_allowed: Only extend adds infusions."), "additional_infusion_count"
            )

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return the decision as its value; the view makes the draft."""
        return {**data, "decision": ReviewDecision(data["decision"])}


class _StoredReviewSchema(OmitNone):
    """The members that a review and its revisions have."""

    id = fields.UUID(required=True, attribute="row.id", metadata=about(ID))
    version = Version()
    reviewed_on = LocalDate(required=True, attribute="row.reviewed_on", metadata=about(REVIEWED_ON))
    decision = Choice(ReviewDecision, DECISION, required=True, attribute="row.decision")
    additional_infusion_count = fields.Integer(
        attribute="row.additional_infusion_count", metadata={"minimum": 1, "description": ADDED}
    )
    note = fields.String(attribute="row.note", metadata=about(NOTE))


class ResponseReviewSchema(_StoredReviewSchema):
    """A stored response review; what was not recorded is absent."""

    decided_by = fields.Nested(PersonSchema, metadata=about("The clinician who recorded this version."))
    decided_at = Instant(
        required=True, attribute="row.known_from", metadata=about("When the server received this version.")
    )


class ResponseReviewRevisionSchema(_StoredReviewSchema):
    """One revision of a response review."""

    known_from = Instant(required=True, attribute="row.known_from", metadata=about(KNOWN_FROM))
    known_until = Instant(attribute="row.known_until", metadata=about(KNOWN_UNTIL))
    recorded_by = fields.UUID(attribute="row.recorded_by", metadata=about(RECORDED_BY))
    removed = fields.Boolean(required=True, attribute="row.removed", metadata=about(REMOVED))


class ReviewedTotalSchema(ComparedTotalSchema):
    """A questionnaire's newest total since treatment began, compared with the one before."""

    instrument = InstrumentCode("Questionnaire, by its code.", required=True)

    @pre_dump
    def flatten(self, found: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return the total and its change in one object."""
        change = ("difference", "response", "remission", "reliable_change", "important_change")
        return {
            "instrument": found.instrument,
            "scored_on": found.on,
            "total": found.total,
            "scored_before_on": found.before_on,
            "total_before": found.before,
            "before_timing": found.before_timing,
        } | {name: getattr(found.change, name, None) for name in change}


class ReviewedRatingSchema(OmitNone):
    """A daily rating's mean now, and before treatment."""

    measure = Choice((*Measure, *RATINGS), "Daily rating.", required=True)
    last_7_days = fields.Nested(
        AverageSchema, required=True, attribute="now", metadata=about("The last 7 days, including today.")
    )
    baseline_period = fields.Nested(
        AverageSchema, required=True, attribute="before", metadata=about("The days before treatment.")
    )


class CurrentResponseReviewSchema(OmitNone):
    """What the response review of the current course rests on today, and whether it is due."""

    today = TextDate(required=True, metadata=about("Current day in the patient's time zone."))
    due = fields.Boolean(required=True, metadata=about("Whether a review is due and not recorded."))
    due_on = TextDate(
        attribute="state.due_on",
        metadata=about("Day from which the review is due; absent until the series is complete."),
    )
    series_last_infusion_on = TextDate(
        attribute="state.series_last_on",
        metadata=about("Day of the last infusion of the series; absent until it is complete."),
    )
    last_decision = Choice(
        ReviewDecision,
        "Decision of the review that was recorded since then; absent without one.",
        attribute="state.recorded.decision",
    )
    last_reviewed_on = TextDate(
        attribute="state.recorded.reviewed_on", metadata=about("Day of that review; absent without one.")
    )
    course_number = fields.Integer(
        required=True, metadata={"minimum": 1, "description": "Ordinal of the current course, from 1."}
    )
    infusions_given_count = Count("Number of days with an infusion in this course.", required=True)
    first_infusion_on = TextDate(metadata=about("Day of the course's first infusion; absent before it."))
    target_measure = Choice(TargetMeasure, "What gain_estimate is of.", required=True)
    status = Choice(Status, STATUS, required=True)
    no_benefit_since_on = TextDate(
        metadata=about("Day since which there is no benefit, or it is worse; absent with any other status.")
    )
    totals = fields.List(
        fields.Nested(ReviewedTotalSchema),
        required=True,
        metadata=about("Questionnaires answered since treatment began, by their codes."),
    )
    rating_averages = fields.List(
        fields.Nested(ReviewedRatingSchema),
        required=True,
        attribute="ratings",
        metadata=about("Daily ratings that were ever answered; none before treatment."),
    )
    gain_estimate = fields.Nested(
        EstimateSchema,
        attribute="gain",
        metadata=about(
            "Benefit of the last infusion with its 80 % range, in points of target_measure, 0 to 10, "
            "better than before treatment; higher is better. Absent without a forecast, and where the clinic "
            "shows none."
        ),
    )

    @pre_dump
    def with_due(self, found: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return the review with whether it is due, also while the series is not complete."""
        members = {field.name: getattr(found, field.name) for field in dataclass_fields(found)}
        return members | {"state": found.state, "due": found.state is not None and found.state.is_due}
