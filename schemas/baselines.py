"""A clinician-rated baseline, as sent and as returned."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from clinical.baseline import AssessedBaseline
from clinical.check_in import SCALE_MAX, SCALE_MIN
from schemas.base import LocalDate, OmitNone, Rating, Strict, Version, about

SCALE = {"minimum": SCALE_MIN, "maximum": SCALE_MAX}
ASSESSED_ON = "Day of the rating; not after the day of the first infusion given."
MOOD = "Usual mood before treatment, on the scale of check-ins: 0 worst to 10 best."
ANXIETY = "Usual anxiety before treatment, on the scale of check-ins: 0 none to 10 worst."


class NewBaselineSchema(Strict):
    """A usual day of the weeks before the first infusion, as a clinician rates it.

    Source: a definition.
    """

    assessed_on = LocalDate(required=True, metadata=about(ASSESSED_ON))
    mood = Rating(required=True, metadata=about(MOOD))
    anxiety = Rating(metadata=about(ANXIETY))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> AssessedBaseline:
        """Return the value."""
        return AssessedBaseline(**data)


class BaselineSchema(OmitNone):
    """A stored baseline; what was not rated is absent."""

    version = Version()
    assessed_on = LocalDate(required=True, metadata=about(ASSESSED_ON))
    mood = fields.Integer(required=True, metadata=SCALE | about(MOOD))
    anxiety = fields.Integer(metadata=SCALE | about(ANXIETY))
