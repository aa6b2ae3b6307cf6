"""What answers about sharing look like, for the OpenAPI file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SHARED: Mapping[str, Any] = {
    "id": "4e8a6c20-7d15-4b93-9f0e-1a2b3c4d5e6f",
    "name": "My sister",
    "relation": "family",
    "parts": ["check_ins", "infusions"],
    "expires_on": "2027-02-28",
}
CONSENT: Mapping[str, Any] = {
    **SHARED,
    "version": 1,
    "state": "in_force",
    "state_changed_at": "2026-11-22T02:14:07+00:00",
}
OPENED: Mapping[str, Any] = {
    **SHARED,
    "patient_id": "6f0c7d52-5b0e-4b8e-9a3d-0d6a1f7c2b11",
    "patient_name": "Fern Hollow",
}
EXAMPLES: Mapping[str, Any] = {
    "Consent": CONSENT,
    "ConsentPage": {"items": [CONSENT]},
    "ConsentRevisionPage": {
        "items": [
            {
                **SHARED,
                "version": 1,
                "revoked": False,
                "known_from": "2026-11-22T02:14:07+00:00",
                "recorded_by": "9d3b7f60-0f5a-4a52-b7a1-6c8d9e0f1a2b",
            }
        ]
    },
    "Opened": OPENED,
    "OpenedList": {"items": [OPENED]},
    "EventLogEntryPage": {
        "items": [
            {
                "id": "2f6f7a0e-6c51-4f0d-8a55-3f9b1f0f7c21",
                "occurred_at": "2026-11-22T15:03:41+00:00",
                "event": "staff_changed",
                "outcome": "success",
                "actor_name": "Ada Quay",
                "actor_roles": ["admin"],
                "account_name": "Robin Vale",
                "address": "203.0.113.9",
                "details": {
                    "fields_changed": ["roles"],
                    "former_roles": ["front_desk"],
                    "roles": ["clinician", "front_desk"],
                },
            }
        ]
    },
    "AccessPage": {
        "items": [
            {
                "read_at": "2026-11-22T15:03:41+00:00",
                "reader": "Robin Vale",
                "roles": ["clinician"],
                "resource": "check-ins",
                "of_all_patients": False,
            }
        ]
    },
}
