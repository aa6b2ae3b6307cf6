"""A patient who came back after two years, and one who came from another clinic, as clinicians read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from models.clinics import Clinic
from models.patients import Patient
from tests import factories

NOW = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 27)
AGAIN = {"kind": "re_induction", "began_on": "2026-11-20"}
MOVED = {
    "kind": "transferred_in",
    "began_on": "2026-11-10",
    "baseline": {"assessed_on": "2026-11-10", "mood": 2, "anxiety": 8},
    "earlier_treatment": {"infusion_count": 9, "last_infusion_on": "2026-11-02"},
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(method: str, what: str, body: Any = None) -> Any:
        path = f"/v1/patients/{people.patient.patient_id}/{what}"
        answer = client.open(path, method=method, json=body, headers=people.clinician.headers)
        assert answer.status_code in {200, 201}, answer.json
        return answer.json

    return send


@pytest.fixture
def live(app, people):
    """Store a patient's infusions and check-ins."""

    def store(infusions: Sequence[date], moods: dict[date, int], mode: str = "shown") -> None:
        with app.extensions["database"].write(people.clinic_id) as session:
            session.get_one(Clinic, people.clinic_id).outlook_mode = mode
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            for day in infusions:
                factories.infusion(session, patient, day)
            for day, mood in moods.items():
                factories.check_in(
                    session, patient, day, mood=mood, anxiety=10 - mood, enjoyment=None, benefit_left=None
                )

    return store


def days(first: date, *after: int) -> list[date]:
    return [first + timedelta(days=number) for number in after]


def answered(first: date, count: int, mood: int) -> dict[date, int]:
    return dict.fromkeys(days(first, *range(count)), mood)


FIRST_SERIES = [*days(date(2024, 12, 1), 0, 3, 7, 10, 14, 17), *days(date(2024, 12, 18), 21, 44, 78)]
SECOND_SERIES = [date(2026, 11, 10), date(2026, 11, 13), date(2026, 11, 17)]
AFTER_DAYS = (SECOND_SERIES[0] - FIRST_SERIES[-1]).days


@pytest.fixture
def back(live):
    """Nine infusions two years ago, of which three of maintenance; then three of a second series."""
    live(
        [*FIRST_SERIES, *SECOND_SERIES],
        answered(date(2024, 11, 17), 14, 4)
        | answered(date(2024, 12, 1), 100, 8)
        | answered(date(2026, 10, 27), 14, 2)
        | answered(date(2026, 11, 10), 17, 5),
    )


@pytest.mark.usefixtures("back")
def test_back_after_614_days_a_new_course_is_proposed_and_not_opened(ask):
    assert AFTER_DAYS == 614
    summary = ask("GET", "summary")
    assert summary["proposed_course"] == {
        "kind": "re_induction",
        "after_days": AFTER_DAYS,
        "last_infusion_on": str(FIRST_SERIES[-1]),
        "began_on": "2026-11-10",
    }
    assert summary["course"] == {
        "number": 1,
        "kind": "initial",
        "began_on": "2024-12-01",
        "infusions_given_count": 12,
    }
    assert f"A new course is proposed, after {AFTER_DAYS} days without an infusion." in summary["headline"]
    assert ask("GET", "courses")["items"] == []


@pytest.mark.usefixtures("back")
def test_the_second_course_reads_as_one_of_its_own(ask):
    course_id = uuid4()
    ask("PUT", f"courses/{course_id}", AGAIN | {"began_on": "2026-11-10"})
    summary = ask("GET", "summary")
    assert summary["headline"] == (
        "Induction of course 2: 3 of 6 infusions given, 5 days behind the plan. Nothing booked."
    )
    assert summary["course"] == {
        "id": str(course_id),
        "number": 2,
        "kind": "re_induction",
        "began_on": "2026-11-10",
        "infusions_given_count": 3,
    }
    assert summary["infusions_given_count"] == 12
    assert (summary["phase"]["kind"], summary["phase"]["infusions_given_count"]) == ("induction", 3)
    assert "proposed_course" not in summary
    assert summary["mood_averages"]["baseline_period"]["mean"] == pytest.approx(2)
    outlook = ask("GET", "outlook")
    assert (outlook["status"], outlook["baseline_reading_count"]) == ("induction", 14)
    assert not any("614" in reason["text"] for reason in outlook["reasons"])
    exposure = ask("GET", "exposure")
    assert exposure["infusion_count"] == 12
    assert exposure["course"]["infusion_count"] == 3
    assert exposure["course"]["first_infusion_on"] == "2026-11-10"
    assert exposure["maintenance_intervals"] == []
    curves = ask("GET", "response-curve")["curves"]
    assert [(curve["course_number"], curve["number"]) for curve in curves[-4:]] == [
        (1, 9),
        (2, 1),
        (2, 2),
        (2, 3),
    ]


