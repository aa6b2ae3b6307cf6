"""Cached outlooks are ordered by attention."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026_attention"
down_revision = "0025_treatment_courses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A cache: its rows are computed again when they are asked for.
    op.execute(sa.delete(sa.table("cached_outlooks")))
    op.drop_index("ix_cached_outlooks_urgency", "cached_outlooks")
    with op.batch_alter_table("cached_outlooks") as table:
        table.alter_column("urgency", new_column_name="attention_level")
        table.alter_column("sort_date", new_column_name="attention_since")
        table.add_column(sa.Column("due_on", sa.Date(), nullable=False))
    op.create_index(
        "ix_cached_outlooks_attention",
        "cached_outlooks",
        ["clinic_id", "attention_level", "attention_since", "patient_id"],
    )


def downgrade() -> None:
    op.execute(sa.delete(sa.table("cached_outlooks")))
    op.drop_index("ix_cached_outlooks_attention", "cached_outlooks")
    with op.batch_alter_table("cached_outlooks") as table:
        table.drop_column("due_on")
        table.alter_column("attention_level", new_column_name="urgency")
        table.alter_column("attention_since", new_column_name="sort_date")
    op.create_index(
        "ix_cached_outlooks_urgency",
        "cached_outlooks",
        ["clinic_id", "urgency", "sort_date", "patient_id"],
    )
