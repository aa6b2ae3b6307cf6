"""flask db backup, restore, drill and backup-key: what they write, and everything that they refuse."""

from __future__ import annotations

import gzip
import os
import re
import secrets
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
import time_machine
from alembic import command
from psycopg import sql
from sqlalchemy import func, make_url, select

from cli.db import config_for, upgrade
from models.backups import RestoreDrill
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.database import Database
from models.safety import SafetyAlert
from models.schema_version import HEAD, at_head
from tests import factories
from tests.architecture.sources import ROOT
from tests.conftest import SECRET_KEY
from tests.postgres import find_binaries

# What is about files, keys and days rather than about the database is marked `either_database`.
pytestmark = pytest.mark.both_databases

DAYS = 20
MONDAY = date(2026, 10, 5)
NOTE = "Private words of a patient"
HOLD = """
import sys
from models.database import Database
database = Database(sys.argv[1])
with database.read() as session:
    session.connection()
print("open", flush=True)
sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def template(postgres) -> Iterator[str]:
    """A migrated PostgreSQL database, of which tests get copies."""
    name = f"afterglow_template_{secrets.token_hex(4)}"
    upgrade(postgres.create_database(name))
    yield name
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def filled_file(sqlite_template, tmp_path_factory) -> tuple[Path, Rows]:
    """A migrated SQLite file with rows, of which tests get copies, and what is in it."""
    file = tmp_path_factory.mktemp("filled") / "afterglow.db"
    shutil.copy(sqlite_template, file)
    return file, filled(f"sqlite:///{file}")


@pytest.fixture(scope="module")
def filled_template(postgres, template) -> Iterator[tuple[str, Rows]]:
    """A PostgreSQL database with rows, of which tests get copies, and what is in it."""
    name = f"{template}_filled"
    yield name, filled(postgres.create_database(name, template))
    postgres.drop_database(name)


@pytest.fixture
def new_database(kind, request, tmp_path, sqlite_template) -> Iterator[Callable[..., str]]:
    """Makes a database of the test's own that can be replaced: migrated, empty or with rows; its address."""
    if kind == "sqlite":

        def made(name: str, *, empty: bool = False, rows: bool = False) -> str:
            folder = tmp_path / name
            folder.mkdir()
            if not empty:
                file = request.getfixturevalue("filled_file")[0] if rows else sqlite_template
                shutil.copy(file, folder / "afterglow.db")
            return f"sqlite:///{folder / 'afterglow.db'}"

        yield made
        return
    server, migrated = request.getfixturevalue("postgres"), request.getfixturevalue("template")
    prefix = f"afterglow_{secrets.token_hex(4)}_"

    def created(name: str, *, empty: bool = False, rows: bool = False) -> str:
        copied = request.getfixturevalue("filled_template")[0] if rows else None if empty else migrated
        return str(server.create_database(prefix + name, copied))

    yield created
    for name in databases(server.url(), prefix):
        server.drop_database(name)


def databases(url: str, prefix: str) -> list[str]:
    """The databases of a PostgreSQL server whose name begins so."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY 1"
        return [name for (name,) in connection.execute(query, (prefix,))]


@pytest.fixture
def database_url(kind, new_database, request):
    """A database of the test's own; on PostgreSQL one that all share whose tests leave it as it is."""
    if kind == "postgresql" and "changes" not in request.fixturenames:
        return request.getfixturevalue("unchanged_url")
    return new_database("first", rows="rows" in request.fixturenames)


@pytest.fixture
def changes():
    """For a test that changes its database or replaces it."""


@pytest.fixture(scope="module")
def unchanged_url(postgres, filled_template) -> Iterator[str]:
    """A PostgreSQL database with rows that no test changes: to make one takes as long as most tests."""
    template, rows = filled_template
    name = f"{template}_unchanged"
    url = postgres.create_database(name, template)
    yield url
    assert of(url) == rows
    assert databases(postgres.url(), name) == [name]
    database = Database(url)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(RestoreDrill)) == 0
    database.close()
    postgres.drop_database(name)


