"""Recalibrations of the forecasts, and which one a clinic's settings name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055_recalibrations"
down_revision = "0054_requested_on"
branch_labels = None
depends_on = None

SETTINGS = ("clinics", "clinic_settings_history")


def upgrade() -> None:
    op.create_table(
        "estimated_recalibrations",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("engine_version", sa.String(length=32), nullable=False),
        sa.Column("prior_version", sa.String(length=32), nullable=False),
        sa.Column("location", sa.Double(), nullable=False),
        sa.Column("location_se", sa.Double(), nullable=False),
        sa.Column("scale_factor", sa.Double(), nullable=False),
        sa.Column("scale_factor_se", sa.Double(), nullable=False),
        sa.Column("patient_count", sa.Integer(), nullable=False),
        sa.Column("cycle_count", sa.Integer(), nullable=False),
        sa.Column("loss_count", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_estimated_recalibrations_number_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_estimated_recalibrations_clinic_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "number", name=op.f("pk_estimated_recalibrations")),
    )
    op.create_index(
        "uq_estimated_recalibrations_name", "estimated_recalibrations", ["clinic_id", "name"], unique=True
    )
    # Stored replays lack what the days after a landmark showed: the next report makes them again.
    op.execute(sa.delete(sa.table("backtested_patients")))
    for table in SETTINGS:
        op.add_column(
            table,
            sa.Column("outlook_recalibration", sa.String(length=32), nullable=False, server_default="none"),
        )


def downgrade() -> None:
    for table in SETTINGS:
        op.drop_column(table, "outlook_recalibration")
    op.drop_index("uq_estimated_recalibrations_name", table_name="estimated_recalibrations")
    op.drop_table("estimated_recalibrations")
