"""Results of pushed operations, by their idempotency key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020_push_results"
down_revision = "0019_standard_names"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "push_results",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("op_id", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_push_results_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "op_id", name=op.f("pk_push_results")),
    )
    op.create_index("ix_push_results_stored_at", "push_results", ["clinic_id", "patient_id", "stored_at"])


def downgrade() -> None:
    op.drop_table("push_results")
