"""Patients whose bookings do not fit, as clinicians read them: each headline word for word."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from models.clinics import Clinic
from models.patients import Patient
from models.protocols import Protocol
from tests import factories

NOW = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 27)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def live(app, people):
    """Store the last maintenance infusion so many days ago, and what is booked in how many days."""

    def store(last: int, *booked: int, mode: str = "silent") -> None:
        with app.extensions["database"].write(people.clinic_id) as session:
            session.get_one(Clinic, people.clinic_id).outlook_mode = mode
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            factories.suitable(session, patient)
            for back in (77, 74, 70, 67, 63, 60, 36, 12):
                factories.infusion(session, patient, TODAY - timedelta(days=last - 12 + back))
            for ahead in booked:
                factories.infusion(session, patient, TODAY + timedelta(days=ahead), status="scheduled")
            for back in range(95):
                mood = 7 if back < last + 65 else 3
                factories.check_in(
                    session, patient, TODAY - timedelta(days=back), mood=mood, anxiety=10 - mood
                )

    return store


@pytest.fixture
def ask(client, people):
    def asked(what: str = "summary") -> Any:
        path = f"/v1/patients/{people.patient.patient_id}/{what}"
        return client.get(path, headers=people.clinician.headers).json

    return asked


@pytest.fixture
def row(client, people):
    def asked() -> Any:
        path = f"/v1/clinics/{people.clinic_id}/patients?limit=200"
        items = client.get(path, headers=people.clinician.headers).json["items"]
        (found,) = [item for item in items if item["patient_id"] == str(people.patient.patient_id)]
        return found

    return asked


def test_booked_before_the_plans_window(ask, live, row):
    live(9, 2)
    summary = ask()
    assert summary["headline"] == (
        "Not due. 9 days since the last infusion; the plan's latest day is 23 December. "
        "Booked for 29 November, 3 days before the plan's earliest day, 2 December."
    )
    assert summary["booking"]["findings"] == [
        {
            "code": "before_window",
            "day_on": "2026-11-29",
            "text": "Booked for 29 November, 3 days before the plan's earliest day, 2 December.",
        }
    ]
    found = row()
    assert found["attention"]["urgency"] == "organise"
    assert [reason["code"] for reason in found["attention"]["reasons"]] == ["booking_conflict"]
    assert found["booking"] == summary["booking"]


def test_booked_after_the_plans_window(ask, live):
    live(20, 18)
    assert ask()["headline"] == (
        "Not due. 20 days since the last infusion. "
        "Booked for 15 December, 3 days after the plan's latest day, 12 December."
    )


def test_due_and_not_booked(ask, live, row):
    live(38)
    assert ask()["headline"] == (
        "Due. 38 days since the last infusion; the plan's latest day was 24 November. Nothing booked."
    )
    assert ask()["booking"] == {
        "booked_elsewhere": False,
        "findings": [
            {
                "code": "not_booked",
                "day_on": "2026-11-24",
                "text": "Nothing booked; the plan's latest day was 24 November.",
            }
        ],
    }
    codes = [reason["code"] for reason in row()["attention"]["reasons"]]
    assert codes == ["past_plan", "due"]


def test_yesterdays_booking_that_nobody_confirmed(ask, live):
    live(25, -1)
    assert ask()["headline"] == (
        "Not due. 25 days since the last infusion; the plan's latest day is 7 December. "
        "The infusion booked for 26 November is not confirmed: given or not done? Nothing else booked."
    )


def test_booked_although_the_course_is_over(ask, live, row, people, app):
    live(25, 4)
    with app.extensions["database"].write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.protocol(session, patient, ended_on=TODAY - timedelta(days=3))
        patient.change_seq += 1
        assert session.query(Protocol).count() == 1
    assert ask()["headline"] == "Booked for 1 December, but the course ended on 24 November."
    assert [reason["code"] for reason in row()["attention"]["reasons"]] == ["booking_conflict"]


def test_a_patient_sees_the_booked_day_and_no_finding(client, live, people):
    live(9, 2)
    own = client.get("/v1/patients/me/summary", headers=people.patient.headers).json
    assert own["next_booked_infusion_on"] == "2026-11-29"
    assert "booking" not in own
    assert "before the plan" not in str(own)
