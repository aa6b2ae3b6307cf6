from __future__ import annotations

import ast

from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint

from models.base import Base, ClinicScoped
from tests.architecture.sources import imported_names, python_files, tree

# SQL written out is SQL that the guard of models/tenancy.py cannot look into.
WRITTEN_OUT = {"text", "literal_column", "TextClause"}


def clinical_tables() -> list[Table]:
    """The tables whose rows belong to a clinic."""
    mapped = [mapper for mapper in Base.registry.mappers if issubclass(mapper.class_, ClinicScoped)]
    return [mapper.local_table for mapper in mapped if isinstance(mapper.local_table, Table)]


def test_the_metadata_has_clinical_tables():
    assert {table.name for table in clinical_tables()} >= {
        "patients",
        "check_ins",
        "infusions",
        "protocols",
        "scores",
        "baselines",
    }


def test_a_table_with_a_patient_id_is_clinical_or_for_sign_in():
    naming = {name for name, table in Base.metadata.tables.items() if "patient_id" in table.c}
    assert naming - {table.name for table in clinical_tables()} == {"accounts"}


def test_the_clinic_leads_every_primary_key():
    for table in clinical_tables():
        assert next(iter(table.primary_key)).name == "clinic_id", table.name


def test_the_clinic_leads_every_foreign_key():
    for table in clinical_tables():
        keys = [key for key in table.constraints if isinstance(key, ForeignKeyConstraint)]
        assert keys, table.name
        for key in keys:
            assert key.column_keys[0] == "clinic_id", key.name


def test_the_clinic_leads_every_unique_constraint():
    for table in clinical_tables():
        for key in table.constraints:
            if isinstance(key, UniqueConstraint):
                assert next(iter(key.columns)).name == "clinic_id", key.name


def test_the_clinic_leads_every_index():
    for table in clinical_tables():
        for index in table.indexes:
            assert next(iter(index.columns)).name == "clinic_id", index.name


def test_no_sql_is_written_out_except_in_migrations():
    found = [
        f"{path}: {name}"
        for path in python_files()
        for module, name in imported_names(path)
        if module.startswith("sqlalchemy") and name in WRITTEN_OUT
    ]
    # models/tenancy.py names TextClause in order to refuse it.
    assert found == ["models/tenancy.py: TextClause"]


# What they import takes long, and most commands and servers need none of it.
IMPORTED_WHERE_NEEDED = {
    "config.py",
    "clinical/outlook/__init__.py",
    "models/database.py",
    "services/passwords.py",
}


def test_no_import_hides_inside_a_function():
    hidden = [
        f"{path}:{node.lineno}"
        for path in python_files()
        if path.parts[0] != "cli" and str(path) not in IMPORTED_WHERE_NEEDED
        for function in ast.walk(tree(path))
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert not hidden
