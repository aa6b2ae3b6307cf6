from __future__ import annotations

import ast

from tests.architecture.sources import PACKAGES, ROOT

MAX_ARGUMENTS = 5
# Before use cases took a Context there were 71.
MAX_FUNCTIONS = 7


def test_few_functions_take_more_than_five_arguments():
    found = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and argument_count(node) > MAX_ARGUMENTS
    ]
    assert len(found) <= MAX_FUNCTIONS, found


def argument_count(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many arguments a caller names, so without `self`."""
    given = function.args
    names = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len(names) - (names[:1] in (["self"], ["cls"]))
