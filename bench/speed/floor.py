"""Floor of the benchmark: a bare WSGI function with the same token check, SQL and response bytes.

It has no framework, schema or clinical rule: what remains is the cost of this interpreter, this HTTP server
and this database.
"""

from __future__ import annotations

import json
import os
import pickle
import sqlite3
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import jwt
import psycopg

from bench.speed.floor_setup import ENVIRONMENT, FloorSetup
from bench.speed.sql_recorder import COMMIT, ROLLBACK, SqlRecording, bound

SQLITE_SETUP: Final = (
    "PRAGMA busy_timeout=5000",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)
JSON: Final = [("Content-Type", "application/json")]
SETUP: Final[FloorSetup] = pickle.loads(Path(os.environ[ENVIRONMENT]).read_bytes())  # noqa: S301  the bench wrote it
LOCAL = threading.local()

Start = Callable[[str, list[tuple[str, str]]], object]


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Answer one request as the server answered it when recorded."""
    token = environ["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    claims = jwt.decode(
        token,
        SETUP.key,
        algorithms=["HS256"],
        issuer=SETUP.issuer,
        audience=SETUP.audience,
        options={"require": ["iss", "aud", "exp", "iat", "jti", "sub"]},
    )
    values: dict[str, Any] = {
        "account": UUID(claims["sub"]),
        "sign_in": UUID(claims["sid"]),
        "now": datetime.now(UTC),
    }
    _, _, kind, name, *rest = environ["PATH_INFO"].split("/")
    if environ["REQUEST_METHOD"] == "PUT":
        json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        values |= {"patient": UUID(name), "day": date.fromisoformat(rest[1])}
        _replay(SETUP.recordings["put"], values)
        return _answer(start, "201 CREATED", SETUP.put_answer, "v1")
    if kind == "clinics":
        _replay(SETUP.recordings["worklist"], values)
        return _answer(start, "200 OK", SETUP.worklist)
    values["patient"] = UUID(name)
    _replay(SETUP.recordings["summary"], values)
    tag, body = SETUP.summaries[name]
    if environ.get("HTTP_IF_NONE_MATCH") == tag:
        start("304 NOT MODIFIED", [("ETag", tag)])
        return []
    return _answer(start, "200 OK", body, tag)


def _answer(start: Start, status: str, body: bytes, tag: str | None = None) -> Iterable[bytes]:
    headers = [*JSON, ("Content-Length", str(len(body)))]
    start(status, [*headers, ("ETag", tag)] if tag else headers)
    return [body]


def _replay(recording: SqlRecording, values: dict[str, Any]) -> None:
    connection = _connection()
    try:
        for step in recording.steps:
            if step.sql == COMMIT:
                connection.commit()
            elif step.sql == ROLLBACK:
                connection.rollback()
            else:
                cursor = connection.execute(step.sql, bound(step.parameters, values))
                rows = cursor.fetchall() if step.fetches else ()
                if step.counter_column is not None and rows:
                    values["counter"] = rows[0][step.counter_column]
                    values["next_counter"] = values["counter"] + 1
    except BaseException:
        connection.rollback()
        raise


def _connection() -> Any:
    if not hasattr(LOCAL, "connection"):
        LOCAL.connection = _connect()
    return LOCAL.connection


def _connect() -> sqlite3.Connection | psycopg.Connection[Any]:
    if SETUP.database_url.startswith("sqlite"):
        connection = sqlite3.connect(SETUP.database_url.removeprefix("sqlite:///"), isolation_level=None)
        for line in SQLITE_SETUP:
            connection.execute(line).fetchall()
        return connection
    return psycopg.connect(
        SETUP.database_url.replace("+psycopg", ""), options="-c statement_timeout=10000 -c timezone=UTC"
    )
