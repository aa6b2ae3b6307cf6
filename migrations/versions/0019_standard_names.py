"""Tables and columns take the field's standard names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Callable

revision = "0019_standard_names"
down_revision = "0018_sharing"
branch_labels = None
depends_on = None

# Old table, new table, old and new columns.
RENAMES: list[tuple[str, str, dict[str, str]]] = [
    ("access_log", "access_log", {"what": "resource"}),
    ("asked_ratings", "enabled_ratings", {}),
    (
        "discharge_checks",
        "discharge_checks",
        {
            "left_with": "accompanied_by",
            "minimum_stay_minutes": "minimum_monitoring_minutes",
            "walks_steadily": "steady_gait",
        },
    ),
    ("events", "events", {"told_by": "reported_by"}),
    ("former_settings", "clinic_settings_history", {}),
    ("learnt_priors", "estimated_priors", {}),
    ("outlooks", "cached_outlooks", {}),
    ("safety_alerts", "safety_alerts", {}),
    (
        "session_settings",
        "session_settings",
        {
            "minimum_stay_minutes": "minimum_monitoring_minutes",
            "most_infusions_in_30_days": "max_infusions_in_30_days",
            "most_infusions_in_90_days": "max_infusions_in_90_days",
            "most_infusions_in_365_days": "max_infusions_in_365_days",
        },
    ),
    ("sign_in_attempts", "login_attempts", {"door": "key"}),
    (
        "vital_signs",
        "vital_signs",
        {
            "crossed": "limits_exceeded",
            "struck_at": "marked_in_error_at",
            "struck_by": "marked_in_error_by",
        },
    ),
    ("walked_patients", "backtested_patients", {}),
]
# Names of indexes that follow neither from a table's name nor from a column's.
INDEXES = {"ix_safety_alerts_work_list": "ix_safety_alerts_worklist"}
CACHES = ("outlooks", "walked_patients")


def upgrade() -> None:
    # Their documents hold property names that changed as well; both are computed again when next asked for.
    for table in CACHES:
        op.execute(sa.delete(sa.table(table)))
    for old, new, columns in RENAMES:
        rename(old, new, columns, INDEXES)


def downgrade() -> None:
    for old, new, columns in reversed(RENAMES):
        rename(new, old, inverse(columns), inverse(INDEXES))
    for table in CACHES:
        op.execute(sa.delete(sa.table(table)))


def rename(table: str, new_table: str, columns: dict[str, str], indexes: dict[str, str]) -> None:
    """Rename a table, columns of it, and the constraints and indexes that are named after them."""
    for column, new_column in columns.items():
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {column} TO {new_column}")
    if new_table != table:
        op.rename_table(table, new_table)

    def new_name(name: str) -> str:
        return indexes.get(name) or renamed(name, table, new_table, columns)

    if op.get_context().dialect.name == "sqlite":
        rename_on_sqlite(new_table, new_name)
    else:
        rename_on_postgresql(new_table, new_name)


def renamed(name: str, table: str, new_table: str, columns: dict[str, str]) -> str:
    """Return what models.base.NAMING_CONVENTION, `kind_table_columns`, makes of a name."""
    kind, rest = name.split("_", 1)
    rest = rest.removeprefix(table)
    for column, new_column in columns.items():
        if rest == f"_{column}" or rest.startswith(f"_{column}_"):
            rest = f"_{new_column}" + rest.removeprefix(f"_{column}")
    return f"{kind}_{new_table}{rest}"


def rename_on_postgresql(table: str, new_name: Callable[[str], str]) -> None:
    """Rename a table's constraints and indexes in place."""
    found = sa.inspect(op.get_bind())
    for constraint in [
        found.get_pk_constraint(table),
        *found.get_foreign_keys(table),
        *found.get_unique_constraints(table),
        *found.get_check_constraints(table),
    ]:
        name = str(constraint["name"])
        if new_name(name) != name:
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {name} TO {new_name(name)}")
    # Read again: the index behind a constraint took its new name.
    for index in sa.inspect(op.get_bind()).get_indexes(table):
        name = str(index["name"])
        if new_name(name) != name:
            op.execute(f"ALTER INDEX {name} RENAME TO {new_name(name)}")


def rename_on_sqlite(table: str, new_name: Callable[[str], str]) -> None:
    """Copy the table to a definition with the new names: SQLite renames neither constraints nor indexes."""
    master = sa.table("sqlite_master", *map(sa.column, ("type", "name", "tbl_name", "sql")))
    of_table = sa.select(master).where(master.c.tbl_name == table, master.c.sql.is_not(None))
    sql = {row.name: row.sql for row in op.get_bind().execute(of_table)}
    definition = sql.pop(table)
    new_definition = re.sub(r"(?<=CONSTRAINT )\w+", lambda found: new_name(found[0]), definition)
    if new_definition != definition:
        copy = f"{table}_copy"
        op.execute(re.sub(rf'(?<=CREATE TABLE )"?{table}"?', copy, new_definition))
        op.execute(f"INSERT INTO {copy} SELECT * FROM {table}")  # noqa: S608  names of this file
        op.drop_table(table)
        op.rename_table(copy, table)
    for name, created in sql.items():
        if new_definition == definition:
            if new_name(name) == name:
                continue
            op.drop_index(name, table)
        op.execute(re.sub(rf"\b{name}\b", new_name(name), created, count=1))


def inverse(names: dict[str, str]) -> dict[str, str]:
    """Return new names to old ones."""
    return {new: old for old, new in names.items()}
