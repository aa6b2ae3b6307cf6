from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests import factories

pytestmark = pytest.mark.slow

OPENAPI = Path(__file__).parents[2] / "openapi.json"
PACKAGE = "afterglow_client"


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> Path:
    """The folder of a package that was generated from the file, without a word of warning."""
    folder: Path = tmp_path_factory.mktemp("generated")
    config = folder / "config.json"
    # The generator would have a formatter run over it; nobody is going to read it.
    # A file to import is CSV, which it sends as it sends any other file.
    files = {"text/csv": "application/octet-stream"}
    config.write_text(json.dumps({"post_hooks": [], "content_type_overrides": files}))
    command = [str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--path", str(OPENAPI)]
    options = [
        "--meta",
        "none",
        "--output-path",
        str(folder / PACKAGE),
        "--config",
        str(config),
        "--fail-on-warning",
    ]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in (done.stdout + done.stderr).upper()
    return folder


@pytest.fixture
def client(generated, monkeypatch) -> Iterator[ModuleType]:
    """The generated package, imported."""
    monkeypatch.syspath_prepend(str(generated))
    yield importlib.import_module(PACKAGE)
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


def load(name: str) -> Any:
    """A module of the generated package, by its name there."""
    return importlib.import_module(f"{PACKAGE}.{name}")


def test_a_patient_signs_in_logs_today_twice_and_edits_it(client, people, server):
    models = load("models")
    put = load("api.check_ins.put_check_in").sync_detailed
    address = f"http://127.0.0.1:{server.port}"
    with client.Client(base_url=address) as stranger:
        device = models.Device(device_id="device-of-hers", name="A new phone")
        credentials = models.Login(email=people.patient.email, password=factories.PASSWORD, device=device)
        tokens = load("api.tokens.login").sync(client=stranger, body=credentials)
        assert isinstance(tokens, models.Tokens)
    with client.AuthenticatedClient(base_url=address, token=tokens.access_token) as phone:
        me = load("api.accounts.get_me").sync(client=phone)
        assert me.patient_id == people.patient.patient_id
        details = load("api.patients.get_patient").sync("me", client=phone)
        now = datetime.now(UTC).astimezone(ZoneInfo(details.time_zone))
        effect = models.SideEffect(code=models.SideEffectCode.NAUSEA, severity=models.SideEffectSeverity.MILD)
        answers = models.NewCheckIn(
            mood=6, anxiety=3, time_zone=details.time_zone, recorded_at=now, side_effects=[effect]
        )

        first = put("me", now.date(), client=phone, body=answers)
        again = put("me", now.date(), client=phone, body=answers)
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.parsed == again.parsed
        assert isinstance(first.parsed, models.CheckIn)
        assert first.parsed.recorded_at == now
        assert [(noted.code, noted.severity) for noted in first.parsed.side_effects] == [("nausea", "mild")]

        answers.mood = 7
        unnamed = put("me", now.date(), client=phone, body=answers)
        assert (unnamed.status_code, unnamed.parsed.code) == (428, "version_required")
        edited = put("me", now.date(), client=phone, body=answers, if_match=first.headers["ETag"])
        assert (edited.status_code, edited.parsed.mood, edited.parsed.version) == (200, 7, 2)
        answers.mood = 8
        late = put("me", now.date(), client=phone, body=answers, if_match=first.headers["ETag"])
        assert (late.status_code, late.parsed.code) == (412, "stale")
        assert late.parsed.current["mood"] == 7

        page = load("api.check_ins.list_check_ins").sync("me", client=phone)
        assert [(day.local_date, day.mood) for day in page.items] == [(now.date(), 7)]
        digest = load("api.sync.get_digest").sync(client=phone)
        assert digest.check_in_count == 1
        assert load("api.tokens.logout").sync_detailed(client=phone).status_code == 204
        assert load("api.accounts.get_me").sync_detailed(client=phone).status_code == 401
    assert server.failures() == []


def test_the_generated_names_are_clean(generated):
    models = sorted(file.stem for file in (generated / PACKAGE / "models").glob("*.py"))
    operations = sorted(file.stem for file in (generated / PACKAGE / "api").glob("*/*.py"))
    for name in models + operations:
        # What a generator calls a schema or an operation that nobody named.
        assert not any(word in name for word in ("type_1", "additional_property", "v1_", "response_200"))
    assert {"check_in", "outlook", "worklist_page", "problem"} <= set(models)
    assert {"put_check_in", "get_outlook", "list_patients", "create_token"} <= set(operations)
