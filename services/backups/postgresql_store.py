"""PostgreSQL: pg_dump and pg_restore, and the exchange of two databases by renaming them."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from psycopg.conninfo import make_conninfo
from sqlalchemy import NullPool, create_engine
from sqlalchemy.engine import URL, Connection, Engine, make_url

from models.database import Database
from services.backups.archive import Contents
from services.backups.errors import BackupError, described
from services.backups.stores import contents, private_folder

KIND: Final = "postgresql"
MAINTENANCE: Final = "postgres"
"""The database to which one connects to make, rename and remove others."""
OBJECT_IN_USE: Final = "55006"
"""SQLSTATE of renaming a database to which somebody is connected. Operational."""
MAX_NAME: Final = 63
"""Longest name of a database on PostgreSQL, bytes. Operational."""
NO_TIMEOUT: Final = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
"""Lifts limits that the role or the database may have."""

IN_USE = (
    "The database is in use: stop every server and worker that is connected to it, then try again. Nothing "
    "was changed."
)
WITHOUT_ROWS: Final = (
    re.compile(r"server version mismatch"),
    re.compile(r"permission denied for \w+ \S+"),
    re.compile(r"permission denied to [\w ]+"),
    re.compile(r"must be (owner of \w+ \S+|member of role \S+|able to SET ROLE \S+)"),
    re.compile(r"unrecognized configuration parameter \S+"),
    re.compile(r"No space left on device"),
    re.compile(r"role \S+ does not exist"),
    re.compile(r"\w+ authentication failed for user \S+"),
    re.compile(r"pg_hba\.conf (entry for|rejects connection for) [^\n]+"),
)
"""What may be repeated of a program's message: the rest may quote a row."""

REFERRED_ROLES: Final = """
SELECT DISTINCT pg_get_userbyid(oid) FROM (
  SELECT acl.grantee AS oid FROM pg_class, aclexplode(relacl) acl
  WHERE relnamespace = 'public'::regnamespace AND acl.grantee <> relowner
  UNION SELECT acl.grantee FROM pg_namespace, aclexplode(nspacl) acl WHERE nspname = 'public'
  UNION SELECT acl.grantee FROM pg_default_acl, aclexplode(defaclacl) acl
  UNION SELECT defaclrole FROM pg_default_acl
) referred WHERE oid <> 0 AND NOT starts_with(pg_get_userbyid(oid), 'pg_') ORDER BY 1
"""
DATABASE_PRIVILEGES: Final = """
SELECT CASE WHEN acl.grantee = 0 THEN NULL ELSE pg_get_userbyid(acl.grantee) END, acl.privilege_type
FROM pg_database, aclexplode(datacl) acl WHERE datname = %s AND acl.grantee <> datdba
"""


