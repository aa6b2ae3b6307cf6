"""Cached summaries name the patient, and state the last dose, PHQ-9, exposure and the consultation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036_summary_facts"
down_revision = "0035_medical_history"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A cache: its rows are computed again when they are asked for.
    op.execute(sa.delete(sa.table("cached_outlooks")))


def downgrade() -> None:
    op.execute(sa.delete(sa.table("cached_outlooks")))
