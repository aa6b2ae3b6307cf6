"""Slow clients and a database that does not answer hold up nobody for long: on the real server."""

from __future__ import annotations

import http.client
import json
import socket
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any

import pytest

from cli.db import upgrade
from tests.conftest import SECRET_KEY
from tests.e2e.conftest import HURRIED_RECEIVE_S
from tests.e2e.server import Server

pytestmark = pytest.mark.slow

WORST_S = 6.0
RECOVERY_S = 2.0
SLOW_CLIENTS = 60
LOGIN = {
    "email": "nobody@clinic.example",
    "password": "no such password here",
    "device": {"device_id": "phone-0001", "name": "Phone"},
}


@pytest.fixture
def kind():
    """SQLite, unless a test has a PostgreSQL of its own."""
    return "sqlite"


@dataclass(frozen=True)
class Answered:
    status: int
    headers: dict[str, str]
    body: Any
    seconds: float


def ask(port: int, path: str, body: Any = None) -> Answered:
    """Send one request on a connection of its own."""
    started = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        data = None if body is None else json.dumps(body)
        headers = {} if data is None else {"Content-Type": "application/json"}
        connection.request("GET" if data is None else "POST", path, data, headers)
        response = connection.getresponse()
        read = response.read()
    took = time.monotonic() - started
    return Answered(response.status, dict(response.getheaders()), json.loads(read) if read else None, took)


def sign_in(port: int) -> Answered:
    """Ask for what needs the database, and to write to it."""
    return ask(port, "/v1/auth/login", LOGIN)


def until_ready(port: int) -> float:
    """Return how long it took until the server was ready and answered a request that writes."""
    started = time.monotonic()
    while time.monotonic() - started < 30:
        if ask(port, "/health/ready").status == 200 and sign_in(port).status != 503:
            break
        time.sleep(0.05)
    return time.monotonic() - started


def check_while_the_database_does_not_answer(port: int, reasons: set[str]) -> None:
    """Send more requests than there are threads: each is answered in time, and liveness stays green."""
    with ThreadPoolExecutor(60) as pool:
        crowd = [pool.submit(sign_in, port) for _ in range(48)]
        time.sleep(0.5)
        lives = [pool.submit(ask, port, "/health/live") for _ in range(4)]
        readies = [pool.submit(ask, port, "/health/ready") for _ in range(6)]
        alive, ready = [each.result() for each in lives], [each.result() for each in readies]
        answered = [each.result() for each in crowd]
    assert {each.status for each in alive} == {200}
    assert max(each.seconds for each in alive) < 1.5
    assert {each.status for each in ready} == {503}
    assert max(each.seconds for each in ready) < 5.0
    assert {reason for each in ready for reason in each.body["reasons"]} <= reasons
    assert {each.status for each in answered} == {503}
    assert all(each.headers["Retry-After"] == "2" for each in answered)
    assert max(each.seconds for each in answered) < WORST_S


@pytest.mark.postgres
def test_a_postgresql_that_is_stopped_costs_nobody_more_than_six_seconds(
    server_forker, durable_postgres, tmp_path
):
    url = durable_postgres.create_database("stopped")
    upgrade(url)
    with Server(server_forker, url, SECRET_KEY, tmp_path) as server:
        assert sign_in(server.port).status == 401
        durable_postgres.freeze()
        try:
            check_while_the_database_does_not_answer(server.port, {"database_does_not_answer"})
        finally:
            durable_postgres.thaw()
        assert until_ready(server.port) < RECOVERY_S
        troubles = [line for line in server.lines() if line["event"] == "database_trouble"]
    assert {line["cause"] for line in troubles} <= {"timeout", "unreachable"}
    assert troubles


