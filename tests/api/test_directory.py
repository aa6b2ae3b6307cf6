"""The directory: who is a patient of the clinic, for staff who see nothing clinical."""

from __future__ import annotations

import pytest

from models.access_log import AccessLogEntry
from models.patients import Patient
from services.access import Role
from tests import factories
from tests.people import signed_in

pytestmark = pytest.mark.either_database


@pytest.fixture
def ask(app, client, people, database):
    with database.write() as session:
        account_id = factories.account(session, people.clinic_id, Role.BILLING).id
        reader = signed_in(app, session, "billing", account_id)

    def get(**query):
        path = f"/v1/clinics/{people.clinic_id}/directory"
        return client.get(path, query_string=query, headers=reader.headers)

    return get


def names(answer):
    return [item["display_name"] for item in answer.json["items"]]


def test_it_lists_patients_by_name_and_nothing_else_of_them(ask):
    found = ask()
    assert names(found) == ["Kit Marlow", "Wren Alder"]
    assert set(found.json["items"][0]) == {"patient_id", "record_number", "display_name", "discharged"}
    assert names(ask(order="desc")) == ["Wren Alder", "Kit Marlow"]


def test_a_discharged_patient_is_still_there(ask, people, database):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        patient.discharged_at = factories.LONG_AGO
    assert [item["discharged"] for item in ask().json["items"]] == [False, True]


@pytest.mark.parametrize("q", ["ren al", "WREN", "LB-77", "lb-77", "b-7", "100%", "a_c"])
def test_a_part_of_a_name_or_record_number_is_enough(q, ask, people, database):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        patient.display_name = "Wren Alder 100% a_c"
        patient.record_number, patient.record_number_key = "LB-77", "lb-77"
    assert names(ask(q=q)) == ["Wren Alder 100% a_c"]


@pytest.mark.parametrize("q", ["%", "_", "LB-78", "\\"])
def test_what_is_in_no_name_finds_nobody(q, ask):
    assert names(ask(q=q)) == []


def test_pages_give_everybody_once(ask, people, database):
    with database.write(people.clinic_id) as session:
        for _ in range(3):
            factories.patient(session, display_name="Wren Alder")
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = ask(limit=2, **cursor)
        found += [item["patient_id"] for item in answer.json["items"]]
        if "next_cursor" not in answer.json:
            break
        cursor = {"cursor": answer.json["next_cursor"]}
    assert len(found) == len(set(found)) == 5


def test_patients_read_in_their_access_log_that_it_was_looked_at(ask, client, people, database):
    ask()
    with database.read(people.clinic_id) as session:
        (entry,) = session.query(AccessLogEntry).all()
    assert (entry.resource, entry.patient_id, entry.reader_roles) == ("directory", None, "billing")
    (read,) = client.get("/v1/patients/me/access-log", headers=people.patient.headers).json["items"]
    assert (read["resource"], read["roles"], read["of_all_patients"]) == ("directory", ["billing"], True)
