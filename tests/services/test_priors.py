from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from clinical.outlook.learning.prior_estimation import MIN_PATIENTS
from models.clinics import Clinic
from services import priors
from services.access import Actor, Role
from services.errors import NotFound
from tests import factories

pytestmark = pytest.mark.either_database

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST_DAY = NOW.date() - timedelta(days=120)
INFUSIONS = (12, 15, 19, 22, 26, 29, 57, 85, 113)


@pytest.fixture
def clinic_id(database):
    with database.write() as session:
        return factories.clinic(session).id


@pytest.fixture
def enrol(database, clinic_id):
    """Patients whose benefit halves after so many days, with three finished cycles of 28 days."""

    def enrolled(how_many: int, half: float) -> None:
        noise = np.random.default_rng(1)
        with database.write(clinic_id) as session:
            for _ in range(how_many):
                patient = factories.patient(session)
                given = [FIRST_DAY + timedelta(days=number) for number in INFUSIONS]
                for day in given:
                    factories.infusion(session, patient, day)
                for number in range(0, 119, 2):
                    day = FIRST_DAY + timedelta(days=number)
                    since = min(((day - when).days for when in given if when <= day), default=999)
                    level = 3 + 4 * 2 ** -((since / half) ** 2) + noise.normal(0, 0.7)
                    mood = int(np.clip(round(level), 0, 10))
                    factories.check_in(session, patient, day, mood=mood, anxiety=9 - min(mood, 9))

    return enrolled


@pytest.fixture
def estimate(database, clinic_id):
    def estimated():
        with database.read(clinic_id) as session:
            return priors.estimate(session, clinic_id, NOW)

    return estimated


def proposals(database, clinic_id):
    actor = Actor(clinic_id, clinic_id, frozenset({Role.ADMIN}))
    with database.read(clinic_id) as session:
        return priors.proposals(session, actor, clinic_id)


def test_a_clinic_whose_benefit_is_short_proposes_a_shorter_median_with_its_evidence(enrol, estimate):
    enrol(26, 13.0)
    estimated = estimate()
    assert 10 < estimated.proposal.median_days < 21
    assert (estimated.proposal.patients, estimated.proposal.cycles) == (26, 78)
    evidence = priors.evidence_document(estimated)
    assert evidence["compared_with"] == "published-1"
    assert evidence["bias"] == "none_seen"
    assert evidence["observed_median_days"] == pytest.approx(estimated.proposal.median_days, rel=0.2)
    assert evidence["log_score_gain"] > 0
    assert evidence["verdict"] in {"helped", "no_clear_difference"}
    assert [one["landmark_day"] for one in evidence["landmarks"]] == [7, 14]


def test_too_few_patients_give_no_proposal(enrol, estimate):
    enrol(3, 13.0)
    assert MIN_PATIENTS > 3
    assert estimate() is None


def test_a_proposal_is_stored_under_the_next_number_and_not_used(enrol, estimate, database, clinic_id):
    enrol(26, 13.0)
    estimated = estimate()
    other = replace(estimated, proposal=replace(estimated.proposal, patients=25))
    for proposed, is_new in ((other, True), (estimated, True), (estimated, False)):
        with database.write(clinic_id) as session:
            assert priors.store(session, clinic_id, proposed, NOW).created is is_new
    known = proposals(database, clinic_id)
    assert known["prior_in_use"] == "published-1"
    assert [item["name"] for item in known["items"]] == ["clinic-2", "clinic-1"]
    assert not any(item["in_use"] for item in known["items"])
    with database.read() as session:
        assert session.get_one(Clinic, clinic_id).version == 1


def test_another_clinics_proposals_are_not_there(database, clinic_id):
    with database.write() as session:
        elsewhere = factories.clinic(session).id
    with database.write(elsewhere) as session:
        factories.estimated_prior(session)
    assert proposals(database, clinic_id)["items"] == []
    with database.read(clinic_id) as session, pytest.raises(NotFound):
        priors.proposals(session, Actor(clinic_id, clinic_id, frozenset({Role.ADMIN})), elsewhere)
