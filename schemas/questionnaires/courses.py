"""Totals of one questionnaire over a patient's course, for clinicians."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, pre_dump

from clinical.answer_timing import AnswerTiming
from clinical.baseline import BASELINE_DAYS
from clinical.direction import Direction
from clinical.instruments.change import ChangeVerdict
from schemas.base import DIRECTION, Choice, InstrumentCode, LocalDate, OmitNone, TextDate, about

ANSWERED = "Day on which the questionnaire was answered."


BEFORE_TIMING = (
    "Whether the total before treatment was answered before the infusion of its day began; unknown for one "
    "that was entered or imported, or without the infusion's start. Absent where its day had no infusion."
)


class BaselineTotalSchema(OmitNone):
    """The total before treatment."""

    local_date = LocalDate(required=True, attribute="day", metadata=about(ANSWERED))
    total = fields.Integer(required=True, metadata=about("The total, in points."))


class TotalOfCourseSchema(BaselineTotalSchema):
    """One total, compared with the one before treatment; what nothing was published for is absent."""

    band = fields.String(
        metadata=about("Band of the total: as published, or for a custom instrument as the clinic named it.")
    )
    difference = fields.Integer(
        metadata=about("Total less the total before treatment, in points; below 0 when it fell.")
    )
    response = fields.Boolean(metadata=about("Whether response_share of the total before treatment is lost."))
    remission = fields.Boolean(metadata=about("Whether the total is in the range of remission."))
    reliable_change = Choice(
        ChangeVerdict, "Whether the difference exceeds measurement error (RCI), and in which direction."
    )
    important_change = Choice(
        ChangeVerdict, "Whether the difference is one that patients notice (MIC), and in which direction."
    )

    @pre_dump
    def flatten(self, judged: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return the total and its change in one object."""
        members = {"day": judged.day, "total": judged.total, "band": judged.band}
        if judged.change is None:
            return members
        names = ("difference", "response", "remission", "reliable_change", "important_change")
        return members | {name: getattr(judged.change, name) for name in names}


class ComparedTotalSchema(OmitNone):
    """A questionnaire's newest total, compared with the one before treatment."""

    scored_on = TextDate(required=True, metadata=about("Day of the newest total."))
    total = fields.Integer(required=True, metadata=about("The newest total, in points."))
    scored_before_on = TextDate(metadata=about("Day of the total before treatment; absent without one."))
    total_before = fields.Integer(
        metadata=about("The total before treatment, in points; absent without one.")
    )
    infusion_day_timing = Choice(AnswerTiming, BEFORE_TIMING, attribute="before_timing")
    difference = fields.Integer(
        metadata=about("Total less the total before treatment, in points; below 0 when it fell.")
    )
    response = fields.Boolean(
        metadata=about(
            "Whether it is a response; absent where that cannot be judged by a published threshold."
        )
    )
    remission = fields.Boolean(
        metadata=about(
            "Whether it is remission; absent where that cannot be judged by a published threshold."
        )
    )
    reliable_change = Choice(ChangeVerdict, "Whether the difference exceeds measurement error, and how.")
    important_change = Choice(ChangeVerdict, "Whether the difference is one that patients notice, and how.")


class ProposedRelapseSchema(OmitNone):
    """A relapse by PHQ-9; the definition is a proposal and not a standard."""

    local_date = LocalDate(
        required=True, attribute="day", metadata=about("Day of the first total that meets the definition.")
    )
    confirmed_on = LocalDate(
        attribute="confirmed", metadata=about("Day of the total that confirms it; absent so far.")
    )


class ChangeThresholdsSchema(OmitNone):
    """Published thresholds by which totals are judged; what was not published is absent."""

    direction = Choice(Direction, DIRECTION, required=True)
    response_share = fields.Float(
        metadata=about("Share of the total before treatment that must be lost for a response, 0 to 1.")
    )
    remission_total = fields.Integer(metadata=about("Highest total in remission, in points."))
    reliable_change_points = fields.Float(
        metadata=about("Smallest reliable change, in points (reliable change index).")
    )
    important_change_points = fields.Float(
        metadata=about("Smallest change that patients notice, in points (minimal important change).")
    )
    citations = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        attribute="sources",
        metadata=about("Source of each threshold, by the name of its member here."),
    )


class TotalsCourseSchema(OmitNone):
    """Totals of one questionnaire over a patient's course."""

    instrument = InstrumentCode("Questionnaire, by its code.", required=True)
    before_treatment = fields.Nested(
        BaselineTotalSchema,
        metadata=about(
            f"The last total of the {BASELINE_DAYS} days up to the current course's first infusion; absent "
            "without one. A total of an earlier course is judged against the one before that course."
        ),
    )
    points = fields.List(
        fields.Nested(TotalOfCourseSchema),
        required=True,
        metadata=about("Totals, one a day, in order; the newest ones.", most=1_000),
    )
    relapse = fields.Nested(
        ProposedRelapseSchema, metadata=about("PHQ-9 only; absent where no total meets the definition.")
    )
    thresholds = fields.Nested(
        ChangeThresholdsSchema, metadata=about("Absent where nothing was published for this questionnaire.")
    )

    @pre_dump
    def flatten(self, course: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return the course, with the total before treatment as an object."""
        names = ("instrument", "points", "relapse", "thresholds")
        before = None if course.before is None else dict(zip(("day", "total"), course.before, strict=True))
        return {name: getattr(course, name) for name in names} | {"before_treatment": before}
