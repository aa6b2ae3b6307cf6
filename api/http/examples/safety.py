"""What answers about safety look like, for the OpenAPI file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinical.safety import DAILY_OPTIONS, DAILY_QUESTION, NOBODY_WATCHES

CONTACTS = [
    {"label": "988 Suicide & Crisis Lifeline", "kind": "call", "address": "988"},
    {"label": "988 Suicide & Crisis Lifeline", "kind": "text", "address": "988"},
]
ALERT: Mapping[str, Any] = {
    "id": "1f6b0c52-7d2e-4a61-9b1f-5a4c3d2e1f00",
    "local_date": "2026-11-21",
    "source": "daily_answer",
    "opened_at": "2026-11-22T02:14:07+00:00",
    "state": "acknowledged",
    "message": "Somebody at your clinic has seen this answer.",
    "patient_id": "6f0c7d52-5b0e-4b8e-9a3d-0d6a1f7c2b11",
    "record_number": "LB-0061",
    "display_name": "Fern Hollow",
    "telephone": "+14065550142",
    "emergency_contact": {"name": "Sage Hollow", "relation": "family", "telephone": "+14065550163"},
    "answer": 2,
    "priority": "endorsed",
    "answer_count": 2,
    "latest_answer_at": "2026-11-22T02:31:40+00:00",
    "escalated_at": "2026-11-22T02:44:10+00:00",
    "escalations": [
        {
            "channel": "webhook",
            "state": "delivered",
            "attempt_count": 1,
            "last_tried_at": "2026-11-22T02:44:11+00:00",
            "delivered_at": "2026-11-22T02:44:11+00:00",
        }
    ],
    "acknowledged_at": "2026-11-22T02:51:30+00:00",
    "acknowledged_by": {"id": "9d3b7f60-0f5a-4a52-b7a1-6c8d9e0f1a2b", "display_name": "Wren Ashby"},
    "acknowledge_note": "Calling now.",
}
CRISIS_MESSAGE: Mapping[str, Any] = {"message": NOBODY_WATCHES, "contacts": CONTACTS}
EXAMPLES: Mapping[str, Any] = {
    "SafetySettings": {
        "version": 1,
        "country": "US",
        "crisis_contacts": [],
        "shown_contacts": CONTACTS,
        "safety_question": True,
        "escalate_after_minutes": 30,
        "on_call_webhook": "https://pager.clinic.example/afterglow",
    },
    "SafetyAlert": ALERT,
    "SafetyQuestion": {
        "asked": True,
        "question": DAILY_QUESTION,
        "options": list(DAILY_OPTIONS),
        "crisis_message": {"message": NOBODY_WATCHES, "contacts": CONTACTS},
    },
    "StoredSafetyAnswer": {
        "safety": {"message": NOBODY_WATCHES, "contacts": CONTACTS},
        "local_date": "2026-11-21",
        "answer": 1,
        "interpretation": "endorsed",
        "received_at": "2026-11-22T02:14:07+00:00",
        "version": 1,
    },
    "SafetyAnswerPage": {
        "items": [
            {
                "local_date": "2026-11-21",
                "answer": 0,
                "interpretation": "not endorsed",
                "received_at": "2026-11-22T02:14:07+00:00",
                "version": 1,
            }
        ]
    },
    "ChannelTestPage": {
        "items": [
            {
                "channel": "webhook",
                "state": "waiting",
                "attempt_count": 1,
                "queued_at": "2026-11-21T16:02:10+00:00",
                "last_tried_at": "2026-11-21T16:02:11+00:00",
                "last_failure": "unknown_host",
            }
        ]
    },
    "SafetyAlertPage": {"items": [ALERT]},
    "AlertAnswerPage": {
        "items": [
            {
                "record_id": "2026-11-21",
                "local_date": "2026-11-21",
                "answer": 2,
                "received_at": "2026-11-22T02:31:40+00:00",
            },
            {
                "record_id": "2026-11-20",
                "local_date": "2026-11-20",
                "answer": 1,
                "received_at": "2026-11-22T02:14:07+00:00",
            },
        ]
    },
}
