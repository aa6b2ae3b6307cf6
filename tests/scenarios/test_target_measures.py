"""OCD by intrusive thoughts: the mood is flat, intrusive thoughts return."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine

from models.clinics import Clinic
from models.patients import Patient
from tests import factories

NOW = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 27)
FIRST = date(2026, 8, 23)
INFUSIONS = [FIRST + timedelta(days=days) for days in (0, 3, 7, 10, 14, 17, 45, 71)]
"""Six of induction, then two of maintenance; the last one is 25 days ago."""
NOISE = (0, 1, -1, 0, 0, -1, 1)
COURSE = {"kind": "initial", "began_on": str(FIRST)}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(method: str, what: str, body: Any = None, version: int | None = None) -> Any:
        path = f"/v1/patients/{people.patient.patient_id}/{what}"
        headers = people.clinician.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        answer = client.open(path, method=method, json=body, headers=headers)
        assert answer.status_code in {200, 201}, answer.json
        return answer.json

    return send


@pytest.fixture
def ocd(app, people):
    """A flat mood; intrusive thoughts of 8 before treatment, 3 after an infusion, then returning."""
    with app.extensions["database"].write(people.clinic_id) as session:
        session.get_one(Clinic, people.clinic_id).outlook_mode = "shown"
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        for day in INFUSIONS:
            factories.infusion(session, patient, day)
        for number in range(-14, (TODAY - FIRST).days + 1):
            day = FIRST + timedelta(days=number)
            factories.check_in(
                session,
                patient,
                day,
                mood=5 + NOISE[number % 5],
                anxiety=5,
                enjoyment=None,
                benefit_left=None,
                ratings={"intrusive_thoughts": thoughts(day) + NOISE[number % 7]},
            )


def thoughts(day: date) -> int:
    """Half of what an infusion gives is lost after about 18 days."""
    since = [(day - given).days for given in INFUSIONS if given <= day]
    return 8 if not since else round(8 - 5 * 2 ** -((since[-1] / 18) ** 2))


@pytest.fixture
def course_id() -> UUID:
    return uuid4()


@pytest.mark.usefixtures("ocd")
def test_by_intrusive_thoughts_their_return_is_found(ask, course_id):
    ask("PUT", f"courses/{course_id}", COURSE | {"target_measure": "intrusive_thoughts"})
    summary = ask("GET", "summary")
    assert summary["headline"] == (
        "Overdue. Half of the benefit has probably gone, by intrusive thoughts (97 in 100). 25 days since "
        "the last infusion; the plan's latest day is 7 December. Nothing booked."
    )
    outlook = summary["outlook"]
    assert (outlook["target_measure"], outlook["status"]) == ("intrusive_thoughts", "overdue")
    # On the rating's own scale: it falls with an infusion, and above the line half of the benefit is lost.
    assert 3 < outlook["half_benefit_line"] < outlook["baseline_level"] < 8.5
    texts = {reason["code"]: reason["text"] for reason in outlook["reasons"]}
    assert texts["target_measure"] == (
        "By intrusive thoughts, the target measure of this course (0 to 10, 10 is worst), not by mood. The "
        "prior comes from depression studies."
    )
    assert texts["half_benefit_line"].startswith("Intrusive thoughts were ")
    review = ask("GET", "response-review")
    assert review["target_measure"] == "intrusive_thoughts"
    assert review["rating_averages"][-1]["measure"] == "intrusive_thoughts"


@pytest.mark.usefixtures("ocd")
def test_by_mood_it_is_not_found(ask, course_id):
    ask("PUT", f"courses/{course_id}", COURSE)
    assert ask("GET", "summary")["headline"] == (
        "No measurable benefit since treatment began on 23 August: wellbeing 5.0 in the days after the last "
        "infusions, was 5.0. 25 days since the last infusion; the plan's latest day is 7 December. "
        "Nothing booked."
    )


@pytest.mark.usefixtures("ocd")
def test_the_chart_has_the_half_benefit_line_at_intrusive_thoughts(client, people, ask, course_id):
    ask("PUT", f"courses/{course_id}", COURSE | {"target_measure": "intrusive_thoughts"})
    line = ask("GET", "outlook")["half_benefit_line"]
    path, svg = f"/v1/patients/{people.patient.patient_id}/trends", {"Accept": "image/svg+xml"}
    drawn = client.get(path, headers=people.clinician.headers | svg).text
    assert "Intrusive thoughts, mood and anxiety" in drawn
    assert f"Half of the benefit is gone with intrusive thoughts above {line:.1f}." in drawn
    assert "Wellbeing" not in drawn
