"""A line of an imported diary, judged as a check-in that the phone sends."""

from __future__ import annotations

from typing import Any

from marshmallow import pre_load

from schemas.base import Rating
from schemas.check_ins import NewCheckInSchema


class DiaryLineSchema(NewCheckInSchema):
    """A check-in of a diary: anxiety may be left out, and no diary holds the daily safety answer.

    Source: a definition.
    """

    class Meta:
        """The safety question is asked by the phone alone."""

        exclude = ("safety_answer",)

    anxiety = Rating(load_default=None, allow_none=True)

    @pre_load
    def without_empty_cells(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Leave out what was not answered."""
        return {name: value for name, value in data.items() if value is not None}
