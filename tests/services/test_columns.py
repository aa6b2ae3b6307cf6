"""A draft survives the way to its columns and back, whatever it holds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from clinical.check_in import Severity
from clinical.infusion_session import AccompaniedBy, DischargeChecks, SessionEffect
from clinical.instruments.schedule import Schedule
from clinical.safety import ContactKind, CrisisContact
from clinical.suitability import Answer
from services.columns import from_columns, to_columns, to_json
from services.costs.arithmetic import Charge, Coverage
from services.infusion_sessions.discharge import DischargeDraft
from services.protocols import ProtocolDraft
from services.safety.settings import SafetyDraft

MOMENT = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
DRAFTS = [
    Charge("EUR", 35000, Coverage.PARTLY, 12000),
    ProtocolDraft(paused_on=date(2026, 11, 1)),
    Schedule(weekly=True, before_infusion=False, days_after_infusion=(1, 7), window_days=2),
    DischargeDraft(MOMENT, AccompaniedBy.COMPANION, DischargeChecks(oriented=Answer.YES)),
    SafetyDraft("US", (CrisisContact("Line", ContactKind.CALL, "988"),), escalate_after_minutes=30),
]


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: type(draft).__name__)
def test_a_draft_is_read_back_from_its_columns(draft):
    columns = to_columns(draft)
    assert from_columns(type(draft), SimpleNamespace(**columns)) == draft


def test_a_nested_draft_is_columns_of_the_same_row():
    columns = to_columns(DRAFTS[3])
    assert (columns["accompanied_by"], columns["oriented"]) == ("companion", "yes")
    assert "checks" not in columns


def test_what_a_json_column_holds_is_json():
    effect = SessionEffect(MOMENT, "nausea", Severity.MILD, None)
    assert to_json(effect) == {
        "onset_at": "2026-11-21T20:30:00+00:00",
        "code": "nausea",
        "severity": "mild",
        "ended_at": None,
    }
