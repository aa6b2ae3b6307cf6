"""deploy/install.sh and the command it installs: into a folder, twice, and without doing anything."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

from config import VERSION
from tests.architecture.sources import ROOT

HOST = "afterglow.test.example"
PROGRAMS = ("install.sh", "afterglow")


class Installation:
    """A folder to install into; its packages are those of this test's own environment."""

    def __init__(self, root):
        self.root = root
        release = root / "opt/afterglow/releases" / VERSION
        release.mkdir(parents=True)
        # Code and packages are there already: installing them needs the network.
        (release / ".complete").touch()

    def __call__(self, *options):
        """Run install.sh."""
        return subprocess.run(
            ["sh", str(ROOT / "deploy/install.sh"), "--root", str(self.root), *options],
            env=os.environ | {"PYTHON": sys.executable},
            capture_output=True,
            text=True,
            check=False,
        )


def test_help_says_what_is_done_and_an_unknown_option_is_refused(tmp_path):
    installation = Installation(tmp_path)
    before = sorted(tmp_path.rglob("*"))

    shown = installation("--help")
    assert shown.returncode == 0
    assert all(each in shown.stdout for each in ("Installs Afterglow", "--host", "--dry-run", "--root"))
    refused = installation("--hosts", HOST)
    assert refused.returncode == 2
    assert "unknown option --hosts; --help" in refused.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.fixture
def install(tmp_path):
    return Installation(tmp_path / "root")


def modes(root):
    return {
        str(path.relative_to(root)): stat.S_IMODE(path.stat().st_mode)
        for path in (root / "etc/afterglow").rglob("*")
    }


def contents(root):
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_scripts_are_plain_sh(name):
    assert (ROOT / "deploy" / name).read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert os.access(ROOT / "deploy" / name, os.X_OK)
    subprocess.run(["sh", "-n", str(ROOT / "deploy" / name)], check=True)


def test_a_dry_run_changes_nothing(install):
    before = contents(install.root)
    ran = install("--host", HOST, "--dry-run")
    assert ran.returncode == 0, ran.stderr
    assert "would make" in ran.stdout
    assert contents(install.root) == before


def test_what_is_secret_is_made_once_and_readable_by_the_service_alone(install):
    ran = install("--host", HOST)
    assert ran.returncode == 0, ran.stderr
    secrets = install.root / "etc/afterglow/secrets"
    assert len((secrets / "secret_key").read_text().strip()) >= 43
    assert {mode for name, mode in modes(install.root).items() if not name.endswith("secrets")} == {0o640}
    assert stat.S_IMODE((install.root / "var/lib/afterglow").stat().st_mode) == 0o700
    assert stat.S_IMODE((install.root / "var/backups/afterglow").stat().st_mode) == 0o700


def test_a_second_run_keeps_every_file(install):
    assert install("--host", HOST).returncode == 0
    edited = install.root / "etc/afterglow/afterglow.env"
    edited.write_text(edited.read_text() + "SMTP_HOST=smtp.test.example\n")
    before = contents(install.root)
    again = install("--host", HOST)
    assert again.returncode == 0, again.stderr
    assert "kept" in again.stdout
    assert contents(install.root) == before


def test_a_certificate_of_the_clinics_own_stays(install):
    site = install.root / "etc/nginx/sites-available/afterglow"
    assert install("--host", HOST).returncode == 0
    shipped = f"/etc/letsencrypt/live/{HOST}/fullchain.pem"
    site.write_text(site.read_text().replace(shipped, "/etc/ssl/own chain.pem"))
    again = install("--host", HOST)
    assert "ssl_certificate /etc/ssl/own chain.pem;" in site.read_text()
    assert f"ssl_certificate_key /etc/letsencrypt/live/{HOST}/privkey.pem;" in site.read_text()
    assert "kept ssl_certificate /etc/ssl/own chain.pem" in again.stdout


def test_another_host_that_the_settings_do_not_list_is_named(install):
    assert not install("--host", HOST).stderr
    assert "other.example is not in /etc/afterglow/afterglow.env" in install("--host", "other.example").stderr


def test_code_of_one_version_that_is_not_the_checkouts_is_named(install):
    release = install.root / "opt/afterglow/releases" / VERSION
    assert "not that of this checkout" in install("--host", HOST).stdout
    for part in PARTS:
        (release / part).symlink_to(ROOT / part)
    assert "not that of this checkout" not in install("--host", HOST).stdout


