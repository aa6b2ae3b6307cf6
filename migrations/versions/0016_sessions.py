"""What happened around infusions: timelines, vital signs, how somebody left, and the clinic's limits."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016_sessions"
down_revision = "0015_events"
branch_labels = None
depends_on = None

IN_FORCE = "known_until IS NULL"
TABLES = ("session_settings", "infusion_sessions", "discharge_checks")
KEYS = {
    "session_settings": ["clinic_id"],
    "infusion_sessions": ["clinic_id", "patient_id", "infusion_id"],
    "discharge_checks": ["clinic_id", "patient_id", "infusion_id"],
}


def upgrade() -> None:
    _make_settings()
    _make_sessions()
    _make_vitals()
    _make_discharge_checks()
    for table in TABLES:
        in_force = sa.text(IN_FORCE)
        op.create_index(
            f"uq_{table}_current",
            table,
            KEYS[table],
            unique=True,
            sqlite_where=in_force,
            postgresql_where=in_force,
        )


def _make_settings() -> None:
    numbers = (
        "systolic_hold",
        "diastolic_hold",
        "heart_rate_low",
        "heart_rate_high",
        "systolic_high",
        "diastolic_high",
        "spo2_low",
        "most_infusions_in_30_days",
        "most_infusions_in_90_days",
        "most_infusions_in_365_days",
        "shortest_interval_days",
    )
    op.create_table(
        "session_settings",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("minimum_stay_minutes", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in numbers),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        _within("session_settings", "minimum_stay_minutes", 0, 1440),
        sa.CheckConstraint("version >= 1", name=op.f("ck_session_settings_version_counts")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinics.id"], name=op.f("fk_session_settings_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "version", name=op.f("pk_session_settings")),
    )


def _make_sessions() -> None:
    answers = ("fasting", "escort", "urinary_symptoms", "medication_changed", "safety_asked")
    lists = ("above_hold", "rate_changes", "side_effects", "interventions")
    op.create_table(
        "infusion_sessions",
        *_named("infusion_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("systolic", sa.Integer(), nullable=True),
        sa.Column("diastolic", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.String(length=16), nullable=False) for name in answers),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in lists),
        sa.Column("dissociation_scale", sa.String(length=16), nullable=True),
        sa.Column("dissociation_total", sa.Integer(), nullable=True),
        sa.Column("dissociation_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        _within("infusion_sessions", "systolic", 40, 300),
        _within("infusion_sessions", "diastolic", 20, 200),
        _within("infusion_sessions", "dissociation_total", 0, 92),
        *(_answered("infusion_sessions", name) for name in answers),
        sa.CheckConstraint("version >= 1", name=op.f("ck_infusion_sessions_version_counts")),
        _of_patient("infusion_sessions"),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "infusion_id", "version", name=op.f("pk_infusion_sessions")
        ),
    )


def _make_vitals() -> None:
    op.create_table(
        "vital_signs",
        *_named("id"),
        sa.Column("infusion_id", sa.Uuid(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heart_rate", sa.Integer(), nullable=True),
        sa.Column("systolic", sa.Integer(), nullable=True),
        sa.Column("diastolic", sa.Integer(), nullable=True),
        sa.Column("spo2", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("crossed", sa.JSON(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_by", sa.Uuid(), nullable=True),
        _within("vital_signs", "heart_rate", 20, 300),
        _within("vital_signs", "systolic", 40, 300),
        _within("vital_signs", "diastolic", 20, 200),
        _within("vital_signs", "spo2", 30, 100),
        sa.CheckConstraint("source IN ('hand', 'device')", name=op.f("ck_vital_signs_source_known")),
        sa.CheckConstraint(
            "struck_at IS NULL OR struck_by IS NOT NULL", name=op.f("ck_vital_signs_struck_by_name")
        ),
        _of_patient("vital_signs"),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", name=op.f("pk_vital_signs")),
    )
    op.create_index(
        "ix_vital_signs_of_infusion",
        "vital_signs",
        ["clinic_id", "patient_id", "infusion_id", "measured_at"],
        unique=False,
    )


def _make_discharge_checks() -> None:
    answers = (
        "oriented",
        "walks_steadily",
        "blood_pressure_near_start",
        "nausea_controlled",
        "safety_asked",
    )
    op.create_table(
        "discharge_checks",
        *_named("infusion_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_with", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.String(length=16), nullable=False) for name in answers),
        sa.Column("minimum_stay_minutes", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "left_with IN ('companion', 'transport_service', 'alone', 'other')",
            name=op.f("ck_discharge_checks_left_with_known"),
        ),
        *(_answered("discharge_checks", name) for name in answers),
        sa.CheckConstraint("version >= 1", name=op.f("ck_discharge_checks_version_counts")),
        _of_patient("discharge_checks"),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "infusion_id", "version", name=op.f("pk_discharge_checks")
        ),
    )


def _named(key: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in ("clinic_id", "patient_id", key)]


def _within(table: str, column: str, low: int, high: int) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"{column} BETWEEN {low} AND {high}", name=op.f(f"ck_{table}_{column}_in_range")
    )


def _answered(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"{column} IN ('yes', 'no', 'unknown')", name=op.f(f"ck_{table}_{column}_known")
    )


def _of_patient(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["clinic_id", "patient_id"],
        ["patients.clinic_id", "patients.id"],
        name=op.f(f"fk_{table}_clinic_id_patient_id"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        in_force = sa.text(IN_FORCE)
        op.drop_index(
            f"uq_{table}_current", table_name=table, sqlite_where=in_force, postgresql_where=in_force
        )
    op.drop_table("discharge_checks")
    op.drop_index("ix_vital_signs_of_infusion", table_name="vital_signs")
    op.drop_table("vital_signs")
    op.drop_table("infusion_sessions")
    op.drop_table("session_settings")
