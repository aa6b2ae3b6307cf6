"""The systemd units: a user of their own, a sandbox, secrets as credentials, and commands that exist."""

from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest

from tests.architecture.sources import ROOT
from tests.deploy.units import FOLDER, names, parsed
from tests.e2e.passed_socket import BACKLOG

SERVICES = names("service")
TIMERS = names("timer")
FLASK = "/opt/afterglow/current/.venv/bin/flask"
SANDBOX = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectProc": "invisible",
    "ProtectClock": "yes",
    "ProtectKernelLogs": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectControlGroups": "yes",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6",
    "RestrictNamespaces": "yes",
    "RestrictRealtime": "yes",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "MemoryDenyWriteExecute": "yes",
    "CapabilityBoundingSet": "",
    "AmbientCapabilities": "",
    "SystemCallArchitectures": "native",
    "UMask": "0077",
    "User": "afterglow",
    "Group": "afterglow",
    "StateDirectoryMode": "0700",
    "InaccessiblePaths": "/etc/afterglow/secrets",
}
MAX_EXPOSURE = 20
"""`systemd-analyze security` rates from 0 to 100 in tenths; 15 is what a service with network has here."""
NEEDS_SYSTEMD = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


def test_every_service_and_timer_is_there():
    parts = {"afterglow", "afterglow-worker", "afterglow-refresh", "afterglow-backup", "afterglow-drill"}
    assert {name.removesuffix(".service") for name in SERVICES} == parts
    assert {name.removesuffix(".timer") for name in TIMERS} == parts - {"afterglow", "afterglow-worker"}
    assert names("socket") == ["afterglow.socket"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_sandboxed(name):
    service = parsed(name)["Service"]
    assert {directive: service.get(directive) for directive in SANDBOX} == {
        directive: [value] for directive, value in SANDBOX.items()
    }
    assert service["SystemCallFilter"] == ["@system-service", "~@privileged"]
    assert service["MemoryMax"]
    assert service["TasksMax"]


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_is_in_the_environment_of_a_service(name):
    service = parsed(name)["Service"]
    files = dict(variable.split("=") for variable in service["Environment"])
    credentials = {credential.split(":")[0] for credential in service["LoadCredential"]}
    secret = {"SECRET_KEY", "PREVIOUS_SECRET_KEY", "SMTP_PASSWORD", "DATABASE_URL"}
    assert {f"{name}_FILE" for name in secret} <= set(files)
    for variable, path in files.items():
        if variable.endswith("_FILE"):
            assert path.startswith("%d/"), variable
            assert path.removeprefix("%d/") in credentials, variable
    for credential in service["LoadCredential"]:
        assert credential.split(":")[1].startswith("/etc/afterglow/secrets/")
    shipped = (ROOT / "deploy/afterglow.env").read_text(encoding="utf-8")
    assert not any(line.startswith(tuple(secret)) for line in shipped.splitlines())


@pytest.mark.either_database
@pytest.mark.parametrize("name", SERVICES)
def test_every_command_and_option_of_a_service_exists(name, app):
    (line,) = parsed(name)["Service"]["ExecStart"]
    words = shlex.split(line)
    if FLASK not in words:
        (script,) = [word for word in words if FLASK in word]
        words = shlex.split(script)
    given = words[words.index(FLASK) + 1 :]
    assert given[:2] == ["--app", "wsgi"]
    command = app.cli
    path: list[str] = []
    for word in given[2:]:
        if word in getattr(command, "commands", {}):
            command = command.commands[word]
            path.append(word)
        elif word.startswith("--"):
            assert word in {option for param in command.params for option in param.opts}, (path, word)
    assert path in (["serve"], ["worker"], ["outlook", "refresh"], ["db", "backup"], ["db", "drill"])


def test_the_server_is_restarted_without_losing_a_request():
    service, listening = parsed("afterglow.service"), parsed("afterglow.socket")["Socket"]
    assert service["Unit"]["Requires"] == ["afterglow.socket"]
    assert service["Service"]["KillMode"] == ["mixed"]
    assert service["Service"]["Type"] == ["notify"]
    # Longer than the 20 s that gunicorn gives to requests.
    assert int(service["Service"]["TimeoutStopSec"][0]) > 20
    assert service["Service"]["Restart"] == ["always"]
    assert listening["Backlog"] == [str(BACKLOG)]
    assert listening["SocketMode"] == ["0660"]


@pytest.mark.parametrize("name", ["afterglow-refresh", "afterglow-backup", "afterglow-drill"])
def test_what_calls_nobody_may_call_nobody(name):
    service = parsed(f"{name}.service")["Service"]
    assert service["IPAddressDeny"] == ["any"]
    assert service["IPAddressAllow"] == ["localhost"]


def test_a_backup_reads_and_only_the_drill_may_make_a_database():
    assert "database_url:/etc/afterglow/secrets/database_backup_url" in _credentials("afterglow-backup")
    assert "database_url:/etc/afterglow/secrets/database_owner_url" in _credentials("afterglow-drill")
    for name in ("afterglow", "afterglow-worker", "afterglow-refresh"):
        assert "database_url:/etc/afterglow/secrets/database_url" in _credentials(name)


def _credentials(name):
    return parsed(f"{name}.service")["Service"]["LoadCredential"]


@pytest.fixture
def units(tmp_path):
    """The units, with a command that is on this machine too."""
    for file in FOLDER.iterdir():
        text = file.read_text(encoding="utf-8").replace(FLASK, "/bin/true")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    return tmp_path


@NEEDS_SYSTEMD
def test_systemd_finds_no_fault_in_the_units(units):
    ran = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(units.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in ran.stderr.splitlines() if "afterglow" in line]
    assert (ran.returncode, ours) == (0, [])


@NEEDS_SYSTEMD
@pytest.mark.parametrize("name", SERVICES)
def test_systemd_rates_the_sandbox(name, units):
    ran = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={MAX_EXPOSURE}", str(units / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-300:]
