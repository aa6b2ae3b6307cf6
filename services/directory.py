"""A clinic's patients by name, for staff who see nothing clinical."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from models.patients import Patient
from services.access import own_clinic
from services.context import Context
from services.revisions import Page, PageRequest, paged


def page(ctx: Context, clinic_id: UUID, q: str | None, wanted: PageRequest) -> Page[Patient]:
    """Return a page of a clinic's patients by name, or of those whose name or record number contains `q`."""
    own_clinic(ctx.actor, clinic_id)
    query = select(Patient)
    if q:
        query = query.where(
            or_(
                Patient.display_name.icontains(q, autoescape=True),
                Patient.record_number.icontains(q, autoescape=True),
            )
        )
    return paged(ctx.session, query, (Patient.display_name, Patient.id), wanted)
