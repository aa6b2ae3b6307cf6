"""An event log of sign-ins and changes of access; its rows and those of the access log cannot be changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044_event_log"
down_revision = "0043_record_number_key"
branch_labels = None
depends_on = None

APPEND_ONLY = ("event_log", "event_log_chain", "access_log")
FUNCTION = "refuse_change_of_log"


def upgrade() -> None:
    op.create_table(
        "event_log",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_roles", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint("outcome IN ('success', 'failure')", name=op.f("ck_event_log_outcome_known")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_event_log_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_event_log")),
    )
    op.create_index("ix_event_log_occurred_at", "event_log", ["clinic_id", "occurred_at", "id"])
    for name in ("account", "actor", "patient"):
        columns = ["clinic_id", f"{name}_id", "occurred_at", "id"]
        op.create_index(f"ix_event_log_{name}", "event_log", columns)
    op.create_table(
        "event_log_chain",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("chain_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_event_log_chain_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "sequence", name=op.f("pk_event_log_chain")),
        sa.UniqueConstraint("clinic_id", "entry_id", name=op.f("uq_event_log_chain_clinic_id_entry_id")),
    )
    refuse_changes()


def downgrade() -> None:
    allow_changes()
    op.drop_table("event_log_chain")
    op.drop_table("event_log")


def refuse_changes() -> None:
    """Add triggers by which the database itself refuses to change or delete a row of a log."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
        )


def allow_changes() -> None:
    """Drop the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for change in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{change}")
        return
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute(f"DROP FUNCTION {FUNCTION}()")
