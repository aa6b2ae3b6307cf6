"""The form in which record numbers are compared: two spellings of one number are no longer two patients."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0043_record_number_key"
down_revision = "0042_acknowledged_level"
branch_labels = None
depends_on = None

LENGTH = 200


def upgrade() -> None:
    op.add_column("patients", sa.Column("record_number_key", sa.String(length=LENGTH), nullable=True))
    fill_keys()
    with op.batch_alter_table("patients") as table:
        table.alter_column("record_number_key", existing_type=sa.String(length=LENGTH), nullable=False)
        table.drop_constraint(op.f("uq_patients_clinic_id_record_number"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_patients_clinic_id_record_number_key"), ["clinic_id", "record_number_key"]
        )


def downgrade() -> None:
    with op.batch_alter_table("patients") as table:
        table.drop_constraint(op.f("uq_patients_clinic_id_record_number_key"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_patients_clinic_id_record_number"), ["clinic_id", "record_number"]
        )
        table.drop_column("record_number_key")


def fill_keys() -> None:
    """Store each patient's key; of two patients of a clinic with one key, the later keeps a key of their own.

    Nobody is merged: the clinic finds both by their numbers as before, and no third one is enrolled.
    """
    patients = sa.table(
        "patients",
        *(sa.column(name, sa.Uuid()) for name in ("clinic_id", "id")),
        sa.column("record_number", sa.String()),
        sa.column("record_number_key", sa.String()),
        sa.column("enrolled_at", sa.DateTime()),
    )
    connection = op.get_bind()
    query = sa.select(patients.c.clinic_id, patients.c.id, patients.c.record_number)
    taken: set[tuple[object, str]] = set()
    for clinic_id, patient_id, number in connection.execute(
        query.order_by(patients.c.enrolled_at, patients.c.id)
    ).all():
        key = key_of(number)
        if len(key) > LENGTH or not key or (clinic_id, key) in taken:
            key = f"id {patient_id}"
        taken.add((clinic_id, key))
        connection.execute(
            sa.update(patients)
            .where(patients.c.clinic_id == clinic_id, patients.c.id == patient_id)
            .values(record_number_key=key)
        )


def key_of(number: str) -> str:
    """Return the key as the code of this version makes it; a migration does not change with later code."""
    composed = unicodedata.normalize("NFKC", number)
    hyphened = "".join(
        "-" if unicodedata.category(sign) == "Pd" or sign == "\u2212" else sign for sign in composed
    )
    folded = unicodedata.normalize("NFKC", hyphened.casefold())
    shown = (sign for sign in folded if sign not in "\u061c\u200e\u200f")
    blanks = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in shown)
    return " ".join(word for word in blanks.split(" ") if word)
