"""Enrol a patient, keep their details, discharge them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.access_log import AccessLogEntry
from models.patients import Patient
from tests import factories

pytestmark = pytest.mark.usefixtures("fixed_day")

TODAY = factories.NOON.date()
FERN = {"record_number": "LB-0061", "display_name": "Fern Hollow", "time_zone": factories.ZONE}


@pytest.fixture
def enrol(client, people):
    path = f"/v1/clinics/{people.clinic_id}/patients"
    return lambda **given: client.post(path, json=FERN | given, headers=people.clinician.headers)


def if_match(person, version):
    return {**person.headers, "If-Match": f'"v{version}"'}


def test_the_same_patient_enrolled_twice_is_one_patient(enrol):
    first, again = enrol(), enrol()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert first.headers["ETag"] == '"v1"'
    assert first.json["day_start_hour"] == 4


@pytest.mark.parametrize(
    "other", [{"display_name": "F. Hollow"}, {"time_zone": "Europe/Paris"}, {"email": "f@patients.test"}]
)
def test_another_under_the_same_record_number_is_refused_by_name(other, enrol):
    enrol()
    refused = enrol(**other)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (409, "#/record_number")


@pytest.mark.parametrize(
    "spelling",
    ["lb-0061", " LB-0061 ", "LB\u20110061", "LB-0061\u00a0", "\uff2c\uff22-0061", "LB\u2212\uff10061"],
)
def test_another_spelling_of_a_record_number_is_no_second_patient(spelling, enrol, client, people):
    enrol()
    refused = enrol(record_number=spelling, display_name="Wren Alder")
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (409, "taken")
    listed = client.get(f"/v1/clinics/{people.clinic_id}/patients?q=0061", headers=people.clinician.headers)
    assert [each["record_number"] for each in listed.json["items"]] == ["LB-0061"]


@pytest.mark.parametrize("sign", ["\u200b", "\ufeff", "\u00ad", "\u2060", "\u2800", "\ufe0f"])
@pytest.mark.parametrize("member", ["record_number", "display_name", "email"])
def test_a_character_that_cannot_be_seen_is_refused_by_name(member, sign, enrol):
    text = {"record_number": "LB-00", "display_name": "Fern", "email": "fern"}[member] + sign + "61"
    refused = enrol(**{member: f"{text}@patients.test" if member == "email" else text})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, f"#/{member}")


def test_a_name_is_stored_in_one_form(enrol):
    named = enrol(display_name="  Zoe\u0308\u00a0 Hollow ", email=" Fern@Patients.test ")
    assert named.json["display_name"] == "Zo\u00eb Hollow"
    again = enrol(display_name="Zo\u00eb Hollow", email="fern@patients.TEST")
    assert (named.status_code, again.status_code) == (201, 200)


def test_a_record_number_too_long_in_its_compared_form_is_refused(enrol):
    refused = enrol(record_number="\ufdfa" * 100)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "#/record_number")


def test_two_clinics_may_use_one_record_number(client, people, enrol):
    enrol()
    path = f"/v1/clinics/{people.other_clinic_id}/patients"
    assert client.post(path, json=FERN, headers=people.stranger.headers).status_code == 201


@pytest.mark.parametrize("who", ["clinician", "admin"])
def test_staff_rename_discharge_and_readmit_a_patient(who, client, people):
    path, person = f"/v1/patients/{people.patient.patient_id}", getattr(people, who)
    changed = client.patch(
        path, json={"display_name": "Wren B.", "discharged": True}, headers=if_match(person, 1)
    )
    assert (changed.json["display_name"], changed.json["discharged"]) == ("Wren B.", True)
    back = client.patch(path, json={"discharged": False}, headers=if_match(person, 2))
    assert (back.json["discharged"], back.headers["ETag"]) == (False, '"v3"')


@pytest.mark.parametrize(
    "body", [{"display_name": "Dr. Wren"}, {"discharged": True}, {"discharged": False, "day_start_hour": 5}]
)
def test_a_patient_changes_neither_name_nor_discharge(body, client, people):
    refused = client.patch("/v1/patients/me", json=body, headers=if_match(people.patient, 1))
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert client.get("/v1/patients/me", headers=people.patient.headers).json["version"] == 1


def test_a_patient_moves_and_sets_when_their_day_starts(client, people):
    body = {"time_zone": "Europe/Lisbon", "day_start_hour": 0}
    assert client.patch("/v1/patients/me", json=body, headers=people.patient.headers).status_code == 428
    changed = client.patch("/v1/patients/me", json=body, headers=if_match(people.patient, 1))
    assert body.items() <= changed.json.items()
    stale = client.patch("/v1/patients/me", json=body, headers=if_match(people.patient, 1))
    assert (stale.status_code, stale.json["current"]) == (412, changed.json)


def test_a_discharged_patient_leaves_the_worklist(client, people):
    path = f"/v1/clinics/{people.clinic_id}/patients"
    before = client.get(path, headers=people.clinician.headers).json["items"]
    client.patch(
        f"/v1/patients/{people.patient.patient_id}",
        json={"discharged": True},
        headers=if_match(people.clinician, 1),
    )
    after = client.get(path, headers=people.clinician.headers).json["items"]
    assert len(after) == len(before) - 1


EMERGENCY_CONTACT = {"name": "Sage Alder", "relation": "family", "telephone": "+14065550163"}
CONTACT = {"telephone": "+14065550142", "emergency_contact": EMERGENCY_CONTACT, "language": "pt-BR"}


def change(client, person, path="/v1/patients/me", version=1, **members):
    return client.patch(path, json=members, headers=if_match(person, version))


def path_of(people):
    return f"/v1/patients/{people.patient.patient_id}"


def test_nothing_is_known_of_a_patient_whom_nobody_asked(client, people):
    shown = client.get("/v1/patients/me", headers=people.patient.headers).json
    assert not {"telephone", "emergency_contact", "born_on", "language"} & set(shown)


def test_a_patient_enters_how_to_reach_them_and_removes_it_again(client, people):
    entered = change(client, people.patient, **CONTACT)
    assert entered.status_code == 200
    assert CONTACT.items() <= entered.json.items()
    seen = client.get(path_of(people), headers=people.clinician.headers)
    assert (seen.json, seen.headers["ETag"]) == (entered.json, '"v2"')
    removed = change(client, people.patient, version=2, remove=list(CONTACT))
    assert removed.status_code == 200
    assert not set(CONTACT) & set(removed.json)


def test_what_is_not_sent_stays(client, people):
    change(client, people.patient, **CONTACT)
    moved = change(
        client, people.clinician, path_of(people), 2, time_zone="Europe/Lisbon", remove=["telephone"]
    )
    assert "telephone" not in moved.json
    assert moved.json["emergency_contact"] == EMERGENCY_CONTACT
    assert moved.json["language"] == "pt-BR"


def test_staff_enter_the_birth_date_and_the_patient_reads_it(client, people):
    refused = change(client, people.patient, born_on="1988-03-09")
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert "born_on" in refused.json["detail"]
    assert change(client, people.clinician, path_of(people), born_on="1988-03-09").status_code == 200
    assert client.get("/v1/patients/me", headers=people.patient.headers).json["born_on"] == "1988-03-09"
    assert change(client, people.patient, version=2, remove=["born_on"]).status_code == 403


@pytest.mark.parametrize(
    ("born_on", "code"),
    [
        (str(TODAY + timedelta(days=1)), "in_the_future"),
        ("2999-01-01", "in_the_future"),
        ("1899-12-31", "too_long_past"),
        ("1988-3-9", "not_a_date"),
    ],
)
def test_a_birth_date_that_cannot_be_is_refused_by_name(born_on, code, client, people):
    refused = change(client, people.clinician, path_of(people), born_on=born_on)
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [("#/born_on", code)]


def test_somebody_born_today_is_accepted(client, people):
    assert change(client, people.clinician, path_of(people), born_on=str(TODAY)).status_code == 200


@pytest.mark.parametrize(
    "written", ["+14065550142", "+1 (406) 555-0142", "+1.406.555.0142", " +1 406 555 0142"[1:]]
)
def test_a_telephone_number_is_stored_as_it_is_dialled(written, client, people):
    assert change(client, people.patient, telephone=written).json["telephone"] == "+14065550142"


@pytest.mark.parametrize(
    "wrong",
    [
        "406 555 0142",
        "00 1 406 555 0142",
        "+0 406 555 0142",
        "+1 406",
        "+1234567890123456",
        "+1 406 555 0142 ext. 3",
        "+1\t406 555 0142",
        "+1 \uff14\uff10\uff16 555 0142",
        "",
        14065550142,
    ],
)
def test_what_nobody_could_dial_is_refused_with_what_to_send(wrong, client, people):
    sent = {"telephone": wrong, "emergency_contact": EMERGENCY_CONTACT | {"telephone": wrong}}
    refused = change(client, people.patient, **sent)
    assert refused.status_code == 422
    found = {each["pointer"]: each for each in refused.json["errors"]}
    assert set(found) == {"#/telephone", "#/emergency_contact/telephone"}
    for error in found.values():
        assert error["code"] == "not_a_telephone"
        assert "plus sign, the country code" in error["detail"]


@pytest.mark.parametrize(
    ("contact", "pointer"),
    [
        ({"name": "Sage"}, "#/emergency_contact/relation"),
        ({"name": "Sage", "relation": "family"}, "#/emergency_contact/telephone"),
        (EMERGENCY_CONTACT | {"relation": "neighbour"}, "#/emergency_contact/relation"),
        (EMERGENCY_CONTACT | {"name": " "}, "#/emergency_contact/name"),
    ],
)
def test_an_emergency_contact_is_whole_or_refused(contact, pointer, client, people):
    refused = change(client, people.patient, emergency_contact=contact)
    assert refused.status_code == 422
    assert pointer in {each["pointer"] for each in refused.json["errors"]}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"remove": ["telephone"], "telephone": "+14065550142"}, "named_twice"),
        ({"remove": ["display_name"]}, "not_removable"),
        ({"remove": []}, "nothing_to_change"),
        ({"telephone": None}, "null"),
    ],
)
def test_a_removal_that_means_nothing_is_refused(body, code, client, people):
    refused = change(client, people.clinician, path_of(people), **body)
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, code)


@pytest.mark.parametrize("wrong", ["English", "en_US", "EN", "en-us", "e", 5])
def test_a_language_is_a_tag(wrong, client, people):
    refused = change(client, people.patient, language=wrong)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "#/language")


def test_a_change_of_contact_data_makes_no_outlook_stale(client, people, database):
    def change_seq():
        with database.read(people.clinic_id) as session:
            return session.get_one(Patient, (people.clinic_id, people.patient.patient_id)).change_seq

    before = change_seq()
    change(client, people.patient, **CONTACT)
    assert change_seq() == before
    change(client, people.patient, version=2, day_start_hour=5)
    assert change_seq() == before + 1


def test_who_reads_contact_data_is_in_the_access_log(client, people, database):
    change(client, people.patient, **CONTACT)
    client.get(path_of(people), headers=people.clinician.headers)
    with database.read(people.clinic_id) as session:
        entries = session.scalars(select(AccessLogEntry)).all()
    found = [(each.reader_id, each.patient_id, each.resource) for each in entries]
    assert found == [(people.clinician.id, people.patient.patient_id, "details")]
    listed = client.get("/v1/patients/me/access-log", headers=people.patient.headers).json["items"]
    assert listed[0]["resource"] == "details"


@pytest.mark.parametrize("who", ["integration", "delegate", "stranger", "other_patient", "strangers_patient"])
def test_nobody_else_reads_or_changes_how_to_reach_a_patient(who, client, people):
    change(client, people.patient, **CONTACT)
    person = getattr(people, who)
    for refused in (
        client.get(path_of(people), headers=person.headers),
        change(client, person, path_of(people), 2, telephone="+14065550100"),
    ):
        assert refused.status_code in {403, 404}
        assert "5550142" not in refused.text
