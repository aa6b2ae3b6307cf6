"""A clinic's settings, its staff and its API clients."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from sqlalchemy import select

from models.api_clients import ApiClient
from models.priors import EstimatedPrior
from services.access import Role
from tests import factories

IN_A_YEAR = (datetime.now(UTC) + timedelta(days=365)).isoformat()
MEMBER = {"email": "Wren@clinic.test", "display_name": "Wren Ashby", "roles": ["clinician"]}
CLIENT = {"name": "Warehouse", "scopes": ["summary:read"], "expires_at": IN_A_YEAR}


@pytest.fixture
def here(people):
    return f"/v1/clinics/{people.clinic_id}"


def if_match(person, version):
    return {**person.headers, "If-Match": f'"v{version}"'}


def test_settings_are_changed_under_the_version_that_was_read(client, people, here):
    read = client.get(f"{here}/settings", headers=people.clinician.headers)
    assert read.headers["ETag"] == '"v1"'
    body = {"backfill_days": 3, "max_interval_days": 28}
    unnamed = client.patch(f"{here}/settings", json=body, headers=people.admin.headers)
    assert (unnamed.status_code, unnamed.headers["ETag"]) == (428, '"v1"')
    assert unnamed.json["current"] == read.json
    changed = client.patch(f"{here}/settings", json=body, headers=if_match(people.admin, 1))
    assert (changed.status_code, changed.json) == (200, {**read.json, **body, "version": 2})
    stale = client.patch(f"{here}/settings", json=body, headers=if_match(people.admin, 1))
    assert (stale.status_code, stale.json["current"]) == (412, changed.json)


@pytest.mark.parametrize("tag", ['W/"v2"', '"v2"', '"v1", "v2"'])
def test_any_version_but_the_current_one_is_stale(tag, client, people, here):
    headers = {**people.admin.headers, "If-Match": tag}
    assert client.patch(f"{here}/settings", json={"name": "X"}, headers=headers).status_code == 412


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"min_interval_days": 40}, "#/min_interval_days"),
        ({"max_interval_days": 13}, "#/min_interval_days"),
        ({"min_interval_days": 30, "max_interval_days": 20}, "#/min_interval_days"),
        ({"backfill_days": 367}, "#/backfill_days"),
        ({"induction_infusion_count": 0}, "#/induction_infusion_count"),
        ({"time_zone": "Mars/Olympus"}, "#/time_zone"),
        ({"name": ""}, "#/name"),
        ({"outlook_mode": "loud"}, "#/outlook_mode"),
        ({"outlook_mode": None}, "#/outlook_mode"),
        ({"outlook_prior": "learnt-1"}, "#/outlook_prior"),
        ({"outlook_prior": ""}, "#/outlook_prior"),
        ({}, "#"),
    ],
)
def test_contradictory_settings_are_refused_with_their_field(body, pointer, client, people, here):
    refused = client.patch(f"{here}/settings", json=body, headers=if_match(people.admin, 1))
    assert refused.status_code == 422
    assert {error["pointer"] for error in refused.json["errors"]} == {pointer}
    assert client.get(f"{here}/settings", headers=people.admin.headers).json["version"] == 1


def test_setting_a_learnt_prior_accepts_it_and_going_back_is_another_change(client, people, here, database):
    with database.write(people.clinic_id) as session:
        factories.estimated_prior(session, name="learnt-1")
    accepted = set()
    for version, name in enumerate(("learnt-1", "published-1", "learnt-1"), start=1):
        body = {"outlook_prior": name}
        changed = client.patch(f"{here}/settings", json=body, headers=if_match(people.admin, version))
        assert (changed.status_code, changed.json["outlook_prior"]) == (200, name)
        with database.read(people.clinic_id) as session:
            learnt = session.scalars(select(EstimatedPrior)).one()
            assert learnt.accepted_by == people.admin.id
            accepted.add(learnt.accepted_at)
    assert len(accepted) == 1


def test_another_clinics_prior_is_refused(client, people, here, database):
    with database.write(people.other_clinic_id) as session:
        factories.estimated_prior(session, name="learnt-1")
    body = {"outlook_prior": "learnt-1"}
    refused = client.patch(f"{here}/settings", json=body, headers=if_match(people.admin, 1))
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "unknown_prior")
    with database.read(people.other_clinic_id) as session:
        assert session.scalars(select(EstimatedPrior)).one().accepted_at is None


def test_a_member_added_twice_is_one_member(client, people, here):
    first = client.post(f"{here}/staff", json=MEMBER, headers=people.admin.headers)
    again = client.post(
        f"{here}/staff", json={**MEMBER, "email": "wren@CLINIC.test"}, headers=people.admin.headers
    )
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert (first.json["signed_up"], first.json["disabled"]) == (False, False)
    for other in ({"roles": ["admin"]}, {"display_name": "Wren A."}):
        refused = client.post(f"{here}/staff", json=MEMBER | other, headers=people.admin.headers)
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (409, "#/email")
    items = client.get(f"{here}/staff", headers=people.admin.headers).json["items"]
    assert sorted(item["roles"] for item in items) == [["admin"], ["clinician"], ["clinician"]]


def test_members_added_at_the_same_moment_are_one_member(app, people, here):
    found = _at_once(
        4, lambda: app.test_client().post(f"{here}/staff", json=MEMBER, headers=people.admin.headers)
    )
    assert sorted(answer.status_code for answer in found) == [200, 200, 200, 201]
    assert len({answer.json["id"] for answer in found}) == 1


def test_the_last_admin_cannot_be_disabled(client, people, here):
    refused = client.patch(
        f"{here}/staff/{people.admin.id}", json={"disabled": True}, headers=if_match(people.admin, 1)
    )
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (409, "last_admin")
    assert client.get("/v1/me", headers=people.admin.headers).status_code == 200


def test_the_last_admin_stays_one_whatever_else_they_become(client, people, here, database):
    path = f"{here}/staff/{people.admin.id}"
    more = client.patch(path, json={"roles": ["admin", "clinician"]}, headers=if_match(people.admin, 1))
    assert (more.status_code, more.json["roles"]) == (200, ["clinician", "admin"])
    less = client.patch(path, json={"roles": ["clinician"]}, headers=if_match(people.admin, 2))
    assert (less.status_code, less.json["errors"][0]["code"]) == (409, "last_admin")
    assert less.json["errors"][0]["pointer"] == "#/roles"
    with database.write() as session:
        # Somebody who may do other things as well counts as an admin; a blocked one does not.
        factories.account(session, people.clinic_id, roles="nurse admin", disabled_at=factories.LONG_AGO)
    assert (
        client.patch(path, json={"roles": ["clinician"]}, headers=if_match(people.admin, 2)).status_code
        == 409
    )
    with database.write() as session:
        factories.account(session, people.clinic_id, roles="nurse admin")
    assert (
        client.patch(path, json={"roles": ["clinician"]}, headers=if_match(people.admin, 2)).status_code
        == 200
    )
    assert client.get(f"{here}/staff", headers=people.admin.headers).status_code == 403


def test_two_admins_who_give_the_role_up_at_once_leave_one(app, people, here, database):
    with database.write() as session:
        second = factories.account(session, people.clinic_id, roles="billing admin").id
    targets = iter([people.admin.id, second])
    found = _at_once(
        2,
        lambda: app.test_client().patch(
            f"{here}/staff/{next(targets)}", json={"roles": ["nurse"]}, headers=if_match(people.admin, 1)
        ),
    )
    assert sorted(answer.status_code for answer in found) in ([200, 409], [200, 403])


def test_another_role_holds_from_the_next_request_on(client, people, here):
    worklist = f"/v1/clinics/{people.clinic_id}/patients"
    member = f"{here}/staff/{people.clinician.id}"
    assert client.get(worklist, headers=people.clinician.headers).status_code == 200
    body = {"roles": ["billing", "front_desk"]}
    changed = client.patch(member, json=body, headers=if_match(people.admin, 1))
    assert (changed.json["roles"], changed.json["version"]) == (["front_desk", "billing"], 2)
    me = client.get("/v1/me", headers=people.clinician.headers).json
    assert me["roles"] == ["front_desk", "billing"]
    refused = client.get(worklist, headers=people.clinician.headers)
    assert (refused.status_code, refused.json["required_roles"]) == (
        403,
        ["clinician", "nurse", "integration"],
    )
    assert "front_desk, billing" in refused.json["detail"]
    stale = client.patch(member, json=body, headers=if_match(people.admin, 1))
    assert (stale.status_code, stale.json["current"]["roles"]) == (412, ["front_desk", "billing"])


def test_a_member_with_several_roles_is_added_once_in_whatever_order(client, people, here):
    both = MEMBER | {"roles": ["billing", "nurse", "billing"]}
    first = client.post(f"{here}/staff", json=both, headers=people.admin.headers)
    assert (first.status_code, first.json["roles"]) == (201, ["nurse", "billing"])
    again = MEMBER | {"roles": ["nurse", "billing"]}
    assert client.post(f"{here}/staff", json=again, headers=people.admin.headers).status_code == 200


@pytest.mark.parametrize(
    ("roles", "pointer", "code"),
    [
        ([], "#/roles", "wrong_length"),
        (["patient"], "#/roles/0", "unknown_role"),
        (["clinician", "integration"], "#/roles/1", "unknown_role"),
        ("clinician", "#/roles", "not_a_list"),
    ],
)
@pytest.mark.parametrize("how", ["added", "changed"])
def test_roles_that_no_member_of_staff_holds_are_refused(how, roles, pointer, code, client, people, here):
    if how == "added":
        refused = client.post(f"{here}/staff", json=MEMBER | {"roles": roles}, headers=people.admin.headers)
    else:
        path = f"{here}/staff/{people.clinician.id}"
        refused = client.patch(path, json={"roles": roles}, headers=if_match(people.admin, 1))
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [(pointer, code)]


def test_two_admins_who_disable_each_other_concurrently_leave_one(app, people, here, database):
    with database.write() as session:
        second = factories.account(session, people.clinic_id, Role.ADMIN).id
    targets = iter([people.admin.id, second])
    found = _at_once(
        2,
        lambda: app.test_client().patch(
            f"{here}/staff/{next(targets)}", json={"disabled": True}, headers=if_match(people.admin, 1)
        ),
    )
    assert sorted(answer.status_code for answer in found) in ([200, 409], [200, 401])


@pytest.mark.parametrize("flag", [1, 0, "true", None, []])
def test_a_boolean_setting_accepts_only_true_and_false(flag, client, people, here):
    path = f"{here}/staff/{people.clinician.id}"
    refused = client.patch(path, json={"disabled": flag}, headers=if_match(people.admin, 1))
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "#/disabled")


def test_an_api_clients_secret_is_shown_once(client, people, here, database):
    path = f"{here}/api-clients/{uuid4()}"
    made = client.put(path, json=CLIENT, headers=people.admin.headers)
    again = client.put(path, json=CLIENT, headers=people.admin.headers)
    assert (made.status_code, again.status_code) == (201, 200)
    secret = made.json["client_secret"]
    assert {**again.json, "client_secret": secret} == made.json
    listed = client.get(f"{here}/api-clients", headers=people.admin.headers)
    assert secret not in listed.text
    with database.read() as session:
        assert session.get_one(ApiClient, people.integration.id).secret_hash != secret
    other = client.put(path, json={**CLIENT, "name": "X"}, headers=people.admin.headers)
    assert (other.status_code, other.json["code"]) == (409, "conflict")
    form = {"grant_type": "client_credentials", "client_id": made.json["client_id"], "client_secret": secret}
    assert client.post("/oauth/token", data=form).status_code == 200


def test_a_revoked_client_is_refused_at_once_and_its_id_is_not_reused(client, people, here):
    path = f"{here}/api-clients/{people.integration.id}"
    for _ in range(2):
        assert client.delete(path, headers=people.admin.headers).status_code == 204
    assert client.get("/v1/me", headers=people.integration.headers).status_code == 401
    assert client.put(path, json=CLIENT, headers=people.admin.headers).status_code == 409
    (item,) = client.get(f"{here}/api-clients", headers=people.admin.headers).json["items"]
    assert item["revoked"] is True


@pytest.mark.parametrize(
    "change",
    [
        {"scopes": []},
        {"scopes": ["all"]},
        {"expires_at": "2126-01-05T00:00:00"},
        {"expires_at": "2020-01-05T00:00:00Z"},
        {"expires_at": (datetime.now(UTC) + timedelta(days=733)).isoformat()},
        {"name": ""},
    ],
)
def test_an_invalid_api_client_is_refused_with_its_field(change, client, people, here):
    refused = client.put(f"{here}/api-clients/{uuid4()}", json=CLIENT | change, headers=people.admin.headers)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["pointer"].startswith(f"#/{next(iter(change))}")


def _at_once(times, ask):
    found = []
    barrier = Barrier(times)

    def one():
        barrier.wait()
        found.append(ask())

    threads = [Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
