"""Links, paths and table names in the documentation lead to something that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import models
from config import VERSION
from models.base import Base
from tests.architecture.sources import PACKAGES, ROOT, python_files

PAGES = sorted(
    path.relative_to(ROOT)
    for folder, pattern in ((ROOT, "*.md"), (ROOT / "docs", "**/*.md"))
    for path in folder.glob(pattern)
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
FOLDERS = "|".join([*PACKAGES, "bench", "docs", "migrations", "tests"])
CODE_PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")
TABLE = re.compile(r"^    (\w+) \{\n(.*?)^    \}$", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub writes them."""
    found = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def missing_link(page: Path, target: str) -> bool:
    """Return whether a relative link of a page leads nowhere."""
    if re.match(r"[a-z]+:", target):
        return False
    name, _, anchor = target.partition("#")
    path = (ROOT / page).parent / name if name else ROOT / page
    return not path.exists() or (anchor != "" and anchor not in anchors(path))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_and_path_of_a_page_exists(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [target for target in LINK.findall(text) if missing_link(page, target)] == []
    assert [path for path in CODE_PATH.findall(text) if not (ROOT / path).exists()] == []


def test_the_data_model_draws_every_table_with_its_key():
    assert models.__all__
    drawn = dict(TABLE.findall((ROOT / "docs/data_model.md").read_text(encoding="utf-8")))
    assert sorted(drawn) == sorted(Base.metadata.tables)
    for name, table in Base.metadata.tables.items():
        columns = [line.split() for line in drawn[name].splitlines()]
        assert {column[1] for column in columns} <= set(table.columns.keys()), name
        assert {column[1] for column in columns if column[2:] == ["PK"]} == set(
            table.primary_key.columns.keys()
        )


def test_the_index_links_every_page():
    text = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    linked = {(ROOT / "docs" / target.partition("#")[0]).resolve() for target in LINK.findall(text)}
    pages = {ROOT / page for page in PAGES if page.parts[0] == "docs" and "decisions" not in page.parts}
    assert pages - linked == {ROOT / "docs/index.md"}


@pytest.mark.parametrize(
    "term",
    [
        "throttle",
        "idempotent",
        "pagination",
        "audit",
        "bitemporal",
        "likelihood",
        "posterior",
        "hyperparameter",
        "worklist",
        "tombstone",
    ],
)
def test_a_standard_term_is_found_in_the_code_and_the_documentation(term):
    assert any(term in (ROOT / path).read_text(encoding="utf-8").lower() for path in python_files())
    assert any(term in (ROOT / page).read_text(encoding="utf-8").lower() for page in PAGES)


def test_the_documentation_names_the_version_of_the_code():
    assert f"Version {VERSION}" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"## {VERSION} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
