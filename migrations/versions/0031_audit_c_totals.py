"""Totals of the AUDIT-C: after "never" to item 1 the other items count 0, whatever was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031_audit_c_totals"
down_revision = "0030_infusion_records"
branch_labels = None
depends_on = None

KEY = ("clinic_id", "patient_id", "id", "version")
RESPONSES = sa.table(
    "questionnaire_responses",
    *(sa.column(name, sa.Uuid()) for name in KEY[:3]),
    sa.column("version", sa.Integer()),
    sa.column("instrument", sa.String()),
    sa.column("answers", sa.JSON()),
    sa.column("total", sa.Integer()),
)


def upgrade() -> None:
    store_totals(contradictions_count=False)


def downgrade() -> None:
    store_totals(contradictions_count=True)


def store_totals(*, contradictions_count: bool) -> None:
    connection = op.get_bind()
    audit_c = RESPONSES.c.instrument == "audit-c", RESPONSES.c.total.is_not(None)
    for row in connection.execute(sa.select(RESPONSES).where(*audit_c)).all():
        if row.answers.get("1") == 0:
            total = sum(row.answers.values()) if contradictions_count else 0
            same = [RESPONSES.c[name] == getattr(row, name) for name in KEY]
            connection.execute(sa.update(RESPONSES).where(*same).values(total=total))