@pytest.fixture
def settings(settings):
    return replace(settings, pg_bin=str(find_binaries()))


@pytest.fixture
def run(app, open_database):
    """Runs `flask db ...` on the test's database, or on another."""

    def ran(*arguments: object, on: str | None = None):
        if on is not None:
            app.extensions["database"].close()
            app.extensions["database"] = open_database(on)
        result = app.test_cli_runner().invoke(args=["db", *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        app.extensions["database"].close()
        return result

    return ran


@pytest.fixture
def folder(tmp_path):
    """Where backups are written."""
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture
def rows(kind, request) -> Rows:
    """What is in the test's database."""
    found: Rows = request.getfixturevalue("filled_file" if kind == "sqlite" else "filled_template")[1]
    return found


def filled(database_url: str) -> Rows:
    """Store a patient's check-ins and alerts in a database, and close it."""
    database = Database(database_url)
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        for number in range(DAYS):
            factories.check_in(session, patient, MONDAY + timedelta(number), note=NOTE)
        factories.alert(session, patient, MONDAY)
        factories.alert(session, patient, MONDAY + timedelta(1), source="item_9")
    database.close()
    return of(database_url)


@dataclass(frozen=True)
class Rows:
    """What a test looks at in a database."""

    clinics: int
    check_ins: int
    alerts: tuple[str, ...]


def printed(pattern: str, output: str) -> str:
    """What a command printed there."""
    found = re.search(pattern, output)
    assert found, output
    return str(found[1])


def of(url: str) -> Rows:
    """Look at a database, and close it."""
    database = Database(url)
    alerts: list[str] = []
    check_ins = 0
    with database.read() as session:
        clinics = list(session.scalars(select(Clinic.id)))
    for clinic_id in clinics:
        with database.read(clinic_id) as session:
            check_ins += session.scalar(select(func.count()).select_from(CheckIn)) or 0
            alerts += [str(each.id) for each in session.scalars(select(SafetyAlert))]
    database.close()
    return Rows(len(clinics), check_ins, tuple(sorted(alerts)))


def key_pair(run, file: Path) -> str:
    """Make a key pair; gives the public key."""
    made = run("backup-key", file)
    assert made.exit_code == 0, made.output
    return printed(r"public key  (age1\w+)", made.output)


def untouched(url: str, before: Rows, folder: Path) -> None:
    """Nothing was changed by a refused restore, and nothing was left behind."""
    assert of(url) == before
    assert not list(folder.rglob(".afterglow-copy-*"))
    assert not list(folder.rglob("*before_restore*"))


def test_a_backup_is_restored_where_there_is_nothing(run, rows, folder, new_database):
    file = folder / "one.tar.gz"
    made = run("backup", file)
    assert made.exit_code == 0, made.output
    assert "2 of them safety alerts" in made.output
    clean = new_database("clean", empty=True)
    restored = run("restore", file, on=clean)
    assert restored.exit_code == 0, restored.output
    assert "2 of them safety alerts" in restored.output
    assert of(clean) == rows
    assert rows.check_ins == DAYS
    assert len(rows.alerts) == 2


def test_the_database_that_was_there_is_moved_aside_whole(run, rows, folder, new_database):
    file = folder / "one.tar.gz"
    assert run("backup", file).exit_code == 0
    other = new_database("other")
    database = Database(other)
    with database.write() as session:
        factories.clinic(session)
        factories.clinic(session)
    database.close()
    restored = run("restore", file, on=other)
    assert restored.exit_code == 0, restored.output
    assert of(other) == rows
    aside = printed(r"is now (\S+)", restored.output)
    address = make_url(other).set(database=aside).render_as_string(hide_password=False)
    assert of(address).clinics == 2


def test_a_restored_database_has_the_schema_of_the_code_and_takes_writes(run, rows, folder, new_database):
    assert rows
    run("backup", folder / "one.tar.gz")
    clean = new_database("clean", empty=True)
    run("restore", folder / "one.tar.gz", on=clean)
    database = Database(clean)
    with database.write() as session:
        assert at_head(session)
        factories.clinic(session)
    database.close()
    assert of(clean).clinics == rows.clinics + 1


@pytest.mark.either_database
def test_a_backup_is_its_owners_only_and_leaves_nothing_else(run, rows, folder):
    assert rows
    run("backup", folder / "one.tar.gz")
    assert [path.name for path in folder.iterdir()] == ["one.tar.gz"]
    assert stat.S_IMODE((folder / "one.tar.gz").stat().st_mode) == 0o600


@pytest.mark.either_database
def test_a_backup_that_is_not_encrypted_is_called_so(run, rows, folder):
    assert rows
    made = run("backup", folder / "one.tar.gz")
    assert "Not encrypted" in made.output
    assert "encrypted   no" in made.output


@pytest.mark.either_database
def test_a_backup_is_not_overwritten_unless_asked(run, rows, folder):
    assert rows
    file = folder / "one.tar.gz"
    file.write_text("precious")
    refused = run("backup", file)
    assert refused.exit_code == 1
    assert "exists already" in refused.output
    assert file.read_text() == "precious"
    assert run("backup", file, "--overwrite").exit_code == 0
    assert file.stat().st_size > 1000
    assert [path.name for path in folder.iterdir()] == ["one.tar.gz"]


def test_a_backup_of_an_empty_database_is_refused(run, folder, new_database):
    refused = run("backup", folder / "one.tar.gz", on=new_database("empty", empty=True))
    assert refused.exit_code == 1
    assert "flask db upgrade" in refused.output
    assert not list(folder.iterdir())


@pytest.mark.either_database
def test_a_backup_to_a_folder_that_is_missing_is_refused(run, folder):
    refused = run("backup", folder / "nowhere" / "one.tar.gz")
    assert refused.exit_code == 1
    assert f"The folder {folder / 'nowhere'} does not exist" in refused.output


@pytest.mark.either_database
def test_a_full_disk_is_a_sentence_and_leaves_the_earlier_backup(run, rows, folder, monkeypatch):
    assert rows
    file = folder / "one.tar.gz"
    run("backup", file)
    before = file.read_bytes()
    monkeypatch.setattr("services.backups.archive.os.fsync", full)
    refused = run("backup", file, "--overwrite")
    assert refused.exit_code == 1
    assert (
        refused.output
        == f"Error: There is no space left for {folder}: free some, or choose another folder.\n"
    )
    assert file.read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["one.tar.gz"]


def full(_descriptor: int) -> None:
    """What the kernel answers at a full disk."""
    raise OSError(28, "No space left on device")


def test_an_encrypted_backup_is_restored_with_its_key(run, rows, folder, new_database, tmp_path):
    public = key_pair(run, tmp_path / "key")
    file = folder / "one.tar.gz.age"
    made = run("backup", file, "--public-key", public)
    assert made.exit_code == 0, made.output
    assert "Not encrypted" not in made.output
    assert file.read_bytes().startswith(b"age-encryption.org/v1")
    clean = new_database("clean", empty=True)
    restored = run("restore", file, "--identity", tmp_path / "key", on=clean)
    assert restored.exit_code == 0, restored.output
    assert of(clean) == rows


@pytest.mark.usefixtures("changes")
@pytest.mark.either_database
def test_a_backup_is_encrypted_to_the_keys_of_the_settings(app, run, rows, folder, tmp_path):
    assert rows
    keys = key_pair(run, tmp_path / "one"), key_pair(run, tmp_path / "two")
    app.extensions["settings"] = replace(app.extensions["settings"], backup_public_keys=keys)
    assert run("backup", folder).exit_code == 0
    (file,) = folder.iterdir()
    assert file.name.endswith(".tar.gz.age")
    for identity in ("one", "two"):
        assert run("drill", file, "--identity", tmp_path / identity).exit_code == 0


@pytest.mark.either_database
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x" * 300, "File name too long"),
        ("sub/", "does not exist: make it first"),
        ("a/b", "does not exist"),
    ],
)
def test_a_place_that_cannot_be_written_is_a_sentence(name, sentence, run, folder):
    refused = run("backup", f"{folder}/{name}")
    assert refused.exit_code != 0
    assert sentence in refused.output
    assert isinstance(refused.exception, SystemExit)
    assert not list(folder.iterdir())


