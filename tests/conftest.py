"""The application and its database, on SQLite and on PostgreSQL, fresh for each test."""

from __future__ import annotations

import gc
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from playwright.sync_api import sync_playwright
from sqlalchemy import Engine, Pool, create_engine, delete, event

from api import create_app
from api.http import access_audit, rate_limits, response_cache
from cli.commands import register
from cli.db import upgrade
from config import Settings
from models.base import Base
from models.database import Database
from services import passwords
from tests import factories
from tests.api.http.scenario import Scenario, ScenarioRows
from tests.browser import launch_options
from tests.e2e.server import Server, ServerForker
from tests.effort import LEFT_OUT, LONG
from tests.migrated import AtRevision, MigratedDatabases, MigratedFiles
from tests.people import People, PeopleRows, StoredRows
from tests.postgres import PostgresServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

# Chance, as production wants it, and found nowhere else.
SECRET_KEY = "WvZ0u8QnYb3rT6kLm1xPc9dHs4gJf7aE2iRo5tVyXqNz"
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
SERVER = pytest.StashKey[PostgresServer]()
OTHER_DATABASE = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    """With xdist, start PostgreSQL before the workers, who inherit its address; alone, wait until asked."""
    gc.disable()  # until all is imported
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        server = PostgresServer()
        server.start()
        config.stash[SERVER] = server
        os.environ.setdefault("TEST_DATABASE_URL", server.url())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the PostgreSQL that was started for the workers."""
    server = config.stash.get(SERVER, None)
    if server is not None:
        server.stop()


def pytest_collection_finish() -> None:
    """Leave what was imported out of garbage collections, which take a fifth of the time otherwise."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let tests of the edge alternate between the databases: every other test, and every other case of one.

    There are thousands of them; what the databases do differently is tested on both, below the edge and in
    modules marked `both_databases`. Elsewhere `either_database` lets tests alternate. `make test-long` runs
    them all on both.
    """
    if LONG:
        return
    alternation, turns = Alternation(), Turns()
    selected = [item for item in items if alternation.selects(item) and turns.selects(item)]
    if len(selected) < len(items):
        config.stash[OTHER_DATABASE] = len(items) - len(selected)
        config.hook.pytest_deselected(items=list(set(items) - set(selected)))
        items[:] = selected


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Report to the controller what this worker left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = left_out(session.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Collect what a worker left out."""
    LEFT_OUT.update(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what is left to `make test-long`."""
    found = left_out(config)
    if found:
        listed = ", ".join(f"{what} ({how_many})" for what, how_many in sorted(found.items()))
        terminalreporter.write_line(f"Sampled; all of it by `make test-long`: {listed}.")


def left_out(config: pytest.Config) -> dict[str, str]:
    """Return what was sampled, and how much of it."""
    of_databases = config.stash.get(OTHER_DATABASE, 0)
    return LEFT_OUT | ({"tests on their other database": f"{of_databases} left out"} if of_databases else {})


EDGE = ("tests/api/", "tests/cli/", "tests/demo/", "tests/scenarios/")
"""Where tests alternate; what is stored and how is tested below it, on both."""


class Alternation:
    """Which database each test runs on, by the order of collection, which is the same in every process."""

    def __init__(self) -> None:
        self._cases: dict[str, list[str]] = {}

    def selects(self, item: pytest.Item) -> bool:
        """Return whether a test runs on the database that it is for; one that is for none always does."""
        params = (
            item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        )
        of_edge = item.nodeid.startswith(EDGE)
        both = item.get_closest_marker("both_databases") is not None
        either = item.get_closest_marker("either_database") is not None or (of_edge and not both)
        if "kind" not in params or not (either or (of_edge and len(params) > 1)):
            return True
        test = item.nodeid.partition("[")[0]
        case = item.nodeid.replace(str(params["kind"]), "", 1)
        cases = self._cases.setdefault(test.rpartition("::")[0] if either else test, [])
        if case not in cases:
            cases.append(case)
        return (cases.index(case) % 2 == 0) is (params["kind"] == "sqlite")


class Turns:
    """Which cases of a test marked `one_in` run, by the order of collection: the first of each so many."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def selects(self, item: pytest.Item) -> bool:
        """Return whether it is this case's turn; a test without the mark always runs."""
        mark = item.get_closest_marker("one_in")
        if mark is None:
            return True
        test = item.nodeid.partition("[")[0]
        self._seen[test] += 1
        LEFT_OUT["cases of some tests"] = "1 in 3 or 4"
        cases: int = mark.args[0]
        return self._seen[test] % cases == 1


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> None:
    """Hash passwords quickly in this process; servers that tests start hash as in production."""
    passwords.use_hasher(factories.QUICK_HASHER)


@pytest.fixture
def hashes_of_production() -> Iterator[None]:
    """Hash passwords as in production."""
    passwords.use_hasher(passwords.HASHER)
    yield
    passwords.use_hasher(factories.QUICK_HASHER)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The PostgreSQL that TEST_DATABASE_URL names, or one of this process's own."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(migrated_files: MigratedFiles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that tests get copies of."""
    file = tmp_path_factory.mktemp("template") / "afterglow.db"
    migrated_files.make("head", file)
    file.chmod(0o600)  # as the server makes it
    return file


@pytest.fixture(params=BOTH)
def kind(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on: it runs once on each."""
    return str(request.param)


@pytest.fixture
def database_url(kind: str, request: pytest.FixtureRequest) -> str:
    """The address of a migrated database without rows, the test's own."""
    return str(request.getfixturevalue(f"{kind}_url"))


def stored_rows(request: pytest.FixtureRequest) -> StoredRows | None:
    """Return the rows that the test's database begins with, by the fixtures that the test asks for."""
    for name in ("scenario_rows", "people_rows"):
        if name in request.fixturenames:
            stored: StoredRows = request.getfixturevalue(name).stored
            return stored
    return None


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite file, for what only SQLite does; with the rows of `people` or `scenario`."""
    stored = stored_rows(request)
    template = sqlite_template if stored is None else stored.file
    return f"sqlite:///{shutil.copy(template, tmp_path / 'afterglow.db')}"


@pytest.fixture(scope="session")
def postgresql_worker(postgres: PostgresServer) -> Iterator[Engine]:
    """This process's own migrated PostgreSQL database."""
    name = f"afterglow_test_{secrets.token_hex(8)}"
    url = postgres.create_database(name)
    upgrade(url)
    engine = create_engine(url)
    yield engine
    engine.dispose()
    postgres.drop_database(name)


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest, postgresql_worker: Engine) -> str:
    """A migrated PostgreSQL database, for what only PostgreSQL does; its rows are those of `sqlite_url`."""
    # Emptied before rather than after: a test that was killed leaves nothing to the next one.
    everything = "; ".join(str(delete(table)) for table in reversed(Base.metadata.sorted_tables))
    with postgresql_worker.begin() as connection:
        # Without triggers, which refuse to delete rows of the logs.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(everything)
    stored = stored_rows(request)
    if stored is not None:
        # This process's one engine has compiled these statements; the engine of a test would do so again.
        stored.insert_into(postgresql_worker)
    return postgresql_worker.url.render_as_string(hide_password=False)


@pytest.fixture
def empty_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database on which no migration has run."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"afterglow_empty_{secrets.token_hex(8)}"
    yield server.create_database(name)
    server.drop_database(name)


@pytest.fixture(scope="session")
def migrated_files(tmp_path_factory: pytest.TempPathFactory) -> MigratedFiles:
    """SQLite files at any revision, of which tests get copies."""
    return MigratedFiles(tmp_path_factory.mktemp("migrated"))


@pytest.fixture(scope="session")
def migrated_databases(postgres: PostgresServer) -> Iterator[MigratedDatabases]:
    """Databases of PostgreSQL at any revision, of which tests get copies."""
    made = MigratedDatabases(postgres)
    yield made
    made.close()


@pytest.fixture
def at_revision(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AtRevision]:
    """Makes a database of the test's own, which may be migrated further; `head` is the newest revision."""
    if kind == "sqlite":
        files: MigratedFiles = request.getfixturevalue("migrated_files")
        yield lambda revision: files.make(revision, tmp_path / "at_revision.db")
        return
    name = f"afterglow_of_{secrets.token_hex(8)}"
    databases: MigratedDatabases = request.getfixturevalue("migrated_databases")
    yield lambda revision: databases.make(revision, name)
    server: PostgresServer = request.getfixturevalue("postgres")
    server.drop_database(name)


OpenDatabase = Callable[[str], Database]


@pytest.fixture(scope="session")
def open_database() -> Iterator[OpenDatabase]:
    """Opens a database with an engine of its own, which knows the statements that earlier ones compiled.

    On PostgreSQL it has their connections too: a new one reads the catalogue for as long as a test takes.
    """
    first: dict[str, Engine] = {}
    pools: dict[str, Pool] = {}

    def opened(url: str) -> Database:
        database = Database(url)
        earlier = first.setdefault(database.engine.name, database.engine)
        # A compiled statement is found by its dialect object and lies in the engine's cache.
        for engine in (database.engine, database._reads.kw["bind"]):
            engine.dialect, engine._compiled_cache = earlier.dialect, earlier._compiled_cache
        if database.file is None:
            database.engine.pool = pools.setdefault(url, database.engine.pool)
        else:
            event.listen(database.engine, "connect", do_not_wait_for_the_disk)
        return database

    yield opened
    for pool in pools.values():
        pool.dispose()


def do_not_wait_for_the_disk(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Let SQLite leave it to the system when to write, as the PostgreSQL of the tests does.

    What the power's loss would cost is not seen within a process; servers that tests start do wait.
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


@pytest.fixture
def database(database_url: str, open_database: OpenDatabase) -> Iterator[Database]:
    """The way to the test's database, for arranging rows and looking at them; the app has its own."""
    opened = open_database(database_url)
    yield opened
    close(opened)


def close(database: Database) -> None:
    """Close an SQLite file; the connections to PostgreSQL serve the next test."""
    if database.file is not None:
        database.close()


@pytest.fixture
def settings(database_url: str) -> Settings:
    """The settings of the test's server."""
    return Settings(environment="local", database_url=database_url, secret_key=SECRET_KEY)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The whole application, as wsgi.py makes it, on a database that no test uses."""
    unused = tmp_path_factory.mktemp("unused") / "afterglow.db"
    app = create_app(Settings("local", f"sqlite:///{unused}", SECRET_KEY))
    register(app)
    app.testing = False  # errors are to become problems, as in production
    return app


@pytest.fixture
def app(made: Flask, settings: Settings, open_database: OpenDatabase) -> Iterator[Flask]:
    """The application on the test's database, with nothing remembered from another test."""
    ours = dict(made.extensions)
    response_cache.install(made)
    rate_limits.install(made, settings.dear_reads_per_minute)
    access_audit.install(made)
    made.extensions |= {"settings": settings, "database": open_database(settings.database_url)}
    yield made
    close(made.extensions["database"])
    made.extensions.update(ours)


@pytest.fixture
def fixed_day() -> Iterator[time_machine.Traveller]:
    """Begin at noon of a fixed day; a day counted from the real clock would change at midnight."""
    with time_machine.travel(factories.NOON, tick=True) as clock:
        yield clock


@pytest.fixture(scope="session")
def server_forker() -> Iterator[ServerForker]:
    """A process that has imported everything and forks the servers of this process's tests."""
    with ServerForker() as forker:
        yield forker


@pytest.fixture
def server(server_forker: ServerForker, database_url: str, tmp_path: Path) -> Iterator[Server]:
    """The real server on the test's database."""
    with Server(server_forker, database_url, SECRET_KEY, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once; each test opens a context of its own in it."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(**launch_options())
        yield started
        started.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Sends requests to the application without a network."""
    return app.test_client()


@pytest.fixture(scope="session")
def people_rows(made: Flask, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> PeopleRows:
    """The people and their rows, created once a process, since that is as slow as many a test."""
    file = tmp_path_factory.mktemp("people_rows") / "afterglow.db"
    shutil.copy(sqlite_template, file)
    return PeopleRows.create(made, file)


@pytest.fixture
def people(app: Flask, people_rows: PeopleRows) -> People:  # noqa: ARG001 - it signs the headers
    """Everybody a test needs, in two clinics, with the headers each of them sends.

    Their rows come with the test's database: see `sqlite_url` and `postgresql_url`.
    """
    return people_rows.people


@pytest.fixture(scope="session")
def scenario_rows(
    made: Flask, people_rows: PeopleRows, tmp_path_factory: pytest.TempPathFactory
) -> ScenarioRows:
    """The further people of a scenario and all of its rows, created once a process."""
    file = tmp_path_factory.mktemp("scenario_rows") / "afterglow.db"
    shutil.copy(people_rows.stored.file, file)
    return ScenarioRows.create(made, people_rows.people, file)


@pytest.fixture
def scenario(app: Flask, people: People, scenario_rows: ScenarioRows) -> Scenario:
    """The people with every caller of the matrix, and the records that allowed requests need."""
    return Scenario(app, people, scenario_rows.stranger_admin, dict(scenario_rows.staff))
