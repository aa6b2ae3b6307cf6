"""What a clinic set up for safety, daily safety answers, alerts, and what is to be sent out about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_safety"
down_revision = "0010_learnt_priors"
branch_labels = None
depends_on = None

IN_FORCE = "known_until IS NULL"


def upgrade() -> None:
    op.create_table(
        "safety_settings",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("crisis_contacts", sa.JSON(), nullable=False),
        sa.Column("safety_question", sa.Boolean(), nullable=False),
        sa.Column("escalate_after_minutes", sa.Integer(), nullable=True),
        sa.Column("on_call_email", sa.String(length=254), nullable=True),
        sa.Column("on_call_webhook", sa.String(length=500), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "escalate_after_minutes BETWEEN 1 AND 10080",
            name=op.f("ck_safety_settings_escalate_after_minutes_in_range"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_safety_settings_version_counts")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_safety_settings_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "version", name=op.f("pk_safety_settings")),
    )
    _one_current("safety_settings", "clinic_id")
    op.create_table(
        "safety_answers",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer BETWEEN 0 AND 3", name=op.f("ck_safety_answers_answer_in_range")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_safety_answers_version_counts")),
        _of_patient("safety_answers"),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "local_date", "version", name=op.f("pk_safety_answers")
        ),
    )
    _one_current("safety_answers", "clinic_id", "patient_id", "local_date")
    _create_alerts()
    _create_deliveries()
    # Kept outlooks and summaries are worked out anew, now with the count of open alerts.
    op.execute(sa.table("outlooks").delete())


def _create_alerts() -> None:
    op.create_table(
        "safety_alerts",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("acknowledge_note", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=32), nullable=True),
        sa.Column("close_note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "source IN ('item_9', 'daily_answer')", name=op.f("ck_safety_alerts_source_known")
        ),
        sa.CheckConstraint("level IN ('top', 'endorsed')", name=op.f("ck_safety_alerts_level_known")),
        sa.CheckConstraint("answer BETWEEN 1 AND 3", name=op.f("ck_safety_alerts_answer_in_range")),
        sa.CheckConstraint(
            "acknowledged_at IS NULL OR acknowledged_by IS NOT NULL",
            name=op.f("ck_safety_alerts_acknowledged_by_name"),
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR closed_by IS NOT NULL", name=op.f("ck_safety_alerts_closed_by_name")
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR action IS NOT NULL", name=op.f("ck_safety_alerts_closed_with_action")
        ),
        _of_patient("safety_alerts"),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_safety_alerts")),
        sa.UniqueConstraint(
            "clinic_id",
            "patient_id",
            "source",
            "source_id",
            "answer",
            name=op.f("uq_safety_alerts_clinic_id_patient_id_source_source_id_answer"),
        ),
    )
    op.create_index(
        "ix_safety_alerts_work_list", "safety_alerts", ["clinic_id", "rank", "opened_at"], unique=False
    )


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_failure", sa.String(length=64), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('email', 'webhook')", name=op.f("ck_deliveries_channel_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'given_up', 'withdrawn')",
            name=op.f("ck_deliveries_state_known"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_deliveries_attempts_count")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "alert_id"],
            ["safety_alerts.clinic_id", "safety_alerts.id"],
            name=op.f("fk_deliveries_clinic_id_alert_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "clinic_id", "alert_id", "channel", name=op.f("uq_deliveries_clinic_id_alert_id_channel")
        ),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["clinic_id", "state", "due_at"], unique=False)


def _of_patient(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["clinic_id", "patient_id"],
        ["patients.clinic_id", "patients.id"],
        name=op.f(f"fk_{table}_clinic_id_patient_id"),
    )


def _one_current(table: str, *columns: str) -> None:
    in_force = sa.text(IN_FORCE)
    name = f"uq_{table}_current"
    op.create_index(name, table, list(columns), unique=True, sqlite_where=in_force, postgresql_where=in_force)


def downgrade() -> None:
    op.drop_index("ix_deliveries_due", table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_index("ix_safety_alerts_work_list", table_name="safety_alerts")
    op.drop_table("safety_alerts")
    for table in ("safety_answers", "safety_settings"):
        in_force = sa.text(IN_FORCE)
        op.drop_index(
            f"uq_{table}_current", table_name=table, sqlite_where=in_force, postgresql_where=in_force
        )
        op.drop_table(table)
