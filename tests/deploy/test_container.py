"""The container file and compose.yaml: unprivileged, no secret in a variable, all that is imported."""

from __future__ import annotations

import re

import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are not installed

from tests.architecture.sources import ROOT

FOLDER = ROOT / "deploy/container"
SECRETS = {"SECRET_KEY", "DATABASE_URL", "SMTP_PASSWORD"}


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))["services"]


@pytest.fixture(scope="module")
def containerfile():
    return (FOLDER / "Containerfile").read_text(encoding="utf-8")


def test_every_part_that_runs_is_a_service(services):
    assert set(services) == {"server", "worker", "refresh", "backup", "drill"}


def test_every_service_is_unprivileged(services):
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["mem_limit"]
        assert service["pids_limit"]


def test_secrets_are_files(services):
    for service in services.values():
        assert {f"{name}_FILE" for name in SECRETS} == set(service["environment"])
        assert set(service["secrets"]) == {name.lower() for name in SECRETS}


def test_only_this_machine_reaches_the_server(services):
    assert services["server"]["ports"] == ["127.0.0.1:8000:8000"]
    assert not any("ports" in service for name, service in services.items() if name != "server")
    # Longer than the 20 s that gunicorn gives to requests.
    assert services["server"]["stop_grace_period"] == "30s"


@pytest.mark.either_database
def test_every_command_exists(services, app):
    for service in services.values():
        command = app.cli
        for word in service["command"]:
            if word in getattr(command, "commands", {}):
                command = command.commands[word]
        assert command is not app.cli


def test_the_image_has_what_the_server_imports_and_runs_as_nobody_special(containerfile):
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", containerfile, re.MULTILINE)
    parts = {part for line in copied for part in line.split()}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages | {"config.py", "wsgi.py", "migrations", "docs", "requirements.txt"} <= parts
    assert all((ROOT / part).exists() for part in parts)
    assert containerfile.index("USER afterglow") < containerfile.index("ENTRYPOINT")
    included = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    assert included == parts
