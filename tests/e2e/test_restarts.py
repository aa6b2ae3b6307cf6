"""Sockets held outside the server, and SIGTERM that lets requests end; under load: bench/reliability."""

from __future__ import annotations

import json
import socket
import stat
import time

import pytest

from tests.conftest import SECRET_KEY
from tests.e2e.passed_socket import HeldSocket, UnixConnection, ask, serve_command, started, stop
from tests.e2e.server import START_TIMEOUT

pytestmark = pytest.mark.slow

CLIENT_SENT = "canary-of-a-client"
ONE_PROCESS = ("--workers", "1")
"""For what a second one would do just the same: each imports everything."""


@pytest.fixture
def environment(sqlite_url):
    return {"AFTERGLOW_ENV": "local", "DATABASE_URL": sqlite_url, "SECRET_KEY": SECRET_KEY}


@pytest.fixture
def held(tmp_path):
    with HeldSocket(tmp_path) as socket_of_systemd:
        yield socket_of_systemd


def test_serve_listens_on_a_descriptor_and_answers_a_request_half_sent_at_sigterm(
    held, environment, tmp_path
):
    server = held.start_by_descriptor(environment, tmp_path / "server.log", *ONE_PROCESS)
    try:
        assert ask(held.path)[0] == 200
        connection = UnixConnection(held.path)
        connection.connect()
        head = b"POST /v1/auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        connection.sock.sendall(head + b"Content-Length: 2\r\n\r\n{")
        time.sleep(0.2)
        server.send_signal(15)
        time.sleep(1)
        connection.sock.sendall(b"}")
        answered = connection.sock.recv(65536)
        connection.close()
        assert answered.startswith(b"HTTP/1.1 422 "), answered[:200]
        assert server.wait(timeout=20) == 0
    finally:
        stop(server)
    assert held.path.exists(), "the server removed a socket that is not its own"


def test_serve_makes_a_unix_socket_and_removes_it_and_answers_and_logs_nothing_a_client_sent(
    environment, tmp_path
):
    path, log = tmp_path / "own.sock", tmp_path / "server.log"
    options = ("--no-worker", "--socket", str(path), *ONE_PROCESS)
    server = started(serve_command(*options), environment, log)
    try:
        until = time.monotonic() + START_TIMEOUT
        while not path.exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert stat.S_ISSOCK(path.stat().st_mode)
        assert ask(path)[0] == 200
        check_that_what_is_no_http_is_answered_in_problems(path)
    finally:
        assert stop(server) == 0
    assert not path.exists()
    assert CLIENT_SENT not in log.read_text()


def check_that_what_is_no_http_is_answered_in_problems(path):
    """Send requests that the server itself answers, and one that is answered by the application."""
    requests = {
        f"{CLIENT_SENT} /v1/me HTTP/1.1\r\n\r\n": 400,
        f"GET /v1/me?note={CLIENT_SENT} HTTP/7.3\r\n\r\n": 400,
        f"GET /v1/me HTTP/1.1\r\nHost: 127.0.0.1\r\nBad Header {CLIENT_SENT}: x\r\n\r\n": 400,
        f"GET /{CLIENT_SENT}{'x' * 9000} HTTP/1.1\r\n\r\n": 414,
        f"GET /v1/me HTTP/1.1\r\nHost: 127.0.0.1\r\nA: {CLIENT_SENT * 1000}\r\n\r\n": 431,
        f"POST /v1/me HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: {CLIENT_SENT}\r\n\r\n": 501,
        f"GET /v1/{CLIENT_SENT}?note={CLIENT_SENT} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n": 404,
    }
    for request, status in requests.items():
        connection = UnixConnection(path)
        connection.connect()
        connection.sock.sendall(request.encode())
        answer = bytearray()
        while chunk := connection.sock.recv(65536):
            answer += chunk
        connection.close()
        head, _, body = answer.decode().partition("\r\n\r\n")
        assert head.split(" ")[1] == str(status), (request[:80], head)
        assert "X-Content-Type-Options: nosniff" in head, request[:80]
        assert "Content-Type: application/problem+json" in head
        assert json.loads(body)["status"] == status
        assert CLIENT_SENT not in answer.decode()


@pytest.mark.either_database
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--fd", "99"), "Descriptor 99 is not a socket that listens."),
        (("--socket", "/nowhere/afterglow.sock"), "No socket can be made in /nowhere"),
        (("--socket", "{folder}"), "is a directory"),
        (("--socket", "{folder}/a.sock", "--fd", "3"), "Choose one of --socket and --fd."),
        (("--host", "256.0.0.1"), "--host 256.0.0.1 is no address of this machine."),
    ],
)
def test_a_place_where_nothing_can_listen_is_named(options, sentence, app, tmp_path):
    result = app.test_cli_runner().invoke(
        args=["serve", *(option.format(folder=tmp_path) for option in options)]
    )
    assert result.exit_code != 0
    assert sentence in result.output
    assert "Stop it with Ctrl-C" not in result.output


@pytest.mark.either_database
def test_a_socket_that_does_not_listen_is_refused(app):
    with socket.socket(socket.AF_UNIX) as silent:
        result = app.test_cli_runner().invoke(args=["serve", "--fd", str(silent.fileno())])
    assert result.exit_code == 1
    assert "is not a socket that listens" in result.stderr
    assert "Traceback" not in result.output
