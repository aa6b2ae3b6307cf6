"""What is arranged over HTTP, and what the patient's summary says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine

from clinical.instruments import catalogue
from clinical.instruments.gad2 import GAD_2
from tests import factories
from tests.api.http.endpoints import given_infusion

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NEVER = {"weekly": False, "before_infusion": False, "days_after_infusion": [], "on_mood_drop": False}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def arrange(client, people):
    def send(code="phq-9", version=None, **body):
        headers = people.clinician.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        path = f"/v1/patients/{people.patient.patient_id}/questionnaire-schedules/{code}"
        return client.put(path, json=body, headers=headers)

    return send


def faults(response):
    assert response.status_code == 422, response.json
    return {(error["pointer"], error["code"]) for error in response.json["errors"]}


def test_no_questionnaire_is_due_without_a_schedule(client, people, arrange):
    path = "/v1/patients/me/questionnaire-schedules/phq-9"
    nothing = client.get(path, headers=people.patient.headers).json
    assert nothing == {"instrument": "phq-9", "version": 0, "window_days": 0, **NEVER}
    result = arrange(weekly=True, days_after_infusion=[7, 1], window_days=2)
    assert (result.status_code, result.json["version"]) == (200, 1)
    assert result.json["days_after_infusion"] == [1, 7]
    assert arrange(weekly=True, days_after_infusion=[1, 7], window_days=2).data == result.data
    assert client.get(path, headers=people.patient.headers).json == result.json


def test_a_change_of_a_schedule_names_its_version(arrange):
    arrange(weekly=True, window_days=2)
    assert arrange(weekly=True, window_days=3).json["code"] == "version_required"
    assert arrange(version=2, weekly=True, window_days=3).json["code"] == "stale"
    assert arrange(version=1, weekly=True, window_days=3).json["version"] == 2


def test_an_invalid_schedule_is_refused_with_its_field(arrange):
    assert faults(arrange(weekly=True)) == {("#/window_days", "required")}
    assert faults(arrange(window_days=29)) == {("#/window_days", "out_of_range")}
    assert faults(arrange(window_days=2, days_after_infusion=[0])) == {
        ("#/days_after_infusion/0", "out_of_range")
    }
    assert faults(arrange(window_days=2, days_after_infusion=[1, 1])) == {
        ("#/days_after_infusion", "named_twice")
    }
    assert faults(arrange("gad-7", window_days=2, on_mood_drop=True)) == {("#/on_mood_drop", "only_phq_9")}
    assert arrange("madrs", window_days=2).status_code == 404


def test_the_summary_lists_what_is_due_today_until_it_is_filled_in(client, people, arrange):
    def due():
        summary = client.get("/v1/patients/me/summary", headers=people.patient.headers).json
        return [(item["instrument"], item["trigger"]) for item in summary["questionnaires_due"]]

    def fill_in(instrument, answers):
        body = {"instrument": instrument, "instrument_version": "1", "local_date": "2026-11-21"}
        body |= {"time_zone": factories.ZONE, "recorded_at": NOW.isoformat(), "answers": answers}
        path = f"/v1/patients/me/questionnaire-responses/{uuid4()}"
        assert client.put(path, json=body, headers=people.patient.headers).status_code == 201

    assert due() == []
    arrange("gad-2", weekly=True, window_days=2)
    arrange("phq-2", days_after_infusion=[3], window_days=2)
    assert due() == [("gad-2", "weekly")]
    day = datetime(2026, 11, 18, tzinfo=UTC).date()
    given = f"/v1/patients/{people.patient.patient_id}/infusions/{uuid4()}"
    client.put(given, json=given_infusion(day), headers=people.clinician.headers)
    assert due() == [("phq-2", "after_infusion"), ("gad-2", "weekly")]
    fill_in("phq-2", {"1": 1})
    assert ("phq-2", "after_infusion") in due(), "a form begun is not a form filled in"
    fill_in("phq-2", {"1": 1, "2": 0})
    assert due() == [("gad-2", "weekly")]
    fill_in("gad-2", {"1": 1, "2": 0})
    assert due() == []


def test_a_retired_questionnaire_is_never_due_and_can_be_unscheduled(client, people, arrange, monkeypatch):
    def due():
        summary = client.get("/v1/patients/me/summary", headers=people.patient.headers).json
        return [item["instrument"] for item in summary["questionnaires_due"]]

    assert arrange("gad-2", weekly=True, window_days=2).status_code == 200
    former = [replace(each, retired=each.code == "gad-2") for each in catalogue.CATALOGUE]
    monkeypatch.setattr(catalogue, "CATALOGUE", tuple(former))
    assert due() == []
    refused = arrange("gad-2", version=1, weekly=True, window_days=3)
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert [(each["parameter"], each["code"]) for each in refused.json["errors"]] == [
        ("code", "retired_version")
    ]
    assert arrange("gad-2", version=1, window_days=2).json["version"] == 2


def test_a_schedule_continues_with_the_version_in_use(client, people, arrange, monkeypatch):
    arrange("gad-2", weekly=True, window_days=2)
    former = [replace(each, retired=each.code == "gad-2") for each in catalogue.CATALOGUE]
    monkeypatch.setattr(catalogue, "CATALOGUE", (replace(GAD_2, version="2"), *former))
    summary = client.get("/v1/patients/me/summary", headers=people.patient.headers).json
    (asked,) = summary["questionnaires_due"]
    assert (asked["instrument"], asked["instrument_version"]) == ("gad-2", "2")
