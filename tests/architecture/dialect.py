"""Words of the first version's private dialect in identifiers, those of tests too, counted per 10,000 names.

`python -m tests.architecture.dialect [PATH ...]` prints them, for all of the repository or for some paths.
Each has a standard term instead: docs/glossary.md lists the terms, test_dialect.py sets the limit.
"""

from __future__ import annotations

import io
import keyword
import re
import subprocess
import sys
import tokenize
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from tests.architecture.sources import ROOT

# fmt: off
DIALECT: Final = frozenset({
    "anew", "beside", "deed", "deeds", "door", "doors", "engage", "habit", "habits", "heard", "kept", "knock",
    "newcomer", "newcomers", "said", "standing", "succeed", "told", "whoever",
})
"""Correct English that nobody searches for."""

PLAIN_FORMS: Final = frozenset({
    "besides", "hear", "hearing", "hears", "keep", "keeping", "keeps", "say", "saying", "sayings", "says",
    "stand", "stands", "stood", "succeeds", "tell", "telling", "tells",
})
"""Other forms of the same words."""
# fmt: on

ALLOWED: Final[dict[str, str]] = {
    "door": "a column that an early migration made; a later one renames it",
}
"""Identifiers that hold such a word because a library or a standard named them so: each with its reason."""

WORD: Final = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]*")


@dataclass
class Count:
    """Names in some files, and those that hold a word of the lists, by identifier."""

    names: int = 0
    dialect: Counter[str] = field(default_factory=Counter)
    plain: Counter[str] = field(default_factory=Counter)

    def per_10_000(self, *, plain_forms: bool) -> float:
        """Return the rate per 10,000 names, of the dialect alone or with the other forms of its words."""
        found = self.dialect.total() + (self.plain.total() if plain_forms else 0)
        return 10_000 * found / max(self.names, 1)


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of an identifier, in lower case: `NotFound` and `not_found` have the same two."""
    return frozenset(word.lower() for word in WORD.findall(name))


def names(text: str) -> list[str]:
    """Return every identifier of a Python source as often as it occurs, keywords left out."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [
        token.string
        for token in tokens
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string)
    ]


@cache
def names_of(path: Path) -> Counter[str]:
    """Return how often each identifier occurs in a file, which is read once."""
    return Counter(names(path.read_text(encoding="utf-8")))


def count(paths: list[Path]) -> Count:
    """Count over some files."""
    result = Count()
    for path in paths:
        for name, times in names_of(path).items():
            result.names += times
            if name in ALLOWED:
                continue
            if words(name) & DIALECT:
                result.dialect[name] += times
            elif words(name) & PLAIN_FORMS:
                result.plain[name] += times
    return result


def sources(prefixes: tuple[str, ...] = ()) -> list[Path]:
    """Return the repository's Python files whose path begins with one of `prefixes`; all of them without."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / path for path in listed if (ROOT / path).exists() and path.startswith(prefixes or "")]


def main() -> None:
    """Print both rates and every identifier found."""
    found = count(sources(tuple(sys.argv[1:])))
    print(
        f"{found.names} names; per 10,000: {found.per_10_000(plain_forms=False):.1f} of the dialect,"
        f" {found.per_10_000(plain_forms=True):.1f} with its plain forms"
    )
    for name, times in (found.dialect + found.plain).most_common():
        print(f"{times:5} {name}")


if __name__ == "__main__":
    main()
