"""Infusions, every revision of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_infusions"
down_revision = "0003_check_ins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "infusions",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("dose_mg", sa.Double(), nullable=True),
        sa.Column("weight_kg", sa.Double(), nullable=True),
        sa.Column("route", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("change_seq", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reason IN ('scheduled', 'symptoms_returned', 'convenience', 'other')",
            name=op.f("ck_infusions_reason_known"),
        ),
        sa.CheckConstraint(
            "status IN ('scheduled', 'completed', 'stopped', 'not_done')",
            name=op.f("ck_infusions_status_known"),
        ),
        sa.CheckConstraint("dose_mg BETWEEN 0 AND 2000", name=op.f("ck_infusions_dose_mg_in_range")),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_infusions_ends_after_start")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_infusions_version_counts")),
        sa.CheckConstraint("weight_kg BETWEEN 1 AND 500", name=op.f("ck_infusions_weight_kg_in_range")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_infusions_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", "version", name=op.f("pk_infusions")),
    )
    op.create_index(
        "ix_infusions_changes", "infusions", ["clinic_id", "patient_id", "change_seq"], unique=False
    )
    op.create_index(
        "uq_infusions_current",
        "infusions",
        ["clinic_id", "patient_id", "id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_infusions_current",
        table_name="infusions",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_index("ix_infusions_changes", table_name="infusions")
    op.drop_table("infusions")
