"""The clinic's infusions of some days, and what to check before each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, select

from models.access_log import AccessLogEntry
from models.infusions import Infusion
from models.patients import Patient
from services.access import Role
from tests import factories
from tests.people import signed_in

NOW = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)
TODAY = date(2026, 11, 27)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def get(who: Any = None, **query: Any) -> Any:
        path = f"/v1/clinics/{people.clinic_id}/infusions"
        headers = (who or people.clinician).headers
        return client.get(
            path, query_string={name.strip("_"): value for name, value in query.items()}, headers=headers
        )

    return get


@pytest.fixture
def record(database, people):
    """Store something of a patient's by a function of the factories."""

    def store(make: Any, *given: Any, who: Any = None, **columns: Any) -> Any:
        with database.write(people.clinic_id) as session:
            of = (who or people.patient).patient_id
            return make(session, session.get_one(Patient, (people.clinic_id, of)), *given, **columns)

    return store


def codes(item: Any) -> list[str]:
    return [check["code"] for check in item["checklist"]]


def listed(answer: Any) -> list[tuple[str, str, str]]:
    assert answer.status_code == 200, answer.json
    return [
        (item["display_name"], item["infusion"]["local_date"], item["infusion"]["status"])
        for item in answer.json["items"]
    ]


def test_the_morning_of_a_clinic(ask, record, people, database):
    record(factories.infusion, TODAY, status="scheduled", dose_mg=None, weight_kg=None)
    other = people.other_patient
    record(factories.suitable, who=other, seen_on=date(2026, 9, 1))
    given = record(factories.infusion, TODAY - timedelta(days=14), who=other)
    nausea = {"code": "nausea", "severity": "severe", "onset_at": given.started_at.isoformat()}
    with database.write(people.clinic_id) as session:
        factories.infusion_session(session, given, side_effects=[nausea])
    record(factories.medical_history_entry, who=other, list_name="allergies", name="penicillin", dosage=None)
    record(factories.medical_history_entry, who=other, list_name="medications", name="sertraline")
    record(factories.alert, TODAY - timedelta(days=1), who=other)
    hour = timedelta(hours=1)
    record(factories.infusion, TODAY, who=other, status="scheduled", started_at=NOW + 6 * hour, ended_at=None)
    record(factories.infusion, TODAY + timedelta(days=1), status="scheduled")

    answer = ask()
    assert listed(answer) == [
        ("Wren Alder", "2026-11-27", "scheduled"),
        ("Kit Marlow", "2026-11-27", "scheduled"),
    ]
    first, second = answer.json["items"]
    assert (first["record_number"], first["patient_id"]) != (second["record_number"], second["patient_id"])
    assert codes(first) == ["no_consultation"]
    assert "last_dose" not in first
    assert codes(second) == ["open_alert", "severe_side_effects", "allergies", "medications"]
    assert second["checklist"][1]["text"] == "Severe in the last session, on 13 November: Nausea."
    assert "penicillin" in second["checklist"][2]["text"]
    assert second["last_dose"]["dose_mg"] == 35
    assert second["phase"]["kind"] == "induction"
    assert second["headline"].startswith("1 safety alert open.")


def test_whether_the_recall_question_was_answered_is_to_be_checked(ask, record, people, database, app):
    def maintained(who: Any) -> None:
        for ago in (60, 57, 53, 50, 46, 43):
            record(factories.infusion, TODAY - timedelta(days=ago), who=who)

    def rows(answer: Any) -> dict[str, tuple[bool, Any]]:
        return {
            item["display_name"]: (
                "recall_unanswered" in codes(item),
                item.get("half_benefit_recall_answered"),
            )
            for item in answer.json["items"]
        }

    booked = record(factories.infusion, TODAY, status="scheduled")
    other = record(factories.infusion, TODAY, who=people.other_patient, status="scheduled")
    assert rows(ask()) == {"Wren Alder": (False, None), "Kit Marlow": (False, None)}
    maintained(people.patient)
    maintained(people.other_patient)
    assert rows(ask()) == {"Wren Alder": (True, False), "Kit Marlow": (True, False)}
    with database.write(people.clinic_id) as session:
        factories.half_benefit_recall(session, booked, answer="cannot_say", days=None)
        factories.half_benefit_recall(session, other, removed=True)
    assert rows(ask()) == {"Wren Alder": (False, True), "Kit Marlow": (True, False)}
    with database.write(people.clinic_id) as session:
        row = session.get_one(Infusion, (people.clinic_id, booked.patient_id, booked.id, 1))
        row.status = "completed"
        row = session.get_one(Infusion, (people.clinic_id, other.patient_id, other.id, 1))
        row.status = "not_done"
    assert rows(ask()) == {"Wren Alder": (False, True), "Kit Marlow": (False, None)}
    with database.write() as session:
        account = factories.account(session, people.clinic_id, Role.FRONT_DESK)
        desk = signed_in(app, session, "front_desk", account.id)
    assert all("half_benefit_recall_answered" not in item for item in ask(desk).json["items"])


