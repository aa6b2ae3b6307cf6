"""`flask account reset`: a way back in for somebody whom no admin can help."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from models.second_factors import SecondFactor
from services import second_factors
from services.access import Role
from tests import factories

CODE = re.compile(r"invitation +([0-9A-Z]{26})")
ADDRESS = "only.admin@clinic.test"


def reset(app, email):
    return app.test_cli_runner().invoke(args=["account", "reset", email])


def sign_in(client, password):
    body = {"email": ADDRESS, "password": password, "device": {"device_id": "laptop-0001"}}
    return client.post("/v1/auth/login", json=body)


@pytest.fixture
def admin(database, people):
    with database.write() as session:
        return factories.account(session, people.clinic_id, Role.ADMIN, email=ADDRESS).id


@pytest.mark.parametrize("typed", [ADDRESS, f" {ADDRESS.upper()} "])
@pytest.mark.usefixtures("admin")
def test_an_only_admin_who_forgot_the_password_sets_another(typed, app, client):
    signed_in = sign_in(client, factories.PASSWORD).json["access_token"]
    result = reset(app, typed)
    assert result.exit_code == 0
    (code,) = CODE.findall(result.output)
    body = {"password": "seven otters juggle umbrellas", "device": {"device_id": "laptop-0002"}}
    assert client.post(f"/v1/auth/invitations/{code}/accept", json=body).status_code == 201
    assert sign_in(client, factories.PASSWORD).status_code == 401
    assert client.get("/v1/me", headers={"Authorization": f"Bearer {signed_in}"}).status_code == 401
    assert sign_in(client, "seven otters juggle umbrellas").json["roles"] == [Role.ADMIN]


@pytest.mark.usefixtures("admin")
def test_until_the_code_is_used_the_old_password_goes_on(app, client):
    assert reset(app, ADDRESS).exit_code == 0
    assert sign_in(client, factories.PASSWORD).status_code == 200


def test_an_unknown_address_is_named_without_a_traceback(app):
    result = reset(app, "nobody@clinic.test")
    assert (result.exit_code, result.output) == (1, "Error: Nobody signs in with this e-mail address.\n")


def test_a_disabled_account_is_enabled_by_an_admin_first(app, database, people):
    with database.write() as session:
        factories.account(session, people.clinic_id, Role.ADMIN, email=ADDRESS, disabled_at=datetime.now(UTC))
    result = reset(app, ADDRESS)
    assert result.exit_code == 1
    assert "disabled" in result.output
    assert not CODE.findall(result.output)


@pytest.mark.parametrize("option", [[], ["--second-factor"]])
def test_a_lost_second_factor_is_removed_by_an_option(option, app, client, database, admin):
    with database.write() as session:
        second_factors.start(session, app.extensions["keys"], admin, datetime.now(UTC))
        session.get_one(SecondFactor, admin).confirmed_at = datetime.now(UTC)
    result = app.test_cli_runner().invoke(args=["account", "reset", ADDRESS, *option])
    (code,) = CODE.findall(result.output)
    body = {"password": "seven otters juggle umbrellas", "device": {"device_id": "laptop-0002"}}
    answer = client.post(f"/v1/auth/invitations/{code}/accept", json=body)
    assert answer.status_code == (201 if option else 401)
