"""What the real server does with bodies it need not read: nothing that a stranger could stop it by."""

from __future__ import annotations

import json
import os
import socket
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.server import Server

pytestmark = pytest.mark.slow

MIB = 1024 * 1024
BODY = (b'{"safety_answer": 3, "many": [' + b"{}," * (MIB // 3))[:MIB]
STRANGERS_POSTS = 20
MOST_CPU_S = 1.0
"""Processor time that these posts may take together. Before, they took twenty seconds of the clock."""
TIMEOUT_S = 20.0
LAST_CHUNK = b"0\r\n\r\n"
PUSH = "/v1/sync/push"
UNMATCHED = "/v1/nothing/here"
WRONG_METHOD = "/v1/me"
FORM = "/v1/patients/me/questionnaire-responses/6f0c7d52-5b0e-4b8e-9a3d-0d6a1f7c2b11"


@pytest.fixture
def kind():
    """One database will do: the requests do not come as far."""
    return "sqlite"


def head_of(method: str, path: str, *lines: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def answer_to(server: Server, *parts: bytes) -> tuple[int, dict[str, str], dict[str, object]]:
    """Send what there is to send, and read one response while the server has the rest outstanding."""
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT_S)) as connection:
        for part in parts:
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(part)
        received = b""
        while b"\r\n\r\n" not in received:
            received += _more(connection)
        head, _, body = received.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        while len(body) < int(headers.get("content-length", 0)):
            body += _more(connection)
        return int(status.split()[1]), headers, json.loads(body)


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    assert data, "the connection was closed before the response was whole"
    return data


def processor_time(server: Server) -> float:
    """Seconds of the processor that the server's processes took so far."""
    return sum(_ticks(process) for process in _processes(server.group)) / os.sysconf("SC_CLK_TCK")


def _processes(group: int) -> Iterator[Path]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getpgid(int(folder.name)) == group:
                yield folder


def _ticks(process: Path) -> int:
    fields = (process / "stat").read_text().rpartition(") ")[2].split()
    return int(fields[11]) + int(fields[12])


def chunks(data: bytes, size: int = 8192) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        part = data[start : start + size]
        yield f"{len(part):x}\r\n".encode() + part + b"\r\n"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", PUSH, 401), ("PUT", FORM, 401), ("POST", UNMATCHED, 404), ("POST", WRONG_METHOD, 405)],
)
def test_a_stranger_is_refused_whatever_the_body(shared_server, method, path, status):
    head = head_of(method, path, "Content-Type: application/json", f"Content-Length: {MIB}")
    found, headers, problem = answer_to(shared_server, head, BODY)
    assert (found, headers["content-type"]) == (status, "application/problem+json")
    assert problem["status"] == status


def test_a_strangers_large_bodies_cost_nothing(shared_server):
    for path in (PUSH, UNMATCHED, WRONG_METHOD):
        # What a first request of a process costs is not the stranger's.
        for _ in range(4):
            answer_to(shared_server, head_of("POST", path, "Content-Length: 0"))
    before, began = processor_time(shared_server), time.monotonic()
    for path in (PUSH, UNMATCHED, WRONG_METHOD):
        for _ in range(STRANGERS_POSTS):
            head = head_of("POST", path, "Content-Type: application/json", f"Content-Length: {MIB}")
            connection = socket.create_connection(("127.0.0.1", shared_server.port), timeout=TIMEOUT_S)
            with closing(connection), suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(head + BODY)
    status, _, _ = answer_to(shared_server, head_of("GET", "/health/live"))
    assert status == 200
    assert processor_time(shared_server) - before < MOST_CPU_S
    assert time.monotonic() - began < TIMEOUT_S


@pytest.mark.parametrize("path", ["/v1/auth/login", "/v1/auth/invitations/ABCDEFGH/accept", "/oauth/token"])
def test_a_body_that_is_too_large_is_refused(shared_server, path):
    form = "application/x-www-form-urlencoded" if path == "/oauth/token" else "application/json"
    head = head_of("POST", path, f"Content-Type: {form}", f"Content-Length: {64 * 1024 + 1}")
    status, headers, problem = answer_to(shared_server, head, BODY[: 64 * 1024 + 1])
    assert (status, headers["content-type"]) == (413, "application/problem+json")
    assert problem["code"] == "body_too_large"


@pytest.mark.parametrize("path", ["/v1/auth/login", "/oauth/token"])
def test_a_chunked_body_is_read_as_far_as_a_body_may_be_long(shared_server, path):
    form = "application/x-www-form-urlencoded" if path == "/oauth/token" else "application/json"
    head = head_of("POST", path, f"Content-Type: {form}", "Transfer-Encoding: chunked")
    status, _, problem = answer_to(shared_server, head, *chunks(b'{"email": "' + b"a" * 70_000), LAST_CHUNK)
    assert (status, problem["code"]) == (413, "body_too_large")


def test_a_signed_in_phones_chunked_body_is_bounded_too(shared_server, people):
    lines = [f"{name}: {value}" for name, value in people.patient.headers.items()]
    lines += ["Content-Type: application/json", "Transfer-Encoding: chunked"]
    head = head_of("PUT", "/v1/patients/me/check-ins/2026-11-20", *lines)
    status, _, problem = answer_to(shared_server, head, *chunks(b'{"note": "' + b"a" * 70_000), LAST_CHUNK)
    assert (status, problem["code"]) == (413, "body_too_large")


def test_a_body_that_does_not_end_is_a_problem_with_every_header(hurried_server):
    head = head_of("POST", "/v1/auth/login", "Content-Type: application/json", "Transfer-Encoding: chunked")
    status, headers, problem = answer_to(hurried_server, head, *chunks(b'{"email": "'))
    assert (status, problem["code"]) == (408, "bad_request")
    assert headers["x-content-type-options"] == "nosniff"
