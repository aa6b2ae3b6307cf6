"""The report on a clinic's forecasts over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.reports import begin, finish

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)


@pytest.fixture
def ask(client, cast):
    def send(who=None, held: str | None = None):
        headers = (who or cast.clinician).headers | ({} if held is None else {"If-None-Match": held})
        return client.get(f"/v1/clinics/{cast.clinic_id}/reports/forecast", headers=headers)

    return send


def test_before_the_first_one_it_says_that_there_is_none(ask):
    refused = ask()
    assert (refused.status_code, refused.json["code"]) == (404, "no_report_yet")
    assert "flask outlook backtest" in refused.json["detail"]


def test_the_last_one_is_served_to_clinicians_and_admins(ask, sessions, cast):
    finish(sessions, begin(sessions, cast.clinic_id, NOW - timedelta(days=7)), [])
    report = finish(sessions, begin(sessions, cast.clinic_id, NOW), [])
    for who in (cast.clinician, cast.admin):
        assert ask(who).json == report
    assert report["made_at"] == "2026-11-22T03:30:00+00:00"
    assert "retrospective" in report["statement"]


def test_whoever_holds_it_is_answered_304_until_there_is_another(ask, sessions, cast):
    finish(sessions, begin(sessions, cast.clinic_id, NOW), [])
    tag = ask().headers["ETag"]
    held = ask(held=tag)
    assert (held.status_code, held.data, held.headers["Cache-Control"]) == (304, b"", "private, no-cache")
    finish(sessions, begin(sessions, cast.clinic_id, NOW + timedelta(days=1)), [])
    assert ask(held=tag).status_code == 200


def test_another_clinics_report_is_nobodys_business(ask, sessions, cast):
    finish(sessions, begin(sessions, cast.clinic_id, NOW), [])
    assert {who.name: ask(who).status_code for who in (cast.stranger, cast.integration, cast.patient)} == {
        "stranger": 404,
        "integration": 403,
        "patient": 403,
    }
