"""Test messages to the on-call, indexes over what waits in any clinic, and from when an outlook holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049_on_call_and_clocks"
down_revision = "0048_accounts"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")
UNACKNOWLEDGED = sa.text("acknowledged_at IS NULL AND closed_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("deliveries") as table:
        table.alter_column("alert_id", existing_type=sa.Uuid(), nullable=True)
    op.create_index(
        "ix_deliveries_waiting",
        "deliveries",
        ["clinic_id", "due_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index(
        "ix_safety_alerts_unacknowledged",
        "safety_alerts",
        ["clinic_id", "waiting_since"],
        sqlite_where=UNACKNOWLEDGED,
        postgresql_where=UNACKNOWLEDGED,
    )
    # Cached outlooks are computed again when they are next read.
    op.execute(sa.delete(sa.table("cached_outlooks")))
    with op.batch_alter_table("cached_outlooks") as table:
        table.add_column(sa.Column("fresh_from", sa.DateTime(timezone=True), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("cached_outlooks") as table:
        table.drop_column("fresh_from")
    op.drop_index("ix_safety_alerts_unacknowledged", "safety_alerts")
    op.drop_index("ix_deliveries_waiting", "deliveries")
    op.execute(
        sa.delete(sa.table("deliveries", sa.column("alert_id"))).where(sa.column("alert_id").is_(None))
    )
    with op.batch_alter_table("deliveries") as table:
        table.alter_column("alert_id", existing_type=sa.Uuid(), nullable=False)
