from __future__ import annotations

from datetime import date

import pytest
from marshmallow import ValidationError

from schemas.protocols import NewProtocolSchema


def test_only_what_is_set_is_returned():
    assert NewProtocolSchema().load({}) == {}
    assert NewProtocolSchema().load({"paused_on": "2026-12-01"}) == {"paused_on": date(2026, 12, 1)}


@pytest.mark.parametrize("days", [0, 367, 1.5, "14", True, None])
def test_days_are_whole_and_within_a_year(days):
    with pytest.raises(ValidationError):
        NewProtocolSchema().load({"min_interval_days": days})