@pytest.mark.either_database
@pytest.mark.parametrize("given", ["wrong", "missing", "no key", "no file"])
def test_without_its_key_nothing_is_restored(given, run, rows, database_url, folder, tmp_path):
    public = key_pair(run, tmp_path / "key")
    key_pair(run, tmp_path / "wrong")
    (tmp_path / "no key").write_text("nothing of the kind\n")
    run("backup", folder / "one.age", "--public-key", public)
    identity = () if given == "missing" else ("--identity", tmp_path / given)
    refused = run("restore", folder / "one.age", *identity)
    assert refused.exit_code == (2 if given == "no file" else 1)
    assert refused.output.splitlines()[-1].startswith("Error: ")
    sentences = {
        "wrong": "does not open this backup",
        "missing": "--identity",
        "no key": "holds no private key",
        "no file": "does not exist",
    }
    assert sentences[given] in refused.output
    untouched(database_url, rows, tmp_path)


@pytest.mark.either_database
def test_what_is_no_public_key_is_refused(run, rows, folder):
    assert rows
    refused = run("backup", folder / "one.age", "--public-key", "age1nonsense")
    assert refused.exit_code == 1
    assert "BACKUP_PUBLIC_KEYS" in refused.output
    assert not list(folder.iterdir())


@pytest.mark.either_database
def test_a_private_key_is_its_owners_only_and_never_overwritten(run, tmp_path):
    public = key_pair(run, tmp_path / "key")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    before = (tmp_path / "key").read_text()
    assert public in before
    refused = run("backup-key", tmp_path / "key")
    assert refused.exit_code == 1
    assert "exists already" in refused.output
    assert (tmp_path / "key").read_text() == before
    assert "AGE-SECRET-KEY-" not in refused.output


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def cut_at_the_end(data: bytes) -> bytes:
    return data[:-4]


