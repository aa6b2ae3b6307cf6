"""What a clinic had set at an earlier instant, and which priors it may name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from clinical.outlook.mode import Mode
from clinical.outlook.model.population_prior import PUBLISHED, PopulationPrior
from models.clinics import Clinic, ClinicSettingsHistory
from services.access import Actor, Role
from services.clinic_settings import all_settings, mode_shown, prior_named, settings_as_of
from services.clinics import ClinicSettings, change_settings
from services.context import Context
from tests import factories

FIRST = datetime(2026, 3, 1, 9, tzinfo=UTC)
SECOND = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def clinic_id(database):
    with database.write() as session:
        return factories.clinic(session).id


@pytest.fixture
def change(database, clinic_id):
    actor = Actor(clinic_id, clinic_id, frozenset({Role.ADMIN}))

    def at(now, **settings):
        with database.write(clinic_id) as session:
            version = session.get_one(Clinic, clinic_id).version
            wanted = ClinicSettings(**settings)
            change_settings(Context(session, actor, now), clinic_id, wanted, version)

    return at


@pytest.fixture
def in_force(database, clinic_id):
    def at(moment):
        with database.read(clinic_id) as session:
            return settings_as_of(session, session.get_one(Clinic, clinic_id), moment)

    return at


def test_each_instant_has_the_settings_that_were_in_force_then(change, in_force):
    change(FIRST, max_interval_days=42)
    change(SECOND, max_interval_days=21, outlook_mode="silent")
    moments = (factories.LONG_AGO, FIRST - timedelta(seconds=1), FIRST, SECOND - timedelta(seconds=1), SECOND)
    assert [in_force(moment).max_interval_days for moment in moments] == [35, 35, 42, 42, 21]
    assert [in_force(moment).outlook_mode for moment in moments] == ["shown"] * 4 + ["silent"]
    assert in_force(None).max_interval_days == 21


def test_before_the_clinic_opened_its_first_settings_are_taken(change, in_force):
    before = factories.LONG_AGO - timedelta(days=400)
    assert in_force(before).max_interval_days == 35
    change(FIRST, max_interval_days=42)
    assert in_force(before).max_interval_days == 35


def test_a_clock_that_went_back_makes_no_gap_and_no_overlap(change, database, clinic_id):
    change(SECOND, max_interval_days=42)
    change(FIRST, max_interval_days=21)
    with database.read(clinic_id) as session:
        former = session.scalars(select(ClinicSettingsHistory).order_by(ClinicSettingsHistory.version)).all()
        clinic = session.get_one(Clinic, clinic_id)
        states = all_settings(session, clinic)
    assert [(row.known_from, row.known_until) for row in former] == [
        (factories.LONG_AGO, SECOND),
        (SECOND, SECOND),
    ]
    assert clinic.settings_since == SECOND
    assert [state.max_interval_days for state in states] == [35, 42, 21]


@pytest.mark.parametrize(
    ("then", "now", "shown"),
    [
        ("shown", "shown", Mode.SHOWN),
        ("silent", "shown", Mode.SILENT),
        ("off", "shown", Mode.OFF),
        ("shown", "silent", Mode.SILENT),
        ("shown", "off", Mode.OFF),
        ("off", "silent", Mode.SILENT),
    ],
)
def test_a_forecast_is_shown_only_if_it_was_shown_then_and_is_now(then, now, shown):
    assert mode_shown(Clinic(outlook_mode=then), Clinic(outlook_mode=now)) is shown


def test_a_prior_is_known_to_the_clinic_that_learnt_it_and_to_no_other(database, clinic_id):
    with database.write(clinic_id) as session:
        factories.estimated_prior(session, name="learnt-1", median_days=33.0, spread=0.4)
        other = factories.clinic(session).id
    with database.read(clinic_id) as session:
        assert prior_named(session, "published-1") == PUBLISHED
        assert prior_named(session, "learnt-1") == PopulationPrior("learnt-1", 33.0, 0.4)
        assert prior_named(session, "learnt-2") is None
    with database.read(other) as session:
        assert prior_named(session, "learnt-1") is None
