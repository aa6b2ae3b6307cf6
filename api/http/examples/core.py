"""Examples of patients, check-ins, outlooks, reports and the rest that has no module of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PATIENT = "6f0c7d52-5b0e-4b8e-9a3d-0d6a1f7c2b11"
CLINIC = "2b8f2c1e-93a4-4f0b-8c57-1d2e3f405162"
ACCOUNT = "9d3b7f60-0f5a-4a52-b7a1-6c8d9e0f1a2b"
INFUSION = "c5e1a9d4-3f27-4f6b-8b90-7a6b5c4d3e2f"

CHECK_IN: Mapping[str, Any] = {
    "local_date": "2026-11-21",
    "version": 1,
    "mood": 6,
    "enjoyment": 5,
    "anxiety": 3,
    "side_effects": [{"code": "nausea", "severity": "mild"}],
    "note": "slept badly",
    "benefit_left": 70,
    "ratings": {"craving": 2, "sleep": 6},
    "time_zone": "America/New_York",
    "recorded_at": "2026-11-21T21:14:05-05:00",
    "entry_mode": "live",
    "received_at": "2026-11-22T02:14:07+00:00",
    "clock_suspect": False,
    "reported_by": "patient",
}
GIVEN: Mapping[str, Any] = {
    "id": INFUSION,
    "version": 1,
    "local_date": "2026-11-17",
    "started_at": "2026-11-17T10:05:00-05:00",
    "ended_at": "2026-11-17T10:45:00-05:00",
    "time_zone": "America/New_York",
    "dose_mg": 35.0,
    "weight_kg": 70.0,
    "mg_per_kg": 0.5,
    "route": "intravenous",
    "status": "completed",
    "reason": "scheduled",
}
SCORE: Mapping[str, Any] = {
    "record_id": "phq-9/2026-11-21",
    "source": "entered",
    "instrument": "phq-9",
    "local_date": "2026-11-21",
    "total": 14,
    "version": 1,
    "lowest": 0,
    "highest": 27,
    "rater": "self",
}
MEMBER: Mapping[str, Any] = {
    "id": ACCOUNT,
    "display_name": "Wren Ashby",
    "email": "wren@clinic.example",
    "roles": ["clinician"],
    "signed_up": True,
    "disabled": False,
    "version": 1,
}
CLIENT: Mapping[str, Any] = {
    "client_id": "4d6f2a4e-7a4b-4c8e-9d3f-2b1c0a9e8d7c",
    "name": "Warehouse",
    "scopes": ["summary:read"],
    "created_at": "2026-11-22T14:00:00+00:00",
    "expires_at": "2027-11-22T00:00:00+00:00",
    "revoked": False,
}
PRIOR: Mapping[str, Any] = {
    "name": "clinic-1",
    "proposed_at": "2026-11-22T14:00:00+00:00",
    "engine_version": "wear-off-4",
    "median_days": 23.5,
    "spread": 0.45,
    "patient_count": 48,
    "cycle_count": 171,
    "evidence": {
        "compared_with": "published-1",
        "bias": "none_seen",
        "observed_loss_count": 31,
        "observed_median_days": 22.0,
        "observed_lo95_days": 19.0,
        "observed_hi95_days": 27.0,
        "patient_count": 48,
        "log_score_gain": 0.061,
        "log_score_gain_se": 0.021,
        "landmarks": [
            {
                "landmark_day": 14,
                "cycle_count": 71,
                "censored_count": 83,
                "error_before_days": 7.9,
                "error_after_days": 7.4,
                "coverage_before": 0.84,
                "coverage_after": 0.83,
                "interval_reaches_end_before": 0.97,
                "interval_reaches_end_after": 0.96,
            }
        ],
        "verdict": "helped",
    },
    "in_use": False,
}
RECALIBRATION_EVIDENCE: Mapping[str, Any] = {
    "patient_count": 48,
    "log_score_gain": 0.052,
    "log_score_gain_se": 0.019,
    "verdict": "helped",
    "day_14_coverage_before": 0.71,
    "day_14_coverage_after": 0.79,
    "calibration_error_before": 0.068,
    "calibration_error_after": 0.041,
}
RECALIBRATION: Mapping[str, Any] = {
    "name": "recalibration-1",
    "proposed_at": "2026-11-22T14:00:00+00:00",
    "engine_version": "wear-off-4",
    "location": 0.18,
    "location_se": 0.07,
    "scale_factor": 1.23,
    "scale_factor_se": 0.07,
    "prior_version": "published-1",
    "patient_count": 48,
    "cycle_count": 171,
    "loss_count": 64,
    "evidence": RECALIBRATION_EVIDENCE,
    "in_use": False,
    "applied": False,
}
DEVICE: Mapping[str, Any] = {
    "sign_in_id": "0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d",
    "device_id": "phone-0001",
    "name": "My phone",
    "signed_in_at": "2026-11-01T08:00:00+00:00",
    "last_refreshed_at": "2026-11-22T08:00:00+00:00",
    "expires_at": "2027-02-20T08:00:00+00:00",
}
PHASE = {"kind": "maintenance"}
BENEFIT_LEFT = {"median": 0.58, "lo80": 0.41, "hi80": 0.73}
WEEK = {"first_on": "2026-11-15", "last_on": "2026-11-21", "mean": 5.833, "answered_count": 6, "day_count": 7}
WEEK_BEFORE = {
    "first_on": "2026-11-08",
    "last_on": "2026-11-14",
    "mean": 6.286,
    "answered_count": 7,
    "day_count": 7,
}
COMPARED = {"last_7_days": WEEK, "previous_7_days": WEEK_BEFORE}
OUTLOOK: Mapping[str, Any] = {
    "outlook_id": "s151-1-wear-off-4-20261122",
    "today": "2026-11-22",
    "phase": PHASE,
    "target_measure": "wellbeing",
    "status": "approaching",
    "missing": [],
    "last_infusion_on": "2026-11-03",
    "days_since_infusion": 19,
    "protocol_earliest_on": "2026-11-17",
    "protocol_latest_on": "2026-12-01",
    "protocol_limit_reached": False,
    "recommended_on": "2026-11-27",
    "due_median_on": "2026-11-28",
    "due_lo80_on": "2026-11-24",
    "due_hi80_on": "2026-12-04",
    "due_median_beyond_horizon": False,
    "due_lo80_beyond_horizon": False,
    "due_hi80_beyond_horizon": False,
    "p_half_lost": 0.12,
    "p_half_lost_in_7_days": 0.61,
    "p_half_lost_in_14_days": 0.93,
    "benefit_left_estimate": BENEFIT_LEFT,
    "finished_cycle_count": 4,
    "cycle_reading_count": 17,
    "baseline_reading_count": 9,
    "outlier_days": [],
    "wear_off_flag": "none",
    "data_quality": {
        "answered_last_7_days_count": 6,
        "answered_last_14_days_count": 13,
        "silent_days": 0,
        "stale": False,
    },
    "inputs": {
        "reading_count": 131,
        "first_on": "2026-06-02",
        "last_on": "2026-11-21",
        "measures": [
            {"measure": "mood", "day_count": 131, "first_on": "2026-06-02", "last_on": "2026-11-21"},
        ],
    },
    "reasons": [
        {
            "code": "benefit_left_reported",
            "text": "On 20 November, day 17, the patient put what is left of the benefit at 58 %.",
            "numbers": {"percent": 58, "day": 17, "asked_on": "2026-11-20"},
            "would_change": "The next weekly answer.",
        }
    ],
    "disclaimers": ["It informs a clinician, who decides."],
    "engine_version": "wear-off-1",
    "prior_version": "published-1",
}
DECISION: Mapping[str, Any] = {
    "id": "7a1d4c2e-8b35-4f0a-9c61-2d3e4f5a6b70",
    "outlook_id": "s151-1-wear-off-4-20261122",
    "today": "2026-11-22",
    "status": "approaching",
    "recommended_on": "2026-11-27",
    "decision": "differ",
    "rationale": "Away in the last week of November; comes before.",
    "booked_on": "2026-11-24",
    "decided_by": {"id": ACCOUNT, "display_name": "Robin Vale"},
    "decided_at": "2026-11-22T15:10:00+00:00",
}
PAST_OUTLOOK: Mapping[str, Any] = {
    "number": 12,
    "computed_at": "2026-11-22T09:00:02+00:00",
    "shown": True,
    **{name: OUTLOOK[name] for name in ("today", "status", "recommended_on", "due_median_on", "due_lo80_on")},
    **{name: OUTLOOK[name] for name in ("due_hi80_on", "p_half_lost", "reasons")},
    **{name: OUTLOOK[name] for name in ("engine_version", "prior_version")},
    "decisions": [DECISION],
}
SUMMARY: Mapping[str, Any] = {
    "patient_id": PATIENT,
    "record_number": "LB-0061",
    "display_name": "Fern Hollow",
    "time_zone": "America/New_York",
    "day_start_hour": 4,
    "today": "2026-11-22",
    "phase": PHASE,
    "course": {"number": 1, "kind": "initial", "began_on": "2026-08-31", "infusions_given_count": 10},
    "last_infusion_on": "2026-11-03",
    "days_since_infusion": 19,
    "last_dose": {"local_date": "2026-11-03", "dose_mg": 35.0, "mg_per_kg": 0.5, "route": "intravenous"},
    "infusions_given_count": 10,
    "last_check_in_on": "2026-11-21",
    "answered_last_7_days_count": 6,
    "answered_last_14_days_count": 13,
    "benefit_left_asked": False,
    "questionnaires_due": [
        {"instrument": "phq-9", "instrument_version": "1", "trigger": "weekly", "due_on": "2026-11-22"}
    ],
    "mood_averages": COMPARED,
    "enjoyment_averages": COMPARED,
    "anxiety_averages": COMPARED,
    "side_effect_burden_averages": COMPARED,
}
CRAVING: Mapping[str, Any] = {
    "code": "craving",
    "label": "Craving",
    "question": "How strong was your craving today, at its strongest?",
    "low_anchor": "no craving",
    "high_anchor": "as strong as it can be",
    "direction": "higher_is_worse",
    "asked": True,
    **COMPARED,
}
COURSE: Mapping[str, Any] = {
    "id": "0d8a4f35-6a1c-4c0e-9b6e-3f2f6a1d7c44",
    "version": 1,
    "kind": "re_induction",
    "began_on": "2026-11-20",
    "induction_infusion_count": 4,
    "induction_days": 14,
    "consultation_version": 2,
    "target_measure": "wellbeing",
    "baseline": {"assessed_on": "2026-11-18", "mood": 3, "anxiety": 7},
}
EVENT: Mapping[str, Any] = {
    "id": "3d0f8e7c-1b2a-4c9d-8e5f-6a7b8c9d0e1f",
    "version": 1,
    "local_date": "2026-11-19",
    "kind": "psychotherapy",
    "visibility": "patient",
    "reported_by": "staff",
    "note": "Integration session, an hour.",
}
ALLERGY: Mapping[str, Any] = {
    "id": "8c1f2a6d-3e4b-4d5c-9f70-1a2b3c4d5e6f",
    "version": 1,
    "name": "Penicillin",
    "began_on": "2009-05-01",
    "note": "Rash.",
}
COST: Mapping[str, Any] = {
    "infusion_id": INFUSION,
    "version": 1,
    "currency": "EUR",
    "price": 35000,
    "coverage": "partly",
    "covered": 12000,
}
PLAN = {
    "induction_infusion_count": 6,
    "induction_days": 21,
    "min_interval_days": 14,
    "max_interval_days": 35,
}
WORKLIST_ENTRY: Mapping[str, Any] = {
    "version": 2,
    "state": "handled",
    "assigned_to": {"id": ACCOUNT, "display_name": "Dr. Hazel Hollowell"},
    "reason": "Called: comes on Tuesday.",
    "seen_reasons": [{"code": "approaching", "since_on": "2026-11-27"}],
    "updated_by": {"id": ACCOUNT, "display_name": "Dr. Hazel Hollowell"},
    "updated_at": "2026-11-20T14:02:11+00:00",
}
ROW: Mapping[str, Any] = {
    "patient_id": PATIENT,
    "record_number": "LB-0061",
    "display_name": "Fern Hollow",
    "headline": (
        "Due soon. 19 days since the last infusion; the plan's latest day is 1 December. Nothing booked."
    ),
    "attention": {
        "urgency": "organise",
        "since_on": "2026-11-22",
        "reasons": [
            {"code": "not_booked", "since_on": "2026-11-22", "text": "Nothing booked."},
            {
                "code": "approaching",
                "since_on": "2026-11-27",
                "text": "The recommended day is 27 November.",
            },
        ],
    },
    "reasons_to_hold": [],
    "booking": {
        "booked_elsewhere": False,
        "findings": [
            {
                "code": "not_booked",
                "day_on": "2026-11-22",
                "text": "Nothing booked; the recommended day is 27 November.",
            }
        ],
    },
    "outlook_id": "s151-2-wear-off-4-20261122",
    "status": "approaching",
    "phase": PHASE,
    "due_window": {"recommended_on": "2026-11-27", "due_median_on": "2026-11-28"}
    | {
        "due_lo80_on": "2026-11-24",
        "due_hi80_on": "2026-12-04",
        "protocol_earliest_on": "2026-11-17",
        "protocol_latest_on": "2026-12-01",
    },
    "benefit_left_estimate": BENEFIT_LEFT,
    "p_half_lost": 0.12,
    "wear_off_flag": "none",
    "open_alert_count": 0,
    "answered_last_7_days_count": 6,
    "answered_last_14_days_count": 13,
    "last_check_in_on": "2026-11-21",
    "silent_days": 1,
    "stale": False,
    "last_infusion_on": "2026-11-03",
    "days_since_infusion": 19,
    "hidden": False,
    "returned_because": "new_reason",
    "worklist_entry": WORKLIST_ENTRY,
    "today": "2026-11-22",
    "engine_version": "wear-off-1",
}
SERIES: Mapping[str, Any] = {
    "measure": "mood",
    "answered_count": 1,
    "days": [
        {"local_date": "2026-11-20", "answered": False, "level": 5.9}
        | {"lo80": 5.1, "hi80": 6.7, "lo95": 4.7, "hi95": 7.1},
        {"local_date": "2026-11-21", "answered": True, "rating": 6.0, "level": 5.95}
        | {"lo80": 5.2, "hi80": 6.7, "lo95": 4.8, "hi95": 7.1},
    ],
    "weeks": [],
    "gaps": [{"first_on": "2026-11-20", "last_on": "2026-11-20", "gap_days": 1}],
    "noise_sd": 0.9,
    "step_sd": 0.25,
    "estimated": False,
}
RULE: Mapping[str, Any] = {
    "rule": "outlook",
    "day_7_cycle_count": 35,
    "day_7_error_days": 5.9,
    "day_7_no_forecast_share": 0.0,
    "day_7_coverage": 0.89,
    "day_14_cycle_count": 29,
    "day_14_error_days": 4.8,
    "day_14_bias_days": 1.2,
    "day_14_no_forecast_share": 0.0,
    "day_14_coverage": 0.93,
    "day_14_width_days": 26.8,
    "day_14_censored_count": 97,
    "day_14_interval_reaches_end": 0.95,
    "followed_cycle_count": 11,
    "sensitivity": 0.91,
    "false_alarm_count": 12,
    "patient_years": 8.42,
    "false_alarms_per_year": 1.43,
    "lead_cycle_count": 35,
    "lead_days": 2.0,
    "timely_share": 0.54,
}
FORECAST_REPORT: Mapping[str, Any] = {
    "how_to_read": "141 finished cycles of 45 patients were compared, day by day, with what happened.",
    "units": {"day_14_error_days": "days", "sensitivity": "share (0 to 1)"},
    "generated_at": "2026-11-22T02:30:00+00:00",
    "engine_version": "wear-off-4",
    "prior_version": "published-1",
    "patient_count": 45,
    "first_on": "2026-05-18",
    "last_on": "2026-11-20",
    "statement": "The reference here is retrospective.",
    "cycle_counts": {"finished_count": 158, "scored_count": 141, "half_lost_count": 35, "censored_count": 106}
    | {"no_benefit_count": 5, "no_baseline_count": 7, "too_few_answers_count": 5, "never_forecast_count": 0},
    "rules": [RULE],
    "reliability": [
        {"p_from": 0.6, "p_to": 0.7, "cycle_count": 31, "mean_forecast": 0.65, "observed_share": 0.613}
        | {"lo95": 0.438, "hi95": 0.763}
    ],
    "recalibrated": {
        "evidence": RECALIBRATION_EVIDENCE,
        "reliability": [
            {"p_from": 0.6, "p_to": 0.7, "cycle_count": 29, "mean_forecast": 0.64, "observed_share": 0.65}
            | {"lo95": 0.47, "hi95": 0.797}
        ],
    },
    "by_cycle": [{"cycle_range": "1", "scored_count": 39, "rules": [RULE]}],
    "patient_reported_half_loss": {"cycle_count": 12, "detected_share": 0.5, "day_14_error_days": 4.1}
    | {"reference_cycle_count": 3},
    "given_for_symptoms": {
        "cycle_count": 9,
        "detected_share": 0.67,
        "day_14_error_days": 5.0,
        "reference_cycle_count": 6,
    }
    | {"days_after_reference": 3.0},
    "decision_counts": {
        "agreed_count": 14,
        "differed_count": 3,
        "booked_count": 11,
        "days_after_recommended": 1.0,
    },
}
HELD = {"known_from": "2026-11-22T02:14:07+00:00", "removed": False, "recorded_by": ACCOUNT}
CURSOR = "IjIwMjYtMTEtMjEi.0Vb2Yk3xq8nT1mJp5rLs7dHc9gA"

EXAMPLES: Mapping[str, Any] = {
    "Tokens": {
        "access_token": "eyJhbGciOiJIUzI1NiJ9.e30.made-up",
        "token_type": "Bearer",
        "expires_in": 600,
        "roles": ["patient"],
        "refresh_token": "opaque-and-used-once",
        "device_token": "opaque-text-for-this-device",
    },
    "Liveness": {"status": "alive", "server_version": "1.0.0"},
    "Readiness": {"status": "ready"},
    "Me": {
        "id": ACCOUNT,
        "roles": ["patient"],
        "clinic_id": CLINIC,
        "patient_id": PATIENT,
        "display_name": "Fern Hollow",
        "email": "fern@patients.example",
    },
    "SignedInDevicePage": {"items": [DEVICE]},
    "Account": {"id": ACCOUNT, "signed_up": True, "disabled": False, "version": 1},
    "PasswordResetRequested": {"code_lasts_minutes": 60},
    "SecondFactorState": {"enabled": False, "recovery_codes_left": 0, "required": False},
    "SecondFactorSecret": {
        "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        "otpauth_uri": "otpauth://totp/Afterglow:fern%40patients.example"
        "?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Afterglow",
    },
    "RecoveryCodes": {"recovery_codes": ["7Q2M9XK4TB8RW3HZ6PVC5NDYGA"]},
    "Invitation": {"code": "7Q2M9XK4TB8RW3HZ6PVC5NDYGA", "expires_at": "2026-11-22T15:00:00+00:00"},
    "Clinic": {"id": CLINIC, "name": "Lantern Bay Clinic", "time_zone": "America/New_York"}
    | {
        "address": "12 Quay Street\nLantern Bay",
        "backfill_days": 7,
        **PLAN,
        "new_course_gap_days": 84,
        "refuse_unsuitable": False,
        "invitation_hours": 24,
        "staff_second_factor": "optional",
        "review_after_days": 7,
        "outlook_mode": "silent",
        "outlook_prior": "published-1",
        "outlook_recalibration": "none",
        "version": 1,
    },
    "Member": MEMBER,
    "MemberPage": {"items": [MEMBER]},
    "CareTeamMemberPage": {
        "items": [{"id": ACCOUNT, "display_name": "Dr. Hazel Hollowell", "roles": ["clinician"]}]
    },
    "Patient": {
        "id": PATIENT,
        "record_number": "LB-0061",
        "display_name": "Fern Hollow",
        "time_zone": "America/New_York",
        "day_start_hour": 4,
        "version": 1,
        "enrolled_at": "2026-05-28T14:00:00+00:00",
        "discharged": False,
        "telephone": "+14065550142",
        "emergency_contact": {"name": "Sage Hollow", "relation": "family", "telephone": "+14065550163"},
        "born_on": "1988-03-09",
        "language": "en",
    },
    "CheckIn": CHECK_IN,
    "CheckInPage": {"items": [CHECK_IN], "next_cursor": CURSOR},
    "CheckInRevisionPage": {"items": [{**CHECK_IN, **HELD}]},
    "PushResult": {
        "results": [
            {
                "op_id": "018f6a3e-54a1-7c1b-9a57-0f2c9d3e4b10",
                "status": "created",
                "http_status": 201,
                "record_id": "2026-11-21",
            }
            | {"version": 1, "change_seq": 42},
            {"op_id": "018f6a3e-54a2-7d20-8f11-5b6c7d8e9fa0", "status": "rejected", "http_status": 404}
            | {
                "problem": {
                    "type": "/problems/not_found",
                    "title": "Nothing here",
                    "status": 404,
                    "detail": "There is nothing here, or it is not yours.",
                    "code": "not_found",
                    "request_id": "0b8e8f3e-5c1d-4b57-9c2f-6f1f4e1f9a10",
                }
            },
        ],
        "server_time": "2026-11-22T02:14:07+00:00",
    },
    "Changes": {
        "changes": [
            {"type": "check_in", "record_id": "2026-11-21", "version": 1, "change_seq": 42, "deleted": False}
            | {"data": CHECK_IN}
        ],
        "next_cursor": CURSOR,
        "has_more": False,
        "server_time": "2026-11-22T02:14:07+00:00",
    },
    "Digest": {
        "months": [{"month": "2026-11", "check_in_count": 20, "sha256": "9f86d081" * 8}],
        "check_in_count": 20,
    },
    "SideEffectCatalogue": {
        "items": [{"code": "nausea", "label": "Nausea", "group": "body", "snomed": "422587007"}],
        "severities": ["mild", "moderate", "severe"],
    },
    "Infusion": GIVEN,
    "StoredInfusion": {
        **GIVEN,
        "reason": "symptoms_returned",
        "requested_on": "2026-11-12",
        "lot_number": "KT4471",
        "wasted_mg": 15.0,
        "performer_name": "R. Vale",
        "witness_name": "M. Ostrow",
        "dose_limits_exceeded": [{"limit_name": "max_dose_mg", "dose": 35.0, "dose_limit": 30.0}],
        "dose_confirmation": {
            "rationale": "Titrated over five sessions.",
            "confirmed_by": ACCOUNT,
            "confirmed_at": "2026-11-17T10:01:00+00:00",
        },
    },
    "InfusionPage": {"items": [GIVEN]},
    "InfusionRevisionPage": {"items": [{**GIVEN, **HELD}]},
    "Protocol": {
        "version": 1,
        "overrides": {"max_interval_days": 35},
        "in_effect": PLAN,
    },
    "TreatmentCourse": {**COURSE, "number": 2},
    "TreatmentCoursePage": {"items": [{**COURSE, "number": 2}]},
    "TreatmentCourseRevisionPage": {"items": [{**COURSE, **HELD}]},
    "Baseline": {"version": 1, "assessed_on": "2026-09-01", "mood": 3, "anxiety": 7},
    "DailyRatings": {"version": 1, "today": "2026-11-22", "items": [CRAVING]},
    "Event": EVENT,
    "EventPage": {"items": [EVENT], "next_cursor": CURSOR},
    "EventRevisionPage": {"items": [{**EVENT, **HELD}]},
    "MedicalHistoryEntry": ALLERGY,
    "MedicalHistoryEntryPage": {"items": [ALLERGY], "next_cursor": CURSOR},
    "MedicalHistoryEntryRevisionPage": {"items": [{**ALLERGY, **HELD}]},
    "Cost": COST,
    "Costs": {
        "patient_id": PATIENT,
        "today": "2026-11-22",
        "totals": [
            {"currency": "EUR", "infusion_count": 1, "price": 35000, "covered": 12000}
            | {"paid_upfront": 23000, "reimbursed": 0, "patient_share": 23000}
        ],
        "without_price_count": 0,
        "annual_estimate": {
            "currency": "EUR",
            "infusion_id": INFUSION,
            "local_date": "2026-11-17",
            "scenarios": [
                {"interval": "present_interval", "interval_days": 21}
                | {"price": 608333, "patient_share": 399762}
            ],
        },
        "items": [
            {**COST, "local_date": "2026-11-17", "given": True}
            | {"paid_upfront": 23000, "reimbursed": 0, "patient_share": 23000}
        ],
    },
    "Score": SCORE,
    "ImportReport": {
        "kind": "check_ins",
        "dry_run": False,
        "created_count": 1,
        "unchanged_count": 0,
        "refused_count": 1,
        "not_used_count": 0,
        "lines": [
            {"line": 2, "status": "created"},
            {
                "line": 3,
                "status": "refused",
                "errors": [
                    {
                        "column": "mood",
                        "code": "out_of_range",
                        "detail": "Send a whole number from 0 to 10.",
                    }
                ],
            },
        ],
    },
    "ScorePage": {"items": [SCORE], "next_cursor": CURSOR},
    "ScoreRevisionPage": {"items": [{**SCORE, **HELD}]},
    "Trends": {
        "patient_id": PATIENT,
        "today": "2026-11-22",
        "first_on": "2026-05-25",
        "last_on": "2026-11-22",
        "resolution": "day",
        "series": [SERIES],
        "infusions": [{"local_date": "2026-11-03", "reason": "scheduled"}],
        "events": [{"id": EVENT["id"], "local_date": "2026-11-19", "kind": "psychotherapy"}],
    },
    "ResponseCurves": {
        "patient_id": PATIENT,
        "today": "2026-11-22",
        "curves": [
            {
                "number": 7,
                "course_number": 1,
                "infused_on": "2026-11-03",
                "last_day": 19,
                "answered_count": 18,
            }
            | {"infusion_day_timing": "after", "level_before": 4.1, "rise": 2.9, "half_rise_level": 5.55}
            | {"onset_day": 1, "peak_day": 4, "half_rise_lost_day": 15}
            | {
                "post_infusion": {
                    "mood": 6,
                    "hours_after_start": 4.5,
                    "mood_before": 4.0,
                    "mood_change": 2.0,
                }
            }
            | {"days": [{"day": 0, "wellbeing": 4.5, "level": 4.5, "lo80": 2.45, "hi80": 6.55}]}
        ],
    },
    "Outlook": OUTLOOK,
    "Decision": DECISION,
    "PastOutlookPage": {"items": [PAST_OUTLOOK], "next_cursor": CURSOR},
    "CustomInstruments": {
        "version": 1,
        "items": [
            {
                "code": "clinic-daily-function",
                "name": "Daily function",
                "lowest": 0,
                "highest": 40,
                "direction": "higher_is_better",
                "bands": [{"from_total": 0, "label": "low"}, {"from_total": 20, "label": "high"}],
                "bands_source": "Agreed by the clinic's team in 2026; not validated.",
                "retired": False,
            }
        ],
    },
    "ForecastReport": FORECAST_REPORT,
    "ForecastReportRequest": {
        "requested_at": "2026-11-22T14:20:00+00:00",
        "generated_at": "2026-11-22T02:30:00+00:00",
    },
    "Summary": {
        **SUMMARY,
        "open_alert_count": 0,
        "ratings_asked": [{"code": "craving", "label": "Craving"}],
        "phq_9": {
            "scored_on": "2026-11-17",
            "total": 9,
            "band": "mild",
            "difference": -9,
            "response": True,
            "scored_before_on": "2026-08-28",
            "total_before": 18,
            "remission": False,
            "reliable_change": "improved",
            "important_change": "improved",
        },
        "exposure": {
            "in_30_days_count": 1,
            "in_90_days_count": 10,
            "in_365_days_count": 10,
            "total_mg_per_kg": 5.0,
            "elsewhere_count": 0,
            "known_dose_count": 10,
        },
        "consultation": {
            "seen_on": "2026-08-20",
            "decision": "suitable",
            "consent_given_on": "2026-08-20",
        },
        "outlook": OUTLOOK,
    },
    "DirectoryEntryPage": {
        "items": [
            {
                "patient_id": PATIENT,
                "record_number": "LB-0061",
                "display_name": "Fern Hollow",
                "discharged": False,
            }
        ],
        "next_cursor": CURSOR,
    },
    "WorklistEntry": WORKLIST_ENTRY,
    "WorklistPage": {"items": [ROW], "next_cursor": CURSOR, "hidden_count": 3},
    "ClinicInfusionPage": {
        "items": [
            {
                "patient_id": PATIENT,
                "record_number": "LB-0061",
                "display_name": "Fern Hollow",
                "infusion": {
                    "id": "c5e1a9d4-3f27-4f6b-8b90-7a6b5c4d3e2f",
                    "version": 1,
                    "local_date": "2026-12-01",
                    "started_at": "2026-12-01T10:00:00-05:00",
                    "time_zone": "America/New_York",
                    "route": "intravenous",
                    "status": "scheduled",
                    "reason": "scheduled",
                },
                "headline": "Due soon. 18 days since the last infusion. Booked for 1 December.",
                "phase": SUMMARY["phase"],
                "last_dose": SUMMARY["last_dose"],
                "checklist": [
                    {
                        "code": "review_due",
                        "text": "Response review due since 20 November.",
                        "since_on": "2026-11-20",
                    },
                    {"code": "allergies", "text": "Allergies: penicillin."},
                ],
            }
        ],
        "next_cursor": CURSOR,
    },
    "PriorList": {"prior_in_use": "published-1", "items": [PRIOR]},
    "RecalibrationList": {"recalibration_in_use": "none", "items": [RECALIBRATION]},
    "ApiClient": CLIENT,
    "ApiClientPage": {"items": [CLIENT]},
}