def garbled(data: bytes) -> bytes:
    middle = len(data) * 2 // 3
    return data[:middle] + bytes(255 - byte for byte in data[middle : middle + 8]) + data[middle + 8 :]


def nothing(_data: bytes) -> bytes:
    return b""


def something_else(_data: bytes) -> bytes:
    return b"date,mood,anxiety\n"


@pytest.mark.one_in(3)
@pytest.mark.either_database
@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
@pytest.mark.parametrize("damage", [cut, cut_at_the_end, garbled, nothing, something_else])
def test_a_damaged_backup_is_refused(damage, encrypted, run, rows, database_url, folder, tmp_path):
    file = folder / "one"
    key = ("--public-key", key_pair(run, tmp_path / "key")) if encrypted else ()
    run("backup", file, *key)
    file.write_bytes(damage(file.read_bytes()))
    refused = run("restore", file, *(("--identity", tmp_path / "key") if encrypted else ()))
    assert refused.exit_code == 1
    assert "damaged" in refused.output or "is no backup" in refused.output
    assert NOTE not in refused.output
    untouched(database_url, rows, tmp_path)


def repacked(file: Path, change: Callable[[str, bytes], bytes]) -> None:
    """Write a backup again with other members, whole as an archive."""
    with tarfile.open(file) as tar:
        members = [(each, read(tar, each)) for each in tar.getmembers()]
    with gzip.open(file, "wb") as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        for header, data in members:
            changed = change(header.name, data)
            header.size = len(changed)
            tar.addfile(header, BytesIO(changed))


