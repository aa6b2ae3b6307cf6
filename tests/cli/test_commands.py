"""`flask --help` lists every command with a sentence of help."""

from __future__ import annotations


def test_openapi_has_help_and_no_command_for_several_apis(app):
    result = app.test_cli_runner().invoke(args=["openapi", "--help"])
    assert result.exit_code == 0
    assert "Print openapi.json, or write it to a file." in result.output
    assert "list-config-prefixes" not in result.output
    assert app.test_cli_runner().invoke(args=["openapi", "print"]).output.startswith("{")
