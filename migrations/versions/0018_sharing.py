"""What patients share with whom, and who read what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_sharing"
down_revision = "0017_costs"
branch_labels = None
depends_on = None

CURRENT = sa.text("known_until IS NULL")
ONE_PATIENT = sa.text("patient_id IS NOT NULL")
EVERY_PATIENT = sa.text("patient_id IS NULL")


def upgrade() -> None:
    let_accounts_be("patient", "clinician", "admin", "delegate")
    op.create_table(
        "consents",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("parts", sa.String(length=200), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "relation IN ('family', 'friend', 'therapist', 'physician', 'other')",
            name=op.f("ck_consents_relation_known"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_consents_version_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_consents_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", "version", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_account", "consents", ["clinic_id", "account_id"])
    op.create_index(
        "uq_consents_current",
        "consents",
        ["clinic_id", "patient_id", "id"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    op.create_table(
        "access_log",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("reader_role", sa.String(length=16), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_access_log_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_access_log")),
    )
    op.create_index("ix_access_log_read_at", "access_log", ["clinic_id", "patient_id", "read_at", "id"])
    op.create_index(
        "uq_access_log_once",
        "access_log",
        ["clinic_id", "patient_id", "reader_id", "what", "hour"],
        unique=True,
        sqlite_where=ONE_PATIENT,
        postgresql_where=ONE_PATIENT,
    )
    op.create_index(
        "uq_access_log_once_for_all",
        "access_log",
        ["clinic_id", "reader_id", "what", "hour"],
        unique=True,
        sqlite_where=EVERY_PATIENT,
        postgresql_where=EVERY_PATIENT,
    )


def downgrade() -> None:
    op.drop_table("access_log")
    op.drop_table("consents")
    # Whoever was only a delegate is nobody to the version before.
    accounts = sa.table("accounts", sa.column("id"), sa.column("role"))
    theirs = sa.select(accounts.c.id).where(accounts.c.role == "delegate")
    for name in ("invitations", "sign_ins"):
        held = sa.table(name, sa.column("account_id"))
        op.execute(sa.delete(held).where(held.c.account_id.in_(theirs)))
    op.execute(sa.delete(accounts).where(accounts.c.role == "delegate"))
    let_accounts_be("patient", "clinician", "admin")


def let_accounts_be(*roles: str) -> None:
    """Hold the role of an account to these words; SQLite makes the table anew for that."""
    words = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_constraint(op.f("ck_accounts_role_known"), type_="check")
        accounts.create_check_constraint(op.f("ck_accounts_role_known"), f"role IN ({words})")
