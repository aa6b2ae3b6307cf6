"""Consultations before treatment, every revision of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_consultations"
down_revision = "0012_questionnaires"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consultations",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("indication", sa.String(length=32), nullable=True),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_given_on", sa.Date(), nullable=True),
        sa.Column("consent_recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decision IN ('suitable', 'not_suitable', 'deferred')",
            name=op.f("ck_consultations_decision_known"),
        ),
        sa.CheckConstraint(
            "decision IS NULL OR decided_by IS NOT NULL", name=op.f("ck_consultations_decided_by_name")
        ),
        sa.CheckConstraint(
            "consent_given_on IS NULL OR consent_recorded_by IS NOT NULL",
            name=op.f("ck_consultations_consent_recorded_by_name"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_consultations_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_consultations_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "version", name=op.f("pk_consultations")),
    )
    op.create_index(
        "uq_consultations_current",
        "consultations",
        ["clinic_id", "patient_id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_consultations_current",
        table_name="consultations",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_table("consultations")
