"""What a phone asks today: the day and its end, the questions, what is answered, what comes next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from clinical.daily_ratings import CATALOGUE
from clinical.questions import EVERY_QUESTION
from models.infusions import Infusion
from models.patients import Patient
from schemas.check_ins import NewCheckInSchema
from services.access import Role
from tests import factories

pytestmark = pytest.mark.either_database

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ask(client, people):
    def get(who=None, *, etag=None):
        who = who or people.patient
        patient = "me" if Role.PATIENT in getattr(who, "roles", ()) else people.patient.patient_id
        headers = who.headers | ({"If-None-Match": etag} if etag else {})
        return client.get(f"/v1/patients/{patient}/today", headers=headers)

    return get


@pytest.fixture
def record(database, people):
    """Store something of the patient's by a function of the factories."""

    def store(make, *given, **columns):
        with database.write(people.clinic_id) as session:
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            return make(session, patient, *given, **columns)

    return store


def codes(answer):
    return [question["code"] for question in answer.json["questions"]]


def test_a_day_of_which_nothing_is_known_asks_the_three_questions_of_every_day(ask, people):
    found = ask()
    assert found.status_code == 200
    assert found.json["today"] == "2026-11-22"
    assert (found.json["time_zone"], found.json["day_start_hour"]) == (factories.ZONE, 4)
    assert found.json["language"] == "en"
    assert codes(found) == ["mood", "enjoyment", "anxiety"]
    assert [question["required"] for question in found.json["questions"]] == [True, False, True]
    assert not any("answer" in question for question in found.json["questions"])
    assert (found.json["check_in_version"], found.json["side_effects_answered"]) == (0, False)
    assert found.json["questionnaires_due"] == found.json["questionnaires_answered"] == []
    assert "next_infusion" not in found.json
    assert found.json["patient_id"] == str(people.patient.patient_id)


def test_the_day_ends_at_the_patients_own_hour(ask, client, people, clock):
    assert ask().json["day_ends_at"] == "2026-11-23T10:00:00+00:00"
    body = {"time_zone": "Europe/Lisbon", "day_start_hour": 0}
    headers = people.patient.headers | {"If-Match": '"v1"'}
    assert client.patch("/v1/patients/me", json=body, headers=headers).status_code == 200
    assert ask().json["day_ends_at"] == "2026-11-23T00:00:00+00:00"
    clock.move_to(datetime(2026, 11, 23, 0, 0, tzinfo=UTC))
    assert (ask().json["today"], ask().json["day_ends_at"]) == ("2026-11-23", "2026-11-24T00:00:00+00:00")


