"""Signing in, the tokens it gives, and the form of /oauth/token."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import OneOf, Regexp

from clinical.sentences import Sentence
from schemas.accounts import ABOUT_NEW, ROLES
from schemas.base import EmailAddress, Strict, Text, about
from schemas.second_factors import SecondFactorCodes

DEVICE_ID = (
    "Id of the app's installation, chosen by the app once and stored on the device: 8 to 64 of "
    "A-Z a-z 0-9 . _ -"
)


class DeviceSchema(Strict):
    """The device that signs in."""

    device_id = fields.String(
        required=True,
        validate=Regexp(
            r"[A-Za-z0-9._-]{8,64}\Z", error=Sentence("bad_device_id: Send 8 to 64 of A-Z a-z 0-9 . _ -")
        ),
        # The same for every reader: \Z is Python's own.
        metadata={"pattern": "^[A-Za-z0-9._-]{8,64}$", **about(f"{DEVICE_ID}.")},
    )
    name = Text(
        200,
        blank=True,
        load_default="Unnamed device",
        metadata=about("Name of the device that its user recognizes in a list."),
    )


class LoginSchema(SecondFactorCodes):
    """Credentials, and the device they come from."""

    email = Text(
        254,
        required=True,
        metadata={"format": "email", **about("The account's e-mail address, in any case.")},
    )
    password = Text(1000, blank=True, required=True, metadata=about("The password of the account."))
    device = fields.Nested(DeviceSchema, required=True, metadata=about("The device to sign in on."))
    device_token = Text(
        200,
        0,
        blank=True,
        metadata=about(
            "device_token of an earlier sign-in on this device: wrong tries of others then do not throttle "
            "it. One that does not fit is ignored."
        ),
    )


class AcceptanceSchema(SecondFactorCodes):
    """How an invited person sets up their account."""

    email = EmailAddress(metadata=about("Address to sign in with; by default the one the clinic entered."))
    password = Text(1000, blank=True, required=True, metadata=about(ABOUT_NEW))
    device = fields.Nested(DeviceSchema, required=True, metadata=about("The device to sign in on."))


class TokensSchema(Schema):
    """The tokens of a sign-in or an API client."""

    access_token = fields.String(
        required=True, metadata=about("Send it as Authorization: Bearer <token>; opaque to clients.")
    )
    token_type = fields.String(required=True, metadata={"enum": ["Bearer"], **about("Always Bearer.")})
    expires_in = fields.Integer(required=True, metadata=about("Lifetime of the access token in seconds."))
    refresh_token = fields.String(
        metadata=about(
            "Exchange it at /oauth/token for the next pair. Each works once; sent twice, it signs the device "
            "out, except within a day from the same device_id, as long as its successor was not used. Absent "
            "for API clients."
        )
    )
    device_token = fields.String(
        metadata=about(
            "Keep it on the device, also after signing out, and send it with the next sign-in. It gives no "
            "access. Absent for API clients."
        )
    )
    scope = fields.String(metadata=about("The granted scopes, separated by spaces; API clients only."))
    roles = fields.List(
        fields.String(metadata={"enum": list(ROLES)}), metadata=about("The roles of the user or API client.")
    )


class TokenRequestSchema(Strict):
    """The form of RFC 6749; a client may send its id and secret in the Authorization header instead."""

    grant_type = fields.String(
        required=True,
        validate=OneOf(
            ["client_credentials", "refresh_token"],
            error=Sentence("unsupported: Send client_credentials or refresh_token."),
        ),
        metadata=about("refresh_token for a signed-in device, client_credentials for an API client."),
    )
    client_id = fields.String(metadata=about("With client_credentials: the API client's id."))
    client_secret = fields.String(metadata=about("With client_credentials: the API client's secret."))
    scope = fields.String(
        metadata=about("With client_credentials: scopes separated by spaces; by default all granted ones.")
    )
    refresh_token = fields.String(metadata=about("With refresh_token: the latest refresh token."))
    device_id = fields.String(metadata=about(f"With refresh_token: as sent at sign-in. {DEVICE_ID}."))
