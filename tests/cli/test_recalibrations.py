from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cli.recalibrations import fit_recalibration_command
from demo import clinic
from demo import ids as demo_ids
from services.access import Actor, Role
from services.reports.recalibrations import proposals
from tests import factories
from tests.small_demo import make_it_small


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(fit_recalibration_command, args=list(words))


def stored(app):
    actor = Actor(demo_ids.CLINIC_ID, demo_ids.CLINIC_ID, frozenset({Role.ADMIN}))
    with app.extensions["database"].read(demo_ids.CLINIC_ID) as session:
        return [item["name"] for item in proposals(session, actor, demo_ids.CLINIC_ID)["items"]]


def test_a_proposal_of_the_demo_clinic_shows_whether_it_would_help_and_changes_nothing(app, run, monkeypatch):
    make_it_small(monkeypatch, 48)
    with app.extensions["database"].write(demo_ids.CLINIC_ID) as session:
        clinic.fill(session, "a made-up secret", datetime.now(UTC))
    dry = run("--dry-run")
    assert dry.exit_code == 0, dry.output
    assert stored(app) == []
    answered = run()
    assert "times as wide" in answered.output
    assert "no forecast has changed" in answered.output
    assert '/settings with {"outlook_recalibration": "recalibration-1"}' in answered.output
    assert "The same as recalibration-1, so not stored again" in run().output
    assert stored(app) == ["recalibration-1"]


def test_with_too_few_cycles_the_message_names_what_is_needed(app, run):
    with app.extensions["database"].write() as session:
        factories.clinic(session)
    answered = run()
    assert answered.exit_code == 0
    assert "Too few: 20 patients with 60 finished cycles" in answered.output


def test_an_unknown_clinic_is_an_error(run):
    answered = run("--clinic", "6f0c7d52-5b0e-4b8e-9a3d-0d6a1f7c2b11")
    assert answered.exit_code == 1
    assert "There is no such clinic." in answered.output