def test_days_and_statuses_choose_what_is_listed(ask, record):
    for days, status in ((-20, "completed"), (-3, "scheduled"), (-3, "not_done"), (0, "completed")):
        record(factories.infusion, TODAY + timedelta(days=days), status=status)
    assert listed(ask()) == [("Wren Alder", "2026-11-27", "completed")]
    assert [day for _, day, _ in listed(ask(from_="2026-11-01", to="2026-11-27"))] == [
        "2026-11-07", "2026-11-24", "2026-11-24", "2026-11-27",
    ]  # fmt: skip
    waiting = ask(from_="2026-11-01", to="2026-11-27", status="scheduled,not_done")
    assert {status for *_, status in listed(waiting)} == {"scheduled", "not_done"}
    checks = {item["infusion"]["status"]: codes(item) for item in waiting.json["items"]}
    assert "not_confirmed" in checks["scheduled"]
    assert checks["not_done"] == []
    assert listed(ask(from_="2026-11-24")) == listed(ask(from_="2026-11-24", to="2026-11-24"))
    newest = ask(from_="2026-11-01", to="2026-11-27", order="desc")
    assert next(day for _, day, _ in listed(newest)) == "2026-11-27"


def test_pages_give_every_infusion_once(ask, record):
    for days in range(5):
        record(factories.infusion, TODAY + timedelta(days=days), status="scheduled")
    query, found = {"from_": "2026-11-27", "to": "2026-12-31", "limit": 2}, []
    cursor: dict[str, str] | None = {}
    while cursor is not None:
        answer = ask(**query, **cursor)
        found += [day for _, day, _ in listed(answer)]
        cursor = {"cursor": answer.json["next_cursor"]} if "next_cursor" in answer.json else None
    assert found == [f"{TODAY + timedelta(days=days)}" for days in range(5)]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"from_": "2026-11-28", "to": "2026-11-27"}, ("to", "before_from")),
        ({"from_": "2026-01-01", "to": "2026-03-04"}, ("to", "period_too_long")),
        ({"from_": "yesterday"}, ("from", "not_a_date")),
        ({"status": "booked"}, ("status", "unknown_status")),
        ({"status": "scheduled,,completed"}, ("status", "unknown_status")),
        ({"status": ""}, ("status", "unknown_status")),
        ({"zone": "UTC"}, ("zone", "unknown_field")),
    ],
)
def test_what_cannot_be_asked_is_named(ask, query, fault):
    answer = ask(**query)
    assert answer.status_code == 422
    assert {(error["parameter"], error["code"]) for error in answer.json["errors"]} == {fault}


def test_the_front_desk_sees_bookings_and_nothing_clinical(ask, app, record, people, database):
    record(factories.infusion, TODAY, status="scheduled")
    record(factories.alert, TODAY)
    with database.write() as session:
        desk, nurse = (
            signed_in(app, session, str(role), factories.account(session, people.clinic_id, role).id)
            for role in (Role.FRONT_DESK, Role.NURSE)
        )
    (item,) = ask(desk).json["items"]
    assert set(item) == {"patient_id", "record_number", "display_name", "infusion"}
    assert not {"dose_mg", "weight_kg", "reason", "route"} & set(item["infusion"])
    (whole,) = ask(nurse).json["items"]
    assert codes(whole) == ["open_alert", "no_consultation"]


def test_a_booking_of_a_discharged_patient_is_listed_as_such(ask, record, people, database):
    record(factories.infusion, TODAY, status="scheduled")
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        patient.discharged_at = NOW - timedelta(days=1)
    (item,) = ask().json["items"]
    assert codes(item) == ["discharged", "no_consultation"]


def test_the_days_are_those_of_the_infusions_own_time_zone(ask, record):
    # It is still 26 November in Honolulu.
    late = datetime(2026, 11, 27, 5, 0, tzinfo=UTC)
    record(
        factories.infusion,
        date(2026, 11, 26),
        started_at=late,
        ended_at=None,
        status="scheduled",
        time_zone="Pacific/Honolulu",
    )
    assert listed(ask()) == []
    (item,) = ask(from_="2026-11-26").json["items"]
    assert item["infusion"]["started_at"] == "2026-11-26T19:00:00-10:00"


def test_the_number_of_queries_does_not_grow_with_the_infusions(app, ask, record, people):
    statements: list[str] = []
    engine = app.extensions["database"].engine

    def count() -> int:
        ask(from_="2026-11-27", to="2026-12-31")
        statements.clear()
        assert ask(from_="2026-11-27", to="2026-12-31").status_code == 200
        return len(statements)

    @event.listens_for(engine, "before_cursor_execute")
    def collect(*arguments: Any) -> None:
        statements.append(arguments[2])

    record(factories.infusion, TODAY, status="scheduled")
    few = count()
    for who in (people.patient, people.other_patient):
        for days in range(1, 9):
            record(factories.infusion, TODAY + timedelta(days=days), status="scheduled", who=who)
    assert count() == few
    event.remove(engine, "before_cursor_execute", collect)


def test_who_was_shown_what_is_in_the_access_log(ask, record, people, database):
    record(factories.infusion, TODAY, status="scheduled")
    ask()
    with database.read(people.clinic_id) as session:
        entries = session.scalars(select(AccessLogEntry).where(AccessLogEntry.resource == "infusions")).all()
        assert [(entry.patient_id, entry.reader_id) for entry in entries] == [
            (people.patient.patient_id, people.clinician.id)
        ]
