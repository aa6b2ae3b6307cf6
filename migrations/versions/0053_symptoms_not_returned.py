"""A reason of infusions: given on schedule, or before, while symptoms had not returned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053_symptoms_not_returned"
down_revision = "0052_half_benefit_recalls"
branch_labels = None
depends_on = None

NAME = "ck_infusions_reason_known"
BEFORE = "reason IN ('scheduled', 'symptoms_returned', 'convenience', 'other')"
SINCE = "reason IN ('scheduled', 'symptoms_returned', 'symptoms_not_returned', 'convenience', 'other')"
INFUSIONS = sa.table("infusions", sa.column("reason", sa.String()))


def upgrade() -> None:
    _replace(SINCE)


def downgrade() -> None:
    # The older server has no such reason: the nearest of its own is scheduled.
    not_returned = INFUSIONS.c.reason == "symptoms_not_returned"
    op.execute(INFUSIONS.update().where(not_returned).values(reason="scheduled"))
    _replace(BEFORE)


def _replace(condition: str) -> None:
    with op.batch_alter_table("infusions") as table:
        table.drop_constraint(op.f(NAME), type_="check")
        table.create_check_constraint(op.f(NAME), condition)
