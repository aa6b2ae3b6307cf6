"""What answers about sessions look like, for the OpenAPI file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

INFUSION = "c5e1a9d4-3f27-4f6b-8b90-7a6b5c4d3e2f"
READING = "5b1d7c9e-2f4a-4c6d-8e10-3a5b7c9d1e2f"
EXCEEDED = [{"limit_name": "systolic_high", "value": 172, "limit_value": 170}]
REVISION: Mapping[str, Any] = {
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
    "hold_limits_exceeded": [],
    "started_at": "2026-11-17T15:05:00+00:00",
    "ended_at": "2026-11-17T15:45:00+00:00",
    "rate_changes": [{"changed_at": "2026-11-17T15:05:00+00:00", "mg_per_hour": 52.5}],
    "side_effects": [
        {
            "onset_at": "2026-11-17T15:20:00+00:00",
            "ended_at": "2026-11-17T16:05:00+00:00",
            "code": "dissociation",
            "severity": "moderate",
        }
    ],
    "interventions": [{"done_at": "2026-11-17T15:25:00+00:00", "description": "Dimmed the light; talked."}],
    "dissociation": {"scale": "cadss-6", "total": 9, "rated_at": "2026-11-17T15:40:00+00:00"},
}
SESSION: Mapping[str, Any] = {**REVISION, "half_benefit_recall_answered": True}
HOLD: Mapping[str, Any] = {
    "code": "urinary_symptoms",
    "text": "Urinary symptoms on 1 of the last 28 days, last on 2026-11-12.",
    "numbers": {"days": 1, "of": 28},
}
EXAMPLES: Mapping[str, Any] = {
    "Exposure": {
        "today": "2026-11-22",
        "infusion_count": 8,
        "in_30_days_count": 2,
        "in_90_days_count": 8,
        "in_365_days_count": 8,
        "total_mg_per_kg": 4.0,
        "elsewhere_count": 0,
        "known_dose_count": 8,
        "shortest_interval": {"first_on": "2026-09-07", "second_on": "2026-09-09", "interval_days": 2},
        "course": {"first_infusion_on": "2026-08-31", "infusion_count": 8, "total_mg_per_kg": 4.0}
        | {"known_dose_count": 8},
        "maintenance_intervals": [{"first_on": "2026-10-20", "second_on": "2026-11-10", "interval_days": 21}],
        "shrinking": False,
        "reasons_to_hold": [HOLD],
    },
    "SideEffects": {
        "days": [
            {"local_date": "2026-11-10", "burden": 3, "days_since_infusion": 0}
            | {"infusion_day_timing": "after"}
        ],
        "infusions": [
            {"infused_on": "2026-11-10", "asked_day_count": 9, "burden_on_the_day": 3, "burden_later": 2}
            | {"infusion_day_timing": "after"}
            | {
                "effects": [
                    {"code": "dissociation", "onset_day": 0, "last_day": 2, "day_count": 2, "worst": "mild"}
                ]
            }
        ],
        "prolonged": [
            {"local_date": "2026-11-12", "code": "dissociation", "severity": "mild", "days_since_infusion": 2}
        ],
        "urinary": [{"month": "2026-11", "asked_day_count": 20, "symptom_day_count": 1}],
        "sessions": [
            {"infused_on": "2026-11-10", "systolic_before": 128, "diastolic_before": 82}
            | {"highest_systolic": 151, "highest_diastolic": 94}
            | {"observed": [{"code": "nausea", "severity": "mild", "onset_minutes": 15}]}
        ],
    },
    "SessionSettings": {
        "version": 1,
        "minimum_monitoring_minutes": 120,
        "systolic_high": 170,
        "spo2_low": 92,
    },
    "Session": SESSION,
    "SessionRevisionPage": {"items": [{**REVISION, "known_from": "2026-11-17T16:10:00+00:00"}]},
    "PostInfusionMood": {
        "infusion_id": INFUSION,
        "version": 1,
        "mood": 7,
        "recorded_at": "2026-11-17T19:30:00+00:00",
        "hours_after_start": 4.4,
    },
    "HalfBenefitRecall": {
        "infusion_id": INFUSION,
        "version": 1,
        "recall_answer": "days",
        "recalled_days": 19,
        "answered_at": "2026-11-17T14:50:00+00:00",
        "about_infusion_on": "2026-10-20",
    },
    "DischargeCheck": {
        "infusion_id": INFUSION,
        "version": 1,
        "left_at": "2026-11-17T17:50:00+00:00",
        "accompanied_by": "companion",
        "checks": {
            "oriented": "yes",
            "steady_gait": "yes",
            "blood_pressure_near_start": "yes",
            "nausea_controlled": "yes",
            "safety_asked": "yes",
        },
        "monitoring_minutes": 125,
        "minimum_monitoring_minutes": 120,
        "minimum_monitoring_met": True,
    },
    "VitalResults": {
        "results": [{"id": READING, "status": "created", "http_status": 201, "limits_exceeded": EXCEEDED}]
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
                "entry_method": "device",
                "limits_exceeded": EXCEEDED,
            }
        ]
    },
}