@pytest.mark.usefixtures("back")
def test_in_maintenance_of_the_second_course_its_own_intervals_are_named(ask, live):
    live(days(date(2026, 11, 17), 3, 6, 9), {})
    ask("PUT", f"courses/{uuid4()}", AGAIN | {"began_on": "2026-11-10"})
    outlook = ask("GET", "outlook")
    assert (outlook["phase"]["kind"], outlook["finished_cycle_count"]) == ("maintenance", 0)
    assert outlook["protocol_latest_on"] == str(date(2026, 11, 26) + timedelta(days=35))
    assert "past_intervals" not in {reason["code"] for reason in outlook["reasons"]}


@pytest.mark.usefixtures("back")
def test_a_second_course_that_the_patient_dropped_out_of_says_so(ask):
    ended = {"ended_on": "2026-11-24", "end_reason": "dropped_out"}
    ask("PUT", f"courses/{uuid4()}", AGAIN | {"began_on": "2026-11-10"} | ended)
    summary = ask("GET", "summary")
    assert summary["headline"] == "The course ended on 24 November: dropped out."
    assert (summary["phase"]["kind"], summary["attention"]["urgency"]) == ("completed", "none")


@pytest.mark.parametrize("mode", ["silent", "off"])
def test_a_silent_clinic_reads_the_course_too(ask, live, mode):
    live([*FIRST_SERIES, *SECOND_SERIES], answered(date(2026, 10, 27), 31, 3), mode)
    ask("PUT", f"courses/{uuid4()}", AGAIN | {"began_on": "2026-11-10"})
    summary = ask("GET", "summary")
    assert summary["headline"] == (
        "Induction of course 2: 3 of 6 infusions given, 5 days behind the plan. Nothing booked."
    )
    assert (summary["course"]["number"], summary["outlook"]["status"]) == (2, "induction")


@pytest.mark.usefixtures("back")
def test_a_questionnaire_is_compared_within_its_course(ask):
    ask("PUT", f"courses/{uuid4()}", AGAIN | {"began_on": "2026-11-10"})
    for day, total in (("2024-11-28", 16), ("2025-01-20", 6), ("2026-11-09", 20), ("2026-11-24", 15)):
        ask("PUT", f"scores/phq-9/{day}", {"total": total})
    course = ask("GET", "questionnaire-courses/phq-9")
    assert course["before_treatment"]["total"] == 20
    found = {each["local_date"]: each.get("difference") for each in course["points"]}
    assert found == {"2024-11-28": None, "2025-01-20": -10, "2026-11-09": None, "2026-11-24": -5}


def test_a_patient_transferred_in_is_in_maintenance_from_the_first_day(ask, live):
    live([], answered(date(2026, 11, 10), 18, 6))
    ask("PUT", f"courses/{uuid4()}", MOVED)
    summary = ask("GET", "summary")
    assert summary["headline"] == (
        "Due soon. 25 days since the last infusion; the plan's latest day is 7 December. Nothing booked."
    )
    assert summary["phase"] == {"kind": "maintenance"}
    assert (summary["last_infusion_on"], summary["days_since_infusion"]) == ("2026-11-02", 25)
    assert (summary["infusions_given_count"], summary["course"]["infusions_given_count"]) == (0, 0)
    assert "baseline_period" not in summary["mood_averages"]
    outlook = summary["outlook"]
    assert (outlook["basis"], outlook["baseline_reading_count"]) == ("population_prior", 0)
    assert outlook["baseline_level"] == pytest.approx(2, abs=1)


def test_an_infusion_here_then_opens_the_second_cycle(ask, live):
    live([date(2026, 11, 24)], answered(date(2026, 11, 10), 18, 6))
    ask("PUT", f"courses/{uuid4()}", MOVED)
    summary = ask("GET", "summary")
    assert (summary["outlook"]["finished_cycle_count"], summary["outlook"]["phase"]["kind"]) == (
        1,
        "maintenance",
    )
    assert summary["headline"] == (
        "Not due. 3 days since the last infusion; the plan's latest day is 29 December. Nothing booked."
    )


def test_without_the_day_of_the_last_infusion_elsewhere_the_outlook_says_so(ask, live):
    live([], answered(date(2026, 11, 10), 18, 6))
    ask("PUT", f"courses/{uuid4()}", MOVED | {"earlier_treatment": {"infusion_count": 9}})
    outlook = ask("GET", "outlook")
    assert (outlook["status"], outlook["no_forecast_reason"]) == ("insufficient_data", "no_cycle")
    assert outlook["reasons"][0]["text"] == (
        "No infusion here yet, and the day of the last one in the other clinic is not known."
    )


def test_without_a_rated_baseline_the_outlook_asks_for_one(ask, live):
    live([], answered(date(2026, 11, 10), 18, 6))
    ask("PUT", f"courses/{uuid4()}", {name: MOVED[name] for name in MOVED if name != "baseline"})
    outlook = ask("GET", "outlook")
    assert (outlook["status"], outlook["no_forecast_reason"]) == (
        "insufficient_data",
        "insufficient_baseline",
    )
    assert outlook["reasons"][0]["text"] == (
        "Treatment began in another clinic, so no check-ins show the level before it."
    )
