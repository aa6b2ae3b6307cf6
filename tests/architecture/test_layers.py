from __future__ import annotations

from importlinter import cli

from tests.architecture.sources import ROOT


def test_imports_follow_the_documented_layers(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    broken = cli.lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True)
    assert not broken, capsys.readouterr().out
