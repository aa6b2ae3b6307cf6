"""A clinic, its settings and its staff."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length

from clinical.outlook.mode import Mode
from clinical.protocol import (
    MAX_INDUCTION_DAYS,
    MAX_INDUCTION_INFUSIONS,
    MAX_INTERVAL_DAYS,
    MIN_INTERVAL_DAYS,
)
from clinical.sentences import Sentence
from schemas.base import (
    Choice,
    EmailAddress,
    Flag,
    Line,
    OmitNone,
    Strict,
    Text,
    TimeZone,
    Version,
    WholeNumber,
    about,
    one_of,
)
from schemas.protocols import INDUCTION_DAYS, INDUCTION_INFUSIONS, MAX_INTERVAL, MIN_INTERVAL

MODE = (
    "off: no forecast is made; silent: it is made, stored and scored, and shown to nobody; shown. The "
    "protocol's dates and the trend are there in every mode."
)
PRIOR = "Prior of a new patient's forecast: published-1, or the name of one fitted to this clinic's patients."
RECALIBRATION = (
    "Recalibration of the forecasts: none, or the name of one estimated from this clinic's record. One of "
    "another version of the engine, or of another prior, is no longer applied."
)
NAME = "Name of the clinic."
ADDRESS = "Postal address, as printed below the name of the clinic on statements; lines end in \\n."
ADDRESS_LENGTH = 500
"""Longest address, characters. Operational."""
TIME_ZONE = "IANA time zone of the clinic."
BACKFILL = (
    "How many days later a patient may fill in a day, counted to recorded_at. That is what the phone states: "
    "one that states an earlier instant can fill in any day."
)
NEW_COURSE_GAP = "Longest interval within a treatment course, days: a longer one proposes a new course."
MIN_GAP_DAYS, MAX_GAP_DAYS = 28, 730
"""Shortest and longest setting of that interval, days. Plausibility only."""
REFUSE_UNSUITABLE = (
    "Whether an infusion is refused for a patient whose consultation does not clear them for treatment, with "
    "409 not_cleared. One that was given already can be recorded with override_reason."
)
REVIEW_AFTER = "Days from the last infusion of a series to the day on which its response review is due."
MAX_REVIEW_DAYS = 84
"""Longest setting of that, days. Source: plausibility only."""
INVITATION_HOURS = (
    "Hours that an invitation code of a patient or a delegate can be used. A code that resets a password "
    "lasts an hour at most."
)
MAX_INVITATION_HOURS = 168
"""Longest setting of that: a week. Operational."""
SECOND_FACTOR = ("optional", "required")
STAFF_SECOND_FACTOR = (
    "Whether staff must have a second factor: required, or optional. Where it is required, a member without "
    "one can do nothing but set one up."
)
EMAIL = "E-mail address that the invitation was for."
DISPLAY_NAME = "Name to show to colleagues and patients."
ROLE = "What the person may do: docs/people.md has the table. One person may hold several."
ROLES = ("clinician", "nurse", "front_desk", "billing", "admin")
DISABLED = "Whether sign-in and every session of this person are blocked."


class ClinicSchema(OmitNone):
    """A clinic, and the protocol its patients start from."""

    id = fields.UUID(required=True, metadata=about("Id of the clinic."))
    name = fields.String(required=True, metadata=about(NAME))
    address = fields.String(metadata=about(ADDRESS))
    time_zone = TimeZone(required=True, metadata=about(TIME_ZONE))
    backfill_days = fields.Integer(required=True, metadata=about(BACKFILL))
    induction_infusion_count = fields.Integer(required=True, metadata=about(INDUCTION_INFUSIONS))
    induction_days = fields.Integer(required=True, metadata=about(INDUCTION_DAYS))
    min_interval_days = fields.Integer(required=True, metadata=about(MIN_INTERVAL))
    max_interval_days = fields.Integer(required=True, metadata=about(MAX_INTERVAL))
    new_course_gap_days = fields.Integer(required=True, metadata=about(NEW_COURSE_GAP))
    review_after_days = fields.Integer(required=True, metadata=about(REVIEW_AFTER))
    outlook_mode = Choice(Mode, MODE, required=True)
    outlook_prior = fields.String(
        required=True, metadata={"pattern": "^[a-z]+-[0-9]+$", "description": PRIOR}
    )
    outlook_recalibration = fields.String(
        required=True, metadata={"pattern": "^(none|recalibration-[0-9]+)$", "description": RECALIBRATION}
    )
    refuse_unsuitable = fields.Boolean(required=True, metadata=about(REFUSE_UNSUITABLE))
    invitation_hours = fields.Integer(required=True, metadata=about(INVITATION_HOURS))
    staff_second_factor = Choice(SECOND_FACTOR, STAFF_SECOND_FACTOR, required=True)
    version = Version()


class ClinicChangeSchema(Strict):
    """Settings of a clinic to change.

    Source: the clinic's, within the bounds of clinical/protocol.py; 366 days are plausibility only.
    Changed by: an admin, `PATCH /v1/clinics/{id}/settings`.
    """

    name = Line(200, metadata=about(NAME))
    address = Text(ADDRESS_LENGTH, metadata=about(ADDRESS))
    time_zone = TimeZone(metadata=about(TIME_ZONE))
    backfill_days = WholeNumber(0, 366, metadata=about(BACKFILL))
    induction_infusion_count = WholeNumber(1, MAX_INDUCTION_INFUSIONS, metadata=about(INDUCTION_INFUSIONS))
    induction_days = WholeNumber(1, MAX_INDUCTION_DAYS, metadata=about(INDUCTION_DAYS))
    min_interval_days = WholeNumber(MIN_INTERVAL_DAYS, MAX_INTERVAL_DAYS, metadata=about(MIN_INTERVAL))
    max_interval_days = WholeNumber(MIN_INTERVAL_DAYS, MAX_INTERVAL_DAYS, metadata=about(MAX_INTERVAL))
    new_course_gap_days = WholeNumber(MIN_GAP_DAYS, MAX_GAP_DAYS, metadata=about(NEW_COURSE_GAP))
    review_after_days = WholeNumber(1, MAX_REVIEW_DAYS, metadata=about(REVIEW_AFTER))
    outlook_mode = Choice(Mode, MODE, error="unknown_mode")
    outlook_prior = Text(32, metadata=about(PRIOR))
    outlook_recalibration = Text(32, metadata=about(RECALIBRATION))
    refuse_unsuitable = Flag(metadata=about(REFUSE_UNSUITABLE))
    staff_second_factor = Choice(SECOND_FACTOR, STAFF_SECOND_FACTOR, error="unknown_choice")
    invitation_hours = WholeNumber(1, MAX_INVITATION_HOURS, metadata=about(INVITATION_HOURS))

    @validates_schema
    def something(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Reject an empty change."""
        if not data:
            raise ValidationError(Sentence("nothing_to_change: Send at least one member."))


