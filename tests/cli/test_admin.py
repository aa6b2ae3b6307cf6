from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from cli.admin import clinic
from models.clinics import Clinic
from services.access import Role

CODE = re.compile(r"invitation +([0-9A-Z]{26})")
OPEN = ["open", "Harbour Clinic", "--admin-email", "wren@clinic.test", "--admin-name", "Wren Ashby"]


def test_a_clinic_opened_from_the_command_line_has_an_admin_who_can_take_up_the_account(app, client):
    result = app.test_cli_runner().invoke(clinic, args=[*OPEN, "--time-zone", "Europe/Lisbon"])

    assert result.exit_code == 0
    (code,) = CODE.findall(result.output)
    device = {"id": "laptop-0001", "name": "Laptop"}
    answer = client.post(
        f"/v1/auth/invitations/{code}/accept",
        json={"password": "seven otters juggle umbrellas", "device": device},
    )
    assert answer.status_code == 201
    me = client.get("/v1/me", headers={"Authorization": f"Bearer {answer.json['access_token']}"}).json
    assert me["role"] == Role.ADMIN
    assert me["email"] == "wren@clinic.test"
    assert me["clinic_id"] in result.output


def test_a_clinic_starts_from_the_usual_protocol(app, client):
    result = app.test_cli_runner().invoke(clinic, args=[*OPEN, "--time-zone", "Europe/Lisbon"])
    (code,) = CODE.findall(result.output)
    device = {"id": "laptop-0001", "name": "Laptop"}
    taken_up = {"password": "seven otters juggle umbrellas", "device": device}
    token = client.post(f"/v1/auth/invitations/{code}/accept", json=taken_up).json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    clinic_id = client.get("/v1/me", headers=headers).json["clinic_id"]

    settings = client.get(f"/v1/clinics/{clinic_id}/settings", headers=headers).json

    assert (settings["induction_infusions"], settings["induction_days"]) == (6, 21)
    assert (settings["min_interval_days"], settings["max_interval_days"]) == (14, 28)
    assert settings["backfill_days"] == 7
    assert (settings["outlook_mode"], settings["outlook_prior"]) == ("silent", "published-1")
    assert "outlook     silent" in result.output


@pytest.mark.parametrize(
    ("name", "email", "admin", "named"),
    [
        (" ", "wren@clinic.test", "Wren Ashby", "NAME"),
        ("Harbour Clinic", "not an address", "Wren Ashby", "--admin-email"),
        ("Harbour Clinic", "wren@clinic.test", " ", "--admin-name"),
    ],
)
def test_what_cannot_be_right_opens_nothing_and_is_named(app, sessions, name, email, admin, named):
    arguments = ["open", name, "--time-zone", "Europe/Lisbon", "--admin-email", email, "--admin-name", admin]

    result = app.test_cli_runner().invoke(clinic, args=arguments)

    assert result.exit_code == 2
    assert named in result.output
    with sessions.reading() as session:
        assert session.scalar(select(func.count()).select_from(Clinic)) == 0


def test_a_time_zone_nobody_knows_opens_nothing(app):
    result = app.test_cli_runner().invoke(clinic, args=[*OPEN, "--time-zone", "Mars/Olympus"])

    assert result.exit_code == 2
    assert "not the name of a time zone" in result.output
