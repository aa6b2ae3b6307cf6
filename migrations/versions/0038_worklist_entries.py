"""What a team does with patients on the worklist; cached outlooks have what it is compared with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038_worklist_entries"
down_revision = "0037_target_measure"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A cache: its rows are computed again when they are asked for.
    op.execute(sa.delete(sa.table("cached_outlooks")))
    with op.batch_alter_table("cached_outlooks") as table:
        table.add_column(sa.Column("attention", sa.JSON(), nullable=False))
        table.add_column(sa.Column("not_booked", sa.Boolean(), nullable=False))
    op.create_table(
        "worklist_entries",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("snoozed_until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("seen", sa.JSON(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'snoozed', 'handled')", name=op.f("ck_worklist_entries_state_known")
        ),
        sa.CheckConstraint(
            "(snoozed_until_on IS NOT NULL) = (state = 'snoozed')",
            name=op.f("ck_worklist_entries_snooze_has_day"),
        ),
        sa.CheckConstraint(
            "state <> 'snoozed' OR reason IS NOT NULL", name=op.f("ck_worklist_entries_snooze_has_reason")
        ),
        sa.CheckConstraint(
            "(seen IS NOT NULL) = (state <> 'open')", name=op.f("ck_worklist_entries_mark_has_attention")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_worklist_entries_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_worklist_entries_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "version", name=op.f("pk_worklist_entries")),
    )
    op.create_index(
        "uq_worklist_entries_current",
        "worklist_entries",
        ["clinic_id", "patient_id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_worklist_entries_current",
        table_name="worklist_entries",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_table("worklist_entries")
    op.execute(sa.delete(sa.table("cached_outlooks")))
    with op.batch_alter_table("cached_outlooks") as table:
        table.drop_column("not_booked")
        table.drop_column("attention")
