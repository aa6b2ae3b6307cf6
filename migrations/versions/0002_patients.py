"""Patients of a clinic."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_patients"
down_revision = "0001_clinics"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "patients",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("record_number", sa.String(length=200), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("day_starts_at", sa.Integer(), nullable=False),
        sa.Column("change_seq", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discharged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("day_starts_at BETWEEN 0 AND 12", name=op.f("ck_patients_day_starts_at_in_range")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_patients_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_patients")),
        sa.UniqueConstraint("clinic_id", "record_number", name=op.f("uq_patients_clinic_id_record_number")),
    )
    op.create_index(
        op.f("ix_patients_clinic_id_account_id"), "patients", ["clinic_id", "account_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_patients_clinic_id_account_id"), table_name="patients")
    op.drop_table("patients")
