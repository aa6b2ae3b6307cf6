"""The signed-in person, and where they are signed in."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.base import Instant

ROLES = ("patient", "clinician", "admin", "integration", "delegate")


class MeSchema(Schema):
    """Who is asking."""

    id = fields.UUID(required=True)
    role = fields.String(required=True)
    clinic_id = fields.UUID(required=True)
    patient_id = fields.UUID()
    display_name = fields.String()
    email = fields.String()
    scopes = fields.List(fields.String())


class SignedInDeviceSchema(Schema):
    """One device that is signed in."""

    id = fields.UUID(required=True)
    name = fields.String(required=True, attribute="device_name")
    signed_in_at = Instant(required=True, attribute="created_at")
    last_refreshed_at = Instant(required=True, attribute="rotated_at")
    expires_at = Instant(required=True)


class DeviceListSchema(Schema):
    """Every device that is signed in."""

    items = fields.List(fields.Nested(SignedInDeviceSchema), required=True)


class InvitationSchema(Schema):
    """A one-use code; it is shown this once."""

    code = fields.String(required=True)
    expires_at = Instant(required=True)
