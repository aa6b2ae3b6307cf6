"""Recalibrations estimated from replayed cycles, stored as proposals and applied by the settings alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from math import exp
from statistics import NormalDist

import numpy as np
import pytest

from clinical.outlook import ENGINE_VERSION
from clinical.outlook.evaluation import Prediction
from clinical.outlook.evaluation.retrospective import Finding, RetrospectiveCycle
from models.clinics import Clinic
from schemas.reports.forecast import ForecastReportSchema
from services.access import Actor, Role
from services.clinic_settings import recalibration_in_use
from services.errors import NotFound
from services.reports import recalibrations
from services.reports.backtest import OUTLOOK, RULES, ReplayedCycle
from services.reports.forecast_figures import figures
from tests import factories

pytestmark = pytest.mark.either_database

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
START = date(2026, 6, 1)
NORMAL = NormalDist()
MEDIAN, SPREAD, LATE = 20.0, 0.3, 0.9
"""Median and log SD of what was forecast of every cycle, and by how many SDs half was lost later."""


def cycle(half_gone: float, length: int) -> ReplayedCycle:
    low, high = (MEDIAN * exp(SPREAD * NORMAL.inv_cdf(p)) for p in (0.1, 0.9))
    made = tuple(
        Prediction(day, MEDIAN, low, high, NORMAL.cdf(np.log(max(day, 1) / MEDIAN) / SPREAD))
        for day in range(length)
    )
    lost = round(half_gone) if half_gone < length else None
    finding = Finding.CENSORED if lost is None else Finding.SEEN
    found = RetrospectiveCycle(START, 1, length, length, finding, 4.0, lost, None)
    return ReplayedCycle(found, dict.fromkeys((OUTLOOK, *RULES), made))


def replayed(patients: int) -> list[list[ReplayedCycle]]:
    draw = np.random.default_rng(1)
    return [
        [cycle(MEDIAN * exp(SPREAD * (LATE + draw.normal())), int(draw.integers(18, 32))) for _ in range(4)]
        for _ in range(patients)
    ]


@pytest.fixture
def clinic_id(database):
    with database.write() as session:
        return factories.clinic(session).id


def listed(database, clinic_id):
    actor = Actor(clinic_id, clinic_id, frozenset({Role.ADMIN}))
    with database.read(clinic_id) as session:
        return recalibrations.proposals(session, actor, clinic_id)


def test_a_record_that_is_later_than_forecast_proposes_a_later_map_with_its_evidence():
    proposal = recalibrations.propose(replayed(60))
    assert proposal is not None
    assert proposal.estimate.location == pytest.approx(LATE, abs=0.25)
    evidence = recalibrations.evidence_document(proposal.score)
    assert evidence["verdict"] == "helped"
    assert evidence["calibration_error_after"] < evidence["calibration_error_before"]
    assert recalibrations.propose(replayed(10)) is None


def test_a_proposal_is_stored_under_the_next_number_and_not_applied(database, clinic_id):
    proposal = recalibrations.propose(replayed(60))
    assert proposal is not None
    other = replace(proposal, estimate=replace(proposal.estimate, location=0.1))
    for proposed, is_new in ((other, True), (proposal, True), (proposal, False)):
        with database.write(clinic_id) as session:
            assert recalibrations.store(session, clinic_id, proposed, NOW).created is is_new
    known = listed(database, clinic_id)
    assert known["recalibration_in_use"] == "none"
    assert [item["name"] for item in known["items"]] == ["recalibration-2", "recalibration-1"]
    assert not any(item["in_use"] or item["applied"] for item in known["items"])
    with database.read(clinic_id) as session:
        assert recalibration_in_use(session, session.get_one(Clinic, clinic_id)) is None


@pytest.mark.parametrize("engine", [ENGINE_VERSION, "wear-off-0"])
def test_one_in_use_is_applied_where_it_is_of_this_engine(database, clinic_id, engine):
    with database.write(clinic_id) as session:
        row = factories.estimated_recalibration(session, engine_version=engine)
        session.get_one(Clinic, clinic_id).outlook_recalibration = row.name
    with database.read(clinic_id) as session:
        found = recalibration_in_use(session, session.get_one(Clinic, clinic_id))
    (item,) = listed(database, clinic_id)["items"]
    assert (item["in_use"], item["applied"]) == (True, engine == ENGINE_VERSION)
    if engine != ENGINE_VERSION:
        assert found is None
        return
    assert found is not None
    assert (found.location, found.scale) == pytest.approx((0.5, exp(0.2)))


def test_another_clinics_proposals_are_not_there(database, clinic_id):
    with database.write() as session:
        elsewhere = factories.clinic(session).id
    with database.write(elsewhere) as session:
        factories.estimated_recalibration(session)
    assert listed(database, clinic_id)["items"] == []
    with database.read(clinic_id) as session, pytest.raises(NotFound):
        recalibrations.proposals(session, Actor(clinic_id, clinic_id, frozenset({Role.ADMIN})), elsewhere)


def test_the_forecast_report_shows_the_reliability_before_and_after():
    report = figures(replayed(60), [])
    after = report["recalibrated"]
    assert ForecastReportSchema().dump(report)["recalibrated"]["evidence"]["verdict"] == "helped"
    assert after["reliability"] != report["reliability"]
    assert "would have been better" in str(report["how_to_read"])
    few = figures(replayed(10), [])
    assert "recalibrated" not in few
    assert "A recalibration by this record needs 20 patients" in str(few["how_to_read"])
