"""Safety alerts: settings, work list, acknowledge, close."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app, g

from api.http import access_audit, clock
from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.etag import etag_headers, expected_version, showing_version, version_tag, versioned
from api.http.pagination import page, page_request
from api.http.response_cache import json_response
from api.http.safety_intake.daily_answer import reject_unrequested_answer, screens_safety_answers
from api.http.transaction import context
from clinical.safety import DAILY_OPTIONS, DAILY_QUESTION, Action, crisis_message
from schemas.base import DaysQuery, LatestFirstDaysQuery, LatestFirstQuery, page_of
from schemas.safety import (
    AcknowledgementSchema,
    AlertAnswerSchema,
    AlertsQuery,
    ChannelTestSchema,
    ClosingSchema,
    NewSafetyAnswerSchema,
    NewSafetySettingsSchema,
    OwnAlertSchema,
    SafetyAlertSchema,
    SafetyAnswerSchema,
    SafetyQuestionSchema,
    SafetySettingsSchema,
    StoredSafetyAnswerSchema,
)
from services import dates
from services.access import CARE_TEAM, Role
from services.revisions import Page, WriteOutcome
from services.safety import alerts, channel_tests
from services.safety import answers as safety_answers
from services.safety import lists as safety_lists
from services.safety import settings as safety_settings
from services.safety.delivery import webhook_secret
from services.safety.lists import ListedAlert, State, state_of
from services.safety.settings import OutboundCapabilities, SafetyDraft, SettingsInForce, contacts_of

SafetyAlertPage = page_of(SafetyAlertSchema)
ChannelTestPage = page_of(ChannelTestSchema)
blueprint = Blueprint(
    "safety", __name__, url_prefix="/v1", description="Safety settings, alerts and daily safety answers"
)
SETTINGS, OWN, WHOLE = SafetySettingsSchema(), OwnAlertSchema(), SafetyAlertSchema()
SETTINGS_EXAMPLE = {
    "country": "US",
    "safety_question": True,
    "escalate_after_minutes": 30,
    "on_call_webhook": "https://pager.clinic.example/afterglow",
}
# What a patient reads of their own alert.
STATE_MESSAGES = {
    State.OPEN: "Nobody has seen this answer yet. Nobody watches these answers in real time.",
    State.ACKNOWLEDGED: "Somebody at your clinic has seen this answer.",
    State.CLOSED: "Your clinic has acted on this answer.",
}


@blueprint.route("/clinics/<uuid:clinic_id>/safety-settings")
@allow(Role.ADMIN, *CARE_TEAM)
@showing_version
@blueprint.response(200, SafetySettingsSchema)
def get_safety_settings(clinic_id: UUID) -> Any:
    """Get a clinic's safety settings"""
    settings = safety_settings.read(context(), clinic_id)
    return _settings(settings), etag_headers(version_tag(settings.version))


@blueprint.route("/clinics/<uuid:clinic_id>/safety-settings", methods=["PUT"])
@allow(Role.ADMIN)
@versioned(SETTINGS)
@blueprint.arguments(NewSafetySettingsSchema, example=SETTINGS_EXAMPLE)
@blueprint.response(200, SafetySettingsSchema)
@blueprint.alt_response(201, schema=SafetySettingsSchema, description="They were set for the first time.")
def put_safety_settings(body: dict[str, Any], clinic_id: UUID) -> Any:
    """Set crisis contacts, the on-call contact and the safety question

    The question can be switched on only once there are crisis contacts, a time and an on-call address: no
    number is guessed. Idempotent. Settings other than the current ones need If-Match. The response
    holds the secret that verifies the webhook's signatures (Standard Webhooks). To an address that is new a
    test message is sent within seconds; `safety-settings/test` shows its outcome.
    """
    draft = SafetyDraft(**body)
    stored = channel_tests.set_and_test(context(), clinic_id, draft, expected_version(), _capabilities())
    shown = _settings(stored.value)
    if draft.on_call_webhook is not None:
        key = current_app.extensions["settings"].derived_key("webhook")
        shown["webhook_secret"] = webhook_secret(key, clinic_id)
    return shown, 201 if stored.created else 200, etag_headers(version_tag(stored.value.version))


@blueprint.route("/clinics/<uuid:clinic_id>/safety-settings/test")
@allow(Role.ADMIN, *CARE_TEAM)
@blueprint.response(200, ChannelTestPage)
def list_channel_tests(clinic_id: UUID) -> Any:
    """List the newest test message to the on-call on each channel, with its outcome"""
    return {"items": channel_tests.newest(context(), clinic_id)}


