"""What the clinic records of an infusion besides its dose, and its limits for the dose."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0030_infusion_records"
down_revision = "0029_session_limits"
branch_labels = None
depends_on = None

LIMITS = ("max_dose_mg_per_kg", "max_dose_mg")
COLUMNS: dict[str, sa.String | sa.Double[float] | sa.Uuid[UUID] | sa.DateTime] = {
    "not_done_reason": sa.String(length=32),
    "lot_number": sa.String(length=64),
    "wasted_mg": sa.Double(),
    "performer_account_id": sa.Uuid(),
    "performer_name": sa.String(length=200),
    "witness_account_id": sa.Uuid(),
    "witness_name": sa.String(length=200),
    "dose_confirmation_rationale": sa.Text(),
    "dose_confirmed_by": sa.Uuid(),
    "dose_confirmed_at": sa.DateTime(timezone=True),
}
CONFIRMED_WHOLE = "(dose_confirmation_rationale IS NULL) = (dose_confirmed_at IS NULL)"
CHECKS = {
    "ck_infusions_not_done_reason_known": (
        "not_done_reason IN ('patient_cancelled', 'did_not_attend', 'clinic_cancelled', 'blood_pressure', "
        "'not_fasting', 'no_escort', 'unwell', 'safety_concern', 'consent_missing', 'no_longer_needed', "
        "'other')"
    ),
    "ck_infusions_wasted_mg_in_range": "wasted_mg BETWEEN 0 AND 2000",
    "ck_infusions_only_not_done_has_reason": "not_done_reason IS NULL OR status = 'not_done'",
    "ck_infusions_dose_confirmed_whole": CONFIRMED_WHOLE,
}


def upgrade() -> None:
    with op.batch_alter_table("session_settings") as settings:
        for name in LIMITS:
            settings.add_column(sa.Column(name, sa.Double(), nullable=True))
    with op.batch_alter_table("infusions") as infusions:
        for name, kind in COLUMNS.items():
            infusions.add_column(sa.Column(name, kind, nullable=True))
        infusions.add_column(
            sa.Column("dose_limits_exceeded", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
        )
        for name, condition in CHECKS.items():
            infusions.create_check_constraint(op.f(name), condition)


def downgrade() -> None:
    with op.batch_alter_table("infusions") as infusions:
        for name in CHECKS:
            infusions.drop_constraint(op.f(name), type_="check")
        for name in ("dose_limits_exceeded", *COLUMNS):
            infusions.drop_column(name)
    with op.batch_alter_table("session_settings") as settings:
        for name in LIMITS:
            settings.drop_column(name)
