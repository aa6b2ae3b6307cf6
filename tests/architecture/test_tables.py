"""Every table is known wherever one is: `flask db check` would take others for tables to be dropped."""

from __future__ import annotations

import models
from tests.architecture.sources import ROOT


def test_every_module_with_a_table_is_imported_with_the_package():
    found = {
        path.stem for path in (ROOT / "models").glob("*.py") if "\n    __tablename__ = " in path.read_text()
    }
    assert len(found) > 30
    assert found - set(models.__all__) == set()
