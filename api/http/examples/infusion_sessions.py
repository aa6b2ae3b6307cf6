"""What answers about sessions look like, for the OpenAPI file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

INFUSION = "c5e1a9d4-3f27-4f6b-8b90-7a6b5c4d3e2f"
READING = "5b1d7c9e-2f4a-4c6d-8e10-3a5b7c9d1e2f"
CROSSED = [{"limit": "systolic_high", "value": 172, "set_at": 170}]
SESSION: Mapping[str, Any] = {
    "infusion_id": INFUSION,
    "version": 2,
    "arrived_at": "2026-11-17T14:40:00+00:00",
    "pre_checks": {
        "systolic": 128,
        "diastolic": 82,
        "fasting": "yes",
        "escort": "yes",
        "urinary_symptoms": "no",
        "medication_changed": "no",
        "safety_asked": "yes",
    },
    "above_hold": [],
    "started_at": "2026-11-17T15:05:00+00:00",
    "ended_at": "2026-11-17T15:45:00+00:00",
    "rate_changes": [{"at": "2026-11-17T15:05:00+00:00", "mg_per_hour": 52.5}],
    "side_effects": [
        {
            "onset_at": "2026-11-17T15:20:00+00:00",
            "ended_at": "2026-11-17T16:05:00+00:00",
            "code": "dissociation",
            "severity": "moderate",
        }
    ],
    "interventions": [{"at": "2026-11-17T15:25:00+00:00", "what": "Dimmed the light; talked."}],
    "dissociation": {"scale": "cadss-6", "total": 9, "rated_at": "2026-11-17T15:40:00+00:00"},
}
HOLD: Mapping[str, Any] = {
    "code": "urinary_symptoms",
    "text": "Urinary symptoms on 1 of the last 28 days, last on 2026-11-12.",
    "numbers": {"days": 1, "of": 28},
}
SESSION_EXAMPLES: Mapping[str, Any] = {
    "Exposure": {
        "today": "2026-11-22",
        "infusions": 8,
        "in_30_days": 2,
        "in_90_days": 8,
        "in_365_days": 8,
        "mg_per_kg": 4.0,
        "doses_known": 8,
        "shortest_interval": {"first": "2026-09-07", "second": "2026-09-09", "days": 2},
        "maintenance_intervals": [{"first": "2026-10-20", "second": "2026-11-10", "days": 21}],
        "shrinking": False,
        "reasons_to_hold": [HOLD],
    },
    "SideEffects": {
        "days": [{"day": "2026-11-10", "burden": 3, "days_since_infusion": 0}],
        "infusions": [
            {"infusion": "2026-11-10", "days_asked": 9, "burden_on_the_day": 3, "burden_later": 2}
            | {
                "effects": [
                    {"code": "dissociation", "onset_day": 0, "last_day": 2, "days": 2, "worst": "mild"}
                ]
            }
        ],
        "no_longer_expected": [
            {"day": "2026-11-12", "code": "dissociation", "severity": "mild", "days_since_infusion": 2}
        ],
        "urinary": [{"month": "2026-11", "days_asked": 20, "days_with": 1}],
        "sessions": [
            {"infusion": "2026-11-10", "systolic_before": 128, "diastolic_before": 82}
            | {"highest_systolic": 151, "highest_diastolic": 94}
            | {"observed": [{"code": "nausea", "severity": "mild", "onset_minutes": 15}]}
        ],
    },
    "SessionSettings": {"version": 1, "minimum_stay_minutes": 120, "systolic_high": 170, "spo2_low": 92},
    "Session": SESSION,
    "SessionRevisions": {"items": [{**SESSION, "known_from": "2026-11-17T16:10:00+00:00"}]},
    "DischargeCheck": {
        "infusion_id": INFUSION,
        "version": 1,
        "left_at": "2026-11-17T17:50:00+00:00",
        "left_with": "companion",
        "checks": {
            "oriented": "yes",
            "walks_steadily": "yes",
            "blood_pressure_near_start": "yes",
            "nausea_controlled": "yes",
            "safety_asked": "yes",
        },
        "stay_minutes": 125,
        "minimum_stay_minutes": 120,
        "stayed_long_enough": True,
    },
    "VitalResults": {
        "results": [{"id": READING, "status": "created", "http_status": 201, "crossed": CROSSED}]
    },
    "VitalSeries": {
        "items": [
            {
                "id": READING,
                "measured_at": "2026-11-17T15:15:00+00:00",
                "heart_rate": 88,
                "systolic": 172,
                "diastolic": 96,
                "spo2": 97,
                "source": "device",
                "crossed": CROSSED,
            }
        ]
    },
}
