"""Answers to the recall question: days until half of the last infusion's benefit was gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052_half_benefit_recalls"
down_revision = "0051_second_factors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "half_benefit_recalls",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("infusion_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "answer IN ('days', 'not_gone', 'cannot_say')", name=op.f("ck_half_benefit_recalls_answer_known")
        ),
        sa.CheckConstraint("days BETWEEN 1 AND 366", name=op.f("ck_half_benefit_recalls_days_in_range")),
        sa.CheckConstraint(
            "(answer = 'days') = (days IS NOT NULL)", name=op.f("ck_half_benefit_recalls_days_where_answered")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_half_benefit_recalls_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_half_benefit_recalls_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "infusion_id", "version", name=op.f("pk_half_benefit_recalls")
        ),
    )
    op.create_index(
        "uq_half_benefit_recalls_current",
        "half_benefit_recalls",
        ["clinic_id", "patient_id", "infusion_id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_half_benefit_recalls_current",
        table_name="half_benefit_recalls",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_table("half_benefit_recalls")