def read(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    """A member of an archive."""
    found = tar.extractfile(member)
    assert found
    return found.read()


def manifest(pattern: str, replacement: str) -> Callable[[str, bytes], bytes]:
    def change(name: str, data: bytes) -> bytes:
        if name != "manifest.json":
            return data
        changed = re.sub(pattern, replacement, data.decode())
        assert changed != data.decode()
        return changed.encode()

    return change


@pytest.mark.either_database
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (manifest(r'"check_ins": \d+', '"check_ins": 21'), "check_ins: 20 instead of 21"),
        (manifest(HEAD, "0999_from_the_future"), "newer"),
        (manifest(r'"format": 1', '"format": 2'), "newer version"),
        (manifest(r'"sha256": "..', '"sha256": "zz'), "damaged"),
        (manifest(r'"bytes": \d+', '"bytes": 7'), "damaged"),
        (manifest(r'"server_version": ".*?",', ""), "damaged"),
    ],
)
def test_a_backup_that_is_not_what_its_manifest_says_is_refused(
    change, sentence, run, rows, database_url, folder, tmp_path
):
    file = folder / "one"
    run("backup", file)
    repacked(file, change)
    refused = run("restore", file)
    assert refused.exit_code == 1
    assert sentence in refused.output
    untouched(database_url, rows, tmp_path)


@pytest.mark.usefixtures("changes")
def test_an_older_backup_is_migrated_as_it_is_restored(run, rows, database_url, folder, new_database):
    command.downgrade(config_for(database_url), "-1")
    file = folder / "one"
    assert run("backup", file).exit_code == 0
    clean = new_database("clean", empty=True)
    restored = run("restore", file, on=clean)
    assert restored.exit_code == 0, restored.output
    assert "migrated    from 00" in restored.output
    assert of(clean) == rows
    database = Database(clean)
    with database.read() as session:
        assert at_head(session)
    database.close()


def test_a_backup_of_the_other_kind_of_database_is_refused(kind, run, rows, database_url, folder, tmp_path):
    file = folder / "one"
    run("backup", file)
    repacked(file, lambda _name, data: data.replace(b'"database": "' + kind.encode(), b'"database": "other'))
    refused = run("restore", file)
    assert refused.exit_code == 1
    assert refused.output.splitlines()[-1].startswith("Error: ")
    untouched(database_url, rows, tmp_path)


@pytest.mark.usefixtures("changes")
@pytest.mark.either_database
@pytest.mark.parametrize("arguments", [["backup"], ["restore"], ["drill"], ["drill", "--latest"]])
def test_a_file_that_is_missing_or_a_folder_is_a_sentence(
    arguments, run, folder, rows, database_url, tmp_path
):
    for path in (folder / "nowhere" / "file", folder):
        if arguments == ["backup"] and path == folder:
            continue
        result = run(*arguments, path)
        assert result.exit_code == 1
        assert result.output.splitlines()[-1].startswith("Error: ")
        assert "Errno" not in result.output
    untouched(database_url, rows, tmp_path)


@pytest.mark.usefixtures("changes")
def test_a_restore_is_refused_while_a_program_has_the_database_open(
    run, rows, database_url, folder, tmp_path
):
    file = folder / "one"
    run("backup", file)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, database_url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "open\n"
        refused = run("restore", file)
        made = run("backup", folder / "two")
        other.communicate("\n")
    assert refused.exit_code == 1
    assert "The database is in use" in refused.output
    assert made.exit_code == 0
    untouched(database_url, rows, tmp_path)
    assert run("restore", file).exit_code == 0


