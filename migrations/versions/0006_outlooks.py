"""Each patient's standing as last worked out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_outlooks"
down_revision = "0005_protocols"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outlooks",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("change_seq", sa.Integer(), nullable=False),
        sa.Column("clinic_version", sa.Integer(), nullable=False),
        sa.Column("engine_version", sa.String(length=32), nullable=False),
        sa.Column("today", sa.Date(), nullable=False),
        sa.Column("fresh_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("sort_date", sa.Date(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("outlook", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_outlooks_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", name=op.f("pk_outlooks")),
    )
    op.create_index(
        "ix_outlooks_urgency", "outlooks", ["clinic_id", "urgency", "sort_date", "patient_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_outlooks_urgency", table_name="outlooks")
    op.drop_table("outlooks")
