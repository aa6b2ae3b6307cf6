"""The day on which a patient asked for an infusion."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054_requested_on"
down_revision = "0053_symptoms_not_returned"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("infusions") as table:
        table.add_column(sa.Column("requested_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("infusions") as table:
        table.drop_column("requested_on")