@pytest.mark.either_database
def test_a_folder_keeps_the_backups_of_so_many_days_and_always_the_newest(run, rows, folder):
    assert rows
    begin = datetime(2026, 11, 1, 3, tzinfo=UTC)
    (folder / "notes.txt").write_text("not a backup")
    for day in range(5):
        with time_machine.travel(begin + timedelta(day), tick=False):
            made = run("backup", folder, "--keep-days", 3)
            assert made.exit_code == 0, made.output
    names = sorted(path.name for path in folder.iterdir())
    expected = [f"afterglow-2026-11-0{day}T030000Z.tar.gz" for day in (2, 3, 4, 5)]
    assert names == [*expected, "notes.txt"]
    with time_machine.travel(begin + timedelta(90), tick=False):
        run("backup", folder, "--keep-days", 3)
    assert len(list(folder.iterdir())) == 2


@pytest.mark.either_database
def test_keep_days_needs_a_folder(run, rows, folder):
    assert rows
    refused = run("backup", folder / "one", "--keep-days", 3)
    assert refused.exit_code == 2
    assert "--keep-days" in refused.output


@pytest.fixture
def ready(client):
    return lambda: client.get("/health/ready")


@pytest.mark.either_database
@pytest.mark.usefixtures("rows")
def test_readiness_shows_nothing_of_drills_until_one_was_made(ready):
    assert (ready().status_code, ready().json) == (200, {"status": "ready"})


@pytest.mark.usefixtures("changes")
def test_a_drill_restores_the_newest_backup_and_changes_nothing_else(run, rows, database_url, folder, ready):
    before = len(list(Path(folder).parent.iterdir()))
    run("backup", folder)
    done = run("drill", "--latest", folder)
    assert done.exit_code == 0, done.output
    assert "2 of them safety alerts" in done.output
    assert ready().json == {"status": "ready"}
    assert len(list(Path(folder).parent.iterdir())) == before
    untouched(database_url, rows, folder.parent)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8, hours=1)):
        shown = ready()
    assert shown.status_code == 200
    assert shown.json == {"status": "ready", "warnings": ["restore_drill_overdue"]}


@pytest.mark.usefixtures("changes")
def test_a_drill_that_fails_is_shown_until_one_succeeds(run, rows, database_url, folder, ready):
    assert rows
    run("backup", folder)
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(cut(whole))
    failed = run("drill", "--latest", folder)
    assert failed.exit_code == 1
    assert "damaged" in failed.output
    assert ready().json == {"status": "ready", "warnings": ["restore_drill_failed"]}
    database = Database(database_url)
    with database.read() as session:
        stored = session.scalars(select(RestoreDrill)).one()
    database.close()
    assert (stored.succeeded, stored.backup) == (False, file.name)
    assert "damaged" in stored.outcome
    file.write_bytes(whole)
    assert run("drill", file).exit_code == 0
    assert ready().json == {"status": "ready"}


@pytest.mark.usefixtures("changes")
@pytest.mark.either_database
def test_a_drill_fails_where_no_backup_was_made_of_late(run, rows, folder):
    assert rows
    assert "holds no backup" in run("drill", "--latest", folder).output
    run("backup", folder)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3)):
        late = run("drill", "--latest", folder)
    assert late.exit_code == 1
    assert "more than two days" in late.output


@pytest.mark.usefixtures("changes")
@pytest.mark.either_database
def test_a_drill_that_a_clock_recorded_far_ahead_is_overdue(run, rows, folder, ready):
    assert rows
    with time_machine.travel(datetime.now(UTC) + timedelta(days=40)):
        run("backup", folder)
        assert run("drill", "--latest", folder).exit_code == 0
    assert ready().json["warnings"] == ["restore_drill_overdue"]
    run("backup", folder)
    assert run("drill", min(folder.iterdir())).exit_code == 0
    assert ready().json == {"status": "ready"}


