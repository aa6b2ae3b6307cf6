"""systemd's units of deploy/, parsed: a directive may occur several times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from tests.architecture.sources import ROOT

FOLDER = ROOT / "deploy/systemd"
Unit = Mapping[str, Mapping[str, list[str]]]


def parsed(name: str) -> Unit:
    """Return a unit's sections, each with its directives and all their values."""
    sections: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = {}
    for number, line in enumerate((FOLDER / name).read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), defaultdict(list))
            continue
        directive, is_one, value = line.partition("=")
        assert is_one, f"{name}:{number} is no directive"
        assert directive == directive.strip(), f"{name}:{number} has blanks around ="
        section[directive].append(value)
    return sections


def names(ending: str) -> list[str]:
    """Return the names of the units of one kind."""
    return sorted(file.name for file in FOLDER.glob(f"*.{ending}"))
