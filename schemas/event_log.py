"""Events of the event log: sign-ins, and changes of who may do what."""

from __future__ import annotations

from marshmallow import fields

from schemas.accounts import ROLES
from schemas.api_clients import SCOPES
from schemas.base import Choice, Instant, LatestFirstDaysQuery, OmitNone, about, page_of

EVENTS = (
    "signed_in", "sign_in_failed", "signed_out", "device_signed_out", "refresh_token_reused",
    "password_changed", "email_changed", "invitation_created", "invitation_accepted",
    "acceptance_undone", "throttle_lifted",
    "second_factor_enabled", "second_factor_removed", "second_factor_reset",
    "clinic_created", "staff_added", "staff_changed", "account_disabled", "account_enabled",
    "patient_enrolled", "consent_given", "consent_accepted", "consent_revoked",
    "api_client_registered", "api_client_revoked", "settings_changed",
    "hold_overridden", "outlook_overridden", "exported",
    "alert_acknowledged", "alert_closed", "test_message_sent", "password_reset_sent",
)  # fmt: skip
CODE = {"pattern": "^[a-z0-9_]+$"}


class EventLogQuery(LatestFirstDaysQuery):
    """Which events, of which days, and how many at a time."""

    event = Choice(EVENTS, "Only events of this kind.", error="unknown_event")
    account_id = fields.UUID(metadata=about("Only events that this account caused or that concern it."))


class EventDetailsSchema(OmitNone):
    """What an event is about: names and ids, never what was written in a record."""

    fields_changed = fields.List(fields.String(metadata=CODE), metadata=about("Names of what changed."))
    roles = fields.List(fields.String(metadata={"enum": list(ROLES)}), metadata=about("Roles held since."))
    former_roles = fields.List(
        fields.String(metadata={"enum": list(ROLES)}), metadata=about("Roles held before.")
    )
    scopes = fields.List(
        fields.String(metadata={"enum": list(SCOPES)}), metadata=about("Scopes of the API client.")
    )
    client_id = fields.UUID(metadata=about("Id of the API client."))
    name = fields.String(metadata=about("Name of the API client."))
    consent_id = fields.UUID(metadata=about("Id of the consent."))
    parts = fields.List(
        fields.String(metadata=CODE), metadata=about("Parts of the record that the consent shares.")
    )
    device_name = fields.String(metadata=about("Name of the device, as its app sent it."))
    resets_password = fields.Boolean(
        metadata=about("Whether the invitation is for somebody who has a password: a reset.")
    )
    resource = fields.String(
        metadata={"pattern": "^[a-z/-]+$"}
        | about("What was changed or read, named as in the paths of this API.")
    )
    version = fields.Integer(metadata=about("Version of the settings since."))
    media_type = fields.String(
        metadata={"enum": ["text/csv", "application/x-ndjson"]} | about("Media type of an export.")
    )
    alert_id = fields.UUID(metadata=about("Id of the safety alert."))
    infusion_id = fields.UUID(metadata=about("Id of the infusion."))
    hold_codes = fields.List(
        fields.String(metadata=CODE), metadata=about("Reasons to hold that were overridden.")
    )
    decision_id = fields.UUID(metadata=about("Id of the decision on the outlook."))


class EventLogEntrySchema(OmitNone):
    """Something that was done at an account, or that changed who may do what (FHIR: AuditEvent)."""

    id = fields.UUID(required=True, metadata=about("Id of the event."))
    occurred_at = Instant(required=True, metadata=about("When it happened, by the server's clock."))
    event = fields.String(required=True, metadata={"enum": list(EVENTS)} | about("What happened."))
    outcome = fields.String(
        required=True,
        metadata={"enum": ["success", "failure"]} | about("Whether it was done; failure where refused."),
    )
    actor_name = fields.String(
        metadata=about("Who did it; absent for a command of the operator, and before a sign-in.")
    )
    actor_roles = fields.List(
        fields.String(metadata={"enum": list(ROLES)}),
        required=True,
        metadata=about("Roles that the actor held then; integration is an API client."),
    )
    account_name = fields.String(metadata=about("Name on the account that it concerns, if any."))
    patient_id = fields.UUID(metadata=about("The patient whom it concerns, if any."))
    address = fields.String(
        metadata=about(
            "Network address that it came from, or command line; absent where it is not shown: people are "
            "not shown the addresses of others."
        )
    )
    details = fields.Nested(EventDetailsSchema, required=True, metadata=about("What it is about."))


EventLogEntryPage = page_of(EventLogEntrySchema)
