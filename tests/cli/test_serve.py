"""flask serve: its output before gunicorn takes over."""

from __future__ import annotations

import socket

import pytest

from cli.serve import serve


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


@pytest.mark.parametrize("port", ["70000", "0", "-1", "http"])
def test_what_is_no_port_is_named(port, app):
    result = app.test_cli_runner().invoke(args=["serve", "--port", port])
    assert result.exit_code == 2
    assert "--port" in result.output
    assert "Stop it with Ctrl-C" not in result.output
