"""Extra daily ratings over HTTP: chosen for a patient, answered in the check-in, never in the outlook."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from models.check_ins import CheckIn
from models.patients import Patient
from tests import factories

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(method: str, what: str, body: Any = None, who: Any = None, **headers: str):
        path = f"/v1/patients/{people.patient.patient_id}/{what}"
        asked = (who or people.clinician).headers | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return client.open(path, method=method, json=body, headers=asked)

    return send


@pytest.fixture
def lived(database, people):
    """Forty days with an infusion every six, each day with these extra ratings."""

    def on(ratings: Any, back: range = range(40)) -> None:
        with database.write(people.clinic_id) as session:
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            for days in back:
                day = TODAY - timedelta(days=days)
                shown = ratings(days) if callable(ratings) else ratings
                factories.check_in(session, patient, day, mood=3 if days > 25 else 7, ratings=shown)
            for days in (25, 22, 19, 16, 13, 10):
                factories.infusion(session, patient, TODAY - timedelta(days=days))

    return on


def rating(answer: Any, code: str) -> dict[str, Any]:
    (found,) = [found for found in answer.json["items"] if found["code"] == code]
    return dict(found)


def answers(**ratings: Any) -> dict[str, Any]:
    recorded = {"time_zone": factories.ZONE, "recorded_at": f"{TODAY}T20:30:00-06:00"}
    return {"mood": 5, "anxiety": 4, "ratings": ratings, **recorded}


def test_a_clinician_chooses_and_the_patient_is_asked_with_the_words_to_use(ask, people):
    nothing = ask("GET", "daily-ratings", who=people.patient)
    assert (nothing.json["version"], nothing.headers["ETag"]) == (0, '"v0"')
    assert not any(found["asked"] for found in nothing.json["items"])
    chosen = {"codes": ["sleep", "craving"]}
    first, again = (ask("PUT", "daily-ratings", chosen) for _ in range(2))
    assert (first.status_code, first.json) == (again.status_code, again.json)
    result = ask("GET", "daily-ratings", who=people.patient)
    assert [found["code"] for found in result.json["items"] if found["asked"]] == ["craving", "sleep"]
    assert rating(result, "craving")["direction"] == "higher_is_worse"
    assert rating(result, "sleep")["direction"] == "higher_is_better"
    assert ask("PUT", "daily-ratings", {"codes": []}).status_code == 428
    assert ask("PUT", "daily-ratings", {"codes": []}, If_Match='"v7"').status_code == 412
    off = ask("PUT", "daily-ratings", {"codes": []}, If_Match='"v1"')
    assert (off.status_code, off.json["version"]) == (200, 2)


@pytest.mark.parametrize(
    ("codes", "code"), [(["thirst"], "unknown_code"), (["sleep", "sleep"], "named_twice")]
)
def test_a_choice_beyond_the_catalogue_is_refused(ask, codes, code):
    refused = ask("PUT", "daily-ratings", {"codes": codes})
    assert [error["code"] for error in refused.json["errors"]] == [code]
    assert ask("GET", "daily-ratings").json["version"] == 0


def test_answers_are_stored_read_and_revised_with_their_day_whatever_is_asked_now(ask, people):
    stored = ask("PUT", f"check-ins/{TODAY}", answers(sleep=8, craving=0), people.patient)
    again = ask("PUT", f"check-ins/{TODAY}", answers(craving=0, sleep=8), people.patient)
    assert (stored.status_code, again.status_code) == (201, 200)
    assert stored.json["ratings"] == again.json["ratings"] == {"craving": 0, "sleep": 8}
    revised = ask("PUT", f"check-ins/{TODAY}", answers(sleep=2), people.patient, If_Match='"v1"')
    assert revised.json["ratings"] == {"sleep": 2}
    result = [row.get("ratings") for row in ask("GET", f"check-ins/{TODAY}/revisions").json["items"]]
    assert result == [{"craving": 0, "sleep": 8}, {"sleep": 2}]
    lines = ask("GET", "check-ins", Accept="text/csv").text.splitlines()
    assert '{""sleep"":2}' in lines[1].replace(" ", "")
    without = ask("PUT", f"check-ins/{TODAY}", answers(), people.patient, If_Match='"v2"')
    assert "ratings" not in without.json


def test_what_is_no_rating_is_refused_by_name_and_never_repeated(ask, people):
    for ratings, fault in (
        ({"craving": 11}, ("#/ratings/craving", "out_of_range")),
        ({"craving": "3"}, ("#/ratings/craving", "not_whole")),
        ({"zq7canary": 3}, ("#/ratings", "unknown_code")),
        ([3], ("#/ratings", "wrong_type")),
    ):
        refused = ask("PUT", f"check-ins/{TODAY}", answers() | {"ratings": ratings}, people.patient)
        assert [(error["pointer"], error["code"]) for error in refused.json["errors"]] == [fault]
        assert "zq7canary" not in refused.text
    assert ask("GET", f"check-ins/{TODAY}").status_code == 404


def test_each_has_its_trend_and_its_baseline_as_mood_has(ask, lived):
    lived(lambda days: {"craving": 8 if days > 25 else 3} | ({"focus": 5} if days == 2 else {}))
    craving = rating(ask("GET", "daily-ratings"), "craving")
    assert (craving["last_7_days"]["mean"], craving["baseline_period"]["mean"]) == (3, 8)
    assert craving["baseline_period"]["answered_count"] == 14
    (series,) = ask("GET", "trends?measure=craving").json["series"]
    assert (series["measure"], series["answered_count"], series["estimated"]) == ("craving", 40, True)
    result = [series["measure"] for series in ask("GET", "trends").json["series"]]
    assert result == ["mood", "enjoyment", "anxiety", "side_effect_burden", "craving", "focus"]
    drawn = ask("GET", "trends?measure=craving", Accept="image/svg+xml")
    assert (drawn.status_code, "10 is worst" in drawn.text) == (200, True)
    assert "Craving" not in ask("GET", "trends", Accept="image/svg+xml").text


def test_optional_ratings_do_not_change_the_outlook(ask, lived, database, people):
    lived(None)
    before = ask("GET", "outlook").json
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        patient.change_seq += 1
        for row in session.scalars(select(CheckIn)):
            row.ratings = {"craving": 10, "rumination": 10, "energy": 0, "sleep": 0}
    after = ask("GET", "outlook").json
    assert {**after, "outlook_id": None} == {**before, "outlook_id": None}
