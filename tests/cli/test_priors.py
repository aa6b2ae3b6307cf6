from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from cli.outlook import outlook
from cli.priors import VERDICTS
from demo import clinic
from demo import ids as demo_ids
from models.priors import EstimatedPrior
from tests import factories
from tests.effort import amount
from tests.small_demo import make_it_small


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(outlook, args=["fit-prior", *words])


def stored(app, clinic_id):
    with app.extensions["database"].read(clinic_id) as session:
        return [row.name for row in session.scalars(select(EstimatedPrior))]


def stored_verdict(app):
    with app.extensions["database"].read(demo_ids.CLINIC_ID) as session:
        return session.scalars(select(EstimatedPrior)).one().evidence["verdict"]


@pytest.mark.either_database
def test_a_proposal_of_the_demo_clinic_shows_whether_it_would_help_and_changes_nothing(app, run, monkeypatch):
    make_it_small(monkeypatch, amount("patients that a prior is learnt from", 48, 75))
    with app.extensions["database"].write(demo_ids.CLINIC_ID) as session:
        clinic.fill(session, "a made-up secret", datetime.now(UTC))
    dry = run("--dry-run")
    assert dry.exit_code == 0
    assert stored(app, demo_ids.CLINIC_ID) == []
    answered = run()
    assert answered.exit_code == 0
    assert "Half of the benefit gone after" in answered.output
    assert VERDICTS[stored_verdict(app)] in answered.output
    assert "no forecast has changed" in answered.output
    # Whether so few patients show a bias is chance; an admin is asked to accept only what shows none.
    acceptable = "no bias seen" in answered.output
    assert ("cannot be accepted" in answered.output) is not acceptable
    assert ('/settings with {"outlook_prior": "clinic-1"}' in answered.output) is acceptable
    assert stored(app, demo_ids.CLINIC_ID) == ["clinic-1"]
    assert "The same as clinic-1, so not stored again" in run().output
    assert stored(app, demo_ids.CLINIC_ID) == ["clinic-1"]


def test_without_patients_the_message_names_what_is_needed(app, run):
    with app.extensions["database"].write() as session:
        factories.clinic(session)
    answered = run()
    assert answered.exit_code == 0
    assert "Too few patients" in answered.output


def test_an_unknown_clinic_is_an_error(run):
    answered = run("--clinic", "6f0c7d52-5b0e-4b8e-9a3d-0d6a1f7c2b11")
    assert answered.exit_code == 1
    assert "There is no such clinic." in answered.output
