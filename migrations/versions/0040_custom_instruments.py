"""Custom instruments of clinics; summaries are computed again, since they may judge totals of these."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040_custom_instruments"
down_revision = "0039_forecast_report_jobs"
branch_labels = None
depends_on = None

TABLE = "custom_instruments"
CURRENT = sa.text("known_until IS NULL")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_custom_instruments_version_counts")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_custom_instruments_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "version", name=op.f("pk_custom_instruments")),
    )
    op.create_index(
        "uq_custom_instruments_current",
        TABLE,
        ["clinic_id"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )


def downgrade() -> None:
    op.drop_index(
        "uq_custom_instruments_current", table_name=TABLE, sqlite_where=CURRENT, postgresql_where=CURRENT
    )
    op.drop_table(TABLE)
