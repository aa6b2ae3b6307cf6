from __future__ import annotations

import re
from dataclasses import fields

from api.http.problems import PROBLEM_TYPES
from config import Settings
from schemas.outlooks import OutlookSchema
from tests.architecture.sources import ROOT, headings

# What a setting is called outside, where that is not its name in capitals.
VARIABLES = {"environment": "AFTERGLOW_ENV"}
# Headings of docs/errors.md and docs/configuration.md that are about all of them.
ABOUT_ALL = {
    "docs/errors.md": {"Errors", "The shape of a problem", "The kinds"},
    "docs/configuration.md": {"Configuration", "Production", "Settings", "Secrets in files"},
}


def test_every_kind_of_problem_has_its_heading():
    assert headings("docs/errors.md") - ABOUT_ALL["docs/errors.md"] == set(PROBLEM_TYPES)


def test_every_kind_of_problem_is_documented_with_its_status():
    text = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    for code, kind in PROBLEM_TYPES.items():
        assert f"### `{code}`\n\n{kind.status} " in text, code


def test_every_setting_has_its_heading():
    names = {VARIABLES.get(field.name, field.name.upper()) for field in fields(Settings)}
    # PORT is no field: `flask serve` listens on it, and links lead there.
    assert headings("docs/configuration.md") - ABOUT_ALL["docs/configuration.md"] == names | {"PORT"}


# A name and a year, as "Murrough 2013" and "Smith-Apeldoorn 2022".
CITED = re.compile(r"\b([A-Z][A-Za-z-]+) ((?:19|20)\d\d)\b")


def test_every_source_of_the_outlook_is_listed():
    files = [ROOT / "docs/clinical/outlook.md", ROOT / "clinical/protocol.py", ROOT / "clinical/trend.py"]
    files += [*(ROOT / "clinical/outlook").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
    texts = [re.sub(r"\s+", " ", file.read_text(encoding="utf-8")) for file in files]
    cited = {match.groups() for text in texts for match in CITED.finditer(text)}
    listed = (ROOT / "docs/clinical/sources.md").read_text(encoding="utf-8")
    assert len(cited) > 10
    assert {f"{name} {year}" for name, year in cited if f"{name} {year}" not in listed} == set()


def test_every_field_of_an_outlook_is_documented_with_its_unit():
    text = (ROOT / "docs/clinical/outlook.md").read_text(encoding="utf-8")
    rows = text.partition("## Fields")[2].splitlines()
    result = [
        name for row in rows if row.startswith("| `") for name in re.findall(r"`(\w+)`", row.split("|")[1])
    ]
    assert sorted(result) == sorted(OutlookSchema().fields)
