"""The column of cached outlooks that is the sum of two versions is named settings_version."""

from __future__ import annotations

from alembic import op

revision = "0023_settings_version"
down_revision = "0022_trends_read_scope"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE cached_outlooks RENAME COLUMN clinic_version TO settings_version")


def downgrade() -> None:
    op.execute("ALTER TABLE cached_outlooks RENAME COLUMN settings_version TO clinic_version")
