"""What answers about questionnaires look like, for the OpenAPI file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ENTRY: Mapping[str, Any] = {
    "code": "phq-2",
    "instrument_version": "1",
    "title": "Patient Health Questionnaire, two items",
    "condition": "depression",
    "recall_period": "the last two weeks",
    "scored_item_count": 2,
    "lowest": 0,
    "highest": 6,
    "direction": "higher_is_worse",
    "language": "en",
    "licence": "No permission required to reproduce, translate, display or distribute.",
}
ANSWER = {"value": 0, "text": "Not at all", "loinc": "LA6568-5"}
WHOLE: Mapping[str, Any] = {
    **ENTRY,
    "retired": False,
    "instruction": "Over the last 2 weeks, how often have you been bothered by any of these problems?",
    "items": [
        {"code": "1", "text": "Little interest or pleasure in doing things", "scored": True}
        | {"loinc": "44250-9", "options": [ANSWER]}
    ],
    "factor": 1,
    "bands": [],
    "clusters": [],
    "cutoffs": [{"total": 3, "operator": ">=", "meaning": "screening", "citation": "Arroll 2010"}],
    "citation": "Kroenke, Spitzer and Williams, Med Care 2003;41:1284-1292",
    "loinc_panel": "55757-9",
    "loinc_total": "55758-7",
}
FORM: Mapping[str, Any] = {
    "id": "2d8c4f1a-6b3e-4c75-8a90-1e2f3a4b5c6d",
    "version": 1,
    "instrument": "gad-7",
    "instrument_version": "1",
    "local_date": "2026-11-21",
    "time_zone": "America/New_York",
    "recorded_at": "2026-11-22T01:10:00+00:00",
    "reported_by": "patient",
    "answers": {"1": 2, "2": 1, "3": 1, "4": 2, "5": 0, "6": 1, "7": 1},
    "complete": True,
    "total": 8,
    "band": "mild",
}
HELD = {"known_from": "2026-11-22T02:14:07+00:00", "removed": False}
EXAMPLES: Mapping[str, Any] = {
    "QuestionnaireList": {"items": [ENTRY]},
    "Questionnaire": WHOLE,
    "QuestionnaireResponse": FORM,
    "StoredQuestionnaireResponse": FORM,
    "QuestionnaireResponsePage": {"items": [FORM]},
    "QuestionnaireResponseRevisionPage": {"items": [{**FORM, **HELD}]},
    "QuestionnaireSchedule": {
        "instrument": "phq-9",
        "version": 1,
        "weekly": True,
        "before_infusion": True,
        "days_after_infusion": [1, 7],
        "window_days": 2,
        "on_mood_drop": False,
    },
    "TotalsCourse": {
        "instrument": "phq-9",
        "before_treatment": {"local_date": "2026-08-29", "total": 18},
        "points": [
            {"local_date": "2026-08-29", "total": 18, "band": "moderately severe"},
            {"local_date": "2026-09-26", "total": 8, "band": "mild", "difference": -10}
            | {
                "response": True,
                "remission": False,
                "reliable_change": "improved",
                "important_change": "improved",
            },
        ],
        "thresholds": {
            "direction": "higher_is_worse",
            "response_share": 0.5,
            "remission_total": 4,
            "reliable_change_points": 6.0,
            "important_change_points": 5.0,
            "citations": {"response_share": "McInnes 2022; SUSTAIN-3"},
        },
    },
}
