"""One request, one transaction: it commits after the response is serialized and before it is sent."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, cast

import structlog
from flask import Flask, current_app, g, request
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.http import access_audit, clock
from api.http.bounded_request import BoundedRequest
from services.context import Context
from services.errors import Busy, Conflict, Stale

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from models.database import Database

log = structlog.get_logger("afterglow")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class TransactionalFlask(Flask):
    """A Flask application that opens a session around each view and commits only if the view returned."""

    request_class = BoundedRequest

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view in its transaction, retried once after a lost race, and record who was shown what."""
        try:
            return self._dispatch_audited()
        except IntegrityError as error:
            _log_database_error(error)
            raise Conflict from None
        except (OperationalError, PoolTimeout) as error:
            _log_database_error(error)
            raise Busy from None

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
    return Context(g.session, g.actor, clock.now())


def _log_database_error(error: SQLAlchemyError) -> None:
    # The driver's message may quote a row: only its class is logged.
    log.error("database_error", kind=type(getattr(error, "orig", error)).__name__)


def database() -> Database:
    """Return the database that the application was created with."""
    return cast("Database", current_app.extensions["database"])


def read_session() -> AbstractContextManager[Session]:
    """Return a session that never holds the write lock: the request's own, or a short one of its own."""
    if request.method in SAFE:
        return nullcontext(cast("Session", g.session))
    return database().read()
