"""The target measure of a treatment course, and its level before treatment; cached outlooks name it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037_target_measure"
down_revision = "0036_summary_facts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A cache: its rows are computed again when they are asked for.
    op.execute(sa.delete(sa.table("cached_outlooks")))
    with op.batch_alter_table("treatment_courses") as table:
        table.add_column(
            sa.Column("target_measure", sa.String(length=32), nullable=False, server_default="wellbeing")
        )
        table.add_column(sa.Column("target_baseline", sa.Integer(), nullable=True))
        table.create_check_constraint(
            op.f("ck_treatment_courses_target_measure_known"),
            "target_measure IN ('wellbeing', 'rumination', 'craving', 'intrusive_thoughts', 'eating_urges')",
        )
        table.create_check_constraint(
            op.f("ck_treatment_courses_target_baseline_in_range"),
            "target_baseline BETWEEN 0 AND 10",
        )
        table.create_check_constraint(
            op.f("ck_treatment_courses_target_baseline_of_rating"),
            "target_baseline IS NULL OR target_measure <> 'wellbeing'",
        )


def downgrade() -> None:
    op.execute(sa.delete(sa.table("cached_outlooks")))
    with op.batch_alter_table("treatment_courses") as table:
        for name in ("target_baseline_of_rating", "target_baseline_in_range", "target_measure_known"):
            table.drop_constraint(op.f(f"ck_treatment_courses_{name}"), type_="check")
        table.drop_column("target_baseline")
        table.drop_column("target_measure")
