"""What infusions cost, and who pays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_costs"
down_revision = "0016_sessions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "infusion_costs",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("infusion_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("coverage", sa.String(length=16), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "coverage IN ('none', 'partly', 'reimbursed')", name=op.f("ck_infusion_costs_coverage_known")
        ),
        sa.CheckConstraint("price >= 0", name=op.f("ck_infusion_costs_price_counts")),
        sa.CheckConstraint("covered >= 0", name=op.f("ck_infusion_costs_covered_counts")),
        sa.CheckConstraint("covered <= price", name=op.f("ck_infusion_costs_covered_within_price")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_infusion_costs_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_infusion_costs_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "infusion_id", "version", name=op.f("pk_infusion_costs")
        ),
    )
    op.create_index(
        "uq_infusion_costs_current",
        "infusion_costs",
        ["clinic_id", "patient_id", "infusion_id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_infusion_costs_current",
        table_name="infusion_costs",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_table("infusion_costs")
