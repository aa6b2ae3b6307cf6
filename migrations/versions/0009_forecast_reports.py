"""How a clinic's forecasts turned out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_forecast_reports"
down_revision = "0008_outlook_record"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "walked_patients",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("change_seq", sa.Integer(), nullable=False),
        sa.Column("clinic_version", sa.Integer(), nullable=False),
        sa.Column("engine_version", sa.String(length=32), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("walked", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_walked_patients_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", name=op.f("pk_walked_patients")),
    )
    op.create_table(
        "forecast_reports",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("engine_version", sa.String(length=32), nullable=False),
        sa.Column("prior_version", sa.String(length=32), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_forecast_reports_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_forecast_reports")),
    )


def downgrade() -> None:
    op.drop_table("forecast_reports")
    op.drop_table("walked_patients")
