"""Second factors and recovery codes; which passwords are short; whether staff must have a factor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049_second_factors"
down_revision = "0048_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_second_factors_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factors")),
    )
    op.create_index(op.f("ix_second_factors_key_id"), "second_factors", ["key_id"])
    op.create_table(
        "recovery_codes",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_recovery_codes_account_id")),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name=op.f("pk_recovery_codes")),
    )
    op.add_column(
        "accounts", sa.Column("password_is_short", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # With the check in the column: a batch would copy the table, and then earlier columns cannot be dropped.
    check = sa.CheckConstraint(
        "staff_second_factor IN ('optional', 'required')", name=op.f("ck_clinics_staff_second_factor_known")
    )
    op.add_column(
        "clinics",
        sa.Column(
            "staff_second_factor", sa.String(length=16), check, nullable=False, server_default="optional"
        ),
    )


def downgrade() -> None:
    op.drop_column("clinics", "staff_second_factor")
    op.drop_column("accounts", "password_is_short")
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
