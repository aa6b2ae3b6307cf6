"""Gunicorn's worker and log, without what a client sent: neither request lines nor headers nor messages."""

from __future__ import annotations

import json
import sys
from http import HTTPStatus
from socket import socket
from typing import Any, Final

from gunicorn import util
from gunicorn.glogging import Logger
from gunicorn.http import errors

from cli.buffering_worker import BufferingWorker

STATUSES: Final = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}
OF_THE_APPLICATION: Final = errors.InvalidResponseHeader, errors.InvalidResponseHeaderName


class QuietLogger(Logger):  # type: ignore[misc]  # gunicorn is untyped
    """Log of the HTTP server itself: of an exception its class and place, as its message may quote a body."""

    def exception(self, _msg: str, *_args: Any, **_kwargs: Any) -> None:
        """Log the exception that is being handled."""
        kind, _, where = sys.exc_info()
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f" at {where.tb_frame.f_globals.get('__name__')}:{where.tb_lineno}" if where else ""
        self.error("failed: %s%s", kind.__name__ if kind else "unknown", place)


class QuietWorker(BufferingWorker):
    """Threads that serve requests; a request that is no HTTP is answered with a problem document."""

    def handle_error(self, _req: Any, client: socket, _addr: Any, exc: BaseException) -> None:
        """Answer in place of the application; gunicorn's own method logs and returns what the client sent."""
        if isinstance(exc, errors.ParseException) and not isinstance(exc, OF_THE_APPLICATION):
            status = STATUSES.get(type(exc), HTTPStatus.BAD_REQUEST)
        else:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
        self.log.warning("answered %d: %s", status, type(exc).__name__)
        try:
            util.write_nonblock(client, self._problem(status))
        except OSError:
            self.log.debug("The client has gone.")

    def too_slow(self) -> bytes:
        """Return the response to a request that did not arrive in time, as a problem document."""
        return self._problem(HTTPStatus.REQUEST_TIMEOUT)

    def _problem(self, status: HTTPStatus) -> bytes:
        code = "internal" if status == HTTPStatus.INTERNAL_SERVER_ERROR else "bad_request"
        document = {"type": f"/problems/{code}", "title": status.phrase, "status": status, "code": code}
        body = json.dumps(document).encode()
        lines = [
            f"HTTP/1.1 {status.value} {status.phrase}",
            "Connection: close",
            "Content-Type: application/problem+json",
            f"Content-Length: {len(body)}",
            *(f"{name}: {value}" for name, value in self._security_headers()),
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _security_headers(self) -> tuple[tuple[str, str], ...]:
        headers: tuple[tuple[str, str], ...] = self.wsgi.extensions["security_headers"]
        return headers
