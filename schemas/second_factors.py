"""A second factor, as sent and as returned."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Regexp

from clinical.sentences import Sentence
from schemas.base import Instant, OmitNone, Strict, Text, about

TOTP = "The six digits that the authenticator app shows; each code works once."


def totp_code(**kwargs: Any) -> fields.String:
    """Return the field of a request with a code of an authenticator app."""
    digits = Regexp(r"[0-9]{6}\Z", error=Sentence("not_six_digits: Send the six digits of the app."))
    return fields.String(validate=digits, metadata={"pattern": "^[0-9]{6}$", **about(TOTP)}, **kwargs)


class SecondFactorCodes(Strict):
    """A code of the second factor, where the account has one."""

    totp_code = totp_code()
    recovery_code = Text(
        64, metadata=about("In place of totp_code, for whoever has lost the authenticator app; works once.")
    )

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Reject two codes, of which one would be used up for nothing."""
        if "totp_code" in data and "recovery_code" in data:
            raise ValidationError(Sentence("choose_one: Send totp_code or recovery_code."), "recovery_code")


class SecondFactorStateSchema(OmitNone):
    """The signed-in user's second factor."""

    enabled = fields.Boolean(required=True, metadata=about("Whether sign-in asks for a code."))
    enabled_at = Instant(metadata=about("Since when."))
    recovery_codes_left = fields.Integer(
        required=True, metadata={"minimum": 0, **about("How many recovery codes were not used.")}
    )
    required = fields.Boolean(
        required=True, metadata=about("Whether the clinic requires one, and it is not set up yet.")
    )


class SecondFactorStartSchema(Strict):
    """The beginning of setting a second factor up."""

    current_password = Text(1000, blank=True, required=True, metadata=about("The present password."))


class SecondFactorSecretSchema(Schema):
    """The secret of a new second factor, shown once."""

    secret = fields.String(required=True, metadata=about("The secret in base 32, to type into the app."))
    otpauth_uri = fields.String(
        required=True, metadata=about("The same for a QR code: 6 digits, 30 seconds, SHA-1 (RFC 6238).")
    )


class SecondFactorConfirmationSchema(Strict):
    """The first code."""

    totp_code = totp_code(required=True)


class RecoveryCodesSchema(Schema):
    """The recovery codes of a second factor, shown once."""

    recovery_codes = fields.List(
        fields.String(),
        required=True,
        metadata=about("Ten codes; each replaces totp_code once. To print, or for a password manager."),
    )


class SecondFactorRemovalSchema(SecondFactorCodes):
    """The removal of a second factor."""

    current_password = Text(1000, blank=True, required=True, metadata=about("The present password."))
