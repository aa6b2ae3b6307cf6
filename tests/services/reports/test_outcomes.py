"""The outcomes of a clinic, counted from what its database holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

from models.safety import SafetyAnswer
from services.access import Actor, Role
from services.errors import NotFound
from services.reports.outcomes import outcomes
from tests import factories

FIRST = date(2026, 3, 2)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def safety(session, of, day, answer):
    row = SafetyAnswer(
        patient_id=of.id, local_date=day, version=1, answer=answer, known_from=NOW, known_until=None
    )
    row.clinic_id = of.clinic_id
    session.add(row)


@pytest.fixture
def clinic_id(database):
    """Twelve treated patients, seven of whom responded; and everything that must not be counted."""
    with database.write() as session:
        here, there = factories.clinic(session).id, factories.clinic(session).id
    for clinic_id in (here, there):
        with database.write(clinic_id) as session:
            for number in range(12):
                _patient(session, number)
            untreated = factories.patient(session)
            factories.score(session, untreated, on(0), total=20)
    return here


def _patient(session, number):
    responds = number < 7
    patient = factories.patient(session, enrolled_at=NOW - timedelta(days=120))
    factories.consultation(session, patient, indication="major_depression")
    factories.infusion(session, patient, on(-1), removed=True)
    factories.infusion(session, patient, on(-2), status="scheduled")
    factories.infusion(session, patient, on(0))
    factories.score(session, patient, on(-3), total=20)
    # What was entered at first and corrected since says nothing any more.
    factories.score(session, patient, on(21), total=27 if responds else 0, known_until=NOW)
    factories.form(session, patient, on(21), total=4 if responds else 19)
    factories.form(session, patient, on(28), total=None)
    factories.score(session, patient, on(49), total=4)
    for day, answer in ((-9, 0), (-1, 2), (2, 0 if number < 6 else 2), (4, 2), (5, 0), (9, 0)):
        safety(session, patient, on(day), answer)
    effects = [{"code": "nausea", "severity": "mild"}] if number < 5 else []
    factories.check_in(session, patient, on(0), side_effects=effects)
    factories.check_in(session, patient, on(1), side_effects=[{"code": "headache", "severity": "mild"}])


def ask(database, clinic_id, of=None):
    actor = Actor(uuid4(), clinic_id, frozenset({Role.CLINICIAN}))
    with database.read(clinic_id) as session:
        return outcomes(session, actor, of or clinic_id, NOW)


def test_outcomes_are_counted_from_current_records_of_the_clinic(database, clinic_id):
    found = ask(database, clinic_id)
    assert found["treated_count"] == 12
    response = next(one for one in found["rates"] if one["outcome"] == "response")
    figure = {
        "suppressed": False,
        "numerator": 7,
        "denominator": 12,
        "share": 0.5833,
        "lo95": 0.3195,
        "hi95": 0.8067,
    }
    assert response["rows"] == [{"indication": word, **figure} for word in ("all", "major_depression")]
    (loss,) = found["loss_of_response"]
    assert (loss["patient_count"], loss["points"][-1]["elapsed_days"], loss["points"][-1]["surviving"]) == (
        7,
        28,
        1,
    )
    assert found["relief_at_day_3"]["numerator"] == 6
    effects = {row["code"]: row for row in found["side_effect_rates"]["rows"]}
    assert (effects["nausea"]["numerator"], effects["nausea"]["denominator"]) == (5, 12)
    assert effects["headache"]["suppressed"]
    assert found["days_answered"]["median"] == round(2 / 92, 4)


def test_outcomes_take_thirteen_queries_for_any_number_of_patients(database, clinic_id):
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    ask(database, clinic_id)
    assert len([statement for statement in asked if "SELECT" in statement]) == 13


def test_an_empty_clinic_has_no_figures(database):
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    found = ask(database, clinic_id)
    assert (found["treated_count"], found["rates"], found["loss_of_response"]) == (None, [], [])
    assert found["side_effect_rates"]["rows"] == []
    assert found["days_answered"]["suppressed"]


def test_another_clinics_outcomes_are_not_found(database, clinic_id):
    with pytest.raises(NotFound):
        ask(database, clinic_id, of=uuid4())