@pytest.mark.parametrize(
    ("database", "address"),
    [
        ("sqlite", "sqlite:////var/lib/afterglow/afterglow.db"),
        ("postgresql", "postgresql://afterglow@/afterglow?host=/var/run/postgresql"),
    ],
)
def test_the_host_and_the_database_are_where_they_belong(database, address, install):
    assert install("--host", HOST, "--database", database).returncode == 0
    assert (install.root / "etc/afterglow/secrets/database_url").read_text().strip() == address
    settings = (install.root / "etc/afterglow/afterglow.env").read_text()
    assert f"ALLOWED_HOSTS={HOST}\nPUBLIC_URL=https://{HOST}\n" in settings
    assert f"server_name {HOST};" in (install.root / "etc/nginx/sites-available/afterglow").read_text()
    assert str((install.root / "opt/afterglow/current").readlink()) == f"releases/{VERSION}"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "--host must be the name of this server"),
        (("--host", "https://a.example"), "--host must be the name of this server"),
        (("--host", HOST, "--database", "mysql"), "--database must be sqlite or postgresql"),
        (("--hots", HOST), "unknown option --hots"),
    ],
)
def test_a_wrong_option_is_named_and_changes_nothing(options, sentence, install):
    before = contents(install.root)
    ran = install(*options)
    assert ran.returncode != 0
    assert sentence in ran.stderr
    assert contents(install.root) == before


def parts_that_are_installed():
    script = (ROOT / "deploy/install.sh").read_text(encoding="utf-8")
    parts = script.partition('PARTS="')[2].partition('"')[0].replace("\\\n", " ").split()
    return set(parts)


PARTS = parts_that_are_installed()


def test_every_part_that_the_server_imports_is_installed():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages | {"config.py", "wsgi.py", "migrations", "docs", "deploy"} <= PARTS
    assert all((ROOT / part).exists() for part in PARTS)


@pytest.fixture
def command(install, tmp_path):
    """The installed command, with a `flask` that prints what it was given."""
    assert install("--host", HOST).returncode == 0
    binaries = tmp_path / "bin"
    flask = install.root / "opt/afterglow/releases" / VERSION / ".venv/bin/flask"
    flask.parent.mkdir(parents=True)
    binaries.mkdir()
    (binaries / "runuser").write_text('#!/bin/sh\nshift 3\nexec "$@"\n')
    flask.write_text('#!/bin/sh\nenv\necho "arguments: $*"\n')
    for program in (binaries / "runuser", flask):
        program.chmod(0o755)
    places = {
        "AFTERGLOW_ETC": str(install.root / "etc/afterglow"),
        "AFTERGLOW_CODE": str(install.root / "opt/afterglow/current"),
        "PATH": f"{binaries}:{os.environ['PATH']}",
    }

    def run(*arguments):
        program = str(install.root / "usr/local/sbin/afterglow")
        ran = subprocess.run([program, *arguments], env=places, capture_output=True, text=True, check=False)
        return [*ran.stdout.splitlines(), *ran.stderr.splitlines()]

    return run


def test_the_command_runs_with_the_settings_of_the_server(command, install):
    printed = command("clinic", "create", "Harbour Clinic")
    secrets = install.root / "etc/afterglow/secrets"
    assert "AFTERGLOW_ENV=production" in printed
    assert f"ALLOWED_HOSTS={HOST}" in printed
    assert f"SECRET_KEY_FILE={secrets}/secret_key" in printed
    assert f"DATABASE_URL_FILE={secrets}/database_url" in printed
    assert "arguments: --app wsgi clinic create Harbour Clinic" in printed


@pytest.mark.parametrize(
    ("arguments", "file"),
    [
        (("db", "upgrade"), "database_owner_url"),
        (("db", "restore", "x"), "database_owner_url"),
        (("db", "backup", "x"), "database_backup_url"),
    ],
)
def test_migrations_and_backups_run_as_roles_of_their_own(arguments, file, command, install):
    assert f"DATABASE_URL_FILE={install.root}/etc/afterglow/secrets/{file}" in command(*arguments)


def test_the_doctor_is_given_the_addresses_of_the_other_roles(command, install):
    secrets = install.root / "etc/afterglow/secrets"
    asked = f"--owner-url-file {secrets}/database_owner_url --backup-url-file {secrets}/database_backup_url"
    assert f"arguments: --app wsgi doctor {asked}" in command("doctor")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("ALLOWED_HOSTS = a.example\n", "every line is NAME=value, without spaces around =: ALLOWED_HOSTS"),
        ("SMTP-HOST=a.example\n", "every line is NAME=value"),
        ("nonsense\n", "every line is NAME=value"),
        ("SMTP_HOST=a.example\r\n", "has the line ends of Windows"),
    ],
)
def test_a_line_that_is_no_setting_is_named_without_its_value(line, sentence, command, install):
    settings = install.root / "etc/afterglow/afterglow.env"
    settings.write_text(settings.read_text() + line, newline="")
    (printed,) = command("version")
    assert sentence in printed
    assert "a.example" not in printed


def test_without_settings_the_command_says_to_use_sudo(command, install):
    (install.root / "etc/afterglow/afterglow.env").unlink()
    assert "run it with sudo" in command("version")[-1]


def test_a_setting_is_never_run_as_shell(command, install, tmp_path):
    settings = install.root / "etc/afterglow/afterglow.env"
    settings.write_text(settings.read_text() + f"SMTP_FROM=$(touch {tmp_path}/run) a b\n")
    assert f"SMTP_FROM=$(touch {tmp_path}/run) a b" in command("version")
    assert not (tmp_path / "run").exists()
