"""Extra daily ratings: which a patient is asked, and the answers beside the others of the day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_daily_ratings"
down_revision = "0013_consultations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("check_ins", sa.Column("ratings", sa.JSON(), nullable=True))
    op.create_table(
        "asked_ratings",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_asked_ratings_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_asked_ratings_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "version", name=op.f("pk_asked_ratings")),
    )
    op.create_index(
        "uq_asked_ratings_current",
        "asked_ratings",
        ["clinic_id", "patient_id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_asked_ratings_current",
        table_name="asked_ratings",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_table("asked_ratings")
    op.drop_column("check_ins", "ratings")
