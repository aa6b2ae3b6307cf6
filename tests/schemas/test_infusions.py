from __future__ import annotations

import pytest
from marshmallow import ValidationError

from clinical.infusion import InfusionReason, InfusionStatus
from schemas.infusions import NewInfusionSchema

REQUIRED_MEMBERS = {
    "started_at": "2026-11-17T10:05:00-05:00",
    "time_zone": "UTC",
    "status": "completed",
    "reason": "other",
}


def test_unknown_values_are_none_and_the_default_route_is_intravenous():
    made = NewInfusionSchema().load(REQUIRED_MEMBERS)
    assert (made["ended_at"], made["dose_mg"], made["weight_kg"]) == (None, None, None)
    assert made["route"] == "intravenous"
    assert (made["status"], made["reason"]) == (InfusionStatus.COMPLETED, InfusionReason.OTHER)


@pytest.mark.parametrize("dose", [-0.1, 2000.1, float("inf"), float("nan"), True, "35", None, []])
def test_a_dose_has_a_range(dose):
    with pytest.raises(ValidationError) as refused:
        NewInfusionSchema().load(REQUIRED_MEMBERS | {"dose_mg": dose})
    assert set(refused.value.messages) == {"dose_mg"}