@pytest.mark.either_database
@pytest.mark.parametrize("arguments", [[], ["file", "--latest", "folder"]])
def test_a_drill_is_of_one_backup(arguments, run):
    assert run("drill", *arguments).exit_code == 2


@pytest.mark.either_database
@pytest.mark.parametrize("arguments", [["backup"], ["restore"], ["drill"]])
def test_a_database_that_does_not_answer_is_a_sentence(arguments, run, rows, folder):
    assert rows
    run("backup", folder / "one")
    gone = "postgresql+psycopg://afterglow:whose-secret@127.0.0.1:1/afterglow"
    result = run(*arguments, folder / ("two" if arguments == ["backup"] else "one"), on=gone)
    assert result.exit_code == 1
    assert result.output.splitlines()[-1].startswith("Error: ")
    assert "whose-secret" not in result.output


def execute(url: str, statement: str, *names: str) -> list[tuple[object, ...]]:
    """Run a statement on PostgreSQL as its superuser; gives the rows, if any."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
        return found.fetchall() if found.description else []


class TestSQLite:
    """What only a database in a file has."""

    @pytest.fixture
    def kind(self):
        return "sqlite"

    @pytest.mark.parametrize("suffix", ["-wal", "-shm"])
    def test_a_log_of_another_database_is_not_overwritten(self, suffix, run, rows, folder, tmp_path):
        assert rows
        run("backup", folder / "one")
        target = tmp_path / "clean" / "afterglow.db"
        target.parent.mkdir()
        stray = target.with_name(target.name + suffix)
        stray.write_bytes(b"the newest rows of another database")
        refused = run("restore", folder / "one", on=f"sqlite:///{target}")
        assert refused.exit_code == 1
        assert str(stray) in refused.output
        assert stray.read_bytes() == b"the newest rows of another database"
        assert not target.exists() or target.stat().st_size == 0

    def test_the_command_itself_opens_no_database_next_to_a_log_of_another(self, run, rows, folder, tmp_path):
        """SQLite removes a log that it finds next to an empty file, with the newest rows of its database."""
        assert rows
        run("backup", folder / "one")
        stray = tmp_path / "clean.db-wal"
        stray.write_bytes(b"the newest rows of another database")
        settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'clean.db'}", "SECRET_KEY": SECRET_KEY}
        refused = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "db", "restore", str(folder / "one")],
            cwd=ROOT,
            env=os.environ | settings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert refused.returncode == 1
        assert str(stray) in refused.stderr
        assert stray.read_bytes() == b"the newest rows of another database"

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root restores for another user")
    def test_what_root_restores_belongs_to_the_servers_user(self, run, rows, folder, tmp_path):
        assert rows
        run("backup", folder / "one")
        clean = tmp_path / "clean"
        clean.mkdir()
        for user in (65534, 65533):
            os.chown(clean if user == 65534 else clean / "afterglow.db", user, user)
            restored = run("restore", folder / "one", on=f"sqlite:///{clean / 'afterglow.db'}")
            assert restored.exit_code == 0, restored.output
            assert (clean / "afterglow.db").stat().st_uid == user

    @pytest.mark.usefixtures("changes")
    def test_a_database_whose_server_was_killed_is_moved_aside_with_its_log(
        self, run, rows, database_url, folder
    ):
        run("backup", folder / "one")
        killed = f"""
import os, sys
from models.database import Database
from tests import factories
database = Database({database_url!r})
with database.write() as session:
    factories.clinic(session)
