"""flask serve: what it says before gunicorn takes over."""

from __future__ import annotations

import socket

from cli.serve import serve


def test_a_port_that_is_taken_is_a_sentence_that_names_port(app):
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = somebody.getsockname()[1]
        result = app.test_cli_runner().invoke(serve, ["--port", str(port)])
    assert result.exit_code == 1
    assert f"Port {port} cannot be used" in result.output
    assert "PORT=8080" in result.output
    assert "Stop it with Ctrl-C" not in result.output