class PostgreSQLStore:
    """A database of a PostgreSQL server, with the programs of that server's version."""

    kind = KIND

    def __init__(self, database: Database, programs: str) -> None:
        self._database = database
        self._url = database.engine.url
        self._programs = programs

    def folder(self) -> AbstractContextManager[Path]:
        """Return a private folder where temporary files of this user go (TMPDIR)."""
        return private_folder(Path(tempfile.gettempdir()))

    def copy(self, file: Path) -> Contents:
        """Write a copy of one snapshot, in which the rows are counted too."""
        file.touch(mode=0o600)
        # An engine of its own: requests have to be answered within seconds, a copy takes as long as it takes.
        reading = self._engine(self._name).execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        with described(file), reading.connect() as connection:
            connection.exec_driver_sql(NO_TIMEOUT)
            snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
            found = contents(connection)
            self._run(
                self._url,
                "pg_dump",
                *("--format=custom", f"--snapshot={snapshot}", f"--file={file}", "--no-password"),
            )
        self._run(None, "pg_restore", "--list", str(file))
        return found

    def roles(self) -> Sequence[str]:
        """Return the roles that were granted something, or for which something is granted by default."""
        with described(KIND), self._engine(self._name).connect() as connection:
            return [str(name) for (name,) in connection.exec_driver_sql(REFERRED_ROLES)]

    def refuse_unless_replaceable(self) -> None:
        """Raise BackupError if anybody else is connected to the database."""
        self._database.close()
        # PostgreSQL's own processes, as autovacuum, have no user and make way.
        query = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usesysid IS NOT NULL "
            "AND pid <> pg_backend_pid()"
        )
        with described(KIND), self._maintenance() as connection:
            if connection.exec_driver_sql(query, (self._name,)).scalar_one():
                raise BackupError(IN_USE)

    @contextmanager
    def stage(self, copy: Path, roles: Sequence[str] | None) -> Iterator[str]:
        """Return the address of a new database with the copy's tables, owned as this one; drop it after."""
        name = _named(self._name, f"_copy_{secrets.token_hex(4)}")
        with described(KIND), self._maintenance() as connection:
            self._refuse_missing(connection, roles or ())
            owner = self._owner(connection)
            connection.exec_driver_sql(
                f"CREATE DATABASE {_quoted(name)} OWNER {_quoted(owner)} TEMPLATE template0 ENCODING 'UTF8'"
            )
        try:
            privileges = [] if roles is not None else ["--no-privileges"]
            self._run(
                self._url.set(database=name),
                "pg_restore",
                *(
                    "--no-owner",
                    f"--role={owner}",
                    "--exit-on-error",
                    "--single-transaction",
                    "--no-password",
                ),
                *privileges,
                str(copy),
            )
            yield self._url.set(database=name).render_as_string(hide_password=False)
        finally:
            with described(KIND), self._maintenance() as connection:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")

    def check(self, address: str) -> None:
        """Do nothing: PostgreSQL has checked every value, key and reference as it restored them."""

    def contents(self, address: str) -> Contents:
        """Return what a staged database holds."""
        engine = create_engine(address, poolclass=NullPool, hide_parameters=True)
        with described(KIND), engine.connect() as connection:
            return contents(connection)

    def replace(self, address: str, suffix: str) -> str | None:
        """Exchange the names of the two databases in one transaction; return this one's name since."""
        staged = make_url(address).database or ""
        aside = _named(self._name, suffix)
        with described(KIND), self._maintenance() as connection:
            for statement in self._privileges(connection, staged):
                connection.exec_driver_sql(statement)
        try:
            with described(KIND), self._engine(MAINTENANCE).begin() as connection:
                connection.exec_driver_sql(f"ALTER DATABASE {_quoted(self._name)} RENAME TO {_quoted(aside)}")
                connection.exec_driver_sql(
                    f"ALTER DATABASE {_quoted(staged)} RENAME TO {_quoted(self._name)}"
                )
        except BackupError as error:
            if OBJECT_IN_USE in str(error):
                raise BackupError(IN_USE) from None
            raise
        return aside

    @property
    def _name(self) -> str:
        return self._url.database or ""

    def _engine(self, database: str) -> Engine:
        return create_engine(self._url.set(database=database), poolclass=NullPool, hide_parameters=True)

    @contextmanager
    def _maintenance(self) -> Iterator[Connection]:
        """Open a connection on which each statement commits: databases are made outside transactions."""
        engine = self._engine(MAINTENANCE).execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection

    def _owner(self, connection: Connection) -> str:
        query = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s"
        return str(connection.exec_driver_sql(query, (self._name,)).scalar_one())

    def _refuse_missing(self, connection: Connection, roles: Sequence[str]) -> None:
        existing = set(connection.exec_driver_sql("SELECT rolname FROM pg_roles").scalars())
        missing = ", ".join(sorted(set(roles) - existing))
        if missing:
            raise BackupError(
                f"The backup grants privileges to roles that this server lacks: create {missing} first."
            )

    def _privileges(self, connection: Connection, staged: str) -> Sequence[str]:
        """Return the statements that grant on the staged database what was granted on this one."""
        query = "SELECT datacl IS NOT NULL FROM pg_database WHERE datname = %s"
        if not connection.exec_driver_sql(query, (self._name,)).scalar_one():
            return ()
        on = f"ON DATABASE {_quoted(staged)}"
        granted = connection.exec_driver_sql(DATABASE_PRIVILEGES, (self._name,))
        to = [(privilege, "PUBLIC" if role is None else _quoted(role)) for role, privilege in granted]
        return [f"REVOKE ALL {on} FROM PUBLIC", *(f"GRANT {what} {on} TO {whom}" for what, whom in to)]

    def _run(self, url: URL | None, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL; the password is in its environment, which other users cannot read."""
        environment = {**os.environ, "LC_ALL": "C"}
        command = [str(Path(self._programs) / program) if self._programs else program, *arguments]
        if url is not None:
            options = {**url.query, **url.translate_connect_args(username="user", database="dbname")}
            if password := options.pop("password", None):
                environment["PGPASSWORD"] = password
            command.append(f"--dbname={make_conninfo(**options)}")
        try:
            done = subprocess.run(  # noqa: S603  PostgreSQL's own program, without a shell
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError:
            raise BackupError(
                f"{program} was not found: install PostgreSQL's client programs of the server's version, and "
                "name their folder as PG_BIN if it is not on PATH."
            ) from None
        if done.returncode:
            raise BackupError(f"{program} did not end well{_repeatable(done.stderr)}.")


def _repeatable(message: str) -> str:
    found = [match[0] for pattern in WITHOUT_ROWS if (match := pattern.search(message))]
    return f": {'; '.join(found)}" if found else ""


def _named(name: str, suffix: str) -> str:
    return name[: MAX_NAME - len(suffix)] + suffix


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
