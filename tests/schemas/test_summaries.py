from __future__ import annotations

from dataclasses import fields

from schemas.summaries import PatientSummarySchema, SummarySchema
from services.summaries import Summary

# What a clinician has to act on, and a patient could only worry about.
FOR_CLINICIANS = {
    "open_alert_count",
    "reasons_to_hold",
    "headline",
    "attention",
    "booking",
    "proposed_course",
    "ratings_asked",
    "phq_9",
    "exposure",
    "consultation",
    "response_review_due_on",
}


def test_every_figure_of_a_summary_is_shown_and_a_patient_sees_no_outlook():
    figures = {field.name for field in fields(Summary)}
    assert set(PatientSummarySchema().fields) == figures - FOR_CLINICIANS
    assert set(SummarySchema().fields) == figures | {"outlook"}
