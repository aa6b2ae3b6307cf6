"""What a server holds, for whoever runs it: one line each, by clinic, and no patient's name."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from models.clinics import Clinic
from tests import factories


def lines(app, *arguments):
    result = app.test_cli_runner().invoke(args=["clinic", *arguments])
    assert result.exit_code == 0, result.output
    head, *rows = (line.split("\t") for line in result.output.splitlines())
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.fixture
def clinic_name(database, people):
    with database.read() as session:
        return session.get_one(Clinic, people.clinic_id).name


def test_every_clinic_is_listed_with_how_many_belong_to_it(app, people, clinic_name):
    found = {row["id"]: row for row in lines(app, "list")}
    assert set(found) == {str(people.clinic_id), str(people.other_clinic_id)}
    own = found[str(people.clinic_id)]
    assert own["name"] == clinic_name
    for kind, count in (("staff", own["staff"]), ("patients", own["patients"]), ("clients", own["clients"])):
        listed = lines(app, kind, str(people.clinic_id))
        assert int(count) == sum(row["state"] in {"active", "enrolled"} for row in listed)


def test_staff_are_listed_with_their_roles_and_whether_they_can_sign_in(app, people, database):
    with database.write() as session:
        gone = factories.account(
            session, people.clinic_id, display_name="Ash Weir", disabled_at=datetime.now(UTC)
        ).id
        new = factories.account(session, people.clinic_id, email=None, password_hash=None).id
    states = {row["id"]: (row["roles"], row["state"]) for row in lines(app, "staff", str(people.clinic_id))}
    assert states[str(people.clinician.id)] == ("clinician", "active")
    assert states[str(gone)] == ("clinician", "disabled")
    assert states[str(new)] == ("clinician", "invited")
    assert str(people.patient.id) not in states


def test_patients_are_listed_without_names(app, people):
    listed = lines(app, "patients", str(people.clinic_id))
    assert str(people.patient.patient_id) in {row["id"] for row in listed}
    assert all(set(row) == {"clinic", "id", "record number", "state"} for row in listed)
    everybody = {row["clinic"] for row in lines(app, "patients")}
    assert everybody == {str(people.clinic_id), str(people.other_clinic_id)}


def test_api_clients_are_listed_with_what_they_may_do(app, people, database):
    with database.write() as session:
        old = datetime(2020, 1, 1, tzinfo=UTC)
        expired = factories.api_client(session, people.clinic_id, expires_at=old).id
        revoked = factories.api_client(session, people.clinic_id, revoked_at=old).id
    states = {row["id"]: row["state"] for row in lines(app, "clients", str(people.clinic_id))}
    assert states[str(people.integration.id)] == "active"
    assert (states[str(expired)], states[str(revoked)]) == ("expired", "revoked")


@pytest.mark.parametrize("kind", ["staff", "patients", "clients"])
def test_a_clinic_that_is_not_there_is_named(kind, app):
    result = app.test_cli_runner().invoke(args=["clinic", kind, str(uuid4())])
    assert result.exit_code == 1
    assert result.output.splitlines()[-1].startswith("Error: There is no clinic with this id")
