"""Daily answers, every revision of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_check_ins"
down_revision = "0002_patients"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_ins",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mood", sa.Integer(), nullable=False),
        sa.Column("enjoyment", sa.Integer(), nullable=True),
        sa.Column("anxiety", sa.Integer(), nullable=True),
        sa.Column("side_effects", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_mode", sa.String(length=16), nullable=False),
        sa.Column("clock_suspect", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.String(length=64), nullable=True),
        sa.Column("change_seq", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("entry_mode IN ('live', 'backfill')", name=op.f("ck_check_ins_entry_mode_known")),
        sa.CheckConstraint("anxiety BETWEEN 0 AND 10", name=op.f("ck_check_ins_anxiety_in_range")),
        sa.CheckConstraint("enjoyment BETWEEN 0 AND 10", name=op.f("ck_check_ins_enjoyment_in_range")),
        sa.CheckConstraint("mood BETWEEN 0 AND 10", name=op.f("ck_check_ins_mood_in_range")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_check_ins_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_check_ins_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "local_date", "version", name=op.f("pk_check_ins")
        ),
    )
    op.create_index(
        "ix_check_ins_changes", "check_ins", ["clinic_id", "patient_id", "change_seq"], unique=False
    )
    op.create_index(
        "uq_check_ins_current",
        "check_ins",
        ["clinic_id", "patient_id", "local_date"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_check_ins_current",
        table_name="check_ins",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_index("ix_check_ins_changes", table_name="check_ins")
    op.drop_table("check_ins")
