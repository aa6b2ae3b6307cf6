"""Signing in, the tokens it gives, and the form of /oauth/token."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import OneOf, Regexp

from schemas.base import EmailAddress, Strict, Text


class DeviceSchema(Strict):
    """The device that signs in; its id is its own, made once and kept."""

    id = fields.String(
        required=True,
        validate=Regexp(r"[A-Za-z0-9._-]{8,64}\Z", error="bad_device_id: Send 8 to 64 of A-Z a-z 0-9 . _ -"),
        # The same for every reader: \Z is Python's own.
        metadata={"pattern": "^[A-Za-z0-9._-]{8,64}$"},
    )
    name = Text(200, blank=True, load_default="Unnamed device")


class LoginSchema(Strict):
    """Credentials, and the device they come from."""

    email = Text(254, required=True)
    password = Text(1000, blank=True, required=True)
    device = fields.Nested(DeviceSchema, required=True)


class AcceptanceSchema(Strict):
    """How an invited person takes up their account."""

    email = EmailAddress(metadata={"description": "To sign in with; without it, the one the clinic entered."})
    password = Text(1000, blank=True, required=True)
    device = fields.Nested(DeviceSchema, required=True)


class TokensSchema(Schema):
    """What a sign-in gives; an integration gets no refresh token."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True, metadata={"enum": ["Bearer"]})
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds."})
    refresh_token = fields.String()
    scope = fields.String()
    role = fields.String()


class TokenRequestSchema(Strict):
    """The form of RFC 6749; a client may put its id and secret in the Authorization header instead."""

    grant_type = fields.String(
        required=True,
        validate=OneOf(["client_credentials", "refresh_token"], error="unsupported: Not a grant type here."),
    )
    client_id = fields.String()
    client_secret = fields.String()
    scope = fields.String()
    refresh_token = fields.String()
    device_id = fields.String(metadata={"description": "With refresh_token: the device's own id."})