def test_a_lock_that_another_program_holds_costs_nobody_more_than_six_seconds(server, sqlite_url):
    file = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as shell:
        shell.execute("BEGIN IMMEDIATE")
        check_while_the_database_does_not_answer(server.port, {"database_locked"})
        shell.execute("ROLLBACK")
    assert until_ready(server.port) < RECOVERY_S
    causes = {line["cause"] for line in server.lines() if line["event"] == "database_trouble"}
    assert causes == {"locked"}


HALF_SENT = {
    "a body": b"POST /v1/sync/push HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 5000\r\n\r\n{",
    "a long body": b"POST /v1/sync/push HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 900000000\r\n\r\n{",
    "a chunked body": b"POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\nab",
    "a head": b"GET /v1/me HTTP/1.1\r\nHost: local",
    "nothing": b"",
}


def test_clients_that_send_half_a_request_hold_up_nobody(hurried_server):
    # Of every kind more than the server has threads, and of all kinds at once: they end in the same time.
    port, slow = hurried_server.port, []
    with ExitStack() as open_until_the_end:
        for kind, sent in HALF_SENT.items():
            for _ in range(SLOW_CLIENTS):
                client = socket.create_connection(("127.0.0.1", port), timeout=30)
                slow.append((kind, open_until_the_end.enter_context(client)))
                client.sendall(sent)
        started = time.monotonic()
        answered = [ask(port, path) for path in ("/health/live", "/v1/me", "/health/ready") * 3]
        assert [each.status for each in answered] == [200, 401, 200] * 3
        assert max(each.seconds for each in answered) < 1.5
        assert {kind for kind, client in slow if not ended(client)} == set()
        assert time.monotonic() - started < HURRIED_RECEIVE_S + 5


def test_a_client_that_sends_byte_by_byte_gains_no_time(hurried_server):
    with socket.create_connection(("127.0.0.1", hurried_server.port), timeout=30) as client:
        client.sendall(HALF_SENT["a body"])
        started = time.monotonic()
        with pytest.raises(OSError):  # noqa: PT011, PT012  whichever way the connection ends
            while time.monotonic() - started < HURRIED_RECEIVE_S + 10:
                client.sendall(b" ")
                time.sleep(0.2)
        assert time.monotonic() - started < HURRIED_RECEIVE_S + 5


def test_clients_that_do_not_read_the_response_hold_up_nobody(shared_server):
    request = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200
    with ExitStack() as open_until_the_end:
        for _ in range(4):
            client = socket.create_connection(("127.0.0.1", shared_server.port), timeout=30)
            open_until_the_end.enter_context(client)
            client.sendall(request)
        assert ask(shared_server.port, "/v1/me").seconds < 2.0


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_a_request_that_arrives_in_pieces_is_answered(step, shared_server):
    body = json.dumps({"operations": []}).encode()
    head = b"POST /v1/auth/logout HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    whole = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n"
    chunked += b"".join(b"%x;part=1\r\n%b\r\n" % (1, body[at : at + 1]) for at in range(len(body)))
    chunked += b"0\r\nExpires: never\r\n\r\n"
    with socket.create_connection(("127.0.0.1", shared_server.port), timeout=30) as client:
        # Twice, and the second time both at once, as a client that does not wait sends them.
        for sent, answers in ((whole, 1), (chunked, 1), (chunked + whole, 2)):
            for at in range(0, len(sent), step):
                client.sendall(sent[at : at + step])
            received = b""
            while received.count(b"HTTP/1.1 ") < answers:
                some = client.recv(10_000)
                assert some, received
                received += some
            assert received.count(b"HTTP/1.1 401 ") == answers


def test_a_client_that_waits_before_it_sends_a_body_is_told_to_go_on(shared_server):
    head = b"POST /v1/sync/push HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", shared_server.port), timeout=30) as client:
        client.sendall(head + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"{}")
        received = b""
        while b"HTTP/1.1 401 " not in received:
            some = client.recv(1000)
            assert some, received
            received += some


def ended(client: socket.socket) -> bool:
    """Return whether the server ends a connection, whatever it says first."""
    try:
        while client.recv(1000):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True