os.kill(os.getpid(), 9)
"""
        subprocess.run([sys.executable, "-c", killed], cwd=ROOT, check=False)
        path = Path(str(make_url(database_url).database))
        assert path.with_name("afterglow.db-wal").stat().st_size > 0
        restored = run("restore", folder / "one")
        assert restored.exit_code == 0, restored.output
        aside = Path(printed(r"is now (\S+)", restored.output))
        assert not path.with_name("afterglow.db-wal").exists()
        assert of(f"sqlite:///{aside}").clinics == rows.clinics + 1
        assert of(database_url) == rows

    def test_what_a_plain_copy_of_the_live_file_loses(self, run, folder, tmp_path, sqlite_template):
        """`cp` of a database in use lacks its newest rows; the backup of the same moment has them."""
        url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'live.db')}"
        live = Database(url)
        with live.write() as session:
            factories.clinic(session)
        shutil.copy(tmp_path / "live.db", tmp_path / "cp.db")
        made = run("backup", folder / "one", on=url)
        live.close()
        assert made.exit_code == 0, made.output
        assert of(f"sqlite:///{tmp_path / 'cp.db'}").clinics == 0
        assert run("restore", folder / "one", on=f"sqlite:///{tmp_path / 'restored.db'}").exit_code == 0
        assert of(f"sqlite:///{tmp_path / 'restored.db'}").clinics == 1

    @pytest.mark.usefixtures("changes")
    def test_a_backup_of_a_damaged_file_is_refused(self, run, rows, database_url, folder):
        assert rows
        path = Path(str(make_url(database_url).database))
        with closing(sqlite3.connect(path)) as connection:
            page = connection.execute(
                "SELECT rootpage FROM sqlite_master WHERE name = 'check_ins'"
            ).fetchone()[0]
            size = connection.execute("PRAGMA page_size").fetchone()[0]
        with path.open("r+b") as opened:
            opened.seek((page - 1) * size)
            opened.write(b"\xff" * size)
        refused = run("backup", folder / "one")
        assert refused.exit_code == 1
        assert "damaged" in refused.output
        assert not list(folder.iterdir())


@pytest.mark.postgres
class TestPostgreSQL:
    """What only a server has."""

    @pytest.fixture
    def kind(self):
        return "postgresql"

    def test_programs_of_postgresql_that_are_missing_are_a_sentence(self, app, run, rows, folder):
        assert rows
        app.extensions["settings"] = replace(app.extensions["settings"], pg_bin=str(folder))
        refused = run("backup", folder / "one")
        assert refused.exit_code == 1
        assert "PG_BIN" in refused.output
        assert not list(folder.iterdir())

    @pytest.mark.usefixtures("changes")
    def test_privileges_of_roles_are_restored_or_the_missing_role_is_named(
        self, run, rows, database_url, folder, new_database, postgres
    ):
        assert rows
        role = f"afterglow_app_{secrets.token_hex(4)}"
        clean = new_database("clean", empty=True)
        execute(postgres.url(), "CREATE ROLE {} LOGIN", role)
        for url in (database_url, clean):
            execute(url, f"REVOKE CONNECT ON DATABASE {make_url(url).database} FROM PUBLIC")
            execute(url, f"GRANT CONNECT ON DATABASE {make_url(url).database} TO {{}}", role)
        execute(database_url, "GRANT SELECT, INSERT ON patients TO {}", role)
        execute(database_url, "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {}", role)
        run("backup", folder / "one")
        assert run("restore", folder / "one", on=clean).exit_code == 0
        for table, expected in (("patients", True), ("accounts", False)):
            granted = f"SELECT has_table_privilege('{role}', '{table}', 'INSERT')"
            assert execute(clean, granted) == [(expected,)]
        connects = f"SELECT has_database_privilege('{role}', current_database(), 'CONNECT')"
        assert execute(clean, connects) == [(True,)]
        for name in databases(postgres.url(), str(make_url(clean).database)):
            execute(
                make_url(clean).set(database=name).render_as_string(hide_password=False),
                "DROP OWNED BY {}",
                role,
            )
        execute(database_url, "DROP OWNED BY {}", role)
        execute(postgres.url(), "DROP ROLE {}", role)
        refused = run("restore", folder / "one")
        assert refused.exit_code == 1
        assert f"create {role} first" in refused.output
        assert run("drill", folder / "one").exit_code == 0
