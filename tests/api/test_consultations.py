"""A consultation: what was asked stays for review, a decision says why, everybody in it is named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from clinical.suitability import CHECKLIST
from services.access import Role
from tests import factories

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
DAY = "2026-11-20"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(method: str, body: Any = None, version: int | None = None, who: Any = None, rest: str = ""):
        who = who or people.clinician
        patient = "me" if Role.PATIENT in who.roles else people.patient.patient_id
        headers = who.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        path = f"/v1/patients/{patient}/consultation{rest}"
        return client.open(path, method=method, json=body, headers=headers)

    return send


def asked(**answers: str) -> list[dict[str, str]]:
    """Every question answered no on one day, but for those named."""
    return [
        {"code": question.code, "present": answers.get(question.code, "no"), "answered_on": DAY}
        for question in CHECKLIST
    ]


def consultation(**changed: Any) -> dict[str, Any]:
    return {"seen_on": DAY, "checklist": asked()} | changed


def faults(response: Any) -> set[tuple[str, str]]:
    assert (response.status_code, response.json["code"]) == (422, "invalid"), response.json
    return {(found["pointer"], found["code"]) for found in response.json["errors"]}


def test_an_answer_for_review_stays_listed_after_any_decision(ask):
    body = consultation(
        checklist=asked(arrhythmia="yes", porphyria="unknown")[1:],
        decision="suitable",
        indication="ptsd",
        rationale="Seen by the cardiologist.",
        consent_given_on=DAY,
    )
    stored = ask("PUT", body)
    assert (stored.status_code, stored.headers["ETag"]) == (201, '"v1"')
    assert stored.json["to_review"] == ["aneurysm_or_avm", "arrhythmia", "porphyria"]
    assert stored.json["decided_by"]["display_name"] == "Robin Vale"
    assert stored.json["decided_at"].startswith("2026-11-21T20:00:00")
    assert ask("GET").json == stored.json
    body["checklist"].reverse()
    again = ask("PUT", body)
    assert (again.status_code, again.data) == (200, stored.data)


def test_the_author_of_each_part_stays_named_until_that_part_changes(ask, app, people):
    with app.extensions["database"].write(people.clinic_id) as session:
        account = factories.account(session, people.clinic_id, display_name="Hazel Thorne")
        signed_in = factories.sign_in(session, account.id)
        other = type(people.clinician)(
            app, "other", account.id, people.clinic_id, Role.CLINICIAN, sign_in_id=signed_in.id
        )
    first = consultation(consent_given_on=DAY)
    ask("PUT", first)
    assert ask("PUT", first | {"consent_given_on": None}).status_code == 422
    changed = first | {
        "checklist": asked(arrhythmia="yes"),
        "decision": "deferred",
        "rationale": "Tracing first.",
    }
    assert ask("PUT", changed).status_code == 428
    assert ask("PUT", changed, version=9).json["current"]["version"] == 1
    shown = ask("PUT", changed, version=1, who=other).json
    by = {each["code"]: each["answered_by"]["display_name"] for each in shown["checklist"]}
    assert by.pop("arrhythmia") == "Hazel Thorne"
    assert set(by.values()) == {"Robin Vale"}
    assert shown["decided_by"]["display_name"] == "Hazel Thorne"
    assert shown["consent_recorded_by"]["display_name"] == "Robin Vale"
    revisions = ask("GET", rest="/revisions").json["items"]
    assert [(each["version"], "decision" in each) for each in revisions] == [(1, False), (2, True)]


def test_a_decision_states_its_reason_and_its_indication(ask):
    nothing_open = consultation(decision="suitable", indication="ocd")
    assert faults(ask("PUT", consultation(decision="suitable"))) == {("#/indication", "required")}
    for decided in (
        consultation(decision="deferred"),
        consultation(decision="not_suitable"),
        nothing_open | {"checklist": asked(arrhythmia="unknown")},
        nothing_open | {"checklist": asked()[1:]},
    ):
        assert faults(ask("PUT", decided)) == {("#/rationale", "required")}
    assert ask("GET").status_code == 404
    assert ask("PUT", nothing_open).status_code == 201


def test_each_wrong_field_is_named_and_nothing_is_stored(ask):
    twice = {"code": "arrhythmia", "present": "yes", "answered_on": DAY}
    unknown = {"code": "shoe_size", "present": "no", "answered_on": "2027-01-01"}
    wrong = consultation(
        seen_on="1899-12-31", checklist=[twice, twice, unknown], consent_given_on="2026-11-23"
    )
    assert faults(ask("PUT", wrong)) == {
        ("#/seen_on", "too_long_past"),
        ("#/consent_given_on", "in_the_future"),
        ("#/checklist/1/code", "named_twice"),
        ("#/checklist/2/code", "unknown_question"),
        ("#/checklist/2/answered_on", "in_the_future"),
    }
    maybe = consultation(checklist=[twice | {"present": "maybe"}], indication="boredom", decision="yes")
    assert faults(ask("PUT", maybe)) == {
        ("#/checklist/0/present", "unknown_answer"),
        ("#/indication", "unknown_indication"),
        ("#/decision", "unknown_decision"),
    }
    assert ask("GET").status_code == 404


def test_a_patient_reads_what_was_decided_and_neither_checklist_nor_rationale(ask, people):
    body = consultation(
        decision="suitable", indication="ptsd", rationale="Private words.", consent_given_on=DAY
    )
    ask("PUT", body)
    own = ask("GET", who=people.patient)
    assert own.headers["ETag"] == '"v1"'
    assert set(own.json) == {
        "version",
        "seen_on",
        "indication",
        "decision",
        "decided_at",
        "consent_given_on",
    }


def test_the_catalogue_gives_every_question_with_its_source(client):
    found = client.get("/v1/catalog/suitability")
    assert [each["code"] for each in found.json["questions"]] == [each.code for each in CHECKLIST]
    assert all(each["citation"] for each in found.json["questions"])
    headers = {"If-None-Match": found.headers["ETag"]}
    assert client.get("/v1/catalog/suitability", headers=headers).status_code == 304
