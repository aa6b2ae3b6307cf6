"""deploy/postgresql.sql on a real server: what each role may do, and that the log quotes no row."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from cli.commands import make_app
from cli.db import upgrade
from config import Settings
from models.schema_version import HEAD
from services.start_checks import Outcome, other_role
from tests.architecture.sources import ROOT
from tests.cli.test_db import flask_db
from tests.conftest import SECRET_KEY
from tests.postgres import SCRATCH, PostgresServer, find_binaries

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

SCRIPT = ROOT / "deploy/postgresql.sql"
IDENT = ROOT / "deploy/pg_ident.conf"
ROLES = ("afterglow_owner", "afterglow", "afterglow_backup")
CANARY = "canary-of-a-patient"
PASSWORD = "made-up-for-this-test"


@dataclass(frozen=True)
class Roles:
    """A server on which the script ran, and the address of its database for each role."""

    postgres: PostgresServer
    of_role: Mapping[str, str]
    socket: Path


@pytest.fixture(scope="module")
def files():
    """The shipped lines of pg_hba.conf and pg_ident.conf, for whoever runs the tests, and a socket."""
    with tempfile.TemporaryDirectory(dir=SCRATCH) as name:
        folder = Path(name)
        folder.chmod(0o777)
        shipped = IDENT.read_text(encoding="utf-8").splitlines()
        (line,) = (each.removeprefix("# ") for each in shipped if each.startswith("# local"))
        hba = folder / "pg_hba.conf"
        hba.write_text(f"{line}\nlocal all all reject\nhost all all 127.0.0.1/32 password\n")
        user = pwd.getpwuid(os.geteuid()).pw_name
        maps = [each.split() for each in shipped if not each.startswith("#")]
        ident = folder / "pg_ident.conf"
        ident.write_text("".join(f"{name} {user} {role}\n" for name, _, role in maps))
        yield {"unix_socket_directories": name, "hba_file": str(hba), "ident_file": str(ident)}


@pytest.fixture(scope="module")
def server(files):
    with PostgresServer(durable=True, settings=files) as running:
        superuser = make_url(running.url()).set(drivername="postgresql")
        for _ in range(2):  # It can be repeated.
            ran = subprocess.run(
                [
                    str(find_binaries() / "psql"),
                    "-v",
                    "ON_ERROR_STOP=1",
                    "-q",
                    "-f",
                    str(SCRIPT),
                    url(superuser),
                ],
                capture_output=True,
                text=True,
                check=False,
            )
            assert ran.returncode == 0, ran.stderr
        with psycopg.connect(url(superuser), autocommit=True) as connection:
            for role in ROLES:
                connection.execute(f"ALTER ROLE {role} PASSWORD '{PASSWORD}'")
        of_role = {
            role: url(superuser.set(username=role, password=PASSWORD, database="afterglow")) for role in ROLES
        }
        of_role["postgres"] = url(superuser.set(database="afterglow"))
        upgrade(of_role["afterglow_owner"])
        yield Roles(running, of_role, Path(files["unix_socket_directories"]))


def url(address):
    return address.render_as_string(hide_password=False)


def run(server, role, statement):
    with psycopg.connect(server.of_role[role], autocommit=True) as connection:
        return connection.execute(statement)


@pytest.mark.parametrize("arguments", [("downgrade", "base", "--yes"), ("upgrade", "head")])
def test_a_migration_by_the_servers_role_is_a_sentence(arguments, server):
    with psycopg.connect(server.of_role["afterglow_owner"], autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0050_clinic_address'")
        try:
            result = flask_db(server.of_role["afterglow"], *arguments)
        finally:
            connection.execute("UPDATE alembic_version SET version_num = %s", [HEAD])
    assert result.exit_code == 1
    assert "PostgreSQL does not allow this role to do that" in result.output
    assert isinstance(result.exception, SystemExit)


def test_the_doctor_names_an_address_that_backups_cannot_use(server, tmp_path):
    file = tmp_path / "url"
    file.write_text(server.of_role["afterglow_backup"])
    assert other_role("backups", file.read_text()).outcome is Outcome.FINE
    wrong = make_url(server.of_role["afterglow_backup"]).set(password="another-made-up-one")
    found = other_role("backups", url(wrong))
    assert (found.outcome, "refuses the account" in found.sentence) == (Outcome.WARNING, True)


@pytest.mark.parametrize("role", ["afterglow", "afterglow_backup"])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE extra (id int)",
        "DROP TABLE check_ins",
        "ALTER TABLE check_ins ADD COLUMN extra int",
        "TRUNCATE check_ins",
        "CREATE SCHEMA extra",
        "CREATE DATABASE extra",
        "ALTER ROLE afterglow SUPERUSER",
    ],
)
def test_only_the_owner_changes_tables(role, statement, server):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run(server, role, statement)


def test_the_server_changes_rows_and_a_backup_only_reads(server):
    change = "UPDATE clinics SET name = 'Harbour Clinic'"
    run(server, "afterglow", change)
    run(server, "afterglow_backup", "SELECT count(*) FROM clinics")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run(server, "afterglow_backup", change)


def test_no_role_is_more_than_it_has_to_be(server):
    asked = "SELECT rolname, rolsuper, rolcreaterole, rolbypassrls, rolcreatedb FROM pg_roles"
    found = {row[0]: row[1:] for row in run(server, "postgres", asked) if row[0] in ROLES}
    assert {row[:3] for row in found.values()} == {(False, False, False)}
    assert {name for name, row in found.items() if row[3]} == {"afterglow_owner"}


def fail_with(server, role):
    """Make the database refuse two statements whose values are a patient's words."""
    with psycopg.connect(server.of_role[role], autocommit=True) as connection:
        for statement, error in (
            ("INSERT INTO clinics (name) VALUES (%s)", psycopg.errors.NotNullViolation),
            ("SELECT %s::text FROM nowhere", psycopg.errors.UndefinedTable),
        ):
            with pytest.raises(error):
                connection.execute(statement, [CANARY])


