"""What the server is about to serve, judged: the start refuses some of it, `flask doctor` lists all of it."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from sqlalchemy import ColumnClause, Select, TableClause, column, exists, func, select, table
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from models.accounts import SignIn
from models.clinics import Clinic
from models.database import Database, DatabaseConfigError
from models.database_trouble import Cause, trouble
from models.outbox import Delivery
from models.schema_version import HEAD, SCHEMAS, SchemaState, schema_state
from services.health import free_share
from services.safety import outbox
from services.safety.settings import in_force

LITTLE_SPACE_SHARE = 0.15
"""Free share of the disk below which `flask doctor` warns. Operational."""
CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far in the future the newest row may lie before the clock is doubted. Operational."""
UNSENT_FOR = timedelta(minutes=5)
"""How long after it was due a message is unsent before `flask doctor` warns of it. Operational."""
OF_OTHERS = stat.S_IRWXO
JOURNALS = ("", "-wal", "-shm")


class Outcome(StrEnum):
    """What a check found."""

    FINE = "ok"
    WARNING = "warning"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, in a sentence, and what to do about it where something is wrong."""

    name: str
    outcome: Outcome
    sentence: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the checks look at; `now` is this machine's clock."""

    database: Database
    demo_clinic_id: UUID
    sends_mail: bool
    now: datetime


Check = Callable[[Situation], Iterator[Finding]]


def run(situation: Situation) -> list[Finding]:
    """Return what every check found, in order; without a database that answers, only the first ones run."""
    found = [*_before_tables(situation)]
    if any(each.outcome is Outcome.REFUSED for each in found if each.name in {"database", "schema"}):
        return found
    for name, check in CHECKS.items():
        try:
            found += list(check(situation)) or [Finding(name, Outcome.FINE, PASSED[name])]
        except DBAPIError as error:
            sentence = f"The database did not answer this check ({trouble(error).code})."
            found.append(
                Finding(name, Outcome.WARNING, sentence, "Grant the server's role what it asks for.")
            )
    return found


def other_role(name: str, address: str) -> Finding:
    """Return whether the database can be read at another address, that of migrations or of backups."""
    try:
        # A role that migrates or copies is connected to for this once.
        with closing(Database(address)) as database, database.read() as session:
            schema_state(session)
    except (SQLAlchemyError, DatabaseConfigError, OSError) as error:
        sentence, remedy = refusal(error)
        return Finding(
            name, Outcome.WARNING, f"{name.capitalize()} cannot use their address: {sentence}", remedy
        )
    return Finding(name, Outcome.FINE, f"{name.capitalize()} can connect.")


def does_not_answer(findings: list[Finding]) -> bool:
    """Tell whether the database could not be asked: it may be started later, so a server waits for it."""
    return any(each.name == "database" and each.outcome is Outcome.REFUSED for each in findings)


def _before_tables(situation: Situation) -> Iterator[Finding]:
    try:
        with situation.database.read() as session:
            state = schema_state(session)
    except (SQLAlchemyError, DatabaseConfigError, OSError) as error:
        yield Finding("database", Outcome.REFUSED, *refusal(error))
        return
    yield Finding("database", Outcome.FINE, "The database answers.")
    if state is SchemaState.CURRENT:
        yield Finding("schema", Outcome.FINE, f"The schema is {HEAD}, as this version needs.")
    else:
        yield Finding("schema", Outcome.REFUSED, *SCHEMAS[state])


