"""Request log: one JSON line per request, with ids and without any content."""

from __future__ import annotations

import logging
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from services.access import role_names

if TYPE_CHECKING:
    from services.access import Actor

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = structlog.get_logger("afterglow")


def install(app: Flask, path: str = "") -> None:
    """Give each request an id, and log a line when it ends; to standard error unless a path is given."""
    configure(path)

    @app.before_request
    def _start() -> None:
        structlog.contextvars.clear_contextvars()
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if GIVEN_ID.fullmatch(given) else str(uuid4())
        g.started = time.perf_counter()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        actor: Actor | None = g.get("actor")
        log.info(
            "request",
            method=request.method,
            # The rule, not the path: a path may contain an invitation's code.
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            ms=round(1000 * (time.perf_counter() - g.get("started", time.perf_counter())), 1),
            roles=role_names(actor.roles) if actor else None,
            actor=str(actor.id) if actor else None,
        )
        return response


def configure(path: str = "") -> None:
    """Log JSON lines to standard error, or append them to a file that only its owner may read."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(sort_keys=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=_opened(path) if path else sys.stderr),
        cache_logger_on_first_use=True,
    )


def _opened(path: str) -> TextIO:
    Path(path).touch(mode=0o600)
    # Line by line: the processes of a server append to one file.
    return Path(path).open("a", buffering=1, encoding="utf-8")
