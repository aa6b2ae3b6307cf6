"""Allergies, medications and previous treatments: dated lists of the care team's, nothing ever erased."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

SERTRALINE = {
    "name": "Sertraline",
    "began_on": "2026-03-02",
    "ended_on": "2026-09-01",
    "dosage": "50 mg in the morning",
    "note": "Stopped: no effect.",
}


@pytest.fixture
def ask(client, people):
    def send(method: str, rest: str, body: Any = None, version: int | None = None, who: Any = None):
        headers = (who or people.clinician).headers
        headers |= {} if version is None else {"If-Match": f'"v{version}"'}
        path = f"/v1/patients/{people.patient.patient_id}/{rest}"
        return client.open(path, method=method, json=body, headers=headers)

    return send


@pytest.mark.parametrize("name", ["medications", "previous-treatments"])
def test_an_entry_is_stored_corrected_and_removed_with_every_revision(ask, name):
    path = f"{name}/{uuid4()}"
    stored = ask("PUT", path, SERTRALINE)
    assert (stored.status_code, stored.headers["ETag"]) == (201, '"v1"')
    assert stored.json == SERTRALINE | {"id": path.partition("/")[2], "version": 1}
    assert ask("PUT", path, SERTRALINE).status_code == 200
    assert ask("PUT", path, SERTRALINE | {"dosage": "100 mg"}).json["code"] == "version_required"
    corrected = ask("PUT", path, SERTRALINE | {"dosage": "100 mg"}, 1)
    assert (corrected.status_code, corrected.json["version"]) == (200, 2)
    assert ask("GET", name).json["items"] == [corrected.json]
    assert ask("DELETE", path, version=2).status_code == 204
    assert ask("GET", path).json["code"] == "removed"
    assert ask("GET", name).json["items"] == []
    revisions = ask("GET", f"{path}/revisions").json["items"]
    assert [(each["version"], each["dosage"], each["removed"]) for each in revisions] == [
        (1, "50 mg in the morning", False),
        (2, "100 mg", False),
        (3, "100 mg", True),
    ]


def test_each_list_is_of_its_own_and_in_order_of_name(ask):
    entry_id = uuid4()
    ask("PUT", f"allergies/{entry_id}", {"name": "Penicillin", "note": "Rash."})
    ask("PUT", f"medications/{entry_id}", {"name": "Lithium"})
    ask("PUT", f"medications/{uuid4()}", {"name": "Clonidine"})
    assert [each["name"] for each in ask("GET", "allergies").json["items"]] == ["Penicillin"]
    assert [each["name"] for each in ask("GET", "medications").json["items"]] == ["Clonidine", "Lithium"]
    assert ask("GET", "medications?order=desc&limit=1").json["items"][0]["name"] == "Lithium"
    assert ask("GET", "previous-treatments").json["items"] == []
    assert ask("GET", "vaccinations").status_code == 404


@pytest.mark.parametrize(
    ("name", "body", "fault"),
    [
        ("allergies", {}, ("#/name", "required")),
        ("allergies", {"name": "Latex", "dosage": "much"}, ("#/dosage", "not_of_allergies")),
        ("medications", SERTRALINE | {"began_on": "2199-01-01"}, ("#/began_on", "in_the_future")),
        ("medications", SERTRALINE | {"ended_on": "2026-03-01"}, ("#/ended_on", "before_began_on")),
        ("medications", {"name": "Lithium", "ended_on": "2199-01-01"}, ("#/ended_on", "too_far_ahead")),
    ],
)
def test_what_cannot_be_is_refused_by_name(ask, name, body, fault):
    refused = ask("PUT", f"{name}/{uuid4()}", body)
    assert refused.status_code == 422
    assert fault in {(each["pointer"], each["code"]) for each in refused.json["errors"]}


def test_the_patient_sees_who_read_which_list(ask, client, people):
    ask("PUT", f"allergies/{uuid4()}", {"name": "Latex"})
    ask("GET", "allergies")
    log = client.get("/v1/patients/me/access-log", headers=people.patient.headers).json["items"]
    assert "allergies" in {each["resource"] for each in log}
