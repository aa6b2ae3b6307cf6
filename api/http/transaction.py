"""One request, one transaction: it commits after the response is serialized and before it is sent."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING, Final, TypeVar, cast

import structlog
from flask import Flask, current_app, g, request
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.http import access_audit, clock
from api.http.bounded_request import BoundedRequest
from models import deadline
from models.database_trouble import Cause, trouble
from services.context import Context
from services.errors import Busy, Conflict, Stale, StorageFull

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from wsgiref.types import StartResponse, WSGIEnvironment

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from models.database import Database

MAX_WRITES: Final = 5
"""Most records of one request that are written in one transaction, which others' writes wait for on SQLite.
Operational."""

T = TypeVar("T")

log = structlog.get_logger("afterglow")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_ADDRESS = 64
"""Characters of a network address that are stored: the longest IPv6 address with a zone. Operational."""


class TransactionalFlask(Flask):
    """A Flask application that opens a session around each view and commits only if the view returned."""

    request_class = BoundedRequest

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, which waits for the database no longer than `models/deadline.py` permits."""
        with deadline.of_request():
            return super().wsgi_app(environ, start_response)

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view in its transaction, retried once after a lost race, and record who was shown what."""
        try:
            return self._dispatch_audited()
        except (DBAPIError, PoolTimeout) as error:
            raise _log_database_trouble(error) from None

    def _dispatch_audited(self) -> ResponseReturnValue:
        """Run the view and record who was shown what; a response that cannot be recorded is not sent.

        The record is written after the commit. Only what was read is audited here, so that nothing that was
        stored is denied by it.
        """
        try:
            response = self._dispatch_with_one_retry()
        except Stale as error:
            if error.current is not None:
                access_audit.record_access(in_conflict_response=True)
            raise
        access_audit.record_access()
        access_audit.record_export(network_address())
        return response

    def _dispatch_with_one_retry(self) -> ResponseReturnValue:
        try:
            return self._dispatch_in_transaction()
        except IntegrityError:
            # Two requests that create the same row at the same time (a phone that sends again before the
            # response arrives) both find none and insert; a unique constraint refuses the second. Run again,
            # it finds the row and answers 200 or 412. The retry costs one more execution of the view, which
            # sends nothing itself: notifications are rows of the outbox.
            return self._dispatch_in_transaction()

    def _dispatch_in_transaction(self) -> ResponseReturnValue:
        opened = database().read() if request.method in SAFE else database().write()
        with opened as g.session:
            return super().dispatch_request()


def context() -> Context:
    """Return what the use cases of this request run in."""
    return Context(g.session, g.actor, clock.now(), network_address())


def network_address() -> str:
    """Return the address that the request came from; behind a proxy, the one that it states."""
    return (request.remote_addr or "")[:MAX_ADDRESS]


@contextmanager
def own_transaction() -> Iterator[None]:
    """Run a part of a request in a transaction of its own, committed when the block ends.

    For a request that is safe to send again after any of its parts, and has used no session before: on SQLite
    the two would wait for each other.
    """
    session = g.session
    try:
        with database().write(g.actor.clinic_id) as g.session:
            yield
    finally:
        g.session = session


def by_transaction(records: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield records in order, as many at a time as one transaction writes."""
    return (records[start : start + MAX_WRITES] for start in range(0, len(records), MAX_WRITES))


def _log_database_trouble(error: SQLAlchemyError) -> Exception:
    """Log the driver's code and what it stands for; return what the client is answered."""
    # The driver's message may quote a row: only codes are logged.
    found = trouble(error)
    log.error("database_trouble", kind=type(getattr(error, "orig", error)).__name__, **asdict(found))
    if isinstance(error, IntegrityError):
        return Conflict()
    if found.cause is Cause.FULL:
        return StorageFull()
    # What has no known cause and is no failure of the database's operation is a fault of ours.
    return error if found.cause is Cause.OTHER and not isinstance(error, OperationalError) else Busy()


def database() -> Database:
    """Return the database that the application was created with."""
    return cast("Database", current_app.extensions["database"])


def read_session() -> AbstractContextManager[Session]:
    """Return a session that never holds the write lock: the request's own, or a short one of its own."""
    if request.method in SAFE:
        return nullcontext(cast("Session", g.session))
    return database().read()
