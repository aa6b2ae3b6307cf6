"""Allergies, medications and previous treatments of patients."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035_medical_history"
down_revision = "0034_response_reviews"
branch_labels = None
depends_on = None

TABLE = "medical_history_entries"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("list_name", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("dosage", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "list_name IN ('allergies', 'medications', 'previous-treatments')",
            name=op.f("ck_medical_history_entries_list_name_known"),
        ),
        sa.CheckConstraint("ended_on >= began_on", name=op.f("ck_medical_history_entries_ends_after_begin")),
        sa.CheckConstraint(
            "dosage IS NULL OR list_name <> 'allergies'",
            name=op.f("ck_medical_history_entries_no_dosage_of_allergy"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_medical_history_entries_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_medical_history_entries_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "list_name", "id", "version", name=op.f("pk_medical_history_entries")
        ),
    )
    op.create_index(
        "uq_medical_history_entries_current",
        TABLE,
        ["clinic_id", "patient_id", "list_name", "id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_medical_history_entries_current",
        table_name=TABLE,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_table(TABLE)
