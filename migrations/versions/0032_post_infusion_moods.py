"""Moods answered some hours after an infusion."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032_post_infusion_moods"
down_revision = "0031_audit_c_totals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "post_infusion_moods",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("infusion_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mood", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("mood BETWEEN 0 AND 10", name=op.f("ck_post_infusion_moods_mood_in_range")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_post_infusion_moods_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_post_infusion_moods_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "infusion_id", "version", name=op.f("pk_post_infusion_moods")
        ),
    )
    op.create_index(
        "uq_post_infusion_moods_current",
        "post_infusion_moods",
        ["clinic_id", "patient_id", "infusion_id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_post_infusion_moods_current",
        table_name="post_infusion_moods",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_table("post_infusion_moods")
