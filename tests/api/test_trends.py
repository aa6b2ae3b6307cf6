"""Series over HTTP: a missing day is a gap, and the past stays as it was known."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from models.clinics import Clinic
from models.patients import Patient
from rendering.charts import STYLE_HASHES
from services.access import Role
from tests import factories

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def ask(client, people):
    def send(query: str = "", who: Any = None, **headers: str):
        who = who or people.clinician
        patient = "me" if Role.PATIENT in who.roles else people.patient.patient_id
        return client.get(f"/v1/patients/{patient}/trends{query}", headers=who.headers | headers)

    return send


@pytest.fixture
def put(client, people):
    def send(day: date, mood: int, version: int | None = None, who: Any = None):
        who = who or people.patient
        headers = who.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        body = {
            "mood": mood,
            "anxiety": 3,
            "time_zone": "America/Chicago",
            "recorded_at": f"{day}T21:00:00-06:00",
        }
        path = f"/v1/patients/{people.patient.patient_id}/check-ins/{day}"
        answer = client.put(path, json=body, headers=headers)
        assert answer.status_code in {200, 201}, answer.json

    return send


@pytest.fixture
def answered(database, people):
    def on(*days: int, **given: Any) -> None:
        with database.write(people.clinic_id) as session:
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            for back in days:
                factories.check_in(session, patient, TODAY - timedelta(days=back), **given)

    return on


def test_a_missing_day_is_a_gap_and_never_a_rating(ask, answered):
    answered(9, 8, 5, 4, 0)
    (mood,) = ask("?measure=mood").json["series"]
    assert [(day["local_date"], day["answered"]) for day in mood["days"]] == [
        (str(TODAY - timedelta(days=back)), back in {9, 8, 5, 4, 0}) for back in range(9, -1, -1)
    ]
    assert all(("rating" in day) == day["answered"] for day in mood["days"])
    assert mood["answered_count"] == 5
    assert [(gap["first_on"], gap["last_on"], gap["gap_days"]) for gap in mood["gaps"]] == [
        ("2026-11-14", "2026-11-15", 2),
        ("2026-11-18", "2026-11-20", 3),
    ]


def test_side_effects_not_asked_are_a_gap_and_none_is_zero(ask, answered):
    answered(
        2, side_effects=[{"code": "nausea", "severity": "severe"}, {"code": "headache", "severity": "mild"}]
    )
    answered(1, side_effects=None)
    answered(0, side_effects=[])
    (burden,) = ask("?measure=side_effect_burden").json["series"]
    assert [day.get("rating") for day in burden["days"]] == [4, None, 0]
    assert burden["gaps"] == [{"first_on": "2026-11-20", "last_on": "2026-11-20", "gap_days": 1}]


def test_a_measure_not_answered_is_a_gap_of_its_own(ask, answered):
    answered(2, 0)
    answered(1, enjoyment=None)
    by_measure = {series["measure"]: series for series in ask().json["series"]}
    assert [day["answered"] for day in by_measure["mood"]["days"]] == [True] * 3
    assert [day["answered"] for day in by_measure["enjoyment"]["days"]] == [True, False, True]


def test_nothing_answered_is_four_empty_series(ask):
    result = ask().json
    assert [series["measure"] for series in result["series"]] == [
        "mood",
        "enjoyment",
        "anxiety",
        "side_effect_burden",
    ]
    assert all(
        (series["days"], series["gaps"], series["answered_count"]) == ([], [], 0)
        for series in result["series"]
    )


def test_weeks_run_from_monday_and_count_the_days_answered(ask, answered):
    answered(19, 18, 3, 0)
    (mood,) = ask("?measure=mood&resolution=week").json["series"]
    assert mood["days"] == []
    assert [(week["first_on"], week["answered_count"], "mean" in week) for week in mood["weeks"]] == [
        ("2026-11-02", 2, True),
        ("2026-11-09", 0, False),
        ("2026-11-16", 2, True),
    ]


def test_the_period_may_be_narrowed(ask, answered):
    answered(*range(10))
    days = ask("?measure=mood&from=2026-11-15&to=2026-11-17").json["series"][0]["days"]
    assert [day["local_date"] for day in days] == ["2026-11-15", "2026-11-16", "2026-11-17"]


def test_a_response_names_its_period_and_a_longer_one_is_refused(ask, answered):
    answered(0, 181, 182)
    for form in ("application/json", "text/csv", "application/x-ndjson"):
        refused = ask("?from=2020-11-21", Accept=form)
        assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "too_long")
    found = ask("?measure=mood").json
    assert (found["first_on"], found["last_on"]) == ("2026-05-24", "2026-11-21")
    assert found["series"][0]["days"][0]["local_date"] == "2026-05-24"
    rows = ask("?measure=mood", Accept="text/csv").text.splitlines()
    assert len(rows) == 1 + 182


def test_as_of_gives_what_was_known_then(ask, put, clock, client, people):
    for back in range(6, 2, -1):
        put(TODAY - timedelta(days=back), 4)
    clock.shift(timedelta(hours=1))
    then = f"?as_of={NOW:%Y-%m-%dT%H:%M:%SZ}"
    known = ask(then).data
    clock.shift(timedelta(hours=1))
    put(TODAY - timedelta(days=6), 9, version=1)
    put(TODAY - timedelta(days=12), 1, who=people.clinician)
    path = f"/v1/patients/me/check-ins/{TODAY - timedelta(days=4)}"
    assert client.delete(path, headers={**people.patient.headers, "If-Match": '"v1"'}).status_code == 204
    assert ask(then).data == known
    ratings = {day["local_date"]: day.get("rating") for day in ask("?measure=mood").json["series"][0]["days"]}
    assert (ratings["2026-11-15"], ratings["2026-11-09"], ratings["2026-11-17"]) == (9, 1, None)


def test_as_of_an_instant_an_integration_gets_nothing_that_was_removed_since(
    ask, put, clock, client, people, database
):
    for back in range(6, 2, -1):
        put(TODAY - timedelta(days=back), 4)
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        event = factories.event(session, patient, TODAY - timedelta(days=5)).id
        infusion = factories.infusion(session, patient, TODAY - timedelta(days=8)).id
    clock.shift(timedelta(hours=1))
    then = f"as_of={NOW + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    whole = ask(f"?{then}", who=people.clinician).json
    assert ask(f"?{then}", who=people.integration).json == whole
    summary = f"/v1/patients/{people.patient.patient_id}/summary?{then}"
    assert client.get(summary, headers=people.clinician.headers).json["last_infusion_on"] == "2026-11-13"
    put(TODAY - timedelta(days=3), 9, version=1)
    removed = f"check-ins/{TODAY - timedelta(days=4)}", f"events/{event}", f"infusions/{infusion}"
    for what in removed:
        path = f"/v1/patients/{people.patient.patient_id}/{what}"
        answer = client.delete(path, headers={**people.clinician.headers, "If-Match": '"v1"'})
        assert answer.status_code == 204, what
    assert ask(f"?{then}", who=people.clinician).json == whole
    pulled = ask(f"?{then}", who=people.integration).json
    ratings = {day["local_date"]: day.get("rating") for day in pulled["series"][0]["days"]}
    # A correction is shown as it was before; a removal is not undone by asking about an earlier instant.
    assert (ratings["2026-11-17"], ratings["2026-11-18"]) == (None, 4)
    assert (pulled["infusions"], pulled["events"]) == ([], [])
    # The clinician's answer, made first, is not handed on.
    shown = client.get(summary, headers=people.clinician.headers).json
    pulled = client.get(summary, headers=people.integration.headers).json
    assert (shown["last_infusion_on"], shown["answered_last_7_days_count"]) == ("2026-11-13", 4)
    assert ("last_infusion_on" in pulled, pulled["answered_last_7_days_count"]) == (False, 3)
    outlook = client.get(summary.replace("summary", "outlook"), headers=people.integration.headers).json
    assert outlook == pulled["outlook"] != shown["outlook"]
    drawn = ask(f"?{then}", who=people.integration, Accept="image/svg+xml").text
    assert drawn != ask(f"?{then}", who=people.clinician, Accept="image/svg+xml").text


def test_as_of_before_the_first_record_is_empty(ask, answered):
    answered(3, 2, 1)
    assert ask("?measure=mood&as_of=2026-01-01").json["series"][0]["days"] == []


def test_as_of_the_day_that_lasts_is_now(ask, answered):
    answered(3, 2, 1)
    assert ask("?as_of=2026-11-22").data == ask().data


@pytest.mark.parametrize(
    "as_of", ["0001-01-01", "9999-12-31", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "now", ""]
)
def test_as_of_outside_the_accepted_years_is_refused(ask, as_of):
    for what in (f"?as_of={as_of}", f"?measure=mood&as_of={as_of}"):
        answer = ask(what)
        assert (answer.status_code, answer.json["errors"][0]["parameter"]) == (422, "as_of")


def test_the_same_question_gets_the_same_bytes(ask, answered):
    answered(*range(0, 40, 3))
    assert ask().data == ask().data


def test_infusions_given_are_shown_with_the_series(ask, answered, database, people):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.infusion(session, patient, TODAY - timedelta(days=5), reason="symptoms_returned")
        factories.infusion(session, patient, TODAY + timedelta(days=5), status="scheduled")
    answered(1)
    assert ask().json["infusions"] == [{"local_date": "2026-11-16", "reason": "symptoms_returned"}]


def test_as_csv_a_gap_has_an_empty_rating(ask, answered):
    answered(2, 0)
    answer = ask("?measure=mood", Accept="text/csv")
    lines = [line.split(",") for line in answer.text.split("\r\n")]
    assert answer.mimetype == "text/csv"
    assert lines[0][:4] == ["measure", "local_date", "answered", "rating"]
    assert [line[:4] for line in lines[1:4]] == [
        ["mood", "2026-11-19", "true", "6"],
        ["mood", "2026-11-20", "false", ""],
        ["mood", "2026-11-21", "true", "6"],
    ]


def test_as_lines_each_is_one_day_or_week(ask, answered):
    answered(2, 0)
    days = [
        json.loads(line) for line in ask("?measure=mood", Accept="application/x-ndjson").text.splitlines()
    ]
    assert [day["local_date"] for day in days] == ["2026-11-19", "2026-11-20", "2026-11-21"]
    weeks = ask("?measure=mood&resolution=week", Accept="application/x-ndjson").text.splitlines()
    assert [json.loads(week)["answered_count"] for week in weeks] == [2]


def test_an_invalid_query_is_refused_with_its_parameter(ask):
    for query, name in (
        ("?measure=joy", "measure"),
        ("?resolution=month", "resolution"),
        ("?from=2026-11-21&to=2026-11-20", "to"),
        ("?form=2026-11-21", "form"),
        ("?from=yesterday", "from"),
    ):
        answer = ask(query)
        assert (answer.status_code, answer.json["errors"][0]["parameter"]) == (422, name)
    assert ask("", Accept="application/pdf").status_code == 406


def test_each_role_gets_its_documented_access_to_trends(ask, client, people):
    assert [
        ask(who=who).status_code
        for who in (people.patient, people.clinician, people.integration, people.admin)
    ] == [
        200,
        200,
        200,
        403,
    ]
    for who in (people.other_patient, people.stranger, people.strangers_patient):
        path = f"/v1/patients/{people.patient.patient_id}/trends"
        assert client.get(path, headers=who.headers).status_code == 404


def test_a_trend_is_available_as_svg_and_as_png(ask, answered):
    answered(*range(20))
    drawn = ask("", Accept="image/svg+xml")
    assert (drawn.status_code, drawn.mimetype) == (200, "image/svg+xml")
    assert drawn.text.startswith("<svg ")
    painted = ask("?width=400&theme=dark", Accept="image/png")
    assert (painted.status_code, painted.mimetype) == (200, "image/png")
    assert painted.data.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(painted.data[16:20], "big") == 400
    for answer in (drawn, painted):
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Accept" in answer.headers["Vary"]


def test_accept_of_an_img_element_gets_svg_and_any_type_gets_json(ask, answered):
    answered(1)
    browser = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
    assert ask("", Accept=browser).mimetype == "image/svg+xml"
    assert ask("", Accept="image/*").mimetype == "image/svg+xml"
    assert ask("", Accept="*/*").mimetype == "application/json"


def test_opened_by_itself_a_picture_may_use_its_own_style_sheet_and_nothing_else(ask, answered):
    answered(1)
    answer = ask("", Accept="image/svg+xml")
    sheet = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert f"'sha256-{digest}'" in policy
    allowed = " ".join(f"'{one}'" for one in STYLE_HASHES)
    assert policy == f"default-src 'none'; style-src {allowed}; frame-ancestors 'none'"


@pytest.fixture
def treated(database, people):
    """Somebody in maintenance who answers every day and wears off by three weeks after each infusion."""
    with database.write(people.clinic_id) as session:
        session.get_one(Clinic, people.clinic_id).outlook_mode = "shown"
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        given = [75, 72, 69, 66, 63, 60, 39, 18]
        for back in given:
            factories.infusion(session, patient, TODAY - timedelta(days=back))
        for back in range(95):
            since = min((before - back for before in given if before >= back), default=99)
            mood = 3 + round(4 * 2 ** -((since / 16) ** 2))
            note = "NOTE-THAT-NOBODY-ELSE-READS"
            factories.check_in(session, patient, TODAY - timedelta(days=back), mood=mood, note=note)


@pytest.mark.usefixtures("treated")
def test_only_the_clinics_chart_has_the_half_benefit_line_and_the_due_window(ask, people):
    drawn = {
        who: ask("", who=getattr(people, who), Accept="image/svg+xml").text
        for who in ("clinician", "patient")
    }
    assert "Half of the benefit is probably gone between" in drawn["clinician"]
    assert 'class="afterglow-fill-window"' in drawn["clinician"]
    without_sheet = drawn["patient"].partition("<style>")[0] + drawn["patient"].partition("</style>")[2]
    for word in ("benefit", "window", "forecast", "Wellbeing", "consider"):
        assert word not in without_sheet


@pytest.mark.usefixtures("treated")
def test_a_clinic_that_hides_its_forecasts_draws_none(ask, database, people):
    for mode in ("silent", "off"):
        with database.write(people.clinic_id) as session:
            session.get_one(Clinic, people.clinic_id).outlook_mode = mode
        drawn = ask("", Accept="image/svg+xml").text
        assert 'class="afterglow-fill-window"' not in drawn
        assert "No half-benefit line and no due window are drawn" in drawn


@pytest.mark.usefixtures("treated")
def test_as_of_draws_what_was_known_then(ask, put, clock):
    clock.shift(timedelta(hours=1))
    then = f"?as_of={NOW:%Y-%m-%dT%H:%M:%SZ}"
    known = ask(then, Accept="image/svg+xml").data
    clock.shift(timedelta(hours=1))
    put(TODAY - timedelta(days=3), 0, version=1)
    assert ask(then, Accept="image/svg+xml").data == known
    assert ask("", Accept="image/svg+xml").data != known


@pytest.mark.usefixtures("treated")
def test_the_measure_and_the_period_asked_for_are_drawn(ask):
    drawn = ask("?measure=anxiety&from=2026-11-01&to=2026-11-10", Accept="image/svg+xml").text
    assert ">Anxiety, 1 November to 10 November 2026</title>" in drawn
    assert "Mood" not in drawn


@pytest.mark.usefixtures("treated")
def test_nothing_that_a_patient_wrote_is_in_a_picture(ask, people):
    for who in (people.clinician, people.patient):
        drawn = ask("", who=who, Accept="image/svg+xml").text
        assert "NOBODY" not in drawn
        assert str(people.patient.patient_id) not in drawn


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?width=319", "width"),
        ("?width=2001", "width"),
        ("?width=1e3", "width"),
        ("?width=", "width"),
        ("?theme=sepia", "theme"),
        ("?resolution=week", "resolution"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_refused_by_name(ask, query, name):
    for form in ("image/svg+xml", "image/png"):
        answer = ask(query, Accept=form)
        assert (answer.status_code, answer.json["errors"][0]["parameter"]) == (422, name)


def test_a_chart_without_data_states_that(ask):
    assert "No answers" in ask("", Accept="image/svg+xml").text
    assert ask("", Accept="image/png").status_code == 200
