"""Why an infusion is given although the consultation does not clear it, and a clinic that refuses it."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0033_infusion_overrides"
down_revision = "0032_post_infusion_moods"
branch_labels = None
depends_on = None

COLUMNS: dict[str, sa.Text | sa.Uuid[UUID] | sa.DateTime] = {
    "override_reason": sa.Text(),
    "overridden_by": sa.Uuid(),
    "overridden_at": sa.DateTime(timezone=True),
}
CHECK = "ck_infusions_overridden_whole"


def upgrade() -> None:
    op.add_column(
        "clinics", sa.Column("refuse_unsuitable", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table("infusions") as infusions:
        for name, kind in COLUMNS.items():
            infusions.add_column(sa.Column(name, kind, nullable=True))
        infusions.add_column(
            sa.Column("overridden_holds", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
        )
        infusions.create_check_constraint(op.f(CHECK), "(override_reason IS NULL) = (overridden_at IS NULL)")


def downgrade() -> None:
    with op.batch_alter_table("infusions") as infusions:
        infusions.drop_constraint(op.f(CHECK), type_="check")
        for name in ("overridden_holds", *COLUMNS):
            infusions.drop_column(name)
    op.drop_column("clinics", "refuse_unsuitable")
