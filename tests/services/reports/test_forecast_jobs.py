"""Reports by the worker: once a night, in pieces, by one of several workers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from models.clinics import Clinic
from models.reports import BacktestedPatient, ForecastReport, ForecastReportJob
from services.access import Actor, Role
from services.context import Context
from services.errors import NotFound
from services.reports import forecast_jobs
from services.reports.forecast_jobs import LEASE, Progress, work
from tests import factories

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
NIGHT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
"""Half past two in the night in Chicago."""


@pytest.fixture
def clinic_id(database):
    with database.write() as session:
        clinic_id = factories.clinic(session, time_zone="America/Chicago").id
    with database.write(clinic_id) as session:
        for _ in range(3):
            factories.patient(session)
    return clinic_id


def slowly():
    """A clock on which every look takes longer than a piece."""
    return count(0, 10).__next__


def reports(database, clinic_id) -> int:
    with database.read(clinic_id) as session:
        return session.scalar(select(func.count()).select_from(ForecastReport)) or 0


def quickly() -> float:
    return 0.0


def test_a_report_is_made_once_a_night(database, clinic_id):
    assert work(database, clinic_id, NOW, quickly) is Progress.MADE
    assert work(database, clinic_id, NIGHT - timedelta(hours=1), quickly) is Progress.NOTHING_DUE
    assert work(database, clinic_id, NIGHT, quickly) is Progress.MADE
    assert work(database, clinic_id, NIGHT + timedelta(hours=23), quickly) is Progress.NOTHING_DUE
    assert work(database, clinic_id, NIGHT + timedelta(hours=24), quickly) is Progress.MADE
    assert reports(database, clinic_id) == 3


def test_a_slow_report_is_made_in_pieces_of_which_none_is_lost(database, clinic_id):
    found = [work(database, clinic_id, NOW + timedelta(minutes=minute), slowly()) for minute in range(4)]
    assert found == [*[Progress.CONTINUED] * 3, Progress.MADE]
    with database.read(clinic_id) as session:
        assert session.scalar(select(func.count()).select_from(BacktestedPatient)) == 3
        # As of when it was begun.
        assert session.scalars(select(ForecastReport.generated_at)).all() == [NOW]


def test_while_a_worker_has_it_no_other_does(database, clinic_id):
    def meanwhile() -> float:
        assert work(database, clinic_id, NOW, quickly) is Progress.NOTHING_DUE
        return 0.0

    assert work(database, clinic_id, NOW, meanwhile) is Progress.MADE
    assert reports(database, clinic_id) == 1


def test_a_worker_that_died_is_followed_by_another_when_its_lease_has_ended(database, clinic_id):
    with database.write(clinic_id) as session:
        session.add(ForecastReportJob(began_at=NOW, leased_until=NOW + LEASE))
    assert work(database, clinic_id, NOW + LEASE / 2, quickly) is Progress.NOTHING_DUE
    assert work(database, clinic_id, NOW + LEASE, quickly) is Progress.MADE


def test_settings_that_change_meanwhile_begin_it_again(database, clinic_id):
    assert work(database, clinic_id, NOW, slowly()) is Progress.CONTINUED

    def change() -> float:
        with database.write(clinic_id) as session:
            session.get_one(Clinic, clinic_id).version += 1
        return 0.0

    assert work(database, clinic_id, NOW, change) is Progress.CONTINUED
    assert reports(database, clinic_id) == 0
    assert work(database, clinic_id, NOW + timedelta(hours=1), quickly) is Progress.MADE


def test_one_that_fails_is_given_up_until_the_next_night(database, clinic_id):
    def fail() -> float:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work(database, clinic_id, NOW, fail)
    assert work(database, clinic_id, NOW + timedelta(hours=1), quickly) is Progress.NOTHING_DUE
    with database.read(clinic_id) as session:
        assert session.scalars(select(ForecastReportJob)).one().failed_at == NOW
    assert work(database, clinic_id, NIGHT, quickly) is Progress.MADE


def test_what_is_asked_for_while_one_is_running_is_made_after_it(database, clinic_id):
    assert work(database, clinic_id, NOW, slowly()) is Progress.CONTINUED
    later = NOW + timedelta(minutes=5)
    with database.write(clinic_id) as session:
        clinician = Actor(uuid4(), clinic_id, frozenset({Role.CLINICIAN}))
        forecast_jobs.request(Context(session, clinician, later), clinic_id)
    assert work(database, clinic_id, NOW + timedelta(minutes=6), quickly) is Progress.MADE
    assert work(database, clinic_id, NOW + timedelta(minutes=7), quickly) is Progress.MADE
    assert work(database, clinic_id, NOW + timedelta(minutes=8), quickly) is Progress.NOTHING_DUE


def test_a_report_of_another_clinic_cannot_be_asked_for(database, clinic_id):
    stranger = Actor(uuid4(), uuid4(), frozenset({Role.CLINICIAN}))
    with database.write(clinic_id) as session, pytest.raises(NotFound):
        forecast_jobs.request(Context(session, stranger, NOW), clinic_id)
