"""flask serve: its output before gunicorn takes over."""

from __future__ import annotations

import os
import socket

import pytest

from cli.gunicorn_hooks import BANNER, NO_WORKER, when_ready
from cli.serve import environment, serve
from config import Settings
from tests.postgres import free_port


def test_a_taken_port_is_an_error_message_that_names_it(app):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = app.test_cli_runner().invoke(serve, ["--port", str(port)])
    assert result.exit_code == 1
    assert f"Port {port} cannot be used" in result.output
    assert "PORT=8080" in result.output
    assert "Stop it with Ctrl-C" not in result.output


def test_a_socket_on_which_a_server_listens_is_refused_and_stays(app, tmp_path):
    path = tmp_path / "a.sock"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen()
        result = app.test_cli_runner().invoke(serve, ["--socket", str(path)])
    assert result.exit_code == 1
    assert f"A server listens on {path} already" in result.output
    assert path.exists()


def test_where_it_listens_is_printed_once_it_does(app, monkeypatch, capfd):
    held = {}
    monkeypatch.setattr(os, "execve", lambda _program, _command, variables: held.update(variables))
    result = app.test_cli_runner().invoke(serve, ["--port", str(free_port())])
    assert result.output == ""
    monkeypatch.setenv(BANNER, held[BANNER])
    when_ready(None)
    assert "Stop it with Ctrl-C" in capfd.readouterr().out
    when_ready(None)
    assert not capfd.readouterr().out


@pytest.mark.parametrize("port", ["70000", "0", "-1", "http"])
def test_what_is_no_port_is_named(port, app):
    result = app.test_cli_runner().invoke(args=["serve", "--port", port])
    assert result.exit_code == 2
    assert "--port" in result.output
    assert "Stop it with Ctrl-C" not in result.output


@pytest.mark.parametrize("variable", [None, "8080"])
def test_links_of_the_server_and_its_worker_lead_to_the_port_in_use(variable, monkeypatch, tmp_path):
    for name in ("PUBLIC_URL", "ALLOWED_HOSTS", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AFTERGLOW_ENV", "local")
    if variable is not None:
        monkeypatch.setenv("PORT", variable)
    for name, value in environment(9000, no_worker=False).items():
        monkeypatch.setenv(name, value)
    assert Settings.from_env(tmp_path).public_url == "http://localhost:9000"


def test_only_a_server_without_a_worker_is_told_so(monkeypatch):
    monkeypatch.setenv(NO_WORKER, "yes")
    assert NO_WORKER not in environment(8000, no_worker=False)
    assert environment(8000, no_worker=True)[NO_WORKER] == "yes"