def held_roles(**kwargs: Any) -> fields.List[str]:
    """Return the field of a request with the roles of a member of staff, at least one."""
    count = Length(
        1, len(ROLES), error=Sentence("wrong_length: Send 1 to {number} roles.", number=len(ROLES))
    )
    word = fields.String(metadata={"enum": list(ROLES)}, validate=one_of(ROLES, "unknown_role"))
    return fields.List(word, validate=count, metadata=about(ROLE), **kwargs)


class NewMemberSchema(Strict):
    """A new member of staff."""

    email = EmailAddress(required=True, metadata=about(EMAIL))
    display_name = Line(200, required=True, metadata=about(DISPLAY_NAME))
    roles = held_roles(required=True)


class MemberSchema(Schema):
    """A member of staff."""

    id = fields.UUID(required=True, metadata=about("Account of the member."))
    display_name = fields.String(required=True, metadata=about(DISPLAY_NAME))
    email = fields.String(attribute="invited_email", metadata={"format": "email", "description": EMAIL})
    roles = fields.Function(
        lambda row: row.roles.split(),
        required=True,
        metadata={"type": "array", "items": {"type": "string", "enum": list(ROLES)}, "description": ROLE},
    )
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


class CareTeamMemberSchema(Schema):
    """A colleague who treats patients."""

    id = fields.UUID(required=True, metadata=about("Account of the member."))
    display_name = fields.String(required=True, metadata=about(DISPLAY_NAME))
    roles = fields.Function(
        lambda row: row.roles.split(),
        required=True,
        metadata={"type": "array", "items": {"type": "string", "enum": list(ROLES)}, "description": ROLE},
    )


class MemberChangeSchema(Strict):
    """Block a member of staff or end the block, replace their roles, or correct their name or address."""

    disabled = Flag(metadata=about(DISABLED))
    roles = held_roles()
    display_name = Line(200, metadata=about(DISPLAY_NAME))
    email = EmailAddress(metadata=about("Address to sign in with, or to be invited with."))

    @validates_schema
    def something(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Reject an empty change."""
        if not data:
            raise ValidationError(Sentence("nothing_to_change: Send at least one member."))
