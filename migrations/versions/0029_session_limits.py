"""Respiratory rate and sedation score, and the clinic's limits for them and for low blood pressure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029_session_limits"
down_revision = "0028_roles"
branch_labels = None
depends_on = None

LIMITS = (
    "systolic_low",
    "diastolic_low",
    "respiratory_rate_low",
    "respiratory_rate_high",
    "sedation_score_low",
)
VITALS = {"respiratory_rate": (3, 80), "sedation_score": (0, 5)}


def upgrade() -> None:
    with op.batch_alter_table("session_settings") as settings:
        for name in LIMITS:
            settings.add_column(sa.Column(name, sa.Integer(), nullable=True))
    with op.batch_alter_table("vital_signs") as vitals:
        for name, (lowest, highest) in VITALS.items():
            vitals.add_column(sa.Column(name, sa.Integer(), nullable=True))
            vitals.create_check_constraint(
                op.f(f"ck_vital_signs_{name}_in_range"), f"{name} BETWEEN {lowest} AND {highest}"
            )


def downgrade() -> None:
    with op.batch_alter_table("vital_signs") as vitals:
        for name in VITALS:
            vitals.drop_constraint(op.f(f"ck_vital_signs_{name}_in_range"), type_="check")
            vitals.drop_column(name)
    with op.batch_alter_table("session_settings") as settings:
        for name in LIMITS:
            settings.drop_column(name)
