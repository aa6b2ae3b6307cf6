"""The page of patients in docs/clinical equals the one that the code generates."""

from __future__ import annotations

import pytest

from tests.scenarios.sheet import FOLDER, files


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return dict(files())


def test_every_committed_file_equals_the_generated_one(generated):
    committed = {name: (FOLDER / name).read_text(encoding="utf-8") for name in generated}
    stale = [name for name in generated if generated[name] != committed[name]]
    assert not stale, "run `make patients`, and look at what changed"


def test_there_is_no_other_file_among_the_pictures(generated):
    committed = {f"patients/{path.name}" for path in (FOLDER / "patients").iterdir()}
    assert committed == set(generated) - {"patients.md", "attention.md"}
