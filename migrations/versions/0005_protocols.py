"""Treatment plans that differ from the clinic's, every revision of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_protocols"
down_revision = "0004_infusions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "protocols",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("induction_infusions", sa.Integer(), nullable=True),
        sa.Column("induction_days", sa.Integer(), nullable=True),
        sa.Column("min_interval_days", sa.Integer(), nullable=True),
        sa.Column("max_interval_days", sa.Integer(), nullable=True),
        sa.Column("paused_from", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "induction_days BETWEEN 1 AND 366", name=op.f("ck_protocols_induction_days_in_range")
        ),
        sa.CheckConstraint(
            "induction_infusions BETWEEN 1 AND 30", name=op.f("ck_protocols_induction_infusions_in_range")
        ),
        sa.CheckConstraint(
            "max_interval_days BETWEEN 1 AND 366", name=op.f("ck_protocols_max_interval_days_in_range")
        ),
        sa.CheckConstraint(
            "min_interval_days <= max_interval_days", name=op.f("ck_protocols_interval_in_order")
        ),
        sa.CheckConstraint(
            "min_interval_days BETWEEN 1 AND 366", name=op.f("ck_protocols_min_interval_days_in_range")
        ),
        sa.CheckConstraint("paused_from < paused_until", name=op.f("ck_protocols_pause_in_order")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_protocols_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_protocols_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "version", name=op.f("pk_protocols")),
    )
    op.create_index(
        "uq_protocols_current",
        "protocols",
        ["clinic_id", "patient_id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_protocols_current",
        table_name="protocols",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_table("protocols")
