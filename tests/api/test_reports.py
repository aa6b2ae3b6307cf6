"""The reports of a clinic over HTTP."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
import time_machine

from services.reports.forecast import start_backtest, store_report
from services.reports.forecast_jobs import Progress, work
from tests import factories

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)


@pytest.fixture
def ask(client, people):
    def send(who=None, held: str | None = None):
        headers = (who or people.clinician).headers | ({} if held is None else {"If-None-Match": held})
        return client.get(f"/v1/clinics/{people.clinic_id}/reports/forecast", headers=headers)

    return send


def test_before_the_first_report_it_answers_that_there_is_none(ask):
    refused = ask()
    assert (refused.status_code, refused.json["code"]) == (404, "no_report_yet")
    assert "every night, or within minutes after a POST" in refused.json["detail"]


def test_a_report_that_is_asked_for_is_made_by_the_worker(ask, client, people, database):
    path = f"/v1/clinics/{people.clinic_id}/reports/forecast"
    # The report of the first night.
    assert work(database, people.clinic_id, NOW, monotonic) is Progress.MADE
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        asked = client.post(path, headers=people.clinician.headers)
    assert (asked.status_code, asked.headers["Location"], asked.headers["Retry-After"]) == (202, path, "60")
    assert asked.json == {
        "requested_at": "2026-11-22T04:30:00+00:00",
        "generated_at": "2026-11-22T03:30:00+00:00",
    }
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        again = client.post(path, headers=people.admin.headers)
    assert again.json == asked.json
    assert work(database, people.clinic_id, NOW + timedelta(hours=3), monotonic) is Progress.MADE
    assert work(database, people.clinic_id, NOW + timedelta(hours=3), monotonic) is Progress.NOTHING_DUE
    report = ask().json
    assert report["generated_at"] == "2026-11-22T06:30:00+00:00"
    assert next(iter(report)) == "how_to_read"
    assert report["how_to_read"].startswith("Insufficient data: 0 finished cycles of 0")


def test_the_picture_of_a_report_says_where_there_is_too_little(client, people, database):
    store_report(database, start_backtest(database, people.clinic_id, NOW), [])
    path = f"/v1/clinics/{people.clinic_id}/reports/forecast"
    picture = client.get(f"{path}?width=400", headers=people.clinician.headers | {"Accept": "image/svg+xml"})
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert "Insufficient data" in picture.text
    painted = client.get(path, headers=people.clinician.headers | {"Accept": "image/png"})
    assert painted.data.startswith(b"\x89PNG")
    table = client.get(path, headers=people.clinician.headers | {"Accept": "text/csv"})
    assert table.text.startswith("p_from,p_to,cycle_count,")


def test_the_last_one_is_served_to_clinicians_and_admins(ask, database, people):
    store_report(database, start_backtest(database, people.clinic_id, NOW - timedelta(days=7)), [])
    report = store_report(database, start_backtest(database, people.clinic_id, NOW), [])
    for who in (people.clinician, people.admin):
        assert ask(who).json == report
    assert report["generated_at"] == "2026-11-22T03:30:00+00:00"
    assert "retrospective" in report["statement"]


def test_its_tag_is_answered_304_until_there_is_another(ask, database, people):
    store_report(database, start_backtest(database, people.clinic_id, NOW), [])
    tag = ask().headers["ETag"]
    held = ask(held=tag)
    assert (held.status_code, held.data, held.headers["Cache-Control"]) == (304, b"", "private, no-cache")
    store_report(database, start_backtest(database, people.clinic_id, NOW + timedelta(days=1)), [])
    assert ask(held=tag).status_code == 200


def test_a_report_of_another_clinic_is_not_found(ask, database, people):
    store_report(database, start_backtest(database, people.clinic_id, NOW), [])
    assert {
        who.name: ask(who).status_code for who in (people.stranger, people.integration, people.patient)
    } == {
        "stranger": 404,
        "integration": 403,
        "patient": 403,
    }


@pytest.fixture
def outcomes(client, people):
    """Asks for what became of the clinic's patients."""

    def send(who=None, **headers: str):
        headers = (who or people.clinician).headers | headers
        return client.get(f"/v1/clinics/{people.clinic_id}/reports/outcomes", headers=headers)

    return send


@pytest.fixture
def treated(database, people):
    """Ten were treated, and half of them responded."""
    first = NOW.date() - timedelta(days=60)
    with database.write(people.clinic_id) as session:
        for number in range(10):
            patient = factories.patient(session)
            factories.infusion(session, patient, first)
            factories.score(session, patient, first, total=20)
            for days in (21, 42):
                factories.form(session, patient, first + timedelta(days=days), total=6 if number < 5 else 18)


@pytest.mark.usefixtures("treated")
def test_outcomes_come_with_published_figures(outcomes, people):
    for who in (people.clinician, people.admin):
        answer = outcomes(who).json
        response = next(one for one in answer["rates"] if one["outcome"] == "response")
        assert response["rows"][0] == {
            "indication": "all",
            "suppressed": False,
            "numerator": 5,
            "denominator": 10,
            "share": 0.5,
            "lo95": 0.2366,
            "hi95": 0.7634,
        }
        assert (response["instrument"], response["threshold"]) == ("phq-9", 0.5)
        assert response["citation"].startswith("McInnes 2022")
        assert response["published"][0]["share"] == pytest.approx(0.536)
        remission = next(one for one in answer["rates"] if one["outcome"] == "remission")
        assert (remission["rows"][0]["numerator"], remission["rows"][0]["denominator"]) == (0, 10)


