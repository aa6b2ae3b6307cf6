"""The next forecast report of each clinic: asked for, begun, claimed by a worker."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039_forecast_report_jobs"
down_revision = "0038_worklist_entries"
branch_labels = None
depends_on = None

TABLE = "forecast_report_jobs"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("night_on", sa.Date(), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_forecast_report_jobs_clinic_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_forecast_report_jobs")),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
