from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from cli.clinic_lists import clinic
from models.clinics import Clinic
from models.database import Database
from services.access import Role
from tests import factories

CODE = re.compile(r"invitation +([0-9A-Z]{26})")
CREATE = ["create", "Harbour Clinic", "--admin-email", "wren@clinic.test", "--admin-name", "Wren Ashby"]


def test_a_clinic_created_from_the_command_line_has_an_admin_who_can_accept(app, client):
    result = app.test_cli_runner().invoke(clinic, args=[*CREATE, "--time-zone", "Europe/Lisbon"])

    assert result.exit_code == 0
    (code,) = CODE.findall(result.output)
    device = {"device_id": "laptop-0001", "name": "Laptop"}
    answer = client.post(
        f"/v1/auth/invitations/{code}/accept",
        json={"password": "seven otters juggle umbrellas", "device": device},
    )
    assert answer.status_code == 201
    me = client.get("/v1/me", headers={"Authorization": f"Bearer {answer.json['access_token']}"}).json
    assert me["roles"] == [Role.ADMIN]
    assert me["email"] == "wren@clinic.test"
    assert me["clinic_id"] in result.output


def test_the_first_admin_may_treat_patients_too(app, client):
    arguments = [*CREATE, "--time-zone", "Europe/Lisbon", "--role", "clinician", "--role", "nurse"]
    result = app.test_cli_runner().invoke(clinic, args=arguments)
    assert result.exit_code == 0
    assert "roles       clinician, nurse, admin" in result.output
    (code,) = CODE.findall(result.output)
    device = {"device_id": "laptop-0001", "name": "Laptop"}
    accepted = {"password": "seven otters juggle umbrellas", "device": device}
    answer = client.post(f"/v1/auth/invitations/{code}/accept", json=accepted)
    assert answer.json["roles"] == ["clinician", "nurse", "admin"]
    again = app.test_cli_runner().invoke(clinic, args=["invite", "wren@clinic.test"])
    assert again.exit_code != 0
    unknown = app.test_cli_runner().invoke(clinic, args=[*arguments, "--role", "patient"])
    assert unknown.exit_code == 2


def test_a_clinic_starts_from_the_usual_protocol(app, client):
    result = app.test_cli_runner().invoke(clinic, args=[*CREATE, "--time-zone", "Europe/Lisbon"])
    (code,) = CODE.findall(result.output)
    device = {"device_id": "laptop-0001", "name": "Laptop"}
    accepted = {"password": "seven otters juggle umbrellas", "device": device}
    token = client.post(f"/v1/auth/invitations/{code}/accept", json=accepted).json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    clinic_id = client.get("/v1/me", headers=headers).json["clinic_id"]

    settings = client.get(f"/v1/clinics/{clinic_id}/settings", headers=headers).json

    assert (settings["induction_infusion_count"], settings["induction_days"]) == (6, 21)
    assert (settings["min_interval_days"], settings["max_interval_days"]) == (14, 28)
    assert settings["backfill_days"] == 7
    assert (settings["outlook_mode"], settings["outlook_prior"]) == ("silent", "published-1")
    assert "outlook     silent" in result.output
    assert "nobody is notified of them" in result.output
    path = f"/v1/clinics/{clinic_id}/safety-settings"
    assert f"PUT {path}" in result.output
    assert client.get(path, headers=headers).json["version"] == 0


@pytest.mark.parametrize(
    ("name", "email", "admin", "named"),
    [
        (" ", "wren@clinic.test", "Wren Ashby", "NAME"),
        ("Harbour Clinic", "not an address", "Wren Ashby", "--admin-email"),
        ("Harbour Clinic", "wren@clinic.test", " ", "--admin-name"),
    ],
)
def test_an_invalid_argument_creates_nothing_and_is_named(app, database, name, email, admin, named):
    arguments = [
        "create",
        name,
        "--time-zone",
        "Europe/Lisbon",
        "--admin-email",
        email,
        "--admin-name",
        admin,
    ]

    result = app.test_cli_runner().invoke(clinic, args=arguments)

    assert result.exit_code == 2
    assert named in result.output
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Clinic)) == 0


@pytest.mark.parametrize("email", ["wren@clinic.test", "WREN@clinic.test"])
def test_no_second_clinic_is_created_for_the_same_admin(app, database, email):
    created = app.test_cli_runner().invoke(clinic, args=[*CREATE, "--time-zone", "Europe/Lisbon"])
    again = [email if argument == "wren@clinic.test" else argument for argument in CREATE]
    result = app.test_cli_runner().invoke(clinic, args=[*again, "--time-zone", "Europe/Lisbon"])

    assert (created.exit_code, result.exit_code) == (0, 1)
    assert "flask clinic invite" in result.output
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Clinic)) == 1


def test_an_address_in_use_creates_nothing(app, database, people):
    arguments = ["create", "Meadow", "--time-zone", "Europe/Lisbon", "--admin-name", "Wren Ashby"]

    result = app.test_cli_runner().invoke(clinic, args=[*arguments, "--admin-email", people.patient.email])

    assert result.exit_code == 1
    assert "has this e-mail address already" in result.output
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Clinic)) == 2


def test_an_expired_invitation_is_replaced(app, client):
    created = app.test_cli_runner().invoke(clinic, args=[*CREATE, "--time-zone", "Europe/Lisbon"])
    renewed = app.test_cli_runner().invoke(clinic, args=["invite", "Wren@clinic.test"])

    assert renewed.exit_code == 0
    (old,), (new,) = CODE.findall(created.output), CODE.findall(renewed.output)
    device = {"device_id": "laptop-0001", "name": "Laptop"}
    body = {"password": "seven otters juggle umbrellas", "device": device}
    assert client.post(f"/v1/auth/invitations/{old}/accept", json=body).status_code == 410
    assert client.post(f"/v1/auth/invitations/{new}/accept", json=body).status_code == 201
    accepted = app.test_cli_runner().invoke(clinic, args=["invite", "wren@clinic.test"])
    assert accepted.exit_code == 1
    assert "yet to accept" in accepted.output


def test_an_address_invited_by_several_clinics_needs_the_clinics_id(app, database, people):
    clinics = people.clinic_id, people.other_clinic_id
    with database.write() as session:
        for clinic_id in clinics:
            factories.account(
                session, clinic_id, email=None, password_hash=None, invited_email="wren@clinic.test"
            )
    invite = ["invite", "wren@clinic.test"]

    assert "--clinic" in app.test_cli_runner().invoke(clinic, args=invite).output
    for clinic_id in clinics:
        named = app.test_cli_runner().invoke(clinic, args=[*invite, "--clinic", str(clinic_id)])
        assert CODE.findall(named.output)


@pytest.mark.parametrize(
    "arguments", [[*CREATE, "--time-zone", "Europe/Lisbon"], ["invite", "a@clinic.test"]]
)
def test_without_tables_the_message_names_the_command(arguments, settings, empty_url):
    untouched = Database(empty_url)
    bare = Flask("bare")
    bare.extensions.update(settings=settings, database=untouched)
    result = bare.test_cli_runner().invoke(clinic, arguments)
    untouched.close()

    assert result.exit_code == 1
    assert result.output == "Error: The database has no tables yet: run flask db upgrade first.\n"


def test_an_unknown_time_zone_creates_nothing(app):
    result = app.test_cli_runner().invoke(clinic, args=[*CREATE, "--time-zone", "Mars/Olympus"])

    assert result.exit_code == 2
    assert "not the name of a time zone" in result.output
