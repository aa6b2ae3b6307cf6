"""flask outlook: fresh before anybody asks, and how forecasts turned out."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from cli.outlooks import outlook
from models.outlooks import KeptOutlook
from tests import builders


@pytest.fixture
def flask_outlook(app):
    def run(*arguments: str):
        return app.test_cli_runner().invoke(outlook, args=list(arguments))

    return run


def kept(sessions, clinic_id) -> int:
    with sessions.reading(clinic_id) as session:
        return session.scalar(select(func.count()).select_from(KeptOutlook)) or 0


def test_every_clinics_outlooks_are_worked_out_and_then_they_hold(flask_outlook, sessions, cast):
    first, second = flask_outlook("refresh"), flask_outlook("refresh")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert set(first.output.splitlines()) == {"Harbour Clinic: 2 worked out", "Meadow Clinic: 1 worked out"}
    assert set(second.output.splitlines()) == {"Harbour Clinic: 0 worked out", "Meadow Clinic: 0 worked out"}
    assert (kept(sessions, cast.clinic_id), kept(sessions, cast.other_clinic_id)) == (2, 1)


def test_one_clinics_alone_if_it_is_named(flask_outlook, sessions, cast):
    told = flask_outlook("refresh", "--clinic", str(cast.other_clinic_id))
    assert told.output == "Meadow Clinic: 1 worked out\n"
    assert kept(sessions, cast.clinic_id) == 0


def test_what_changed_since_is_worked_out_again(flask_outlook, sessions, cast):
    flask_outlook("refresh")
    with sessions.writing(cast.clinic_id) as session:
        builders.check_in(session, builders.patient(session), datetime.now(UTC).date())
    assert "Harbour Clinic: 1 worked out" in flask_outlook("refresh").output


@pytest.mark.parametrize("command", ["refresh"])
def test_a_clinic_that_is_not_there_is_said_to_be_so(command, flask_outlook, app):
    for arguments, why in (((), "no clinic yet"), (("--clinic", str(uuid4())), "no such clinic")):
        told = flask_outlook(command, *arguments)
        assert told.exit_code == 1
        assert why in told.output
    assert flask_outlook(command, "--clinic", "harbour").exit_code == 2
