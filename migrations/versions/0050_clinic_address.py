"""The clinic's address for statements; notes of removed events and check-ins are erased everywhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050_clinic_address"
down_revision = "0049_on_call_and_clocks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clinics", sa.Column("address", sa.Text(), nullable=True))
    erase_removed_notes("events", "id")
    erase_removed_notes("check_ins", "local_date")


def downgrade() -> None:
    op.drop_column("clinics", "address")


def erase_removed_notes(name: str, key: str) -> None:
    """Clear the note of every revision before a removal, as removals have done since; it cannot be undone."""
    names = ("clinic_id", "patient_id", key, "version", "note", "removed")
    rows = sa.table(name, *map(sa.column, names))
    later = rows.alias("later")
    same = [later.c[each] == rows.c[each] for each in ("clinic_id", "patient_id", key)]
    removed_since = sa.exists().where(*same, later.c.removed, later.c.version > rows.c.version)
    op.execute(sa.update(rows).where(rows.c.note.is_not(None), removed_since).values(note=None))
