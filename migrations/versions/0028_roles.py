"""Several roles of an account, nurses, front desk and billing; reports come from the patient or staff."""

from __future__ import annotations

from itertools import combinations

import sqlalchemy as sa
from alembic import op

revision = "0028_roles"
down_revision = "0027_entry_sources"
branch_labels = None
depends_on = None

STAFF = ("clinician", "nurse", "front_desk", "billing", "admin")
HELD = (
    "patient",
    "delegate",
    *(" ".join(held) for count in range(1, 6) for held in combinations(STAFF, count)),
)
FORMER = ("patient", "clinician", "admin", "delegate")
REPORTS = ("events", "questionnaire_responses")


def upgrade() -> None:
    op.drop_index(op.f("ix_accounts_clinic_id_role"), table_name="accounts")
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_constraint(op.f("ck_accounts_role_known"), type_="check")
        accounts.alter_column(
            "role", new_column_name="roles", existing_type=sa.String(length=16), type_=sa.String(length=64)
        )
    with op.batch_alter_table("accounts") as accounts:
        accounts.create_check_constraint(op.f("ck_accounts_roles_known"), f"roles IN ({words(HELD)})")
    op.create_index(op.f("ix_accounts_clinic_id_roles"), "accounts", ["clinic_id", "roles"], unique=False)
    with op.batch_alter_table("access_log") as entries:
        entries.alter_column(
            "reader_role",
            new_column_name="reader_roles",
            existing_type=sa.String(length=16),
            type_=sa.String(length=64),
        )
    rename_reporter("clinician", "staff")


def downgrade() -> None:
    rename_reporter("staff", "clinician")
    replace_roles("access_log", "reader_roles")
    with op.batch_alter_table("access_log") as entries:
        entries.alter_column(
            "reader_roles",
            new_column_name="reader_role",
            existing_type=sa.String(length=64),
            type_=sa.String(length=16),
        )
    op.drop_index(op.f("ix_accounts_clinic_id_roles"), table_name="accounts")
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_constraint(op.f("ck_accounts_roles_known"), type_="check")
    block_unknown()
    replace_roles("accounts", "roles")
    with op.batch_alter_table("accounts") as accounts:
        accounts.alter_column(
            "roles", new_column_name="role", existing_type=sa.String(length=64), type_=sa.String(length=16)
        )
    with op.batch_alter_table("accounts") as accounts:
        accounts.create_check_constraint(op.f("ck_accounts_role_known"), f"role IN ({words(FORMER)})")
    op.create_index(op.f("ix_accounts_clinic_id_role"), "accounts", ["clinic_id", "role"], unique=False)


def words(values: tuple[str, ...]) -> str:
    """Return values as a list of SQL literals."""
    return ", ".join(f"'{value}'" for value in values)


def block_unknown() -> None:
    """Disable accounts that hold no role which the version before knows; `replace_roles` names them anew."""
    roles, disabled_at = sa.column("roles", sa.String()), sa.column("disabled_at", sa.DateTime(timezone=True))
    created_at = sa.column("created_at", sa.DateTime(timezone=True))
    accounts = sa.table("accounts", roles, disabled_at, created_at)
    known = sa.or_(*(roles.contains(role) for role in FORMER))
    op.execute(
        sa.update(accounts)
        .where(sa.not_(known))
        .values(disabled_at=sa.func.coalesce(disabled_at, created_at))
    )


def replace_roles(table: str, column: str) -> None:
    """Keep one role of several: clinician before admin, and clinician in place of one that was not known."""
    roles = sa.column(column, sa.String())
    held = sa.table(table, roles)
    one = sa.case(
        (roles.in_(["patient", "delegate", "integration"]), roles),
        (roles.contains("clinician"), "clinician"),
        (roles.contains("admin"), "admin"),
        else_="clinician",
    )
    op.execute(sa.update(held).values({column: one}))


def rename_reporter(old: str, new: str) -> None:
    """Replace a value of `reported_by`, and hold the column to it."""
    for name in REPORTS:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"ck_{name}_reported_by_known"), type_="check")
        reported_by = sa.column("reported_by", sa.String())
        reports = sa.table(name, reported_by)
        op.execute(sa.update(reports).where(reported_by == old).values(reported_by=new))
        with op.batch_alter_table(name) as table:
            condition = f"reported_by IN ({words(('patient', new))})"
            table.create_check_constraint(op.f(f"ck_{name}_reported_by_known"), condition)
