"""Telephone, emergency contact, birth date and language of a patient."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024_contact_data"
down_revision = "0023_settings_version"
branch_labels = None
depends_on = None

COLUMNS: dict[str, sa.String | sa.Date] = {
    "telephone": sa.String(length=16),
    "emergency_contact_name": sa.String(length=200),
    "emergency_contact_relation": sa.String(length=16),
    "emergency_contact_telephone": sa.String(length=16),
    "born_on": sa.Date(),
    "language": sa.String(length=8),
}
CHECKS = {
    "ck_patients_emergency_contact_relation_known": (
        "emergency_contact_relation IN ('family', 'friend', 'therapist', 'physician', 'other')"
    ),
    "ck_patients_emergency_contact_whole": (
        "(emergency_contact_name IS NULL) = (emergency_contact_telephone IS NULL) "
        "AND (emergency_contact_name IS NULL) = (emergency_contact_relation IS NULL)"
    ),
}


def upgrade() -> None:
    with op.batch_alter_table("patients") as patients:
        for name, kind in COLUMNS.items():
            patients.add_column(sa.Column(name, kind, nullable=True))
        for name, condition in CHECKS.items():
            patients.create_check_constraint(op.f(name), condition)


def downgrade() -> None:
    with op.batch_alter_table("patients") as patients:
        for name in CHECKS:
            patients.drop_constraint(op.f(name), type_="check")
        for name in COLUMNS:
            patients.drop_column(name)
