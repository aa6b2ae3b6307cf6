"""PostgreSQL connection whose every wait ends, also where the server neither answers nor hangs up."""

from __future__ import annotations

import time
from typing import Any, Self

import psycopg

from models import deadline

CONNECT_TIMEOUT_S = 2
"""How long opening a connection may take, seconds; libpq knows no shorter time. Operational."""
LONGEST_WAIT_S = 15.0
"""How long any wait may take outside a request, seconds; above the statement timeout. Operational."""


class DatabaseDoesNotAnswer(psycopg.OperationalError):
    """The server did not answer within the time that was left; the connection is closed."""

    def __init__(self) -> None:
        super().__init__("the database did not answer in time")


class BoundedConnection(psycopg.Connection[Any]):
    """Connection that gives up, and closes itself, when a deadline of `models/deadline.py` passes.

    libpq's own timeouts do not cover a server that is stopped while the network acknowledges for it.
    """

    @classmethod
    def connect(cls, conninfo: str = "", **kwargs: Any) -> Self:
        """Open a connection; raises DatabaseDoesNotAnswer where less time is left than that may take."""
        with deadline.waiting(CONNECT_TIMEOUT_S) as left:
            if left < CONNECT_TIMEOUT_S:
                raise DatabaseDoesNotAnswer
            return super().connect(conninfo, **kwargs | {"connect_timeout": CONNECT_TIMEOUT_S})

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Return the result of an operation of psycopg; raises DatabaseDoesNotAnswer at the deadline."""
        with deadline.waiting(LONGEST_WAIT_S if timeout is None else timeout) as left:
            ends = time.monotonic() + left
            try:
                return super().wait(gen, interval, left)
            except psycopg.OperationalError as error:
                # psycopg's own exception for this is private, and carries no SQLSTATE.
                if timeout is not None or error.sqlstate is not None or time.monotonic() < ends:
                    raise
                # What it was doing is unknown: it must not be used again.
                self.pgconn.finish()
                raise DatabaseDoesNotAnswer from None


def open_connection(*arguments: Any, **named: Any) -> BoundedConnection:
    """Open a connection as psycopg.connect does."""
    return BoundedConnection.connect(*arguments, **named)
