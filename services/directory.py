"""A clinic's patients by name, for staff who see nothing clinical."""

from __future__ import annotations

import unicodedata
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from clinical.canonical_text import record_number_key
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
    line = unicodedata.normalize("NFC", q)
    spellings = {line} if line.isascii() else {line, line.lower(), line.upper(), line.title()}
    found = [Patient.display_name.icontains(each, autoescape=True) for each in sorted(spellings)]
    number = record_number_key(q)
    if number:
        found.append(Patient.record_number_key.contains(number, autoescape=True))
    return or_(*found)
