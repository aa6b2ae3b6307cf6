from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import factories
from tests.node import CLIENTS, packages, run_node

pytestmark = pytest.mark.slow

OPENAPI = CLIENTS.parents[1] / "openapi.json"


@pytest.fixture
def program(tmp_path) -> Path:
    """The program of worklist.ts, compiled against the types that the file gives."""
    folder: Path = tmp_path / "program"
    folder.mkdir()
    (folder / "node_modules").symlink_to(packages())
    for name in ("package.json", "worklist.ts", "tsconfig.json"):
        shutil.copy(CLIENTS / name, folder)
    # As source and no declaration, so that it is checked, and the declarations of the packages are not.
    generator = packages() / "openapi-typescript" / "bin" / "cli.js"
    run_node(generator, str(OPENAPI), "--output", "afterglow.ts", folder=folder)
    types = (folder / "afterglow.ts").read_text("utf-8")
    assert '"not_due" | "approaching" | "due" | "overdue"' in types
    assert '"no_benefit" | "worse" | "insufficient_data"' in types
    # With `strict` and all that goes beyond it, as tsconfig.json says.
    run_node(packages() / "typescript" / "bin" / "tsc", "--project", ".", folder=folder)
    return folder / "built" / "worklist.js"


def test_an_integration_pulls_every_summary_page_by_page_and_again_for_a_304(
    database, people, server, program
):
    today = datetime.now(UTC).date()
    with database.write(people.clinic_id) as session:
        patients = [factories.patient(session, display_name=f"Robin {place}") for place in range(3)]
        for patient in patients:
            factories.infusion(session, patient, today - timedelta(days=20))
            for ago in range(1, 15):
                factories.check_in(session, patient, today - timedelta(days=ago))
        made = {str(patient.id) for patient in patients}
    made |= {str(people.patient.patient_id), str(people.other_patient.patient_id)}

    address = f"http://127.0.0.1:{server.port}"
    printed = run_node(
        program, address, str(people.integration.id), factories.CLIENT_SECRET, folder=program.parent
    )

    pulled = json.loads(printed)
    assert pulled["literal"] is True
    assert pulled["pages"] == [2, 2, 1]
    assert {result["patient_id"] for result in pulled["summaries"]} == made
    assert pulled["counts"] == {"200": 5, "304": 5}
    assert all(result["status"] for result in pulled["summaries"])
    answered = [result for result in pulled["summaries"] if result["answered_last_7_days_count"]]
    assert [(result["mood"], result["answered_last_7_days_count"] >= 6) for result in answered] == [
        (6, True)
    ] * 3
    assert pulled["refused"] == "403 forbidden"
    assert server.failures() == []
