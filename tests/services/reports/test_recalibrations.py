"""Recalibrations estimated from replayed cycles, stored as proposals and applied by the settings alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from clinical.outlook import ENGINE_VERSION
from models.clinics import Clinic
from schemas.reports.forecast import ForecastReportSchema
from services.access import Actor, Role
from services.clinic_settings import recalibration_in_use
from services.errors import NotFound
from services.reports import recalibrations
from services.reports.backtest import ReplayedCycle, from_json, to_json
from services.reports.forecast_figures import figures
from tests import factories
from tests.clinical.backtested_cycles import patients, replayed

pytestmark = pytest.mark.either_database

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EARLY = -0.8
"""By how many standard deviates half is lost earlier than forecast."""


def record(how_many: int, location: float = EARLY) -> list[list[ReplayedCycle]]:
    return [replayed(cycles) for cycles in patients(how_many, location=location)]


@pytest.fixture
def clinic_id(database):
    with database.write() as session:
        return factories.clinic(session).id


def listed(database, clinic_id):
    actor = Actor(clinic_id, clinic_id, frozenset({Role.ADMIN}))
    with database.read(clinic_id) as session:
        return recalibrations.proposals(session, actor, clinic_id)


def test_a_record_that_is_earlier_than_forecast_proposes_an_earlier_map_with_its_evidence():
    proposal = recalibrations.propose(record(40))
    assert proposal is not None
    assert proposal.estimate.location == pytest.approx(EARLY, abs=0.3)
    evidence = recalibrations.evidence_document(proposal.validation)
    assert evidence["verdict"] == "helped"
    assert evidence["calibration_error_after"] < evidence["calibration_error_before"]
    assert recalibrations.propose(record(3)) is None


def test_a_proposal_is_stored_under_the_next_number_and_not_applied(database, clinic_id):
    proposal = recalibrations.propose(record(30))
    assert proposal is not None
    other = replace(proposal, estimate=replace(proposal.estimate, location=0.1))
    for proposed, is_new in ((other, True), (proposal, True), (proposal, False)):
        with database.write(clinic_id) as session:
            assert recalibrations.store(session, clinic_id, proposed, NOW).created is is_new
    known = listed(database, clinic_id)
    assert known["recalibration_in_use"] == "none"
    assert [item["name"] for item in known["items"]] == ["recalibration-2", "recalibration-1"]
    assert {item["prior_version"] for item in known["items"]} == {"published-1"}
    assert not any(item["in_use"] or item["applied"] for item in known["items"])
    with database.read(clinic_id) as session:
        assert recalibration_in_use(session, session.get_one(Clinic, clinic_id)) is None


@pytest.mark.parametrize(
    ("given", "applied"),
    [({}, True), ({"engine_version": "wear-off-0"}, False), ({"prior_version": "clinic-1"}, False)],
)
def test_one_in_use_is_applied_to_the_forecasts_that_it_was_estimated_from(
    database, clinic_id, given, applied
):
    with database.write(clinic_id) as session:
        row = factories.estimated_recalibration(session, **given)
        session.get_one(Clinic, clinic_id).outlook_recalibration = row.name
    with database.read(clinic_id) as session:
        found = recalibration_in_use(session, session.get_one(Clinic, clinic_id))
    (item,) = listed(database, clinic_id)["items"]
    assert (item["in_use"], item["applied"]) == (True, applied)
    assert found is not None
    assert (found.location, found.scale) == pytest.approx((0.5, 1.2))
    assert (found.engine_version == ENGINE_VERSION) is ("engine_version" not in given)


def test_another_clinics_proposals_are_not_there(database, clinic_id):
    with database.write() as session:
        elsewhere = factories.clinic(session).id
    with database.write(elsewhere) as session:
        factories.estimated_recalibration(session)
    assert listed(database, clinic_id)["items"] == []
    with database.read(clinic_id) as session, pytest.raises(NotFound):
        recalibrations.proposals(session, Actor(clinic_id, clinic_id, frozenset({Role.ADMIN})), elsewhere)


def test_the_forecast_report_shows_the_reliability_before_and_after():
    report = figures(record(40), [])
    after = report["recalibrated"]
    assert ForecastReportSchema().dump(report)["recalibrated"]["evidence"]["verdict"] == "helped"
    assert after["reliability"] != report["reliability"]
    assert "would have been better" in str(report["how_to_read"])
    few = figures(record(3), [])
    assert "recalibrated" not in few
    assert "A recalibration by this record needs 20 patients" in str(few["how_to_read"])


def test_what_later_days_showed_is_stored_with_a_replay():
    (one,) = record(1)
    assert from_json(to_json(one)) == one
