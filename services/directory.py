"""A clinic's patients by name, for staff who see nothing clinical."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from models.patients import Patient
from services.access import own_clinic
from services.context import Context
from services.revisions import Page, PageRequest, paged


def page(ctx: Context, clinic_id: UUID, q: str | None, wanted: PageRequest) -> Page[Patient]:
    """Return a page of a clinic's patients by name, or of those whose name or record number contains `q`."""
    own_clinic(ctx.actor, clinic_id)
    query = select(Patient)
    if q:
        query = query.where(matches(q))
    return paged(ctx.session, query, (Patient.display_name, Patient.id), wanted)


def matches(q: str) -> ColumnElement[bool]:
    """Return the criterion of patients whose name or record number contains a text, in either case."""
    # SQLite, and PostgreSQL in the locale C, fold the case of ASCII alone.
    spellings = {q} if q.isascii() else {q, q.lower(), q.upper(), q.title()}
    columns = Patient.display_name, Patient.record_number
    return or_(*(column.icontains(each, autoescape=True) for column in columns for each in sorted(spellings)))
