"""One request, one transaction: it commits after the answer is written and before it is sent."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, cast

import structlog
from flask import Flask, current_app, g, request
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.http import access_audit
from services.errors import Busy, Conflict, Stale

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from models.database import Database

log = structlog.get_logger("afterglow")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class TransactionalFlask(Flask):
    """Opens a session around each view and commits only if the view returned."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view in its transaction, and once more if a twin of it won a race; note who read what."""
        try:
            answer = self._once_or_again()
            access_audit.note()
        except Stale as refusal:
            if refusal.current is not None:
                access_audit.note(shown_by_refusal=True)
            raise
        except IntegrityError as error:
            _log_trouble(error)
            raise Conflict from None
        except (OperationalError, PoolTimeout) as error:
            _log_trouble(error)
            raise Busy from None
        return answer

    def _once_or_again(self) -> ResponseReturnValue:
        try:
            return self._dispatch_in_transaction()
        except IntegrityError:
            # A concurrent twin of this request stored the row first. Look again: we are its echo.
            return self._dispatch_in_transaction()

    def _dispatch_in_transaction(self) -> ResponseReturnValue:
        opened = database().read() if request.method in SAFE else database().write()
        with opened as g.session:
            return super().dispatch_request()


def _log_trouble(error: SQLAlchemyError) -> None:
    # The driver's message may quote a row: only its class is logged.
    log.error("database_trouble", kind=type(getattr(error, "orig", error)).__name__)


def database() -> Database:
    """Give the way to the database that the application was made with."""
    return cast("Database", current_app.extensions["database"])


def read_session() -> AbstractContextManager[Session]:
    """Give a session that never holds the turn to write: the request's own, or a short one beside it."""
    if request.method in SAFE:
        return nullcontext(cast("Session", g.session))
    return database().read()
