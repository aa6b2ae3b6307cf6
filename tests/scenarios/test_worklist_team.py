"""A team works the morning's list: taken, handed over, snoozed and handled, and who returns when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from models.accounts import Account
from models.clinics import Clinic
from models.patients import Patient
from services.access import Role
from tests import factories
from tests.people import signed_in

NOW = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)
TODAY = NOW.date()
SERIES = (70, 66, 63, 59, 56)


class Team:
    """Two clinicians of one clinic and its list; patients by their record numbers."""

    def __init__(self, app, client, people, database):
        self.app, self.client, self.people, self.database = app, client, people, database
        self.ids: dict[str, Any] = {}
        with self.write() as session:
            # Without a shown forecast, everything follows the plan.
            session.get_one(Clinic, people.clinic_id).outlook_mode = "silent"
            account = factories.account(session, people.clinic_id, display_name="Hollis Birch")
            self.hollis = signed_in(app, session, "hollis", account.id)
        self.robin = people.clinician

    def write(self):
        return self.database.write(self.people.clinic_id)

    def enrol(self, record_number: str, last: int, **given: Any) -> None:
        """Enrol somebody whose last infusion of six was so many days ago."""
        with self.write() as session:
            patient = factories.patient(session, record_number=record_number, **given)
            for back in (*SERIES, last):
                factories.infusion(session, patient, TODAY - timedelta(days=back))
            factories.check_in(session, patient, TODAY - timedelta(days=1))
            factories.suitable(session, patient)
            factories.response_review(session, patient, TODAY - timedelta(days=last - 7))
            self.ids[record_number] = patient.id

    def add(self, record_number: str, make, *args: Any, **given: Any) -> Any:
        """Store something about a patient."""
        with self.write() as session:
            patient = session.get_one(Patient, (self.people.clinic_id, self.ids[record_number]))
            patient.change_seq += 1
            return make(session, patient, *args, **given)

    def read(self, query: str = "", who: Any = None) -> Any:
        path = f"/v1/clinics/{self.people.clinic_id}/patients?{query}"
        found = self.client.get(path, headers=(who or self.robin).headers)
        assert found.status_code == 200, found.json
        return found.json

    def numbers(self, query: str = "", who: Any = None) -> list[str]:
        """The record numbers on the list, of the patients enrolled here."""
        return [
            row["record_number"] for row in self.read(query, who)["items"] if row["record_number"] in self.ids
        ]

    def row(self, record_number: str) -> Any:
        (row,) = self.read(f"q={record_number}")["items"]
        return row

    def put(self, record_number: str, who: Any = None, version: int | None = None, **body: Any) -> Any:
        """Store an entry; one that hides the patient names what the list shows now."""
        body = {"state": "open", **body}
        if body["state"] != "open":
            body = {"outlook_id": self.row(record_number)["outlook_id"], **body}
        headers = (who or self.robin).headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        path = f"/v1/patients/{self.ids[record_number]}/worklist-entry"
        return self.client.put(path, json=body, headers=headers)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def team(app, client, people, database):
    made = Team(app, client, people, database)
    made.enrol("LB-1001", 45, display_name="Alder Finch")
    made.enrol("LB-1002", 35, display_name="Émile Ørsted")
    made.enrol("LB-2003", 20, display_name="Wren Heath")
    return made


@pytest.mark.either_database
def test_the_team_sees_who_has_taken_whom_and_the_second_to_take_is_told(team):
    robin, hollis = str(team.robin.id), str(team.hollis.id)
    taken = team.put("LB-1001", assignee_id=robin)
    assert (taken.status_code, taken.json["version"], taken.headers["ETag"]) == (200, 1, '"v1"')
    assert team.put("LB-1001", assignee_id=robin).json["version"] == 1
    # Both saw version 0, and one was first.
    for version, status in ((None, 428), (0, 412)):
        second = team.put("LB-1001", team.hollis, version, assignee_id=hollis)
        assert second.status_code == status
        assert second.json["current"]["assigned_to"] == {"id": robin, "display_name": "Robin Vale"}
    assert team.put("LB-1001", team.robin, 1, assignee_id=hollis).status_code == 200
    entry = team.row("LB-1001")["worklist_entry"]
    assert entry["assigned_to"] == {"id": hollis, "display_name": "Hollis Birch"}
    assert entry["updated_by"]["id"] == robin
    assert team.numbers("mine=true", team.hollis) == ["LB-1001"]
    assert team.numbers("mine=true") == []
    assert team.numbers("mine=false") == ["LB-1001", "LB-1002", "LB-2003"]


def test_filters_of_several_statuses_levels_and_bookings_and_a_search_in_either_case(team):
    team.add("LB-1002", factories.infusion, TODAY + timedelta(days=1), status="scheduled")
    statuses = {row["record_number"]: row["status"] for row in team.read()["items"]}
    assert [statuses[number] for number in sorted(team.ids)] == ["overdue", "due", "not_due"]
    assert team.numbers("status=due,overdue") == ["LB-1001", "LB-1002"]
    assert team.numbers("status=due,overdue&not_booked=true") == ["LB-1001"]
    assert team.numbers("urgency=overdue,none") == ["LB-1001", "LB-2003"]
    assert team.numbers("q=lb-10") == ["LB-1001", "LB-1002"]
    assert team.numbers("q=LB-2003") == team.numbers("q=HEATH") == ["LB-2003"]
    assert team.numbers("q=émile") == team.numbers("q=ØRSTED") == ["LB-1002"]
    assert team.numbers("q=lb-10&status=due") == ["LB-1002"]


def test_nobody_handled_returns_before_the_reasons_change(team, clock):
    handled = team.put("LB-1001", assignee_id=str(team.robin.id), state="handled", reason="Comes on Friday.")
    assert {each["code"] for each in handled.json["seen_reasons"]} >= {"past_plan", "not_booked"}
    assert team.numbers() == ["LB-1002", "LB-2003"]
    assert team.read()["hidden_count"] == 1
    # Nobody is lost: named, counted, in a search, and in the order in which a list is copied.
    assert team.numbers("state=handled") == ["LB-1001"]
    assert team.numbers("state=snoozed") == []
    everybody = ["LB-1001", "LB-1002", "LB-2003"]
    assert team.numbers("state=all") == team.numbers("sort=record_number") == everybody
    assert (team.row("LB-1001")["hidden"], team.read("q=lb-1001")["hidden_count"]) == (True, 0)
    assert [team.read(f"status={status}")["hidden_count"] for status in ("overdue", "due")] == [1, 0]

    clock.shift(timedelta(days=5))
    team.add("LB-1001", factories.check_in, TODAY + timedelta(days=5), mood=6)
    assert "LB-1001" not in team.numbers()
    # Booked and cancelled: nothing booked is another reason than before.
    booking = {"status": "scheduled", "known_from": datetime.now(UTC)}
    booked = team.add("LB-1001", factories.infusion, TODAY + timedelta(days=8), **booking)
    clock.shift(timedelta(seconds=1))
    assert "LB-1001" not in team.numbers()
    path = f"/v1/patients/{team.ids['LB-1001']}/infusions/{booked.id}"
    gone = team.client.delete(path, headers=team.robin.headers | {"If-Match": '"v1"'})
    assert gone.status_code == 204, gone.json
    assert "LB-1001" in team.numbers()
    row = team.row("LB-1001")
    assert (row["hidden"], row["returned_because"]) == (False, "new_reason")
    # Marked again with the same words, they are away again.
    clock.shift(timedelta(seconds=1))
    again = team.put(
        "LB-1001",
        version=1,
        assignee_id=str(team.robin.id),
        state="handled",
        reason="Comes on Friday.",
    )
    assert again.json["version"] == 2
    assert "LB-1001" not in team.numbers()


@pytest.mark.either_database
def test_a_snoozed_patient_returns_on_the_day_or_once_the_urgency_rises(team, clock):
    until = str(TODAY + timedelta(days=4))
    for number in ("LB-1001", "LB-1002", "LB-2003"):
        body = {"state": "snoozed", "snoozed_until_on": until, "reason": "Travelling."}
        assert team.put(number, **body).status_code == 200
    assert (team.numbers(), team.numbers("state=snoozed")) == ([], ["LB-1001", "LB-1002", "LB-2003"])
    # On the second day LB-1002 is past the plan's latest day, and no longer due but overdue.
    clock.shift(timedelta(days=2))
    assert team.numbers() == ["LB-1002"]
    assert team.row("LB-1002")["returned_because"] == "higher_urgency"
    clock.shift(timedelta(days=2))
    assert team.numbers() == ["LB-1001", "LB-1002", "LB-2003"]
    assert team.row("LB-2003")["returned_because"] == "snooze_ended"


@pytest.mark.either_database
@pytest.mark.parametrize("state", ["handled", "snoozed"])
def test_an_alert_brings_back_at_once_and_for_good(state, team, clock):
    day = {"snoozed_until_on": str(TODAY + timedelta(days=30))} if state == "snoozed" else {}
    body = {"state": state, "reason": "Travelling.", **day}
    assert team.put("LB-2003", **body).status_code == 200
    assert "LB-2003" not in team.numbers()
    clock.shift(timedelta(minutes=5))
    opened = datetime.now(UTC)
    alert = team.add("LB-2003", factories.alert, TODAY, opened_at=opened)
    assert team.numbers()[0] == "LB-2003"
    refused = team.put("LB-2003", version=1, **body)
    assert (refused.status_code, refused.json["code"]) == (409, "alert_open")
    assert team.put("LB-2003", version=1, assignee_id=str(team.hollis.id)).status_code == 200
    assert team.put("LB-2003", version=2, state="open").json == {
        "version": 3,
        "state": "open",
        "updated_at": "2026-11-27T14:05:00+00:00",
        "updated_by": {"id": str(team.robin.id), "display_name": "Robin Vale"},
    }
    closed = team.client.post(
        f"/v1/safety-alerts/{alert.id}/close",
        json={"action": "spoke_with_patient"},
        headers=team.robin.headers,
    )
    assert closed.status_code == 200, closed.json
    assert "LB-2003" in team.numbers()


@pytest.mark.either_database
def test_whoever_leaves_the_team_has_nobody_assigned(team):
    with team.write() as session:
        nurse = factories.account(session, team.people.clinic_id, Role.NURSE, display_name="Fern Lake").id
    assert team.put("LB-1001", assignee_id=str(nurse)).json["assigned_to"]["display_name"] == "Fern Lake"
    assert team.row("LB-1001")["worklist_entry"]["assigned_to"]["display_name"] == "Fern Lake"
    with team.write() as session:
        session.get_one(Account, nurse).disabled_at = NOW
    assert "assigned_to" not in team.row("LB-1001")["worklist_entry"]
    refused = team.put("LB-1002", assignee_id=str(nurse))
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [
        ("#/assignee_id", "not_in_care_team")
    ]


@pytest.mark.either_database
def test_a_summary_that_changed_meanwhile_is_looked_at_again_first(team):
    seen = team.row("LB-2003")["outlook_id"]
    team.add("LB-2003", factories.check_in, TODAY, mood=1)
    refused = team.put("LB-2003", state="handled", outlook_id=seen)
    assert (refused.status_code, refused.json["code"]) == (409, "superseded")
    assert refused.json["outlook_id"] == team.row("LB-2003")["outlook_id"] != seen
    assert team.put("LB-2003", state="handled").status_code == 200


@pytest.mark.either_database
def test_api_clients_copy_everybody_and_read_nothing_of_how_the_team_divides_its_work(team):
    team.put("LB-1001", state="handled", reason="Comes on Friday.")
    found = team.read("sort=record_number", team.people.integration)["items"]
    assert {row["record_number"] for row in found} >= set(team.ids)
    assert all("worklist_entry" not in row for row in found)
    assert "Friday" not in str(found)
