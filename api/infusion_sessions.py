"""Infusion sessions, discharge checks, and a clinic's settings for both."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.etag import (
    etag_headers,
    expected_version,
    showing_version,
    version_tag,
    versioned,
    write_response,
)
from api.http.pagination import page, page_request
from api.http.transaction import context
from schemas.base import OrderedQuery, page_of
from schemas.infusion_session_settings import NewSessionSettingsSchema, SessionSettingsSchema
from schemas.infusion_sessions import (
    DischargeCheckSchema,
    NewDischargeCheckSchema,
    NewSessionSchema,
    SessionRevisionSchema,
    SessionSchema,
)
from services.access import CARE_TEAM, Role
from services.infusion_sessions import discharge, timeline
from services.infusion_sessions import settings as session_settings
from services.infusion_sessions.discharge import DischargeDraft
from services.infusion_sessions.settings import SessionSettingsDraft
from services.infusion_sessions.timeline import SessionDraft

blueprint = Blueprint(
    "infusion_sessions",
    __name__,
    url_prefix="/v1",
    description="Timeline, discharge check and limits of infusions",
)
INFUSION = "/patients/<patient:patient_id>/infusions/<uuid:infusion_id>"
SETTINGS = "/clinics/<uuid:clinic_id>/session-settings"
EXAMPLE = {
    "arrived_at": "2026-11-17T09:40:00-05:00",
    "pre_checks": {"systolic": 128, "diastolic": 82, "fasting": "yes", "escort": "yes"}
    | {"urinary_symptoms": "no", "medication_changed": "no", "safety_asked": "yes"},
    "rate_changes": [{"changed_at": "2026-11-17T10:05:00-05:00", "mg_per_hour": 52.5}],
    "side_effects": [
        {"onset_at": "2026-11-17T10:20:00-05:00", "ended_at": "2026-11-17T11:05:00-05:00"}
        | {"code": "dissociation", "severity": "moderate"}
    ],
    "interventions": [{"done_at": "2026-11-17T10:25:00-05:00", "description": "Dimmed the light; talked."}],
    "dissociation": {"scale": "cadss-6", "total": 9, "rated_at": "2026-11-17T10:40:00-05:00"},
}
DISCHARGE_EXAMPLE = {
    "left_at": "2026-11-17T12:50:00-05:00",
    "accompanied_by": "companion",
    "checks": {"oriented": "yes", "steady_gait": "yes", "nausea_controlled": "yes"},
}
SETTINGS_EXAMPLE = {
    "minimum_monitoring_minutes": 120,
    "systolic_high": 170,
    "diastolic_high": 105,
    "spo2_low": 92,
    "respiratory_rate_low": 10,
}


@blueprint.route(SETTINGS)
@allow(Role.ADMIN, *CARE_TEAM)
@showing_version
@blueprint.response(200, SessionSettingsSchema)
def get_session_settings(clinic_id: UUID) -> Any:
    """Get a clinic's limits for infusion sessions"""
    settings = session_settings.read(context(), clinic_id)
    return settings, etag_headers(version_tag(settings.version))


@blueprint.route(SETTINGS, methods=["PUT"])
@allow(Role.ADMIN)
@versioned(SessionSettingsSchema())
@blueprint.arguments(NewSessionSettingsSchema, example=SETTINGS_EXAMPLE)
@blueprint.response(200, SessionSettingsSchema)
@blueprint.alt_response(201, schema=SessionSettingsSchema, description="They were set for the first time.")
def put_session_settings(body: dict[str, Any], clinic_id: UUID) -> Any:
    """Set a clinic's limits for infusion sessions

    No limit is assumed: one that is left out is not set, and nothing exceeds it. Earlier records retain the
    limits of their time. Idempotent. Settings other than the current ones need If-Match.
    """
    draft = SessionSettingsDraft(**body)
    return write_response(session_settings.put(context(), clinic_id, draft, expected_version()))


@blueprint.route(f"{INFUSION}/session")
@allow(*CARE_TEAM)
@also_answers("removed")
@showing_version
@blueprint.response(200, SessionSchema)
def get_infusion_session(patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Get the timeline of an infusion"""
    recorded = timeline.read(context(), patient_id, infusion_id)
    return recorded, etag_headers(version_tag(recorded.row.version))


@blueprint.route(f"{INFUSION}/session", methods=["PUT"])
@allow(*CARE_TEAM)
@versioned(SessionSchema())
@blueprint.arguments(NewSessionSchema, example=EXAMPLE)
@blueprint.response(200, SessionSchema)
@blueprint.alt_response(201, schema=SessionSchema, description="It was recorded for the first time.")
def put_infusion_session(body: dict[str, Any], patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Store or change the timeline of an infusion

    Start and end are the infusion's own. Idempotent; send it again as it grows: each change needs If-Match
    with the version it changes, and earlier revisions are retained.
    """
    draft = SessionDraft(**body)
    stored = timeline.put(context(), patient_id, infusion_id, draft, expected_version())
    return write_response(stored, stored.value.row.version)


@blueprint.route(f"{INFUSION}/session/revisions")
@allow(*CARE_TEAM)
@also_answers("removed")
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(SessionRevisionSchema))
def list_infusion_session_revisions(query: dict[str, Any], patient_id: UUID | None, infusion_id: UUID) -> Any:
    """List every revision of an infusion's timeline"""
    found = timeline.revisions(context(), patient_id, infusion_id, page_request(query))
    return page(found.items, found.next_position)


@blueprint.route(f"{INFUSION}/discharge-check")
@allow(*CARE_TEAM)
@also_answers("removed")
@showing_version
@blueprint.response(200, DischargeCheckSchema)
def get_discharge_check(patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Get the discharge check of an infusion"""
    discharged = discharge.read(context(), patient_id, infusion_id)
    return discharged, etag_headers(version_tag(discharged.row.version))


@blueprint.route(f"{INFUSION}/discharge-check", methods=["PUT"])
@allow(*CARE_TEAM)
@versioned(DischargeCheckSchema())
@blueprint.arguments(NewDischargeCheckSchema, example=DISCHARGE_EXAMPLE)
@blueprint.response(200, DischargeCheckSchema)
@blueprint.alt_response(201, schema=DischargeCheckSchema, description="It was recorded for the first time.")
def put_discharge_check(body: dict[str, Any], patient_id: UUID | None, infusion_id: UUID) -> Any:
    """Store or change the discharge check of an infusion

    Leaving before the clinic's minimum of monitoring is stored and shown. Idempotent; a change
    needs If-Match.
    """
    draft = DischargeDraft(**body)
    stored = discharge.put(context(), patient_id, infusion_id, draft, expected_version())
    return write_response(stored, stored.value.row.version)
