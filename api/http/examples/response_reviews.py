"""Examples of response reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.http.examples.core import ACCOUNT, HELD, WEEK

if TYPE_CHECKING:
    from collections.abc import Mapping

RECORDED = {
    "id": "1f6d2a70-8c3b-4e5f-9a12-6b7c8d9e0f11",
    "version": 1,
    "reviewed_on": "2026-11-20",
    "decision": "extend",
    "additional_infusion_count": 2,
    "note": "Sleep and drive are better, mood not yet.",
}
REVIEW = {
    **RECORDED,
    "decided_by": {"id": ACCOUNT, "display_name": "Dr. Hazel Hollowell"},
    "decided_at": "2026-11-20T15:02:41+00:00",
}
EXAMPLES: Mapping[str, Any] = {
    "ResponseReview": REVIEW,
    "ResponseReviewPage": {"items": [REVIEW]},
    "ResponseReviewRevisionPage": {"items": [{**RECORDED, **HELD}]},
    "CurrentResponseReview": {
        "today": "2026-11-21",
        "due": True,
        "due_on": "2026-11-18",
        "series_last_infusion_on": "2026-11-11",
        "course_number": 1,
        "infusions_given_count": 6,
        "first_infusion_on": "2026-10-25",
        "target_measure": "wellbeing",
        "status": "not_due",
        "totals": [
            {
                "instrument": "phq-9",
                "scored_on": "2026-11-20",
                "total": 8,
                "scored_before_on": "2026-10-23",
                "total_before": 18,
                "difference": -10,
                "response": True,
                "remission": False,
                "reliable_change": "improved",
                "important_change": "improved",
            }
        ],
        "rating_averages": [
            {
                "measure": "mood",
                "last_7_days": WEEK,
                "baseline_period": {
                    "first_on": "2026-09-27",
                    "last_on": "2026-10-24",
                    "mean": 3.1,
                    "answered_count": 14,
                    "day_count": 28,
                },
            }
        ],
        "gain_estimate": {"median": 2.9, "lo80": 2.1, "hi80": 3.7},
    },
}