@pytest.mark.usefixtures("treated")
def test_outcomes_are_available_as_csv(outcomes, people):
    answer = outcomes(Accept="text/csv")
    rows = list(csv.DictReader(answer.text.splitlines()))
    (response,) = [row for row in rows if (row["figure"], row["group"]) == ("response", "all")]
    assert (response["numerator"], response["denominator"], response["value"]) == ("5", "10", "0.5")
    assert response["published"].startswith("McInnes 2022: 0.536 (")
    assert rows[-1]["figure"] == "outlooks_agreed"
    held = [(row["elapsed_days"], float(row["value"])) for row in rows if row["figure"] == "response_held"]
    assert held == [("0", 1), ("7", 1), ("14", 1), ("21", 1)]
    remission = next(row for row in rows if row["figure"] == "remission")
    assert (remission["suppressed"], remission["numerator"], remission["value"]) == ("false", "0", "0.0")
    worse = next(row for row in rows if row["figure"] == "worse")
    assert (worse["criterion"], worse["threshold"]) == ("reliable_change", "6")
    change = next(row for row in rows if row["figure"] == "mean_change")
    assert (change["patient_count"], change["value"]) == ("10", "-8.0")
    without = outcomes(people.integration, Accept="text/csv").text.splitlines()
    hidden = next(row for row in csv.DictReader(without) if row["figure"] == "remission")
    assert (hidden["suppressed"], hidden["numerator"], hidden["value"]) == ("true", "", "")


@pytest.mark.usefixtures("treated")
def test_outcomes_are_not_sent_again_until_they_change(outcomes, database, people):
    tag = outcomes().headers["ETag"]
    assert outcomes(**{"If-None-Match": tag}).status_code == 304
    with database.write(people.clinic_id) as session:
        patient = factories.patient(session)
        factories.infusion(session, patient, NOW.date())
    assert outcomes(**{"If-None-Match": tag}).status_code == 200


def test_only_staff_and_integrations_may_read_outcomes(outcomes, people):
    assert {
        who.name: outcomes(who).status_code for who in (people.stranger, people.integration, people.patient)
    } == {
        "stranger": 404,
        "integration": 200,
        "patient": 403,
    }


@pytest.mark.usefixtures("treated")
def test_small_groups_are_hidden_in_what_leaves_the_clinic_and_shown_to_its_staff(client, people):
    url = f"/v1/clinics/{people.clinic_id}/reports/outcomes?instrument=phq-9"

    def remission(who, query=""):
        found = client.get(url + query, headers=who.headers).json["rates"]
        (rate,) = [one for one in found if one["outcome"] == "remission"]
        return rate["rows"][0]

    assert remission(people.clinician)["numerator"] == 0
    hidden = {"indication": "all", "suppressed": True}
    assert remission(people.integration) == hidden
    assert remission(people.clinician, "&small_groups=suppressed") == hidden
    refused = client.get(f"{url}&indication=ptsd&small_groups=shown", headers=people.integration.headers)
    assert {(error["parameter"], error["code"]) for error in refused.json["errors"]} == {
        ("indication", "not_for_integrations"),
        ("small_groups", "not_for_integrations"),
    }


@pytest.mark.usefixtures("treated")
def test_outcomes_are_filtered(client, people):
    url = f"/v1/clinics/{people.clinic_id}/reports/outcomes"

    def treated_count(query):
        return client.get(f"{url}?{query}", headers=people.clinician.headers).json["treated_count"]

    first = NOW.date() - timedelta(days=60)
    assert treated_count(f"from={first}&to={first}") == 10
    assert treated_count(f"from={first + timedelta(days=1)}&instrument=gad-7") == 0
    assert treated_count("course_kind=re_induction") == 0
    refused = client.get(f"{url}?from=2026-02-02&to=2026-01-01", headers=people.clinician.headers)
    assert refused.json["errors"][0]["code"] == "before_from"


@pytest.mark.usefixtures("treated")
def test_the_survival_of_responses_is_drawn_with_published_figures(client, outcomes, people):
    drawn = outcomes(Accept="image/svg+xml")
    assert "Of 5 who responded, 100% still did after 21 days" in drawn.text
    assert "McInnes 2022, without maintenance: day 28: 80%, day 56: 60%" in drawn.text
    assert outcomes(Accept="image/png").data.startswith(b"\x89PNG")
    url = f"/v1/clinics/{people.clinic_id}/reports/outcomes"
    headers = {**people.admin.headers, "Accept": "image/svg+xml"}
    assert "Too few responded" in client.get(f"{url}?instrument=gad-7", headers=headers).text
    refused = client.get(f"{url}?instrument=pcl-5", headers=headers).json
    assert (refused["status"], refused["errors"][0]["code"]) == (422, "no_published_response")
