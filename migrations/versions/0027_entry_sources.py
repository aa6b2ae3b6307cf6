"""Who entered a day's answers, and over which of the patient's; where a total comes from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027_entry_sources"
down_revision = "0026_attention"
branch_labels = None
depends_on = None


def upgrade() -> None:
    known = sa.CheckConstraint(
        "reported_by IN ('patient', 'staff', 'import')", name=op.f("ck_check_ins_reported_by_known")
    )
    op.add_column(
        "check_ins",
        sa.Column("reported_by", sa.String(length=16), known, nullable=False, server_default="patient"),
    )
    op.add_column("check_ins", sa.Column("patient_version", sa.Integer(), nullable=True))
    op.add_column("check_ins", sa.Column("clinic_answers", sa.JSON(none_as_null=True), nullable=True))
    check_ins = sa.table(
        "check_ins", sa.column("reported_by", sa.String()), sa.column("recorded_by", sa.Uuid())
    )
    accounts = sa.table("accounts", sa.column("id", sa.Uuid()), sa.column("role", sa.String()))
    staff = sa.select(accounts.c.id).where(accounts.c.role.in_(["clinician", "admin"]))
    op.execute(sa.update(check_ins).where(check_ins.c.recorded_by.in_(staff)).values(reported_by="staff"))
    source = sa.CheckConstraint("source IN ('entered', 'imported')", name=op.f("ck_scores_source_known"))
    op.add_column(
        "scores", sa.Column("source", sa.String(length=16), source, nullable=False, server_default="entered")
    )


def downgrade() -> None:
    op.drop_column("scores", "source")
    for name in ("clinic_answers", "patient_version", "reported_by"):
        op.drop_column("check_ins", name)
