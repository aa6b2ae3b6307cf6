"""Restore drills: readiness shows one that failed or is overdue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047_restore_drills"
down_revision = "0046_quota_counts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restore_drills",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("drilled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("backup", sa.String(length=200), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_restore_drills")),
    )


def downgrade() -> None:
    op.drop_table("restore_drills")
