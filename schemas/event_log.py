"""Events of the event log: sign-ins, and changes of who may do what."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.accounts import ROLES
from schemas.base import Choice, Instant, LatestFirstDaysQuery, about, page_of

EVENTS = (
    "signed_in", "sign_in_failed", "signed_out", "device_signed_out", "refresh_token_reused",
    "password_changed", "email_changed", "invitation_created", "invitation_accepted",
    "clinic_created", "staff_added", "staff_changed", "account_disabled", "account_enabled",
    "patient_enrolled", "consent_given", "consent_accepted", "consent_revoked",
    "api_client_registered", "api_client_revoked", "settings_changed",
    "hold_overridden", "outlook_overridden", "exported",
)  # fmt: skip


class EventLogQuery(LatestFirstDaysQuery):
    """Which events, of which days, and how many at a time."""

    event = Choice(EVENTS, "Only events of this kind.", error="unknown_event")
    account_id = fields.UUID(metadata=about("Only events that this account caused or that concern it."))


class EventLogEntrySchema(Schema):
    """Something that was done at an account, or that changed who may do what (FHIR: AuditEvent)."""

    id = fields.UUID(required=True, metadata=about("Id of the event."))
    occurred_at = Instant(required=True, metadata=about("When it happened, by the server's clock."))
    event = fields.String(required=True, metadata={"enum": list(EVENTS)} | about("What happened."))
    outcome = fields.String(
        required=True,
        metadata={"enum": ["success", "failure"]} | about("Whether it was done; failure where refused."),
    )
    actor = fields.String(
        required=True,
        allow_none=True,
        metadata=about("Name of who did it; null for a command of the operator, and before a sign-in."),
    )
    actor_roles = fields.List(
        fields.String(metadata={"enum": list(ROLES)}),
        required=True,
        metadata=about("Roles that the actor held then; integration is an API client."),
    )
    account = fields.String(
        required=True, allow_none=True, metadata=about("Name on the account that it concerns, if any.")
    )
    patient_id = fields.UUID(
        required=True, allow_none=True, metadata=about("The patient whom it concerns, if any.")
    )
    address = fields.String(
        required=True,
        allow_none=True,
        metadata=about(
            "Network address that it came from, or command line; null where it is not shown: people are not "
            "shown the addresses of others."
        ),
    )
    details = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata=about("Names of fields, roles, scopes, devices and ids; never what was written in them."),
    )


EventLogEntryPage = page_of(EventLogEntrySchema)
