"""How long invitation codes can be used; passwords reset by mail; throttle rows found by their window."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048_accounts"
down_revision = "0043_record_number_key"
branch_labels = None
depends_on = None

HOURS = "24"


def upgrade() -> None:
    # With the check in the column: a batch would copy the table, and then earlier columns cannot be dropped.
    check = sa.CheckConstraint(
        "invitation_hours BETWEEN 1 AND 168", name=op.f("ck_clinics_invitation_hours_in_range")
    )
    op.add_column(
        "clinics", sa.Column("invitation_hours", sa.Integer(), check, nullable=False, server_default=HOURS)
    )
    op.create_index(op.f("ix_login_attempts_window_start"), "login_attempts", ["window_start"])
    op.create_table(
        "password_resets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt_count", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("attempt_count >= 0", name=op.f("ck_password_resets_attempt_count")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_password_resets_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_resets")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_password_resets_code_hash")),
    )
    for column in ("account_id", "due_at", "requested_at"):
        op.create_index(op.f(f"ix_password_resets_{column}"), "password_resets", [column])


def downgrade() -> None:
    op.drop_table("password_resets")
    op.drop_index(op.f("ix_login_attempts_window_start"), "login_attempts")
    op.drop_column("clinics", "invitation_hours")