OF_ADDRESS = "DATABASE_URL, or in the file that DATABASE_URL_FILE names"
BY_CAUSE = {
    Cause.FORBIDDEN: (
        "PostgreSQL does not allow this role to do that.",
        f"Commands that change tables need the role that owns them: check the user in {OF_ADDRESS}.",
    ),
    Cause.FULL: ("The disk of the database is full.", "Make space."),
    Cause.LOCKED: ("Another program holds the database.", "End it, or wait until it is done."),
    Cause.MISSING_TABLE: (
        "A table is missing in the database, or its schema is of another version.",
        "Run flask db upgrade.",
    ),
}
NO_ANSWER = (
    "The database does not answer.",
    "Check that it is running, that DATABASE_URL names it, and that no other program holds it.",
)
PEER_AUTHENTICATION = (
    "PostgreSQL does not let this user of the system be that role (peer authentication).",
    (
        "Add the lines of deploy/pg_ident.conf, the last one above all others in pg_hba.conf, and reload "
        "PostgreSQL."
    ),
)
UNKNOWN_HOST = ("The host of the database is not known to this machine.", f"Check the host in {OF_ADDRESS}.")
WITHOUT_TLS = (
    "No connection with TLS to PostgreSQL, as sslmode in its address asks for.",
    "Switch ssl on in postgresql.conf, and check that sslrootcert names the file of the authority.",
)
REFUSED_ROLE = (
    "PostgreSQL refuses the account, or does not know it or the database.",
    f"Check user, password and database in {OF_ADDRESS}, and PostgreSQL's pg_hba.conf.",
)
BY_WORDS = {
    "Peer authentication failed": PEER_AUTHENTICATION,
    "could not translate host name": UNKNOWN_HOST,
    "failed to resolve host": UNKNOWN_HOST,
    "server does not support SSL": WITHOUT_TLS,
    "certificate": WITHOUT_TLS,
    "SSL error": WITHOUT_TLS,
    "authentication failed": REFUSED_ROLE,
    "does not exist": REFUSED_ROLE,
    "no pg_hba.conf entry": REFUSED_ROLE,
    "permission denied": REFUSED_ROLE,
}
"""What the library of PostgreSQL says of a connection that was not made, of which it gives no SQLSTATE."""


def refusal(error: Exception) -> tuple[str, str]:
    """Return why the database cannot be used and what to do, without the words of the driver."""
    trouble_found = trouble(error)
    if trouble_found.code == "SQLITE_NOTADB":
        return "The file that DATABASE_URL names is no SQLite database.", "Name another file."
    if trouble_found.cause is Cause.UNREACHABLE:
        words = str(getattr(error, "orig", error))
        return next((found for part, found in BY_WORDS.items() if part in words), NO_ANSWER)
    return BY_CAUSE.get(trouble_found.cause, NO_ANSWER)


def _demo(situation: Situation) -> Iterator[Finding]:
    with situation.database.read() as session:
        found = session.get(Clinic, situation.demo_clinic_id)
    if found is not None:
        yield Finding(
            "demo clinic",
            Outcome.REFUSED,
            "The database has the demo clinic, whose passwords are public.",
            "Point DATABASE_URL at an empty database and run flask db upgrade.",
        )


def _sqlite_file(situation: Situation) -> Path | None:
    opened = situation.database.file
    return None if opened is None else opened.path


def _files(situation: Situation) -> Iterator[Finding]:
    file = _sqlite_file(situation)
    for path in [] if file is None else [Path(f"{file}{ending}") for ending in JOURNALS]:
        if path.exists() and path.stat().st_mode & OF_OTHERS:
            yield Finding(
                "database file",
                Outcome.REFUSED,
                f"Others on this machine may read {path}.",
                f"Run chmod 600 {path}",
            )


def _role(situation: Situation) -> Iterator[Finding]:
    if situation.database.file is not None:
        return
    with situation.database.read() as session:
        name = session.scalar(select(func.current_user()))
        roles = _table("pg_roles", "rolname", "rolsuper", "rolbypassrls")
        query = select(roles.c.rolsuper, roles.c.rolbypassrls).where(roles.c.rolname == name)
        is_superuser, bypasses = session.execute(query).one()
        owns = session.scalar(_owned())
    create_another = (
        "Create another role with the rights to select, insert, update and delete for the server, and let "
        "only flask db connect as the owner: docs/configuration.md, DATABASE_URL."
    )
    if is_superuser:
        yield Finding("database role", Outcome.REFUSED, "The server's role is a superuser.", create_another)
    elif bypasses:
        sentence = "The server's role bypasses row-level security."
        yield Finding("database role", Outcome.REFUSED, sentence, create_another)
    elif owns:
        sentence = "The server's role owns the tables, so it could drop them."
        yield Finding("database role", Outcome.REFUSED, sentence, create_another)


def _owned() -> Select[tuple[bool]]:
    """Return a query that tells whether the present role, or one that it is a member of, owns a table."""
    classes = _table("pg_class", "relowner", "relkind", "relnamespace")
    mine = func.pg_has_role(func.current_user(), classes.c.relowner, "USAGE")
    here = func.to_regnamespace(func.current_schema())
    return select(exists().where(classes.c.relkind.in_(["r", "p"]), classes.c.relnamespace == here, mine))


