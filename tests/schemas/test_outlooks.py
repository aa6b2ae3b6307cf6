from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import pytest
from marshmallow import ValidationError

from clinical.outlook import Outlook
from schemas.base import AsOfQuery
from schemas.outlooks import OutlookSchema


def test_every_member_of_an_outlook_is_shown():
    around = {"outlook_id", "headline", "reasons_to_hold"}
    assert set(OutlookSchema().fields) - around == {field.name for field in fields(Outlook)}


def test_a_date_is_its_end_and_an_instant_itself():
    assert AsOfQuery().load({"as_of": "2026-11-21"})["as_of"] == datetime(
        2026, 11, 21, 23, 59, 59, 999999, tzinfo=UTC
    )
    assert AsOfQuery().load({"as_of": "2026-11-21T21:00:00-05:00"})["as_of"] == datetime(
        2026, 11, 22, 2, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "as_of", ["0001-01-01", "9999-12-31", "2026-02-30", "2026-11-21T21:00:00", "now", ""]
)
def test_anything_else_is_refused(as_of):
    with pytest.raises(ValidationError) as refused:
        AsOfQuery().load({"as_of": as_of})
    assert set(refused.value.messages) == {"as_of"}
