"""Treatment courses, and the interval beyond which a clinic expects a new one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025_treatment_courses"
down_revision = "0024_contact_data"
branch_labels = None
depends_on = None

GAP_DAYS = "84"


def upgrade() -> None:
    for table in ("clinics", "clinic_settings_history"):
        op.add_column(
            table, sa.Column("new_course_gap_days", sa.Integer(), nullable=False, server_default=GAP_DAYS)
        )
    op.create_table(
        "treatment_courses",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=32), nullable=True),
        sa.Column("induction_infusion_count", sa.Integer(), nullable=True),
        sa.Column("induction_days", sa.Integer(), nullable=True),
        sa.Column("consultation_version", sa.Integer(), nullable=True),
        sa.Column("earlier_infusion_count", sa.Integer(), nullable=True),
        sa.Column("earlier_first_infusion_on", sa.Date(), nullable=True),
        sa.Column("earlier_last_infusion_on", sa.Date(), nullable=True),
        sa.Column("baseline_assessed_on", sa.Date(), nullable=True),
        sa.Column("baseline_mood", sa.Integer(), nullable=True),
        sa.Column("baseline_anxiety", sa.Integer(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('initial', 're_induction', 'transferred_in')",
            name=op.f("ck_treatment_courses_kind_known"),
        ),
        sa.CheckConstraint(
            "end_reason IN ('completed', 'no_benefit', 'side_effects', 'patient_decision', 'dropped_out', "
            "'transferred_out', 'other')",
            name=op.f("ck_treatment_courses_end_reason_known"),
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (end_reason IS NULL)", name=op.f("ck_treatment_courses_end_has_reason")
        ),
        sa.CheckConstraint("ended_on >= began_on", name=op.f("ck_treatment_courses_ends_after_begin")),
        sa.CheckConstraint(
            "induction_infusion_count BETWEEN 1 AND 30",
            name=op.f("ck_treatment_courses_induction_infusion_count_in_range"),
        ),
        sa.CheckConstraint(
            "induction_days BETWEEN 1 AND 366", name=op.f("ck_treatment_courses_induction_days_in_range")
        ),
        sa.CheckConstraint(
            "baseline_mood BETWEEN 0 AND 10", name=op.f("ck_treatment_courses_baseline_mood_in_range")
        ),
        sa.CheckConstraint(
            "baseline_anxiety BETWEEN 0 AND 10", name=op.f("ck_treatment_courses_baseline_anxiety_in_range")
        ),
        sa.CheckConstraint(
            "(earlier_infusion_count IS NOT NULL) = (kind = 'transferred_in')",
            name=op.f("ck_treatment_courses_earlier_elsewhere"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_treatment_courses_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_treatment_courses_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "id", "version", name=op.f("pk_treatment_courses")
        ),
    )
    op.create_index(
        "uq_treatment_courses_current",
        "treatment_courses",
        ["clinic_id", "patient_id", "id"],
        unique=True,
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_treatment_courses_current",
        table_name="treatment_courses",
        sqlite_where=sa.text("known_until IS NULL"),
        postgresql_where=sa.text("known_until IS NULL"),
    )
    op.drop_table("treatment_courses")
    for table in ("clinics", "clinic_settings_history"):
        op.drop_column(table, "new_course_gap_days")
