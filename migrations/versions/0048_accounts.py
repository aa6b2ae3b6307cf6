"""How long a clinic's invitation codes can be used; throttle rows are found by the begin of their window."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048_accounts"
down_revision = "0043_record_number_key"
branch_labels = None
depends_on = None

HOURS = "24"


def upgrade() -> None:
    with op.batch_alter_table("clinics") as table:
        table.add_column(sa.Column("invitation_hours", sa.Integer(), nullable=False, server_default=HOURS))
        table.create_check_constraint(
            op.f("ck_clinics_invitation_hours_in_range"), "invitation_hours BETWEEN 1 AND 168"
        )
    op.create_index(op.f("ix_login_attempts_window_start"), "login_attempts", ["window_start"])


def downgrade() -> None:
    op.drop_index(op.f("ix_login_attempts_window_start"), "login_attempts")
    with op.batch_alter_table("clinics") as table:
        table.drop_constraint(op.f("ck_clinics_invitation_hours_in_range"), type_="check")
        table.drop_column("invitation_hours")
