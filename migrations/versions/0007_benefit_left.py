"""Benefit left, as patients put it; totals of questionnaires; baselines as clinicians judged them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_benefit_left"
down_revision = "0006_outlooks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "check_ins",
        sa.Column(
            "benefit_left",
            sa.Integer(),
            sa.CheckConstraint(
                "benefit_left BETWEEN 0 AND 100", name=op.f("ck_check_ins_benefit_left_in_range")
            ),
            nullable=True,
        ),
    )
    op.create_table(
        "scores",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("instrument", sa.String(length=32), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("change_seq", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("total >= 0", name=op.f("ck_scores_total_counts")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_scores_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_scores_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "instrument", "local_date", "version", name=op.f("pk_scores")
        ),
    )
    op.create_index("ix_scores_changes", "scores", ["clinic_id", "patient_id", "change_seq"], unique=False)
    op.create_index(
        "uq_scores_current",
        "scores",
        ["clinic_id", "patient_id", "instrument", "local_date"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.create_table(
        "baselines",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("mood", sa.Integer(), nullable=False),
        sa.Column("anxiety", sa.Integer(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("anxiety BETWEEN 0 AND 10", name=op.f("ck_baselines_anxiety_in_range")),
        sa.CheckConstraint("mood BETWEEN 0 AND 10", name=op.f("ck_baselines_mood_in_range")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_baselines_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_baselines_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "version", name=op.f("pk_baselines")),
    )
    op.create_index(
        "uq_baselines_current",
        "baselines",
        ["clinic_id", "patient_id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_baselines_current",
        table_name="baselines",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_table("baselines")
    op.drop_index(
        "uq_scores_current",
        table_name="scores",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_index("ix_scores_changes", table_name="scores")
    op.drop_table("scores")
    op.drop_column("check_ins", "benefit_left")