def _durability(situation: Situation) -> Iterator[Finding]:
    # Of SQLite every connection reads its settings back (models/database.py).
    if situation.database.file is not None:
        return
    with situation.database.read() as session:
        for name in ("fsync", "synchronous_commit"):
            if session.scalar(select(func.current_setting(name))) == "off":
                yield Finding(
                    "durability",
                    Outcome.REFUSED,
                    f"{name} is off: PostgreSQL would lose check-ins that a phone was told are stored.",
                    f"Set {name} = on in postgresql.conf.",
                )


def _disk(situation: Situation) -> Iterator[Finding]:
    file = _sqlite_file(situation)
    if file is not None and (free := free_share(file)) < LITTLE_SPACE_SHARE:
        sentence = f"Of the disk of {file}, {free:.0%} is free."
        yield Finding("disk", Outcome.WARNING, sentence, "Make space: below 5 % the server is not ready.")


def _clock(situation: Situation) -> Iterator[Finding]:
    with situation.database.read() as session:
        newest = [
            session.scalar(select(func.max(column))) for column in (SignIn.created_at, Clinic.created_at)
        ]
    latest = max((moment for moment in newest if moment is not None), default=None)
    if latest is not None and latest > situation.now + CLOCK_TOLERANCE:
        yield Finding(
            "clock",
            Outcome.WARNING,
            f"This machine's clock shows {situation.now:%Y-%m-%d %H:%M} UTC, and the newest row is from "
            f"{latest.astimezone(UTC):%Y-%m-%d %H:%M}.",
            "Set the clock, and let chrony or systemd-timesyncd keep it.",
        )


def _clinics(situation: Situation) -> Iterator[Finding]:
    for clinic_id, name, session in _each_clinic(situation):
        settings = in_force(session).settings
        to_set = f"PUT /v1/clinics/{clinic_id}/safety-settings"
        if not settings.crisis_contacts and settings.country is None:
            sentence = f"{name} has no crisis contacts: patients are shown none."
            yield Finding("safety settings", Outcome.WARNING, sentence, to_set)
        if not (settings.on_call_email or settings.on_call_webhook):
            sentence = f"{name} has no on-call: nobody is notified of an alert that nobody acknowledged."
            yield Finding("safety settings", Outcome.WARNING, sentence, to_set)
        if settings.on_call_email and not situation.sends_mail:
            sentence = f"{name} has an on-call e-mail address, and this server sends no mail."
            yield Finding("mail", Outcome.WARNING, sentence, "Set SMTP_HOST and SMTP_FROM.")


def _worker(situation: Situation) -> Iterator[Finding]:
    overdue = situation.now - UNSENT_FOR
    for _, name, session in _each_clinic(situation):
        unsent = (
            select(Delivery.id).where(Delivery.state == outbox.WAITING, Delivery.due_at < overdue).limit(1)
        )
        if session.scalar(unsent) is not None:
            yield Finding(
                "worker",
                Outcome.WARNING,
                f"A message to the on-call of {name} is overdue by five minutes: no worker may be running.",
                "Start flask worker, or flask serve without --no-worker.",
            )


CHECKS: dict[str, Check] = {
    "demo clinic": _demo,
    "database file": _files,
    "database role": _role,
    "durability": _durability,
    "disk": _disk,
    "clock": _clock,
    "safety settings": _clinics,
    "worker": _worker,
}
PASSED = {
    "demo clinic": "The database has no demo clinic.",
    "database file": "Nobody else on this machine may read the database's files.",
    "database role": "The server's role may change rows, and no tables.",
    "durability": "What is acknowledged is on the disk.",
    "disk": "The disk has space, as far as the server can see it.",
    "clock": "No row is newer than this machine's clock.",
    "safety settings": "Every clinic has crisis contacts and an on-call.",
    "worker": "No message to an on-call is overdue.",
}


def _each_clinic(situation: Situation) -> Iterator[tuple[UUID, str, Session]]:
    with situation.database.read() as session:
        clinics = session.execute(select(Clinic.id, Clinic.name).order_by(Clinic.name, Clinic.id)).all()
    for clinic_id, name in clinics:
        with situation.database.read(clinic_id) as session:
            yield clinic_id, name, session


def _table(name: str, *columns: str) -> TableClause:
    named: list[ColumnClause[object]] = [column(each) for each in columns]
    return table(name, *named)
