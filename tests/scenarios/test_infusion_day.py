"""A patient who answers at six in the morning and is given an infusion at eleven: before is before."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from models.patients import Patient
from tests import factories

DAY = date(2026, 11, 17)
ZONE = ZoneInfo(factories.ZONE)
EVENING = datetime.combine(DAY + timedelta(days=5), time(21), ZONE).astimezone(UTC)
DIZZY = [{"code": "dizziness", "severity": "severe"}]
WELL_BEFORE = 4


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


@pytest.fixture
def ask(client, people, database):
    """Ask as the clinician, five evenings after the second infusion of an induction."""
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        patient.time_zone = factories.ZONE
        factories.infusion(session, patient, DAY - timedelta(days=4))
        times = {"started_at": at(DAY, 11), "ended_at": at(DAY, 11, 40)}
        infusion = factories.infusion(session, patient, DAY, **times)
        for back in range(14, 0, -1):
            day = DAY - timedelta(days=back)
            factories.check_in(session, patient, day, mood=WELL_BEFORE, enjoyment=None, anxiety=None)
        factories.check_in(
            session,
            patient,
            DAY,
            mood=7,
            enjoyment=None,
            anxiety=None,
            side_effects=DIZZY,
            recorded_at=at(DAY, 6, 11),
        )
        for ahead in range(1, 6):
            day = DAY + timedelta(days=ahead)
            factories.check_in(session, patient, day, mood=8, enjoyment=None, anxiety=None)
        factories.post_infusion_mood(session, infusion, mood=6, recorded_at=at(DAY, 15, 30))

    def get(resource: str) -> Any:
        path = f"/v1/patients/{people.patient.patient_id}/{resource}"
        with time_machine.travel(EVENING, tick=False):
            response = client.get(path, headers=people.clinician.headers)
        assert response.status_code == 200, response.json
        return response.json

    return get


def test_the_onset_is_not_the_morning_before_the_drug(ask):
    curve = ask("response-curve")["curves"][-1]
    assert (curve["infused_on"], curve["infusion_day_timing"]) == (str(DAY), "before")
    assert (curve["onset_day"], curve["days"][0]["day"]) == (1, 1)
    assert curve["level_before"] == pytest.approx((7 * WELL_BEFORE + 7) / 8)


def test_severe_dizziness_is_not_laid_to_a_drug_not_yet_given(ask):
    found = ask("side-effects")
    earlier, this = found["infusions"]
    assert (this["effects"], "burden_on_the_day" in this) == ([], False)
    assert this["infusion_day_timing"] == "before"
    assert earlier["effects"] == [
        {"code": "dizziness", "onset_day": 4, "last_day": 4, "day_count": 1, "worst": "severe"}
    ]
    (morning,) = [each for each in found["days"] if each["local_date"] == str(DAY)]
    assert (morning["days_since_infusion"], morning["infusion_day_timing"]) == (4, "before")


def test_what_changed_within_hours_is_measured_by_the_second_answer(ask):
    curve = ask("response-curve")["curves"][-1]
    assert (curve["post_infusion"]["hours_after_start"], curve["post_infusion"]["mood"]) == (4.5, 6)
    assert curve["post_infusion"]["mood_change"] == pytest.approx(6 - (7 * WELL_BEFORE + 7) / 8)


def test_the_headline_is_that_of_the_induction(ask):
    assert ask("summary")["headline"] == HEADLINE


HEADLINE = "Induction: 2 of 6 infusions given, 1 day behind the plan. Nothing booked."
