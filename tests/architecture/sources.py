"""Our own sources, read as text or as a tree, for the tests that hold them to the house's rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ("api", "cli", "clinical", "demo", "imports", "models", "rendering", "schemas", "services")


def python_files(*packages: str) -> Iterator[Path]:
    """The Python files of some packages, or of all with config.py and wsgi.py; relative to the checkout."""
    for package in packages or PACKAGES:
        yield from sorted(path.relative_to(ROOT) for path in (ROOT / package).rglob("*.py"))
    if not packages:
        yield from (Path("config.py"), Path("wsgi.py"))


@cache
def tree(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def calls_of_methods(path: Path) -> Iterator[tuple[str, str]]:
    """The methods a file calls, each with the place: ("commit", "models/database.py:70")."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, f"{path}:{node.lineno}"


def imported_names(path: Path) -> Iterator[tuple[str, str]]:
    """What a file imports by name, each with its module: ("sqlalchemy", "select")."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, name.name) for name in node.names)


def headings(document: str) -> set[str]:
    """The headings of a Markdown file, of whatever level, without the marks of code."""
    lines = (ROOT / document).read_text(encoding="utf-8").splitlines()
    return {line.lstrip("#").strip().replace("`", "") for line in lines if line.startswith("#")}
