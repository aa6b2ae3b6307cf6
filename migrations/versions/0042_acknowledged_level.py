"""A level of attention for acknowledged alerts comes second: those after it move down by one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0042_acknowledged_level"
down_revision = "0041_sentences"
branch_labels = None
depends_on = None

NEW = 2
"""The number of the level that is added."""


def upgrade() -> None:
    op.execute(sa.delete(sa.table("cached_outlooks")))
    move_levels(lambda level: level + 1 if level >= NEW else level)


def downgrade() -> None:
    op.execute(sa.delete(sa.table("cached_outlooks")))
    # What was acknowledged is an open alert again, the first level.
    move_levels(lambda level: level - 1 if level >= NEW else level)


def move_levels(moved: Any) -> None:
    """Change the levels of the reasons that worklist entries have recorded."""
    key: list[sa.ColumnClause[Any]] = [
        sa.column("clinic_id", sa.Uuid()),
        sa.column("patient_id", sa.Uuid()),
        sa.column("version", sa.Integer()),
    ]
    seen: sa.ColumnClause[Any] = sa.column("seen", sa.JSON(none_as_null=True))
    rows = sa.table("worklist_entries", *key, seen)
    for *values, document in op.get_bind().execute(sa.select(*key, seen).where(seen.is_not(None))).all():
        reasons = [{**reason, "level": moved(reason["level"])} for reason in document["reasons"]]
        row = sa.and_(*(column == value for column, value in zip(key, values, strict=True)))
        op.execute(sa.update(rows).where(row).values(seen={**document, "reasons": reasons}))
