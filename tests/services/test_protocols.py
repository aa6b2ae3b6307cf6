from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from clinical.protocol import Protocol as Plan
from models.clinics import Clinic
from services.errors import Invalid
from services.protocols import ProtocolDraft, in_effect, to_draft, validate_protocol

CLINIC = Clinic(induction_infusion_count=6, induction_days=21, min_interval_days=14, max_interval_days=28)


def test_an_empty_draft_is_the_clinics_plan():
    assert in_effect(CLINIC, ProtocolDraft()) == Plan(6, 21, 14, 28)
    assert to_draft(None) == ProtocolDraft()


@pytest.mark.parametrize("name", [field.name for field in fields(ProtocolDraft)])
def test_every_field_of_a_patients_plan_takes_effect(name):
    shown: Any = date(2026, 11, 21) if name in {"paused_on", "resumes_on", "ended_on"} else 20
    assert getattr(in_effect(CLINIC, ProtocolDraft(**{name: shown})), name) == shown


def test_every_field_that_cannot_hold_is_named():
    with pytest.raises(Invalid) as refused:
        validate_protocol(Plan(0, 0, 90, 3))
    assert {error.pointer for error in refused.value.errors} == {
        "/induction_infusion_count",
        "/induction_days",
        "/min_interval_days",
        "/max_interval_days",
    }
    assert all(error.detail.endswith(".") for error in refused.value.errors)
