"""The sheet in docs/clinical is what is drawn now."""

from __future__ import annotations

import pytest

from tests.scenarios.sheet import FOLDER, files


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return dict(files())


def test_every_saved_file_is_what_is_drawn_now(drawn):
    saved = {name: (FOLDER / name).read_text(encoding="utf-8") for name in drawn}
    stale = [name for name in drawn if drawn[name] != saved[name]]
    assert not stale, "run `make patients`, and look at what changed"


def test_nothing_else_lies_among_the_saved_pictures(drawn):
    saved = {f"patients/{path.name}" for path in (FOLDER / "patients").iterdir()}
    assert saved == set(drawn) - {"patients.md"}
