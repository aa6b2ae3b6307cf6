"""Dated events around the infusions: psychotherapy, medication changes, life events, annotations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_events"
down_revision = "0014_daily_ratings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("visibility", sa.String(length=16), nullable=False),
        sa.Column("told_by", sa.String(length=16), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('psychotherapy', 'medication_change', 'life_event', 'annotation')",
            name=op.f("ck_events_kind_known"),
        ),
        sa.CheckConstraint("visibility IN ('staff', 'patient')", name=op.f("ck_events_visibility_known")),
        sa.CheckConstraint("told_by IN ('patient', 'clinician')", name=op.f("ck_events_told_by_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_events_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_events_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", "version", name=op.f("pk_events")),
    )
    op.create_index("ix_events_days", "events", ["clinic_id", "patient_id", "local_date", "id"], unique=False)
    op.create_index(
        "uq_events_current",
        "events",
        ["clinic_id", "patient_id", "id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_events_current",
        table_name="events",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_index("ix_events_days", table_name="events")
    op.drop_table("events")
