"""The basis of an outlook without finished cycles is the population prior."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_population_prior_basis"
down_revision = "0020_push_results"
branch_labels = None
depends_on = None

OLD = "clinic_prior"
NEW = "population_prior"


def upgrade() -> None:
    replace_basis(OLD, NEW)


def downgrade() -> None:
    replace_basis(NEW, OLD)


def replace_basis(old: str, new: str) -> None:
    """Replace a value of `basis` in the outlooks on record; cached ones are computed again when asked for."""
    op.execute(sa.delete(sa.table("cached_outlooks")))
    key: list[sa.ColumnClause[object]] = [
        sa.column("clinic_id", sa.Uuid()),
        sa.column("patient_id", sa.Uuid()),
        sa.column("number", sa.Integer()),
    ]
    document = sa.column("outlook", sa.JSON())
    rows = sa.table("outlook_changes", *key, document)
    for *values, outlook in op.get_bind().execute(sa.select(*key, document)).all():
        if outlook.get("basis") == old:
            row = sa.and_(*(column == value for column, value in zip(key, values, strict=True)))
            op.execute(sa.update(rows).where(row).values(outlook={**outlook, "basis": new}))
