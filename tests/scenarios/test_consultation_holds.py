"""A patient found not suitable and treated all the same, as clinicians read them, word for word."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from models.clinics import Clinic
from models.patients import Patient
from tests import factories

NOW = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 27)
SEEN = date(2026, 11, 10)
TREATED = "The consultation of 10 November found treatment not suitable; treated since, last on 20 November."
IN_HEADLINE = "The consultation of 10 November found treatment not suitable; treated since."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def live(app, people):
    """In maintenance, last treated a week ago, found not suitable before it."""

    def store(*booked: int, **consultation: Any) -> None:
        with app.extensions["database"].write(people.clinic_id) as session:
            session.get_one(Clinic, people.clinic_id).outlook_mode = "silent"
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            factories.suitable(session, patient, seen_on=SEEN, **consultation)
            for back in (72, 69, 65, 62, 58, 55, 31, 7):
                factories.infusion(session, patient, TODAY - timedelta(days=back))
            for ahead in booked:
                factories.infusion(session, patient, TODAY + timedelta(days=ahead), status="scheduled")
            for back in range(90):
                mood = 7 if back < 72 else 3
                factories.check_in(
                    session, patient, TODAY - timedelta(days=back), mood=mood, anxiety=10 - mood
                )

    return store


@pytest.fixture
def ask(client, people):
    def send(method: str = "GET", what: str = "summary", body: Any = None) -> Any:
        path = f"/v1/patients/{people.patient.patient_id}/{what}"
        answer = client.open(path, method=method, json=body, headers=people.clinician.headers)
        assert answer.status_code in {200, 201}, answer.json
        return answer.json

    return send


def test_not_suitable_but_treated(ask, live, client, people):
    live(decision="not_suitable")
    summary = ask()
    assert summary["headline"] == (
        "Not due. 7 days since the last infusion; the plan's latest day is 25 December. Nothing booked. "
        f"{IN_HEADLINE}"
    )
    assert summary["attention"] == {
        "urgency": "organise",
        "since_on": "2026-11-10",
        "reasons": [{"code": "hold", "since_on": "2026-11-10", "text": TREATED}],
    }
    reason = {"code": "not_suitable", "text": TREATED, "numbers": {}}
    assert summary["reasons_to_hold"] == [reason]
    assert ask("GET", "outlook")["reasons_to_hold"] == [reason]
    path = f"/v1/clinics/{people.clinic_id}/patients?limit=200"
    items = client.get(path, headers=people.clinician.headers).json["items"]
    (row,) = [item for item in items if item["patient_id"] == str(people.patient.patient_id)]
    assert (row["headline"], row["reasons_to_hold"]) == (summary["headline"], [reason])
    own = client.get("/v1/patients/me/summary", headers=people.patient.headers).json
    assert "not suitable" not in str(own)


def test_not_suitable_and_booked(ask, live):
    live(10, decision="not_suitable")
    assert ask()["headline"] == (
        "Not due. 7 days since the last infusion; the plan's latest day is 25 December. "
        f"Booked for 7 December with a reason to hold: {IN_HEADLINE}"
    )


def test_booked_without_consent(ask, live):
    live(10, consent_given_on=None)
    assert ask()["headline"] == (
        "Not due. 7 days since the last infusion; the plan's latest day is 25 December. "
        "Booked for 7 December with a reason to hold: No consent to treatment is recorded."
    )


def test_a_hold_ends_with_the_next_revision_of_the_consultation(ask, live, client, people):
    live(10, decision="deferred")
    assert ask()["reasons_to_hold"][0]["code"] == "treatment_deferred"
    path = f"/v1/patients/{people.patient.patient_id}/consultation"
    body = {
        "seen_on": "2026-11-26",
        "indication": "major_depression",
        "decision": "suitable",
        "rationale": "Reviewed.",
        "consent_given_on": "2026-11-26",
    }
    headers = people.clinician.headers | {"If-Match": '"v1"'}
    assert client.put(path, json=body, headers=headers).status_code == 200
    assert ask()["reasons_to_hold"] == []
    assert ask()["headline"].endswith("Booked for 7 December.")


def test_storing_the_infusion_warns_and_the_override_is_recorded(ask, live, people):
    live(decision="not_suitable")
    body = {"started_at": "2026-11-27T16:00:00Z", "time_zone": "America/Chicago", "status": "completed"} | {
        "reason": "scheduled"
    }
    stored = ask("PUT", f"infusions/{uuid4()}", body)
    assert stored["warnings"] == [
        {
            "code": "not_suitable",
            "text": "The consultation of 10 November found treatment not suitable.",
            "numbers": {},
        }
    ]
    reason = "Agreed with the psychiatrist by telephone."
    body["started_at"] = "2026-11-26T16:00:00Z"
    overridden = ask("PUT", f"infusions/{uuid4()}", body | {"override_reason": reason})
    assert "warnings" not in overridden
    assert overridden["hold_override"] == {
        "override_reason": reason,
        "hold_codes": ["not_suitable"],
        "overridden_by": str(people.clinician.id),
        "overridden_at": "2026-11-27T18:00:00+00:00",
    }
