"""No SQL text is assembled: values reach the database as parameters, names as columns of mapped classes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT, python_files

OF_SQL = {"text", "literal_column", "exec_driver_sql"}
"""Functions whose argument the database reads as SQL."""


NO_PARAMETERS = {"models/database.py", "services/backups/postgresql_store.py"}
"""Files with statements that take no parameters: a PRAGMA with a number, databases with quoted names."""


def assembled(path: Path, tree: ast.AST) -> Iterator[str]:
    """The places where SQL text is anything but a constant."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in OF_SQL and not _constant(node.args[0], tree):
                yield f"{path}:{node.lineno}"


def _constant(argument: ast.expr, tree: ast.AST) -> bool:
    if isinstance(argument, ast.Constant):
        return True
    # A named constant of the module.
    return isinstance(argument, ast.Name) and any(
        isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Constant)
        and argument.id
        in {getattr(one, "id", "") for one in getattr(node, "targets", [getattr(node, "target", None)])}
        for node in ast.walk(tree)
    )


def imports_sql(tree: ast.AST) -> bool:
    """Whether a file imports anything of SQLAlchemy, without which `text` is a function of its own."""
    return any(
        isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for node in ast.walk(tree)
    )


def test_no_sql_text_is_assembled():
    found: list[str] = []
    for path in python_files("api", "cli", "imports", "models", "services"):
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        if imports_sql(tree) and str(path) not in NO_PARAMETERS:
            found += assembled(path, tree)
    assert found == []


def test_assembled_sql_is_found():
    source = 'from sqlalchemy import text\nONE = "SELECT 1"\ntext(ONE)\ntext("SELECT 1")\n'
    source += 'text(f"ORDER BY {sort}")\n'
    source += 'text("SELECT " + name)\nconnection.exec_driver_sql(statement)\n'
    assert list(assembled(Path("x.py"), ast.parse(source))) == ["x.py:5", "x.py:6", "x.py:7"]
