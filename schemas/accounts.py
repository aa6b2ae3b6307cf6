"""The signed-in user, and where they are signed in."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.api_clients import SCOPES
from schemas.base import EmailAddress, Flag, Instant, Strict, Text, Version, about

ROLES = ("patient", "clinician", "nurse", "front_desk", "billing", "admin", "integration", "delegate")


ABOUT_NEW = (
    "The new password: 15 to 200 characters of any kind (beside a second factor 8 to 200), spaces included, "
    "that are not easy to guess, such as several unrelated words; the user's own name and address do not "
    "count. Digits and signs are optional."
)


class MeSchema(Schema):
    """The signed-in user or API client."""

    id = fields.UUID(required=True, metadata=about("Id of the account or the API client."))
    roles = fields.List(
        fields.String(metadata={"enum": list(ROLES)}),
        required=True,
        metadata=about("What the user is to the clinic; staff may hold several roles."),
    )
    clinic_id = fields.UUID(required=True, metadata=about("The clinic of the account."))
    patient_id = fields.UUID(metadata=about("The patient's own id; absent for everybody else."))
    display_name = fields.String(metadata=about("The user's name; absent for API clients."))
    email = fields.String(
        metadata={"format": "email", **about("Address to sign in with; absent for API clients.")}
    )
    scopes = fields.List(
        fields.String(metadata={"enum": list(SCOPES)}), metadata=about("Granted scopes; API clients only.")
    )


class NewPasswordSchema(Strict):
    """Another password, from somebody who knows the present one."""

    current_password = Text(1000, blank=True, required=True, metadata=about("The present password."))
    password = Text(1000, blank=True, required=True, metadata=about(ABOUT_NEW))


class NewEmailSchema(Strict):
    """Another address to sign in with, from somebody who knows the password."""

    current_password = Text(1000, blank=True, required=True, metadata=about("The present password."))
    email = EmailAddress(required=True, metadata=about("The address to sign in with from now on."))


class SignedInDeviceSchema(Schema):
    """A device that is signed in."""

    sign_in_id = fields.UUID(
        required=True, attribute="id", metadata=about("Id of this sign-in; delete it to sign the device out.")
    )
    device_id = fields.String(required=True, metadata=about("The device_id that the app sent at sign-in."))
    name = fields.String(
        required=True, attribute="device_name", metadata=about("The name that the app sent at sign-in.")
    )
    signed_in_at = Instant(required=True, attribute="created_at", metadata=about("When it signed in."))
    last_refreshed_at = Instant(
        required=True, attribute="rotated_at", metadata=about("When it last exchanged its refresh token.")
    )
    expires_at = Instant(
        required=True,
        metadata=about("When the sign-in ends: 90 days without a refresh for patients, 12 hours for staff."),
    )


class InvitationSchema(Schema):
    """A one-use invitation code."""

    code = fields.String(
        required=True,
        metadata={
            "pattern": "^[0-9A-HJKMNP-TV-Z]{26}$",
            **about("The code, shown only here; lower case, spaces and dashes make no difference."),
        },
    )
    expires_at = Instant(required=True, metadata=about("Until when the code can be used."))


DISABLED = "Whether sign-in and every session of this person are blocked."


class AccountSchema(Schema):
    """The account of a patient or a delegate."""

    id = fields.UUID(required=True, metadata=about("Id of the account."))
    signed_up = fields.Function(
        lambda row: row.password_hash is not None,
        required=True,
        metadata={"type": "boolean", "description": "Whether the invitation was accepted."},
    )
    disabled = fields.Function(
        lambda row: row.disabled_at is not None,
        required=True,
        metadata={"type": "boolean", "description": DISABLED},
    )
    version = Version()


class AccountChangeSchema(Strict):
    """Block somebody's account or end the block."""

    disabled = Flag(required=True, metadata=about(DISABLED))
