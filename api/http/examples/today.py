"""What a patient's day looks like, for the OpenAPI file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.http.examples.safety import CRISIS_MESSAGE
from clinical.questions import HALF_BENEFIT_RECALL
from clinical.safety import DAILY_OPTIONS, DAILY_QUESTION

EXAMPLES: Mapping[str, Any] = {
    "Today": {
        "patient_id": "6f0c7d52-5b0e-4b8e-9a3d-0d6a1f7c2b11",
        "today": "2026-11-24",
        "day_ends_at": "2026-11-25T09:00:00+00:00",
        "time_zone": "America/New_York",
        "day_start_hour": 4,
        "language": "en",
        "check_in_version": 1,
        "side_effects_answered": True,
        "questions": [
            {
                "code": "mood",
                "question": "How was your mood today?",
                "lowest": 0,
                "highest": 10,
                "low_anchor": "worst",
                "high_anchor": "best",
                "direction": "higher_is_better",
                "required": True,
                "answer": 6,
            },
            {
                "code": "benefit_left",
                "question": "How much of what the last infusion gave you is still there?",
                "lowest": 0,
                "highest": 100,
                "low_anchor": "nothing",
                "high_anchor": "all of it",
                "direction": "higher_is_better",
                "required": False,
            },
        ],
        "daily_safety": {
            "asked": True,
            "question": DAILY_QUESTION,
            "options": list(DAILY_OPTIONS),
            "answer": 0,
            "crisis_message": CRISIS_MESSAGE,
        },
        "questionnaires_due": [
            {"instrument": "phq-9", "instrument_version": "1", "trigger": "weekly", "due_on": "2026-11-23"}
        ],
        "questionnaires_answered": [
            {
                "response_id": "8a1f4c2e-6b7d-4e9f-8a3c-1d2e3f405162",
                "instrument": "gad-7",
                "version": 1,
                "complete": True,
            }
        ],
        "next_infusion": {
            "infusion_id": "c5e1a9d4-3f27-4f6b-8b90-7a6b5c4d3e2f",
            "local_date": "2026-12-01",
            "started_at": "2026-12-01T15:00:00+00:00",
            "time_zone": "America/New_York",
        },
        "post_infusion_mood": {
            "infusion_id": "9d2e6f10-4b5c-4d7e-8f90-a1b2c3d4e5f6",
            "question": "How is your mood now?",
            "lowest": 0,
            "highest": 10,
            "low_anchor": "worst",
            "high_anchor": "best",
            "closes_at": "2026-11-25T15:00:00+00:00",
            "version": 0,
        },
        "half_benefit_recall": {
            "infusion_id": "9d2e6f10-4b5c-4d7e-8f90-a1b2c3d4e5f6",
            "about_infusion_on": "2026-11-03",
            "question": HALF_BENEFIT_RECALL.question,
            "choices": [{"code": str(code), "label": label} for code, label in HALF_BENEFIT_RECALL.answers],
            "most_days": 21,
            "closes_on": "2026-12-01",
            "version": 1,
            "recall_answer": "days",
            "recalled_days": 16,
        },
        "catalogues": {
            "side_effects_edition": "side-effects-1",
            "questionnaires_edition": "phq-9-1.phq-2-1.gad-7-1.gad-2-1.pcl-5-1.who-5-1.audit-c-1",
        },
    }
}
