"""What clinics learnt from their own patients."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_learnt_priors"
down_revision = "0009_forecast_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "learnt_priors",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("engine_version", sa.String(length=32), nullable=False),
        sa.Column("median_days", sa.Double(), nullable=False),
        sa.Column("spread", sa.Double(), nullable=False),
        sa.Column("patients", sa.Integer(), nullable=False),
        sa.Column("cycles", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "median_days BETWEEN 3 AND 160", name=op.f("ck_learnt_priors_median_days_in_range")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_learnt_priors_number_counts")),
        sa.CheckConstraint("spread BETWEEN 0.05 AND 2", name=op.f("ck_learnt_priors_spread_in_range")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_learnt_priors_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "number", name=op.f("pk_learnt_priors")),
    )
    op.create_index("uq_learnt_priors_name", "learnt_priors", ["clinic_id", "name"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_learnt_priors_name", table_name="learnt_priors")
    op.drop_table("learnt_priors")
