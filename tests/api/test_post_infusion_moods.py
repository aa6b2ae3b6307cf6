"""The mood some hours after an infusion over HTTP: a second answer of its day, optional."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from models.patients import Patient
from tests import factories

NOW = datetime(2026, 11, 17, 23, 0, tzinfo=UTC)
DAY = date(2026, 11, 17)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def given(people, database):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        made = factories.infusion(session, patient, DAY)
        return made.id, made.started_at


@pytest.fixture
def ask(client, people, given):
    def send(method: str, body: Any = None, version: int | None = None, who: Any = None):
        path = f"/v1/patients/{people.patient.patient_id}/infusions/{given[0]}/post-infusion-mood"
        headers = (who or people.patient).headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        return client.open(path, method=method, json=body, headers=headers)

    return send


@pytest.fixture
def answer(given):
    def make(hours: float = 4.5, mood: int = 7) -> dict[str, Any]:
        return {"mood": mood, "recorded_at": (given[1] + timedelta(hours=hours)).isoformat()}

    return make


def test_a_mood_is_stored_once_corrected_by_version_and_removed(ask, answer, given):
    first = ask("PUT", answer())
    assert (first.status_code, first.headers["ETag"]) == (201, '"v1"')
    assert first.json == {
        "infusion_id": str(given[0]),
        "version": 1,
        "mood": 7,
        "recorded_at": (given[1] + timedelta(hours=4.5)).astimezone(UTC).isoformat(),
        "hours_after_start": 4.5,
    }
    assert ask("PUT", answer()).status_code == 200
    assert ask("GET").json == first.json
    assert ask("PUT", answer(mood=8)).status_code == 428
    assert ask("PUT", answer(mood=8), 1).json["mood"] == 8
    assert ask("DELETE", version=2).status_code == 204
    assert ask("GET").status_code == 410
    again = ask("PUT", answer(), 3)
    assert (again.status_code, again.json["version"]) == (200, 4)


@pytest.mark.parametrize(
    ("hours", "code"),
    [(-0.1, "before_start"), (24.1, "too_late"), (9, "in_the_future"), (5, "too_long_past")],
)
def test_a_time_that_cannot_be_is_refused_by_name(ask, answer, hours, code, clock):
    later = {"too_late": 2, "too_long_past": 31}.get(code, 0)
    clock.move_to(NOW + timedelta(days=later))
    refused = ask("PUT", answer(hours))
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [("#/recorded_at", code)]


def test_an_infusion_that_was_not_given_has_no_mood_after_it(client, answer, people, database):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        infusion = factories.infusion(
            session, patient, DAY - timedelta(days=3), status="not_done", not_done_reason="unwell"
        )
    path = f"/v1/patients/{people.patient.patient_id}/infusions/{infusion.id}/post-infusion-mood"
    refused = client.put(path, json=answer(), headers=people.patient.headers)
    assert refused.json["errors"][0]["code"] == "not_given"


def test_the_response_curve_states_what_changed_within_hours(ask, answer, people, database, client):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        for back in range(1, 8):
            factories.check_in(session, patient, DAY - timedelta(days=back), mood=3)
    ask("PUT", answer())
    path = f"/v1/patients/{people.patient.patient_id}/response-curve"
    (curve,) = client.get(path, headers=people.clinician.headers).json["curves"]
    assert curve["post_infusion"] == {
        "mood": 7,
        "hours_after_start": 4.5,
        "mood_before": 3.0,
        "mood_change": 4.0,
    }
    ask("DELETE", version=1)
    (curve,) = client.get(path, headers=people.clinician.headers).json["curves"]
    assert "post_infusion" not in curve
