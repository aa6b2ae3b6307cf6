"""What a clinic's outcomes look like, for the OpenAPI file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MCINNES: Mapping[str, Any] = {
    "study": "McInnes 2022",
    "description": "537 patients of 178 practices, 4 to 8 infusions in 7 to 28 days, by PHQ-9.",
    "share": 0.536,
}
OUTCOMES: Mapping[str, Any] = {
    "treated_count": 64,
    "statement": "There is no control group.",
    "rates": [
        {
            "instrument": "phq-9",
            "outcome": "response",
            "criterion": "response_share",
            "threshold": 0.5,
            "citation": "McInnes 2022; SUSTAIN-3",
            "rows": [
                {
                    "indication": "all",
                    "suppressed": False,
                    "numerator": 31,
                    "denominator": 58,
                    "share": 0.5345,
                    "lo95": 0.408,
                    "hi95": 0.6569,
                },
                {"indication": "ptsd", "suppressed": True},
            ],
            "published": [MCINNES],
        }
    ],
    "changes": [
        {
            "instrument": "phq-9",
            "direction": "higher_is_worse",
            "suppressed": False,
            "patient_count": 58,
            "mean_before": 17.2,
            "mean_after": 9.1,
            "mean_change": -8.1,
            "sd_change": 5.4,
        }
    ],
    "loss_of_response": [
        {
            "instrument": "phq-9",
            "suppressed": False,
            "patient_count": 30,
            "median_days": 77,
            "points": [
                {"elapsed_days": 0, "surviving": 1.0, "lo95": 1.0, "hi95": 1.0},
                {"elapsed_days": 7, "surviving": 0.9333, "lo95": 0.7589, "hi95": 0.9829},
            ],
            "published": [
                {
                    "study": "McInnes 2022",
                    "description": "Responders who still responded 4 weeks on, without maintenance.",
                    "share": 0.8,
                }
            ],
        }
    ],
    "benefit_lasted": {
        "suppressed": False,
        "patient_count": 52,
        "median_days": 28,
        "points": [{"elapsed_days": 7, "surviving": 0.9423, "lo95": 0.8329, "hi95": 0.9809}],
        "published": [
            {"study": "Feder 2021", "description": "30 patients with PTSD.", "duration_days": 27.5}
        ],
    },
    "relief_at_day_3": {
        "suppressed": True,
        "published": [
            {"study": "Abbar 2022", "description": "Inpatients, full relief on day 3.", "share": 0.63}
        ],
    },
    "side_effect_rates": {
        "rows": [
            {
                "code": "any",
                "suppressed": False,
                "numerator": 41,
                "denominator": 60,
                "share": 0.6833,
                "lo95": 0.5576,
                "hi95": 0.7869,
            }
        ],
        "published": [],
    },
    "days_answered": {
        "suppressed": False,
        "patient_count": 62,
        "lower_quartile": 0.71,
        "median": 0.84,
        "upper_quartile": 0.92,
        "published": [{"study": "Tonkin 2023", "description": "Asked once a day.", "share": 0.86}],
    },
    "outlooks": {
        "agreed": {"suppressed": False, "numerator": 25, "denominator": 34, "share": 0.7353},
        "generated_at": "2026-11-22T02:30:00+00:00",
        "day_14_cycle_count": 29,
        "day_14_error_days": 4.8,
        "day_14_coverage": 0.93,
        "false_alarms_per_year": 1.43,
    },
}

EXAMPLES: Mapping[str, Any] = {"Outcomes": OUTCOMES}
