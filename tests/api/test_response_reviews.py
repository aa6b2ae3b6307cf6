"""Response reviews over HTTP: what is due, the decision, and a series that it extends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from models.patients import Patient
from services.access import Role
from tests import factories

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
LAST = TODAY - timedelta(days=10)
SERIES = [LAST - timedelta(days=back) for back in (17, 14, 10, 7, 3, 0)]
CONTINUE = {"reviewed_on": "2026-11-20", "decision": "continue_maintenance"}
EXTEND = {"reviewed_on": "2026-11-20", "decision": "extend", "additional_infusion_count": 2, "note": "Later."}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def treated(database, people):
    """A patient with a complete series, check-ins and a PHQ-9 before and after it."""
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        for day in SERIES:
            factories.infusion(session, patient, day)
        for back in range(1, 15):
            factories.check_in(session, patient, SERIES[0] - timedelta(days=back), mood=3, anxiety=7)
        for since in range(1, 10):
            factories.check_in(session, patient, LAST + timedelta(days=since), mood=7, anxiety=3)
        factories.score(session, patient, SERIES[0] - timedelta(days=2), total=18)
        factories.score(session, patient, TODAY - timedelta(days=1), total=4)


@pytest.fixture
def ask(client, people):
    def send(method: str, what: str, body: Any = None, version: int | None = None, who: Any = None):
        who = who or people.clinician
        patient = "me" if Role.PATIENT in who.roles else people.patient.patient_id
        headers = who.headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        return client.open(f"/v1/patients/{patient}/{what}", method=method, json=body, headers=headers)

    return send


@pytest.fixture
def put(ask):
    def send(body: dict[str, Any], review_id: Any = None, version: int | None = None):
        return ask("PUT", f"response-reviews/{review_id or uuid4()}", body, version)

    return send


@pytest.fixture
def change_settings(client, people):
    """Let the admin change settings of the clinic."""

    def change(**settings: Any) -> None:
        path = f"/v1/clinics/{people.clinic_id}/settings"
        version = client.get(path, headers=people.admin.headers).headers["ETag"]
        changed = client.patch(path, json=settings, headers={**people.admin.headers, "If-Match": version})
        assert changed.status_code == 200, changed.json

    return change


def faults(response: Any, status: int = 422) -> set[tuple[str, str]]:
    assert response.status_code == status, response.json
    return {(error["pointer"], error["code"]) for error in response.json["errors"]}


def phase(ask) -> Any:
    return ask("GET", "summary").json["phase"]


@pytest.mark.usefixtures("treated")
class TestCurrent:
    def test_what_is_due_is_computed(self, ask):
        found = ask("GET", "response-review").json
        assert (found["due"], found["due_on"], found["series_last_infusion_on"]) == (
            True,
            "2026-11-18",
            "2026-11-11",
        )
        (total,) = found["totals"]
        assert total == {
            "instrument": "phq-9",
            "scored_on": "2026-11-20",
            "total": 4,
            "scored_before_on": str(SERIES[0] - timedelta(days=2)),
            "total_before": 18,
            "difference": -14,
            "response": True,
            "remission": True,
            "reliable_change": "improved",
            "important_change": "improved",
        }
        mood = next(each for each in found["rating_averages"] if each["measure"] == "mood")
        assert (mood["baseline_period"]["mean"], mood["last_7_days"]["mean"]) == (3.0, 7.0)

    def test_a_total_entered_for_the_first_infusions_day_is_marked_as_of_an_unknown_time(
        self, ask, people, database
    ):
        with database.write(people.clinic_id) as session:
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            factories.score(session, patient, SERIES[0], total=17)
        (total,) = ask("GET", "response-review").json["totals"]
        assert (total["scored_before_on"], total["infusion_day_timing"]) == (str(SERIES[0]), "unknown")
        known = ask("GET", "summary").json["phq_9"]
        assert (known["total_before"], known["infusion_day_timing"]) == (17, "unknown")

    def test_the_gain_is_there_only_where_forecasts_are_shown(self, ask, change_settings):
        assert {"median", "lo80", "hi80"} == set(ask("GET", "response-review").json["gain_estimate"])
        change_settings(outlook_mode="silent")
        assert "gain_estimate" not in ask("GET", "response-review").json

    def test_a_decision_to_stop_stays_on_the_list_until_the_course_has_an_end(self, ask, put):
        assert put(CONTINUE | {"decision": "stop"}).status_code == 201
        found = ask("GET", "summary").json
        assert "stop_decided" in [reason["code"] for reason in found["attention"]["reasons"]]
        decided = "The response review of 20 November decided to stop treatment; the course has no end yet."
        assert decided in found["headline"]

    def test_it_asks_for_attention_until_it_is_recorded(self, ask, put):
        before = ask("GET", "summary").json
        assert "review_due" in [reason["code"] for reason in before["attention"]["reasons"]]
        assert "Response review due since 18 November." in before["headline"]
        assert put(CONTINUE).status_code == 201
        after = ask("GET", "summary").json
        assert "review_due" not in [reason["code"] for reason in after["attention"]["reasons"]]
        found = ask("GET", "response-review").json
        assert (found["due"], found["last_decision"], found["last_reviewed_on"]) == (
            False,
            "continue_maintenance",
            "2026-11-20",
        )

    def test_the_clinics_day_counts(self, ask, change_settings):
        change_settings(review_after_days=14)
        found = ask("GET", "response-review").json
        assert (found["due"], found["due_on"]) == (False, "2026-11-25")


@pytest.mark.usefixtures("treated")
class TestRecorded:
    def test_a_review_is_stored_once_corrected_by_version_and_removed(self, ask, put, people):
        review_id = uuid4()
        first, again = (put(CONTINUE, review_id) for _ in range(2))
        assert (first.status_code, again.status_code, first.json) == (201, 200, again.json)
        assert first.json == {
            **CONTINUE,
            "id": str(review_id),
            "version": 1,
            "decided_by": {"id": str(people.clinician.id), "display_name": "Robin Vale"},
            "decided_at": "2026-11-22T03:00:00+00:00",
        }
        assert put(EXTEND, review_id).status_code == 428
        changed = put(EXTEND, review_id, 1)
        assert (changed.status_code, changed.json["version"], changed.json["note"]) == (200, 2, "Later.")
        assert ask("DELETE", f"response-reviews/{review_id}", version=2).status_code == 204
        assert ask("GET", f"response-reviews/{review_id}").status_code == 410
        assert ask("GET", "response-reviews").json["items"] == []
        revisions = ask("GET", f"response-reviews/{review_id}/revisions").json["items"]
        assert [(each["version"], each["decision"], each["removed"]) for each in revisions] == [
            (1, "continue_maintenance", False),
            (2, "extend", False),
            (3, "extend", True),
        ]

    def test_they_are_listed_in_order_of_their_days(self, ask, put):
        for day in ("2026-11-20", "2026-11-12", "2026-11-16"):
            assert put(CONTINUE | {"reviewed_on": day}).status_code == 201
        listed = ask("GET", "response-reviews").json["items"]
        assert [each["reviewed_on"] for each in listed] == ["2026-11-12", "2026-11-16", "2026-11-20"]
        late = ask("GET", "response-reviews?from=2026-11-15").json["items"]
        assert [each["reviewed_on"] for each in late] == ["2026-11-16", "2026-11-20"]

    def test_extending_plans_more_infusions_until_the_review_is_removed(self, ask, put):
        review_id = uuid4()
        assert phase(ask)["kind"] == "maintenance"
        assert put(EXTEND, review_id).status_code == 201
        extended = phase(ask)
        assert (extended["kind"], extended["infusions_given_count"], extended["infusions_planned_count"]) == (
            "induction",
            6,
            8,
        )
        assert not ask("GET", "response-review").json["due"]
        assert put(EXTEND | {"additional_infusion_count": 3}, review_id, 1).status_code == 200
        assert phase(ask)["infusions_planned_count"] == 9
        assert ask("DELETE", f"response-reviews/{review_id}", version=2).status_code == 204
        assert phase(ask)["kind"] == "maintenance"

    def test_extending_lengthens_the_course_that_holds_the_day(self, ask, put):
        course = {"kind": "initial", "began_on": str(SERIES[0])}
        assert ask("PUT", f"courses/{uuid4()}", course).status_code == 201
        assert put(EXTEND).status_code == 201
        assert phase(ask)["infusions_planned_count"] == 8

    def test_what_cannot_be_is_refused_by_name(self, put):
        added = "#/additional_infusion_count"
        assert faults(put(CONTINUE | {"reviewed_on": "2026-11-24"})) == {("#/reviewed_on", "in_the_future")}
        assert faults(put(CONTINUE | {"reviewed_on": "2026-10-01"})) == {
            ("#/reviewed_on", "before_first_infusion")
        }
        assert faults(put(CONTINUE | {"additional_infusion_count": 2})) == {(added, "not_allowed")}
        assert faults(put({"reviewed_on": "2026-11-20", "decision": "extend"})) == {(added, "required")}
        assert faults(put(EXTEND | {"additional_infusion_count": 7})) == {(added, "too_many_infusions")}
        assert faults(put(CONTINUE | {"decision": "wait"})) == {("#/decision", "unknown_decision")}

    def test_extensions_together_stay_below_the_longest_series(self, put):
        review_id = uuid4()
        assert put(EXTEND | {"additional_infusion_count": 6}, review_id).status_code == 201
        assert faults(put(EXTEND | {"additional_infusion_count": 1})) == {
            ("#/additional_infusion_count", "too_many_infusions")
        }
        assert put(EXTEND | {"additional_infusion_count": 5}, review_id, 1).status_code == 200

    def test_it_is_never_shown_to_the_patient(self, ask, put, people):
        assert put(CONTINUE).status_code == 201
        for what in ("response-review", "response-reviews"):
            assert ask("GET", what, who=people.patient).status_code == 403
