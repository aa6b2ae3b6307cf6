from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGES, ROOT

MACHINERY = {
    "models": {
        "backups",
        "base",
        "database",
        "database_trouble",
        "deadline",
        "outbox",
        "postgresql_connection",
        "proposals",
        "quotas",
        "schema_version",
        "sqlite_file",
        "sqlite_write_lock",
        "tenancy",
    },
    "schemas": {"base", "chart_query", "problems", "proposals"},
    "services": {
        "access",
        "answer_times",
        "call_deadline",
        "backups",
        "clock_bounds",
        "columns",
        "context",
        "dates",
        "errors",
        "histories",
        "login_throttle",
        "mail",
        "outbound_urls",
        "passwords",
        "proposals",
        "quotas",
        "revisions",
        "start_checks",
    },
}
# Tests of the whole rather than of a file.
ELSEWHERE = {"architecture", "clients", "deploy", "e2e", "scenarios"}
OF_THE_WHOLE = {
    "contract",
    "database_trouble",
    "documents",
    "durability",
    "hostile_input",
    "matrix",
    "openapi",
    "quotas",
    "privacy",
    "schemathesis",
    "whole_course",
}


def stems(package: str) -> set[str]:
    """The names of a package's files and folders."""
    found = {path.stem for path in (ROOT / package).iterdir() if path.suffix == ".py"}
    folders = {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
    return (found | folders) - {"__init__"}


def features() -> set[str]:
    return stems("api") - {"http"}


def belongs_to(stem: str, feature: str) -> bool:
    """Whether a file is a feature's own or of a part of it: `clinic_settings` is of `clinics`."""
    return stem == feature or stem.startswith((f"{feature}_", f"{feature.removesuffix('s')}_"))


@pytest.mark.parametrize("package", MACHINERY)
def test_a_feature_has_one_name_in_every_layer(package):
    unknown = {
        stem
        for stem in stems(package) - MACHINERY[package]
        if not any(belongs_to(stem, feature) for feature in features())
    }
    assert not unknown, f"{package}: name each after what `ls api` calls it"


def test_every_exception_for_machinery_names_an_existing_file():
    for package, names in MACHINERY.items():
        assert names <= stems(package)


def test_tests_mirror_the_packages():
    lost = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        place = path.relative_to(ROOT / "tests")
        stem = place.stem.removeprefix("test_")
        if place.parts[0] in ELSEWHERE or (place.parts[0] == "api" and stem in OF_THE_WHOLE):
            continue
        tested = ROOT / place.parent / stem
        if not (tested.with_suffix(".py").exists() or tested.is_dir()):
            lost.append(str(Path("tests") / place))
    assert not lost


def test_every_package_states_its_purpose_in_one_sentence():
    for package in PACKAGES:
        text = (ROOT / package / "__init__.py").read_text(encoding="utf-8")
        assert text.startswith('"""'), package
