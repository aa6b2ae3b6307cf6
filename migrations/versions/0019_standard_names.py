"""Rename tables, columns and stored values to the field's standard terms; data is kept.

The old names are the keys below, the new ones the values. What can be computed again (`COMPUTED`) is deleted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Callable

revision = "0019_standard_names"
down_revision = "0018_sharing"
branch_labels = None
depends_on = None

TABLES = {
    "asked_ratings": "enabled_ratings",
    "former_settings": "clinic_settings_history",
    "learnt_priors": "estimated_priors",
    "outlooks": "cached_outlooks",
    "sign_in_attempts": "login_attempts",
    "walked_patients": "backtested_patients",
}
# By the old name of their table.
COLUMNS = {
    "access_log": {"what": "resource"},
    "clinics": {"induction_infusions": "induction_infusion_count"},
    "deliveries": {"attempts": "attempt_count"},
    "discharge_checks": {
        "left_with": "accompanied_by",
        "minimum_stay_minutes": "minimum_monitoring_minutes",
        "walks_steadily": "steady_gait",
    },
    "events": {"told_by": "reported_by"},
    "forecast_reports": {"made_at": "generated_at"},
    "former_settings": {"induction_infusions": "induction_infusion_count"},
    "learnt_priors": {"cycles": "cycle_count", "patients": "patient_count"},
    "outlook_changes": {
        "noticed_at": "computed_at",
        "recommended": "recommended_on",
        "refusal": "no_forecast_reason",
    },
    "outlook_decisions": {
        "booked_for": "booked_on",
        "outlook_tag": "outlook_id",
        "recommended": "recommended_on",
    },
    "patients": {"day_starts_at": "day_start_hour"},
    "protocols": {
        "induction_infusions": "induction_infusion_count",
        "paused_from": "paused_on",
        "paused_until": "resumes_on",
    },
    "questionnaire_responses": {"answered_by": "reported_by"},
    "safety_alerts": {"level": "priority"},
    "session_settings": {
        "minimum_stay_minutes": "minimum_monitoring_minutes",
        "most_infusions_in_30_days": "max_infusions_in_30_days",
        "most_infusions_in_90_days": "max_infusions_in_90_days",
        "most_infusions_in_365_days": "max_infusions_in_365_days",
    },
    "sign_in_attempts": {"door": "key"},
    "vital_signs": {
        "crossed": "limits_exceeded",
        "struck_at": "marked_in_error_at",
        "struck_by": "marked_in_error_by",
    },
    "walked_patients": {"walked": "replay"},
}
# Indexes and constraints whose names follow neither from a table's name nor from a column's.
INDEXES = {
    "deliveries": {"ck_deliveries_attempts_count": "ck_deliveries_attempt_count"},
    "safety_alerts": {"ix_safety_alerts_work_list": "ix_safety_alerts_worklist"},
}
RENAMED = sorted({*TABLES, *COLUMNS, *INDEXES})
# Documents in these tables have members that were renamed as well; all are computed again when asked for.
COMPUTED = ("outlooks", "walked_patients", "forecast_reports")

# Members of outlook_changes.outlook, which is a record and not computed again.
OUTLOOK = {
    "baseline": "baseline_level",
    "baseline_readings": "baseline_reading_count",
    "benefit_left": "benefit_left_estimate",
    "cycles_finished": "finished_cycle_count",
    "due_hi80": "due_hi80_on",
    "due_lo80": "due_lo80_on",
    "due_median": "due_median_on",
    "last_infusion": "last_infusion_on",
    "limits": "disclaimers",
    "p_crossed": "p_half_lost",
    "p_within_7": "p_half_lost_in_7_days",
    "p_within_14": "p_half_lost_in_14_days",
    "protocol_earliest": "protocol_earliest_on",
    "protocol_latest": "protocol_latest_on",
    "readings_in_cycle": "cycle_reading_count",
    "recommended": "recommended_on",
    "refusal": "no_forecast_reason",
}
OUTLOOK_PARTS = {
    "data_quality": {
        "answered_of_last_7": "answered_last_7_days_count",
        "answered_of_last_14": "answered_last_14_days_count",
        "last_reading": "last_check_in_on",
    },
    "inputs": {"readings": "reading_count", "first_day": "first_on", "last_day": "last_on"},
    "measures": {"days": "day_count", "first_day": "first_on", "last_day": "last_on"},
    "phase": {"number": "infusions_given_count", "of": "infusions_planned_count"},
}
# Members of estimated_priors.evidence.
EVIDENCE = {
    "explained": "log_score_gain",
    "explained_se": "log_score_gain_se",
    "patients": "patient_count",
}
EVIDENCE_PARTS = {
    "landmarks": {
        "cut_short": "censored_count",
        "cycles": "cycle_count",
        "day": "landmark_day",
        "error_after": "error_after_days",
        "error_before": "error_before_days",
        "reaching_after": "interval_reaches_end_after",
        "reaching_before": "interval_reaches_end_before",
    }
}
REASON_CODES = {
    "benefit_left_told": "benefit_left_reported",
    "chance_gone": "probability_half_lost",
    "judged_baseline": "rated_baseline",
    "word_held": "status_hysteresis",
}

ACTIONS = {"told_treating_clinician": "informed_treating_clinician"}
"""Values of safety_alerts.action."""


def upgrade() -> None:
    for table in COMPUTED:
        op.execute(sa.delete(sa.table(table)))
    for table in RENAMED:
        rename(table, TABLES.get(table, table), COLUMNS.get(table, {}), INDEXES.get(table, {}))
    rewrite_outlooks(Members(OUTLOOK, OUTLOOK_PARTS), REASON_CODES)
    rewrite_evidence(Members(EVIDENCE, EVIDENCE_PARTS))
    rename_values("safety_alerts", "action", ACTIONS)


def downgrade() -> None:
    rename_values("safety_alerts", "action", inverse(ACTIONS))
    rewrite_evidence(Members(EVIDENCE, EVIDENCE_PARTS).inverse())
    rewrite_outlooks(Members(OUTLOOK, OUTLOOK_PARTS).inverse(), inverse(REASON_CODES))
    for table in RENAMED:
        columns, indexes = COLUMNS.get(table, {}), INDEXES.get(table, {})
        rename(TABLES.get(table, table), table, inverse(columns), inverse(indexes))
    for table in COMPUTED:
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


def rename_values(table: str, column: str, values: dict[str, str]) -> None:
    """Replace values of a text column."""
    renamed_column: sa.ColumnClause[str] = sa.column(column)
    target = sa.table(table, renamed_column)
    for old, new in values.items():
        op.execute(sa.update(target).where(renamed_column == old).values({column: new}))


class Members(NamedTuple):
    """New names of the members of an object, and of those of the objects in some of its members."""

    names: dict[str, str]
    parts: dict[str, dict[str, str]]

    def inverse(self) -> Members:
        """Return new names to old ones."""
        return Members(inverse(self.names), {part: inverse(names) for part, names in self.parts.items()})

    def rename(self, document: Any) -> Any:
        """Return a document with its members renamed."""
        if isinstance(document, list):
            return [self.rename(item) for item in document]
        if not isinstance(document, dict):
            return document
        return {
            self.names.get(name, name): Members(self.parts[name], self.parts).rename(value)
            if name in self.parts
            else value
            for name, value in document.items()
        }


def rewrite_outlooks(members: Members, codes: dict[str, str]) -> None:
    """Rename members and reason codes of the outlooks on record."""

    def rewritten(outlook: Any) -> Any:
        reasons = [{**each, "code": codes.get(each["code"], each["code"])} for each in outlook["reasons"]]
        return {**members.rename(outlook), "reasons": reasons}

    rewrite("outlook_changes", ("clinic_id", "patient_id", "number"), "outlook", rewritten)


def rewrite_evidence(members: Members) -> None:
    """Rename members of the evidence for estimated priors."""
    rewrite("estimated_priors", ("clinic_id", "number"), "evidence", members.rename)


def rewrite(table: str, key: tuple[str, ...], column: str, rewritten: Callable[[Any], Any]) -> None:
    """Replace the document in each row of a table."""
    keys: list[sa.ColumnClause[Any]] = [
        sa.column(name, sa.Integer() if name == "number" else sa.Uuid()) for name in key
    ]
    document = sa.column(column, sa.JSON())
    rows = sa.table(table, *keys, document)
    for *values, old in op.get_bind().execute(sa.select(*keys, document)).all():
        row = sa.and_(*(each == value for each, value in zip(keys, values, strict=True)))
        op.execute(sa.update(rows).where(row).values({column: rewritten(old)}))
