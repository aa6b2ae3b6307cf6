"""Whether a clinic shows its outlooks, what they said before, and what was decided on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_outlook_record"
down_revision = "0007_benefit_left"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Whoever reads outlooks today goes on reading them.
    op.add_column(
        "clinics",
        sa.Column(
            "outlook_mode",
            sa.String(length=16),
            sa.CheckConstraint(
                "outlook_mode IN ('off', 'silent', 'shown')", name=op.f("ck_clinics_outlook_mode_known")
            ),
            nullable=False,
            server_default="shown",
        ),
    )
    op.add_column(
        "clinics",
        sa.Column("outlook_prior", sa.String(length=32), nullable=False, server_default="published-1"),
    )
    # A column that is added must have one value for the rows that are there; theirs follows.
    op.add_column(
        "clinics",
        sa.Column(
            "settings_since",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default="2000-01-01 00:00:00.000000",
        ),
    )
    clinics = sa.table("clinics", sa.column("settings_since"), sa.column("created_at"))
    op.execute(clinics.update().values(settings_since=clinics.c.created_at))
    op.create_table(
        "former_settings",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("induction_infusions", sa.Integer(), nullable=False),
        sa.Column("induction_days", sa.Integer(), nullable=False),
        sa.Column("min_interval_days", sa.Integer(), nullable=False),
        sa.Column("max_interval_days", sa.Integer(), nullable=False),
        sa.Column("outlook_mode", sa.String(length=16), nullable=False),
        sa.Column("outlook_prior", sa.String(length=32), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outlook_mode IN ('off', 'silent', 'shown')", name=op.f("ck_former_settings_outlook_mode_known")
        ),
        sa.CheckConstraint("known_from <= known_until", name=op.f("ck_former_settings_known_in_order")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_former_settings_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "version", name=op.f("pk_former_settings")),
    )
    op.create_table(
        "outlook_changes",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("today", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("refusal", sa.String(length=32), nullable=True),
        sa.Column("recommended", sa.Date(), nullable=True),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("engine_version", sa.String(length=32), nullable=False),
        sa.Column("prior_version", sa.String(length=32), nullable=False),
        sa.Column("outlook", sa.JSON(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_outlook_changes_number_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_outlook_changes_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "number", name=op.f("pk_outlook_changes")),
    )
    op.create_table(
        "outlook_decisions",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outlook_tag", sa.String(length=80), nullable=False),
        sa.Column("change_number", sa.Integer(), nullable=False),
        sa.Column("today", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("recommended", sa.Date(), nullable=True),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("booked_for", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision = 'agree' OR reason IS NOT NULL",
            name=op.f("ck_outlook_decisions_difference_has_reason"),
        ),
        sa.CheckConstraint(
            "decision IN ('agree', 'differ')", name=op.f("ck_outlook_decisions_decision_known")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_outlook_decisions_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", name=op.f("pk_outlook_decisions")),
    )
    op.create_index(
        "ix_outlook_decisions_change",
        "outlook_decisions",
        ["clinic_id", "patient_id", "change_number"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_outlook_decisions_change", table_name="outlook_decisions")
    op.drop_table("outlook_decisions")
    op.drop_table("outlook_changes")
    op.drop_table("former_settings")
    op.drop_column("clinics", "settings_since")
    op.drop_column("clinics", "outlook_prior")
    op.drop_column("clinics", "outlook_mode")