def test_small_hours_belong_to_the_evening_before(ask, clock):
    clock.move_to(datetime(2026, 11, 23, 9, 59, tzinfo=UTC))
    assert ask().json["today"] == "2026-11-22"
    clock.move_to(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    assert ask().json["today"] == "2026-11-23"


def test_what_is_answered_already_is_shown_with_the_version_to_change(ask, record):
    answered: dict[str, Any] = {"mood": 6, "enjoyment": None, "anxiety": 0, "side_effects": [], "version": 3}
    record(factories.check_in, TODAY, **answered)
    record(factories.check_in, TODAY - timedelta(days=1), mood=1)
    found = ask()
    assert [question.get("answer") for question in found.json["questions"]] == [6, None, 0]
    assert (found.json["check_in_version"], found.json["side_effects_answered"]) == (3, True)


def test_a_removed_check_in_is_no_answer_and_its_version_is_named(ask, client, people):
    when = {"time_zone": factories.ZONE, "recorded_at": NOW.isoformat()}
    path = f"/v1/patients/me/check-ins/{TODAY}"
    client.put(
        path, json={"mood": 6, "anxiety": 3, "side_effects": [], **when}, headers=people.patient.headers
    )
    removed = client.delete(path, headers=people.patient.headers | {"If-Match": '"v1"'})
    assert removed.status_code == 204
    found = ask()
    assert not any("answer" in question for question in found.json["questions"])
    assert (found.json["check_in_version"], found.json["side_effects_answered"]) == (2, False)
    again = {"mood": 5, "anxiety": 3, **when}
    headers = people.patient.headers | {"If-Match": f'"v{found.json["check_in_version"]}"'}
    assert client.put(path, json=again, headers=headers).status_code == 200


def test_the_ratings_that_the_clinic_chose_are_asked_in_order_of_the_catalogue(ask, client, people, record):
    path = f"/v1/patients/{people.patient.patient_id}/daily-ratings"
    chosen = {"codes": ["sleep", "craving"]}
    assert client.put(path, json=chosen, headers=people.clinician.headers).status_code == 200
    assert codes(ask()) == ["mood", "enjoyment", "anxiety", "craving", "sleep"]
    record(factories.check_in, TODAY, ratings={"craving": 2})
    shown = {question["code"]: question for question in ask().json["questions"]}
    assert (shown["craving"]["answer"], "answer" in shown["sleep"]) == (2, False)
    craving = next(rating for rating in CATALOGUE if rating.code == "craving")
    assert shown["craving"]["question"] == craving.question
    assert (shown["craving"]["low_anchor"], shown["craving"]["high_anchor"]) == (
        craving.lowest,
        craving.highest,
    )


def test_the_benefit_left_is_asked_when_the_summary_says_so(ask, client, people, record, clock):
    for ago in (34, 30, 26, 22, 18, 14):
        record(factories.infusion, TODAY - timedelta(days=ago))
    found = ask()
    assert codes(found) == ["mood", "enjoyment", "anxiety", "benefit_left"]
    assert found.json["questions"][-1]["highest"] == 100
    assert client.get("/v1/patients/me/summary", headers=people.patient.headers).json["benefit_left_asked"]
    record(factories.check_in, TODAY, benefit_left=70)
    assert ask().json["questions"][-1]["answer"] == 70
    clock.shift(timedelta(days=1))
    assert codes(ask()) == ["mood", "enjoyment", "anxiety"]
    summary = client.get("/v1/patients/me/summary", headers=people.patient.headers).json
    assert summary["benefit_left_asked"] is False


def test_the_safety_question_is_there_with_its_words_answer_and_contacts(ask, client, people, database):
    before = ask().json["daily_safety"]
    assert (before["asked"], before["crisis_message"]["contacts"]) == (False, [])
    with database.write(people.clinic_id) as session:
        factories.safety_settings(session, safety_question=True)
    asked = ask().json["daily_safety"]
    same = client.get("/v1/patients/me/safety-question", headers=people.patient.headers).json
    assert asked == same
    assert asked["asked"] is True
    path = f"/v1/patients/me/safety-answers/{TODAY}"
    assert client.put(path, json={"answer": 0}, headers=people.patient.headers).status_code == 201
    assert ask().json["daily_safety"] == same | {"answer": 0}


def test_questionnaires_are_due_until_they_are_answered(ask, client, people, record):
    record(factories.schedule)
    record(factories.schedule, instrument="gad-7")
    due = ask().json["questionnaires_due"]
    assert [(form["instrument"], form["trigger"]) for form in due] == [
        ("phq-9", "weekly"),
        ("gad-7", "weekly"),
    ]
    summary = client.get("/v1/patients/me/summary", headers=people.patient.headers).json
    assert due == summary["questionnaires_due"]
    form = record(factories.form, TODAY)
    found = ask().json
    assert [form["instrument"] for form in found["questionnaires_due"]] == ["gad-7"]
    assert found["questionnaires_answered"] == [
        {"response_id": str(form.id), "instrument": "phq-9", "version": 1, "complete": True}
    ]


def test_a_form_begun_is_answered_in_part_and_still_due(ask, record):
    record(factories.schedule)
    record(factories.form, TODAY, answers={"2": 1}, total=None)
    found = ask().json
    assert [form["instrument"] for form in found["questionnaires_due"]] == ["phq-9"]
    assert [form["complete"] for form in found["questionnaires_answered"]] == [False]


def test_the_next_infusion_is_the_first_one_booked_that_has_not_begun(ask, record, clock):
    for days in (9, 2):
        record(factories.infusion, TODAY + timedelta(days=days), status="scheduled")
    record(factories.infusion, TODAY + timedelta(days=1), status="not_done")
    record(factories.infusion, TODAY - timedelta(days=1), status="scheduled")
    found = ask().json["next_infusion"]
    assert found["local_date"] == "2026-11-24"
    assert set(found) == {"infusion_id", "local_date", "started_at", "time_zone"}
    clock.move_to(datetime.fromisoformat(found["started_at"]))
    assert ask().json["next_infusion"]["local_date"] == "2026-12-01"


def test_within_a_day_after_an_infusion_a_second_mood_is_asked(ask, client, people, record, clock):
    given = record(factories.infusion, TODAY)
    clock.move_to(given.started_at - timedelta(minutes=1))
    assert "post_infusion_mood" not in ask().json
    clock.move_to(given.started_at + timedelta(hours=3))
    asked = ask().json["post_infusion_mood"]
    assert (asked["infusion_id"], asked["question"]) == (str(given.id), "How is your mood now?")
    assert datetime.fromisoformat(asked["closes_at"]) == given.started_at + timedelta(hours=24)
    assert (asked["version"], "answer" in asked) == (0, False)
    path = f"/v1/patients/me/infusions/{given.id}/post-infusion-mood"
    body = {"mood": 8, "recorded_at": (given.started_at + timedelta(hours=3)).isoformat()}
    assert client.put(path, json=body, headers=people.patient.headers).status_code == 201
    asked = ask().json["post_infusion_mood"]
    assert (asked["version"], asked["answer"]) == (1, 8)
    spanish = client.get("/v1/patients/me/today", headers=people.patient.headers | {"Accept-Language": "es"})
    assert spanish.json["post_infusion_mood"]["question"] == "¿Cómo está su ánimo ahora?"
    clock.move_to(given.started_at + timedelta(hours=24))
    assert "post_infusion_mood" not in ask().json


@pytest.fixture
def cycle(record):
    """Six infusions of an induction, the last of them 28 days ago."""
    return [record(factories.infusion, TODAY - timedelta(days=ago)) for ago in (45, 42, 38, 35, 31, 28)]


def test_the_recall_question_is_asked_from_the_day_before_an_infusion_until_a_week_after(
    ask, client, people, record, clock, cycle, database
):
    booked = record(factories.infusion, TODAY, status="scheduled", ended_at=None)
    clock.move_to(booked.started_at - timedelta(days=2))
    assert "half_benefit_recall" not in ask().json
    clock.move_to(booked.started_at - timedelta(days=1))
    asked = ask().json["half_benefit_recall"]
    assert asked == {
        "infusion_id": str(booked.id),
        "about_infusion_on": str(cycle[-1].local_date),
        "question": "After your last infusion, about how many days until half of the benefit was gone?",
        "choices": [
            {"code": "days", "label": "about this many days"},
            {"code": "not_gone", "label": "it had not gone"},
            {"code": "cannot_say", "label": "I can't say"},
        ],
        "most_days": 27,
        "closes_on": "2026-11-22",
        "version": 0,
    }
    assert ask(people.clinician).json["half_benefit_recall"] == asked

    path = f"/v1/patients/me/infusions/{booked.id}/half-benefit-recall"
    body = {
        "recall_answer": "days",
        "recalled_days": 19,
        "answered_at": (booked.started_at - timedelta(days=1)).isoformat(),
    }
    assert client.put(path, json=body, headers=people.patient.headers).status_code == 201
    asked = ask().json["half_benefit_recall"]
    assert (asked["version"], asked["recall_answer"], asked["recalled_days"]) == (1, "days", 19)

    clock.move_to(booked.started_at + timedelta(hours=1))
    assert ask().json["half_benefit_recall"]["most_days"] == 28
    with database.write(people.clinic_id) as session:
        session.get_one(Infusion, (people.clinic_id, booked.patient_id, booked.id, 1)).status = "completed"
    clock.move_to(booked.started_at + timedelta(days=7))
    asked = ask().json["half_benefit_recall"]
    assert (asked["most_days"], asked["closes_on"], asked["recalled_days"]) == (28, "2026-11-29", 19)
    spanish = client.get("/v1/patients/me/today", headers=people.patient.headers | {"Accept-Language": "es"})
    assert spanish.json["half_benefit_recall"]["question"].startswith("Después de su última infusión")
    assert [each["label"] for each in spanish.json["half_benefit_recall"]["choices"]] == [
        "aproximadamente estos días", "no se había perdido", "no sé decirlo",
    ]  # fmt: skip
    clock.move_to(booked.started_at + timedelta(days=8))
    assert "half_benefit_recall" not in ask().json


@pytest.mark.usefixtures("cycle")
def test_a_recall_without_a_number_or_removed_is_shown_as_such(ask, client, people, record):
    given = record(factories.infusion, TODAY)
    path = f"/v1/patients/me/infusions/{given.id}/half-benefit-recall"
    body = {"recall_answer": "cannot_say", "answered_at": NOW.isoformat()}
    assert client.put(path, json=body, headers=people.patient.headers).status_code == 201
    asked = ask().json["half_benefit_recall"]
    assert (asked["version"], asked["recall_answer"], "recalled_days" in asked) == (1, "cannot_say", False)
    removed = client.delete(path, headers=people.patient.headers | {"If-Match": '"v1"'})
    assert removed.status_code == 204
    asked = ask().json["half_benefit_recall"]
    assert (asked["version"], "recall_answer" in asked) == (2, False)


@pytest.mark.usefixtures("cycle")
def test_of_two_infusions_the_recall_question_is_that_of_the_later_one(ask, record):
    first = record(factories.infusion, TODAY - timedelta(days=6))
    assert ask().json["half_benefit_recall"]["infusion_id"] == str(first.id)
    booked = record(factories.infusion, TODAY + timedelta(days=1), status="scheduled")
    asked = ask().json["half_benefit_recall"]
    assert (asked["infusion_id"], asked["most_days"]) == (str(booked.id), 6)
    assert asked["about_infusion_on"] == str(first.local_date)


@pytest.mark.usefixtures("cycle")
def test_the_recall_question_is_not_asked_of_an_infusion_of_the_same_day(ask, record):
    given = record(factories.infusion, TODAY)
    record(factories.infusion, TODAY + timedelta(days=1), status="scheduled")
    assert ask().json["half_benefit_recall"]["infusion_id"] == str(given.id)


@pytest.mark.parametrize("status", ["not_done", "scheduled"])
@pytest.mark.usefixtures("cycle")
def test_the_recall_question_is_not_asked_after_an_infusion_that_was_not_confirmed(ask, record, status):
    record(factories.infusion, TODAY - timedelta(days=1), status=status)
    assert "half_benefit_recall" not in ask().json


def test_the_recall_question_is_not_asked_during_an_induction(ask, record):
    for ago in (10, 7, 3):
        record(factories.infusion, TODAY - timedelta(days=ago))
    record(factories.infusion, TODAY + timedelta(days=1), status="scheduled")
    assert "half_benefit_recall" not in ask().json


@pytest.mark.usefixtures("cycle")
def test_today_with_the_recall_question_shows_no_forecast(ask, client, people, record):
    record(factories.infusion, TODAY + timedelta(days=1), status="scheduled")
    outlook = client.get(
        f"/v1/patients/{people.patient.patient_id}/outlook", headers=people.clinician.headers
    ).json
    for who in (people.patient, people.clinician):
        assert "half_benefit_recall" in ask(who).json
        assert not set(ask(who).json) & (set(outlook) - {"today"})


def test_a_client_that_names_no_language_is_answered_in_the_patients_own(ask, client, people, database):
    with database.write(people.clinic_id) as session:
        session.get_one(Patient, (people.clinic_id, people.patient.patient_id)).language = "es-MX"
    own = ask()
    assert (own.json["language"], own.headers["Content-Language"]) == ("es", "es")
    assert own.json["questions"][0]["question"] == "¿Cómo estuvo su ánimo hoy?"
    # What the client names comes first, also where no text is served in it.
    for named in ("en", "fr"):
        headers = people.patient.headers | {"Accept-Language": named}
        assert client.get("/v1/patients/me/today", headers=headers).json["language"] == "en"
    assert ask(people.clinician).json["language"] == "en"


def test_the_editions_are_the_tags_of_the_catalogues(ask, client):
    editions = ask().json["catalogues"]
    for name, path in (("side_effects", "catalog/side-effects"), ("questionnaires", "questionnaires")):
        assert client.get(f"/v1/{path}").headers["ETag"] == f'"{editions[f"{name}_edition"]}"'


def test_a_client_that_has_the_day_gets_304_until_something_changes(ask, record, clock):
    first = ask()
    etag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    clock.shift(timedelta(hours=2))
    same = ask(etag=etag)
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", etag)
    record(factories.check_in, TODAY, mood=4)
    changed = ask(etag=etag)
    assert changed.status_code == 200
    assert ask(etag=changed.headers["ETag"]).status_code == 304
    clock.shift(timedelta(days=1))
    assert ask(etag=changed.headers["ETag"]).status_code == 200


def test_clinicians_read_it_by_the_patients_id_and_it_is_in_the_access_log(ask, client, people):
    own = ask()
    assert ask(people.clinician).json == own.json
    (read,) = client.get("/v1/patients/me/access-log", headers=people.patient.headers).json["items"]
    assert (read["resource"], read["roles"]) == ("today", ["clinician"])


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("delegate", 403),
        ("admin", 403),
        ("integration", 403),
        ("stranger", 404),
        ("nobody", 401),
    ],
)
def test_it_is_nobody_elses(who, status, ask, people):
    assert ask(getattr(people, who)).status_code == status


@pytest.mark.parametrize("who", ["other_patient", "strangers_patient"])
def test_another_patient_is_not_found(who, client, people):
    path = f"/v1/patients/{people.patient.patient_id}/today"
    assert client.get(path, headers=getattr(people, who).headers).status_code == 404


def test_every_question_can_be_answered_in_a_check_in():
    taken: dict[str, Any] = NewCheckInSchema().fields
    own = [question for question in EVERY_QUESTION if question.code in taken]
    assert {question.code for question in own} == {"mood", "enjoyment", "anxiety", "benefit_left"}
    for question in own:
        assert taken[question.code].required is question.required
        assert (taken[question.code].low, taken[question.code].high) == (question.lowest, question.highest)
    others = {question.code for question in EVERY_QUESTION} - {question.code for question in own}
    assert others == {rating.code for rating in CATALOGUE}
