"""Questionnaires filled in, when each is asked for, and totals of more of them with their range and rater."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_questionnaires"
down_revision = "0011_safety"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "scores",
        sa.Column(
            "lowest",
            sa.Integer(),
            sa.CheckConstraint("lowest >= 0", name=op.f("ck_scores_lowest_counts")),
            nullable=True,
        ),
    )
    op.add_column(
        "scores",
        sa.Column(
            "highest",
            sa.Integer(),
            sa.CheckConstraint("highest >= 1", name=op.f("ck_scores_highest_counts")),
            nullable=True,
        ),
    )
    op.add_column(
        "scores",
        sa.Column(
            "rater",
            sa.String(length=16),
            sa.CheckConstraint("rater IN ('self', 'clinician', 'other')", name=op.f("ck_scores_rater_known")),
            nullable=True,
        ),
    )
    _make_responses()
    _make_schedules()
    # Summaries kept so far do not say what is due: they are worked out anew.
    op.execute(sa.table("outlooks").delete())


def _make_responses() -> None:
    op.create_table(
        "questionnaire_responses",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(length=32), nullable=False),
        sa.Column("instrument_version", sa.String(length=16), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(length=16), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("change_seq", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "answered_by IN ('patient', 'clinician')",
            name=op.f("ck_questionnaire_responses_answered_by_known"),
        ),
        sa.CheckConstraint("total >= 0", name=op.f("ck_questionnaire_responses_total_counts")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_questionnaire_responses_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_questionnaire_responses_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "id", "version", name=op.f("pk_questionnaire_responses")
        ),
    )
    op.create_index(
        "ix_questionnaire_responses_changes",
        "questionnaire_responses",
        ["clinic_id", "patient_id", "change_seq"],
        unique=False,
    )
    op.create_index(
        "ix_questionnaire_responses_days",
        "questionnaire_responses",
        ["clinic_id", "patient_id", "local_date", "id"],
        unique=False,
    )
    op.create_index(
        "uq_questionnaire_responses_current",
        "questionnaire_responses",
        ["clinic_id", "patient_id", "id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def _make_schedules() -> None:
    op.create_table(
        "questionnaire_schedules",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("instrument", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("before_infusion", sa.Boolean(), nullable=False),
        sa.Column("days_after_infusion", sa.JSON(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("on_mood_drop", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "window_days BETWEEN 0 AND 28", name=op.f("ck_questionnaire_schedules_window_days_in_range")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_questionnaire_schedules_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_questionnaire_schedules_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "instrument", "version", name=op.f("pk_questionnaire_schedules")
        ),
    )
    op.create_index(
        "uq_questionnaire_schedules_current",
        "questionnaire_schedules",
        ["clinic_id", "patient_id", "instrument"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_questionnaire_schedules_current",
        table_name="questionnaire_schedules",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_table("questionnaire_schedules")
    op.drop_index(
        "uq_questionnaire_responses_current",
        table_name="questionnaire_responses",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_index("ix_questionnaire_responses_days", table_name="questionnaire_responses")
    op.drop_index("ix_questionnaire_responses_changes", table_name="questionnaire_responses")
    op.drop_table("questionnaire_responses")
    op.drop_column("scores", "rater")
    op.drop_column("scores", "highest")
    op.drop_column("scores", "lowest")
