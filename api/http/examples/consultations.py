"""What answers about consultations look like, for the OpenAPI file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PERSON = {"id": "9d3b7f60-0f5a-4a52-b7a1-6c8d9e0f1a2b", "display_name": "Wren Ashby"}
CONSULTATION: Mapping[str, Any] = {
    "version": 1,
    "seen_on": "2026-09-01",
    "indication": "major_depression",
    "decision": "deferred",
    "decided_at": "2026-09-01T15:20:00+00:00",
    "consent_given_on": "2026-09-01",
    "checklist": [
        {
            "code": "uncontrolled_hypertension",
            "present": "yes",
            "answered_on": "2026-09-01",
            "answered_by": PERSON,
        }
    ],
    "to_review": ["uncontrolled_hypertension"],
    "rationale": "Blood pressure first; seen again in two weeks.",
    "decided_by": PERSON,
    "consent_recorded_by": PERSON,
}
HELD = {"known_from": "2026-09-01T15:20:00+00:00", "recorded_by": PERSON["id"]}
EXAMPLES: Mapping[str, Any] = {
    "SuitabilityCatalogue": {
        "questions": [
            {
                "code": "uncontrolled_hypertension",
                "text": "High blood pressure that is not controlled",
                "weight": "review",
                "citation": "exclusion or precaution in trials and labels of ketamine and esketamine",
            }
        ],
        "answer_options": ["yes", "no", "unknown"],
        "decisions": ["suitable", "not_suitable", "deferred"],
        "indications": [{"code": "major_depression", "snomed": "370143000"}],
    },
    "Consultation": CONSULTATION,
    "ConsultationRevisionPage": {"items": [{**CONSULTATION, **HELD}]},
}
