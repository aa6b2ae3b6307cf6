from __future__ import annotations

from dataclasses import fields

from api.http.problems import KINDS
from api.http.settings import Settings
from tests.architecture.sources import ROOT, headings

# What a setting is called outside, where that is not its name in capitals.
VARIABLES = {"environment": "AFTERGLOW_ENV"}
# Headings of docs/errors.md and docs/configuration.md that are about all of them.
ABOUT_ALL = {
    "docs/errors.md": {"Errors", "The shape of a problem", "The kinds"},
    "docs/configuration.md": {"Configuration", "Production", "Settings", "Secrets in files"},
}


def test_every_kind_of_problem_has_its_heading():
    assert headings("docs/errors.md") - ABOUT_ALL["docs/errors.md"] == set(KINDS)


def test_every_kind_of_problem_is_documented_with_its_status():
    text = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    for code, kind in KINDS.items():
        assert f"### `{code}`\n\n{kind.status} " in text, code


def test_every_setting_has_its_heading():
    names = {VARIABLES.get(field.name, field.name.upper()) for field in fields(Settings)}
    assert headings("docs/configuration.md") - ABOUT_ALL["docs/configuration.md"] == names
