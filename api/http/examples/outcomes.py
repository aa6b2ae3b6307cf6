"""What a clinic's outcomes look like, for the OpenAPI file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MCINNES: Mapping[str, Any] = {
    "study": "McInnes 2022",
    "says": "537 patients of 178 practices, 4 to 8 infusions in 7 to 28 days, by PHQ-9.",
    "share": 0.536,
}
OUTCOMES: Mapping[str, Any] = {
    "treated": 64,
    "statement": "There is no control group.",
    "rates": [
        {
            "instrument": "phq-9",
            "outcome": "response",
            "threshold": 0.5,
            "source": "McInnes 2022; SUSTAIN-3",
            "rows": [
                {
                    "indication": "all",
                    "suppressed": False,
                    "people": 31,
                    "of": 58,
                    "share": 0.5345,
                    "lo95": 0.408,
                    "hi95": 0.6569,
                },
                {"indication": "ptsd", "suppressed": True},
            ],
            "published": [MCINNES],
        }
    ],
    "loss_of_response": [
        {
            "instrument": "phq-9",
            "suppressed": False,
            "people": 30,
            "median_days": 77,
            "points": [
                {"day": 0, "surviving": 1.0, "lo95": 1.0, "hi95": 1.0},
                {"day": 7, "surviving": 0.9333, "lo95": 0.7589, "hi95": 0.9829},
            ],
            "published": [
                {
                    "study": "McInnes 2022",
                    "says": "Responders who still responded 4 weeks on, without maintenance.",
                    "share": 0.8,
                }
            ],
        }
    ],
    "benefit_lasted": {
        "suppressed": False,
        "people": 52,
        "median_days": 28,
        "points": [{"day": 7, "surviving": 0.9423, "lo95": 0.8329, "hi95": 0.9809}],
        "published": [{"study": "Feder 2021", "says": "30 patients with PTSD.", "days": 27.5}],
    },
    "relief_at_day_3": {
        "suppressed": True,
        "published": [{"study": "Abbar 2022", "says": "Inpatients, full relief on day 3.", "share": 0.63}],
    },
    "side_effects": {
        "rows": [
            {
                "code": "any",
                "suppressed": False,
                "people": 41,
                "of": 60,
                "share": 0.6833,
                "lo95": 0.5576,
                "hi95": 0.7869,
            }
        ],
        "published": [],
    },
    "days_answered": {
        "suppressed": False,
        "people": 62,
        "lower_quartile": 0.71,
        "median": 0.84,
        "upper_quartile": 0.92,
        "published": [{"study": "Tonkin 2023", "says": "Asked once a day.", "share": 0.86}],
    },
    "outlooks": {
        "agreed": {"suppressed": False, "people": 25, "of": 34, "share": 0.7353},
        "generated_at": "2026-11-22T02:30:00+00:00",
        "cycles_at_14": 29,
        "error_at_14": 4.8,
        "coverage_at_14": 0.93,
        "false_alarms_a_year": 1.43,
    },
}

EXAMPLES: Mapping[str, Any] = {"Outcomes": OUTCOMES}