@blueprint.route("/clinics/<uuid:clinic_id>/safety-settings/test", methods=["POST"])
@allow(Role.ADMIN)
@also_answers("conflict", "too_many_attempts")
@blueprint.response(202, ChannelTestPage)
def send_channel_tests(clinic_id: UUID) -> Any:
    """Send a test message to the on-call on each channel

    It is marked as a test and names nobody. The worker sends it within seconds, three times at most; the list
    of the same address shows the outcome.
    """
    return {"items": channel_tests.send(context(), clinic_id)}


@blueprint.route("/clinics/<uuid:clinic_id>/safety-alerts")
@allow(*CARE_TEAM)
@blueprint.arguments(AlertsQuery, location="query")
@blueprint.response(200, SafetyAlertPage)
def list_safety_alerts(query: dict[str, Any], clinic_id: UUID) -> Any:
    """List a clinic's safety alerts, the most severe first

    Of equal ones, the last answered comes first. Without a state, all that nobody has closed; from and to
    select by the local dates of the answers.
    """
    state = State(query["state"])
    return _page(safety_lists.worklist(context(), clinic_id, state, page_request(query)))


@blueprint.route("/patients/<patient:patient_id>/safety-alerts")
@allow(Role.PATIENT, *CARE_TEAM)
@blueprint.arguments(LatestFirstDaysQuery, location="query")
@blueprint.response(200, SafetyAlertPage)
def list_patient_safety_alerts(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List a patient's safety alerts, the newest first

    A patient gets their own, without what clinicians wrote: which answer, and whether it was seen.
    """
    return _page(safety_lists.of_patient(context(), patient_id, page_request(query)))


@blueprint.route("/patients/<patient:patient_id>/safety-question")
@allow(Role.PATIENT, *CARE_TEAM)
@blueprint.response(200, SafetyQuestionSchema)
def get_safety_question(patient_id: UUID | None) -> dict[str, Any]:
    """Get the daily safety question and the crisis contacts

    A phone stores this, so that it can show the contacts at once while it is offline.
    """
    settings = safety_settings.for_patient(context(), patient_id)
    return {
        "asked": settings.safety_question,
        "question": DAILY_QUESTION,
        "options": DAILY_OPTIONS,
        "crisis_message": crisis_message(contacts_of(settings)),
    }


@blueprint.route("/patients/<patient:patient_id>/safety-answers")
@allow(Role.PATIENT, *CARE_TEAM)
@blueprint.arguments(DaysQuery, location="query")
@blueprint.response(200, page_of(SafetyAnswerSchema))
def list_safety_answers(query: dict[str, Any], patient_id: UUID | None) -> Any:
    """List a patient's daily safety answers in order of date"""
    found = safety_answers.page(context(), patient_id, page_request(query))
    return page(found.items, found.next_position)


@blueprint.route("/patients/<patient:patient_id>/safety-answers/<date:local_date>", methods=["PUT"])
@allow(Role.PATIENT, *CARE_TEAM)
@screens_safety_answers("answer")
@blueprint.arguments(NewSafetyAnswerSchema, example={"answer": 1})
@blueprint.response(200, StoredSafetyAnswerSchema)
@blueprint.alt_response(
    201, schema=StoredSafetyAnswerSchema, description="The day had no safety answer before."
)
def put_safety_answer(body: dict[str, Any], patient_id: UUID | None, local_date: date) -> Any:
    """Send a day's safety answer, before anything else of that day

    Idempotent: the same answer changes nothing. Another answer replaces the current one without If-Match,
    and every revision is stored. An answer above 0 opens an alert, also where the request is refused; show
    what safety holds, in a success or a problem, before anything else. Refused in a clinic that never asked
    the question.
    """
    reject_unrequested_answer(body, field="answer")
    dates.validate_local_date(local_date, clock.now())
    stored = safety_answers.read(context(), patient_id, local_date)
    return stored, 201 if g.safety_intake.outcome is WriteOutcome.CREATED else 200


@blueprint.route("/safety-alerts/<uuid:alert_id>")
@allow(*CARE_TEAM)
@blueprint.response(200, SafetyAlertSchema)
def get_safety_alert(alert_id: UUID) -> Any:
    """Get a safety alert"""
    return _one(alerts.read(context(), alert_id))


@blueprint.route("/safety-alerts/<uuid:alert_id>/answers")
@allow(*CARE_TEAM)
@blueprint.arguments(LatestFirstQuery, location="query")
@blueprint.response(200, page_of(AlertAnswerSchema))
def list_safety_alert_answers(query: dict[str, Any], alert_id: UUID) -> Any:
    """List a safety alert's answers, the last received first"""
    alert, found = safety_lists.answers(context(), alert_id, page_request(query))
    access_audit.declare_patients("safety-alerts", [alert.patient_id])
    return page(found.items, found.next_position)


@blueprint.route("/safety-alerts/<uuid:alert_id>/acknowledge", methods=["POST"])
@allow(Role.CLINICIAN)
@also_answers("already_acknowledged", "already_closed", "conflict")
@blueprint.arguments(AcknowledgementSchema, example={"note": "Calling now.", "answer_count": 2})
@blueprint.response(200, SafetyAlertSchema)
def acknowledge_safety_alert(body: dict[str, Any], alert_id: UUID) -> Any:
    """Acknowledge a safety alert

    Nobody else is notified after that; the alert stays until it is closed, and the patient's next answer
    opens another. With the answer_count that was read, it is refused (409) where the patient has answered
    again since. Of two clinicians one is first, and the other learns who. Idempotent.
    """
    seen = body.get("answer_count")
    return _one(alerts.acknowledge(context(), alert_id, body.get("note"), seen))


@blueprint.route("/safety-alerts/<uuid:alert_id>/close", methods=["POST"])
@allow(Role.CLINICIAN)
@also_answers("already_closed", "conflict")
@blueprint.arguments(
    ClosingSchema, example={"action": "spoke_with_patient", "note": "Safe tonight; seen Monday."}
)
@blueprint.response(200, SafetyAlertSchema)
def close_safety_alert(body: dict[str, Any], alert_id: UUID) -> Any:
    """Close a safety alert with what was done

    Nothing else ends one. Idempotent.
    """
    action = Action(body["action"])
    seen = body.get("answer_count")
    return _one(alerts.close(context(), alert_id, action, body.get("note"), seen))


def _capabilities() -> OutboundCapabilities:
    settings = current_app.extensions["settings"]
    return OutboundCapabilities(
        mail=settings.smtp_host is not None,
        loopback=settings.webhooks_to_loopback,
        sample_addresses=settings.environment != "production",
    )


def _settings(stored: SettingsInForce) -> dict[str, Any]:
    settings = stored.settings
    return {
        "version": stored.version,
        "country": settings.country,
        "crisis_contacts": settings.crisis_contacts,
        "shown_contacts": contacts_of(settings),
        "safety_question": settings.safety_question,
        "escalate_after_minutes": settings.escalate_after_minutes,
        "on_call_email": settings.on_call_email,
        "on_call_webhook": settings.on_call_webhook,
    }


def _page(found: Page[ListedAlert]) -> Any:
    schema = OWN if g.actor.has(Role.PATIENT) else WHOLE
    access_audit.declare_patients("safety-alerts", (each.patient.id for each in found.items))
    dumped = [schema.dump(_shown(each)) for each in found.items]
    body, _, headers = page(dumped, found.next_position)
    return json_response(current_app.json.dumps(body), headers)


def _one(alert: Any) -> dict[str, Any]:
    (listed,) = safety_lists.with_details(g.session, [alert])
    access_audit.declare_patients("safety-alerts", [listed.patient.id])
    return _shown(listed)


def _shown(listed: ListedAlert) -> dict[str, Any]:
    alert, patient, state = listed.alert, listed.patient, state_of(listed.alert)
    columns = ("id", "local_date", "source", "opened_at", "patient_id", "answer", "priority")
    since = ("answer_count", "latest_answer_at", "escalated_at")
    notes = ("acknowledged_at", "acknowledge_note", "closed_at", "action", "close_note")
    return {name: getattr(alert, name) for name in (*columns, *since, *notes)} | {
        "state": str(state),
        "message": STATE_MESSAGES[state],
        "record_number": patient.record_number,
        "display_name": patient.display_name,
        "telephone": patient.telephone,
        "emergency_contact": patient.emergency_contact,
        "escalations": listed.deliveries,
        "acknowledged_by": _person(listed, alert.acknowledged_by),
        "closed_by": _person(listed, alert.closed_by),
    }


def _person(listed: ListedAlert, account_id: UUID | None) -> dict[str, Any] | None:
    if account_id is None:
        return None
    return {"id": account_id, "display_name": listed.people.get(account_id, "")}
