"""One questionnaire's totals over a patient's course, for clinicians."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, pre_dump

from clinical.direction import Direction
from clinical.instruments.change import ChangeVerdict
from schemas.base import DIRECTION, Choice, LocalDate, OmitNone


class FirstTotalSchema(OmitNone):
    """The patient's own total before treatment: the last of the four weeks up to the first infusion's day."""

    day = LocalDate(required=True)
    total = fields.Integer(required=True)


class JudgedTotalSchema(OmitNone):
    """One total against the first; what nothing was published to judge by is absent."""

    day = LocalDate(required=True)
    total = fields.Integer(required=True)
    band = fields.String()
    difference = fields.Integer(metadata={"description": "Below 0 when the total fell."})
    response = fields.Boolean()
    remission = fields.Boolean()
    reliable_change = Choice(
        ChangeVerdict, "Whether the change exceeds measurement error, and to which side."
    )
    important_change = Choice(
        ChangeVerdict,
        "Whether patients notice a change of this size (minimal important change), and to which side.",
    )

    @pre_dump
    def flat(self, judged: Any, **_kwargs: Any) -> dict[str, Any]:
        """Give the change's members beside the total's."""
        told = {"day": judged.day, "total": judged.total, "band": judged.band}
        if judged.change is None:
            return told
        names = ("difference", "response", "remission", "reliable_change", "important_change")
        return told | {name: getattr(judged.change, name) for name in names}


class ProposedRelapseSchema(OmitNone):
    """A relapse by PHQ-9, a proposal and not a standard; unconfirmed where `confirmed` is absent."""

    day = LocalDate(required=True)
    confirmed = LocalDate()


class ChangeThresholdsSchema(OmitNone):
    """By what the totals are judged, each with its source; what was not published is absent."""

    direction = Choice(Direction, DIRECTION, required=True)
    response_share = fields.Float(metadata={"description": "The share of the first total that has to go."})
    remission_total = fields.Integer(metadata={"description": "The total that must not be exceeded."})
    reliable_change_points = fields.Float(
        metadata={"description": "Points of a change that is more than error."}
    )
    important_change_points = fields.Float(
        metadata={"description": "Points of a change that patients notice."}
    )
    sources = fields.Dict(keys=fields.String(), values=fields.String())


class TotalsCourseSchema(OmitNone):
    """Every total of one questionnaire, one a day, in order."""

    instrument = fields.String(required=True)
    before = fields.Nested(FirstTotalSchema)
    points = fields.List(fields.Nested(JudgedTotalSchema), required=True)
    relapse = fields.Nested(ProposedRelapseSchema)
    thresholds = fields.Nested(ChangeThresholdsSchema)

    @pre_dump
    def named(self, course: Any, **_kwargs: Any) -> dict[str, Any]:
        """Give the first total its names."""
        names = ("instrument", "points", "relapse", "thresholds")
        before = None if course.before is None else dict(zip(("day", "total"), course.before, strict=True))
        return {name: getattr(course, name) for name in names} | {"before": before}
