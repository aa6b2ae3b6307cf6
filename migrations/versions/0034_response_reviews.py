"""Response reviews, and the clinic's days from the last infusion of a series to its review."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034_response_reviews"
down_revision = "0033_infusion_overrides"
branch_labels = None
depends_on = None

AFTER_DAYS = "7"


def upgrade() -> None:
    for table in ("clinics", "clinic_settings_history"):
        op.add_column(
            table, sa.Column("review_after_days", sa.Integer(), nullable=False, server_default=AFTER_DAYS)
        )
    op.create_table(
        "response_reviews",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=False),
        sa.Column("additional_infusion_count", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decision IN ('continue_maintenance', 'extend', 'stop', 'refer')",
            name=op.f("ck_response_reviews_decision_known"),
        ),
        sa.CheckConstraint(
            "(additional_infusion_count IS NOT NULL) = (decision = 'extend')",
            name=op.f("ck_response_reviews_extension_has_count"),
        ),
        sa.CheckConstraint(
            "additional_infusion_count BETWEEN 1 AND 30",
            name=op.f("ck_response_reviews_additional_infusion_count_in_range"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_response_reviews_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_response_reviews_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", "version", name=op.f("pk_response_reviews")),
    )
    op.create_index(
        "uq_response_reviews_current",
        "response_reviews",
        ["clinic_id", "patient_id", "id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_response_reviews_current",
        table_name="response_reviews",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_table("response_reviews")
    for table in ("clinics", "clinic_settings_history"):
        op.drop_column(table, "review_after_days")
