"""A new password by e-mail, as requests have it."""

from __future__ import annotations

from marshmallow import Schema, fields

from schemas.accounts import ABOUT_NEW
from schemas.base import EmailAddress, Strict, Text, about


class PasswordResetRequestSchema(Strict):
    """Whose password is to be reset."""

    email = EmailAddress(
        required=True, metadata=about("The address that the account signs in with, in any case.")
    )


class PasswordResetRequestedSchema(Schema):
    """The same for every address."""

    code_lasts_minutes = fields.Integer(
        required=True, metadata=about("How many minutes the code can be used, if a mail was sent.")
    )


class PasswordResetSchema(Strict):
    """The new password."""

    password = Text(1000, blank=True, required=True, metadata=about(ABOUT_NEW))
