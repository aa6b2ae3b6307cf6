"""docs/security.md: 69 statements, counted as the page says, each true one with a test that there is."""

from __future__ import annotations

import re

from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([A-F]\d+) \|[^|]+\| (true|partly|no)\b[^|]*\|([^|]*)\|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/(?:\w+/)*test_\w+\.py)?(?:::(\w+))?`")
FAULT = re.compile(r"^\| [^|]+ \| (`[^|]+`) \|[^|]*\|$", re.MULTILINE)


def test_every_statement_is_there_and_counted():
    rows = ROW.findall(PAGE)
    assert len(rows) == len({name for name, _, _ in rows}) == 69
    states = [state for _, state, _ in rows]
    counts = f"{states.count('true')} are true, {states.count('partly')} partly, {states.count('no')} no."
    assert counts in PAGE


def test_every_test_that_is_named_exists():
    cells = [tests for _, state, tests in ROW.findall(PAGE) if state == "true" or tests.strip()]
    for cell in [*cells, *FAULT.findall(PAGE)]:
        file = ""
        assert NAMED.search(cell), cell
        for path, name in NAMED.findall(cell):
            file = path or file
            source = (ROOT / file).read_text(encoding="utf-8")
            assert not name or f"def {name}(" in source, (file, name)
