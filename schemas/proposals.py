"""What every proposal has that is estimated from a clinic's own patients."""

from __future__ import annotations

from marshmallow import fields

from schemas.base import Count, Instant, OmitNone, about


class ProposalSchema(OmitNone):
    """One proposal. It has no effect until an admin names it in the clinic's settings."""

    name = fields.String(required=True, metadata=about("Its name, with its number."))
    proposed_at = Instant(required=True, metadata=about("When it was estimated."))
    engine_version = fields.String(required=True, metadata=about("Version of the forecast model."))
    patient_count = Count("Number of patients it was estimated from.", required=True)
    cycle_count = Count("Number of finished cycles it was estimated from.", required=True)
    in_use = fields.Boolean(required=True, metadata=about("Whether the clinic's settings name it."))
    accepted_at = Instant(metadata=about("When an admin took it into use, if one did."))
    accepted_by = fields.UUID(metadata=about("The admin's account."))
