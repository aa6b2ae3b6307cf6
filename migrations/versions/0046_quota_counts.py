"""What each account wrote of one kind in a day, so that nobody fills the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046_quota_counts"
down_revision = "0045_alert_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quota_counts",
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("written_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("author_id", "subject_id", "kind", name=op.f("pk_quota_counts")),
    )


def downgrade() -> None:
    op.drop_table("quota_counts")