def log_of(server):
    return (server.postgres._folder() / "log").read_text(errors="replace")


@pytest.mark.parametrize("role", ROLES[:2])
def test_the_log_of_postgresql_quotes_no_row_and_no_statement(role, server):
    before = len(log_of(server))
    fail_with(server, role)
    written = log_of(server)[before:]
    assert "null value in column" in written
    assert "Failing row contains" not in written
    assert "STATEMENT" not in written
    assert CANARY not in written


def test_without_the_script_it_would(server):
    before = len(log_of(server))
    fail_with(server, "postgres")
    written = log_of(server)[before:]
    assert "Failing row contains" in written
    assert "STATEMENT" in written
    assert CANARY in written


def db(server, role, *arguments):
    """Run `flask db` as the shipped command does: with a role that the operating system's user may be."""
    port = make_url(server.of_role[role]).port
    settings = Settings(
        "local", f"postgresql://{role}@/afterglow?host={server.socket}&port={port}", SECRET_KEY
    )
    app = make_app(replace(settings, pg_bin=str(find_binaries())), ["db", *arguments])
    assert app is not None
    result = app.test_cli_runner().invoke(args=["db", *arguments])
    app.extensions["database"].close()
    return result


def test_over_the_shipped_lines_a_backup_is_made_and_the_drill_and_a_restore_make_their_database(
    server, tmp_path
):
    file = str(tmp_path / "backup.tar.gz")
    assert db(server, "afterglow_backup", "backup", file).exit_code == 0
    for command in ("drill", "restore"):
        done = db(server, "afterglow_owner", command, file)
        assert done.exit_code == 0, done.output


def test_a_database_that_a_role_may_not_open_is_named(server, tmp_path):
    file = str(tmp_path / "backup.tar.gz")
    assert db(server, "afterglow_backup", "backup", file).exit_code == 0
    hba = server.socket / "pg_hba.conf"
    allowed = hba.read_text()
    try:
        hba.write_text(allowed.replace("local   all ", "local   afterglow,postgres "))
        run(server, "postgres", "SELECT pg_reload_conf()")
        done = db(server, "afterglow_owner", "drill", file)
    finally:
        hba.write_text(allowed)
        run(server, "postgres", "SELECT pg_reload_conf()")
    assert done.exit_code == 1
    assert "pg_hba.conf rejects connection" in done.output
