"""Sentences of stored documents are objects with their text in every language; earlier ones stay English."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0041_sentences"
down_revision = "0040_custom_instruments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A cache: its rows are computed again when they are asked for. Outlooks and reports on record remain as
    # they were computed and shown; their sentences are read as English.
    op.execute(sa.delete(sa.table("cached_outlooks")))


def downgrade() -> None:
    op.execute(sa.delete(sa.table("cached_outlooks")))
    in_english("outlook_changes", "outlook", ("clinic_id", "patient_id", "number"))
    in_english("forecast_reports", "report", ("clinic_id", "id"))


def in_english(table: str, name: str, key: tuple[str, ...]) -> None:
    """Replace the sentences in a JSON column by their English text."""
    types = {"number": sa.Integer()}
    columns: list[sa.ColumnClause[Any]] = [sa.column(each, types.get(each, sa.Uuid())) for each in key]
    document = sa.column(name, sa.JSON())
    rows = sa.table(table, *columns, document)
    for *values, stored in op.get_bind().execute(sa.select(*columns, document)).all():
        row = sa.and_(*(column == value for column, value in zip(columns, values, strict=True)))
        op.execute(sa.update(rows).where(row).values({name: english(stored)}))


def english(value: Any) -> Any:
    """Return a JSON value with the English text in place of each sentence."""
    if isinstance(value, dict):
        if set(value) == {"en", "es"}:
            return value["en"]
        return {name: english(item) for name, item in value.items()}
    return [english(item) for item in value] if isinstance(value, list) else value
