"""The recall question over HTTP: asked at an infusion about the one before, optional and revisable."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from models.half_benefit_recalls import HalfBenefitRecall
from models.infusions import Infusion
from models.outlooks import CachedOutlook
from models.patients import Patient
from models.quotas import QuotaCount
from services.access import Role
from tests import factories
from tests.people import signed_in

pytestmark = pytest.mark.either_database

NOW = datetime(2026, 11, 17, 23, 0, tzinfo=UTC)
DAY = date(2026, 11, 17)
INDUCTION = (80, 77, 73, 70, 66, 63)
LAST = 28
"""Days ago of the infusion of maintenance that is asked about."""


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def record(database, people):
    """Store an infusion of so many days ago."""

    def store(ago: int, **columns: Any) -> Infusion:
        with database.write(people.clinic_id) as session:
            patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
            return factories.infusion(session, patient, DAY - timedelta(days=ago), **columns)

    return store


@pytest.fixture
def earlier(record):
    """The induction, and an infusion of maintenance after it."""
    return [record(ago) for ago in (*INDUCTION, LAST)]


@pytest.fixture
def given(record, earlier):  # noqa: ARG001
    """The infusion at which it is asked, given this morning."""
    return record(0)


@pytest.fixture
def ask(client, people):
    def send(method: str, at: Infusion, body: Any = None, version: int | None = None, who: Any = None) -> Any:
        path = f"/v1/patients/{people.patient.patient_id}/infusions/{at.id}/half-benefit-recall"
        headers = (who or people.patient).headers | ({} if version is None else {"If-Match": f'"v{version}"'})
        return client.open(path, method=method, json=body, headers=headers)

    return send


def answer(answered_at: datetime = NOW - timedelta(hours=8), **members: Any) -> dict[str, Any]:
    return {"recall_answer": "not_gone", "answered_at": answered_at.isoformat()} | members


def days(number: Any, **members: Any) -> dict[str, Any]:
    return answer(recall_answer="days", recalled_days=number, **members)


def faults(refused: Any) -> list[tuple[str, str]]:
    assert refused.status_code == 422, refused.json
    return [(each["pointer"], each["code"]) for each in refused.json["errors"]]


def test_an_answer_is_stored_once_revised_by_version_and_removed(ask, given):
    first = ask("PUT", given, days(12))
    assert (first.status_code, first.headers["ETag"]) == (201, '"v1"')
    # Nothing but the answer and what it is about: no forecast, and no date of one.
    assert first.json == {
        "infusion_id": str(given.id),
        "version": 1,
        "recall_answer": "days",
        "recalled_days": 12,
        "answered_at": "2026-11-17T15:00:00+00:00",
        "about_infusion_on": "2026-10-20",
    }
    assert ask("PUT", given, days(12)).status_code == 200
    assert ask("GET", given).json == first.json
    refused = ask("PUT", given, days(14))
    assert (refused.status_code, refused.json["current"]) == (428, first.json)
    revised = ask("PUT", given, answer(), 1)
    assert (revised.json["version"], revised.json["recall_answer"]) == (2, "not_gone")
    assert "recalled_days" not in revised.json
    assert ask("PUT", given, days(14), 1).status_code == 412
    assert ask("PUT", given, answer(recall_answer="cannot_say"), 2).json["version"] == 3
    assert ask("DELETE", given, version=3).status_code == 204
    assert ask("DELETE", given, version=3).status_code == 204
    assert ask("GET", given).status_code == 410
    again = ask("PUT", given, days(12), 4)
    assert (again.status_code, again.json["version"]) == (200, 5)


def test_every_revision_stays_with_who_recorded_it(ask, given, people, database):
    ask("PUT", given, days(12))
    ask("PUT", given, answer(), 1, people.clinician)
    ask("DELETE", given, version=2)
    with database.read(people.clinic_id) as session:
        rows = session.scalars(select(HalfBenefitRecall).order_by(HalfBenefitRecall.version)).all()
        assert [(row.answer, row.days, row.removed, row.recorded_by) for row in rows] == [
            ("days", 12, False, people.patient.id),
            ("not_gone", None, False, people.clinician.id),
            ("not_gone", None, True, people.patient.id),
        ]
        assert [row.known_until is None for row in rows] == [False, False, True]


@pytest.mark.parametrize(
    "body", [days(1), days(28), days(3.0), answer(), answer(recall_answer="cannot_say")], ids=str
)
def test_what_can_be_answered_is_stored(ask, given, body):
    assert ask("PUT", given, body).status_code == 201
    assert ask("GET", given).json["recall_answer"] == body["recall_answer"]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (days(0), ("#/recalled_days", "out_of_range")),
        (days(-3), ("#/recalled_days", "out_of_range")),
        (days(367), ("#/recalled_days", "out_of_range")),
        (days(29), ("#/recalled_days", "too_many_days")),
        (days(7.5), ("#/recalled_days", "not_whole")),
        (days("7"), ("#/recalled_days", "not_whole")),
        (days(True), ("#/recalled_days", "not_whole")),  # noqa: FBT003
        (days(None), ("#/recalled_days", "null")),
        (answer(recall_answer="days"), ("#/recalled_days", "required")),
        (answer(recalled_days=7), ("#/recalled_days", "not_allowed")),
        (answer(recall_answer="cannot_say", recalled_days=7), ("#/recalled_days", "not_allowed")),
        (answer(recall_answer="weeks"), ("#/recall_answer", "unknown_answer")),
        (answer(recall_answer=None), ("#/recall_answer", "null")),
        ({"answered_at": NOW.isoformat()}, ("#/recall_answer", "required")),
        ({"recall_answer": "not_gone"}, ("#/answered_at", "required")),
        (answer() | {"answered_at": "2026-11-17"}, ("#/answered_at", "not_an_instant")),
        (answer(version=1), ("#/version", "unknown_field")),
    ],
    ids=str,
)
def test_what_cannot_be_answered_is_refused_by_name(ask, given, body, fault):
    assert faults(ask("PUT", given, body)) == [fault]
    assert ask("GET", given).status_code == 404


@pytest.mark.parametrize(
    ("answered_at", "code"),
    [
        (NOW + timedelta(minutes=11), "in_the_future"),
        (datetime(2026, 10, 20, 23, 0, tzinfo=UTC), "before_infusion"),
        (datetime(2026, 10, 21, 4, 59, tzinfo=UTC), "before_infusion"),
        (datetime(2026, 9, 1, 12, 0, tzinfo=UTC), "before_infusion"),
    ],
)
def test_a_time_at_which_nobody_can_answer_is_refused_by_name(ask, given, answered_at, code, people):
    for who in (people.patient, people.clinician):
        assert faults(ask("PUT", given, answer(answered_at), who=who)) == [("#/answered_at", code)]


def test_the_day_after_the_infusion_is_the_first_to_answer(ask, given):
    # Midnight in the infusion's own time zone.
    assert ask("PUT", given, answer(datetime(2026, 10, 21, 5, 0, tzinfo=UTC))).status_code == 201


def test_a_phone_is_believed_for_30_days_and_the_care_team_for_longer(ask, given, people, clock):
    clock.move_to(NOW + timedelta(days=31))
    assert faults(ask("PUT", given, answer())) == [("#/answered_at", "too_long_past")]
    assert ask("PUT", given, answer(), who=people.clinician).status_code == 201


def test_more_days_than_there_were_is_refused_in_favour_of_not_gone(ask, given):
    refused = ask("PUT", given, days(29))
    assert refused.json["errors"][0]["detail"] == (
        "It is 28 days from the infusion on 20 October until then: send at most as many, or not_gone if half "
        "of the benefit was still there."
    )
    # It is the time until the infusion at which it is asked, however late it is answered.
    assert ask("PUT", given, days(28)).status_code == 201


def test_days_count_until_the_answer_where_that_came_before_the_infusion(ask, record, earlier, clock):  # noqa: ARG001
    booked = record(-9, status="scheduled")
    assert faults(ask("PUT", booked, days(29))) == [("#/recalled_days", "too_many_days")]
    assert ask("PUT", booked, days(28)).status_code == 201
    given = record(-2)
    clock.move_to(NOW + timedelta(days=5))
    assert faults(ask("PUT", given, days(29))) == [("#/recalled_days", "too_many_days")]
    later = {"answered_at": (NOW + timedelta(days=5)).isoformat()}
    assert faults(ask("PUT", given, days(31) | later)) == [("#/recalled_days", "too_many_days")]
    assert ask("PUT", given, days(30) | later).status_code == 201


def test_an_infusion_that_was_not_done_is_not_asked_at(ask, record, earlier):  # noqa: ARG001
    cancelled = record(0, status="not_done", not_done_reason="patient_cancelled")
    assert faults(ask("PUT", cancelled, answer())) == [("#/recall_answer", "not_done")]


def test_the_first_infusion_has_none_before_it_to_ask_about(ask, record):
    assert faults(ask("PUT", record(0), answer())) == [("#/recall_answer", "no_earlier_infusion")]


def test_it_is_not_asked_during_an_induction_but_from_the_first_infusion_after_it(ask, record):
    first, *_, last = [record(ago) for ago in (17, 14, 12, 10, 7, 4)]
    assert faults(ask("PUT", first, answer())) == [("#/recall_answer", "no_earlier_infusion")]
    assert faults(ask("PUT", last, answer())) == [("#/recall_answer", "in_induction")]
    stored = ask("PUT", record(0), answer())
    assert (stored.status_code, stored.json["about_infusion_on"]) == (201, "2026-11-13")


def test_two_infusions_of_one_day_are_no_cycle(ask, record, earlier):  # noqa: ARG001
    record(0)
    second = record(0, started_at=NOW - timedelta(hours=2), ended_at=None)
    assert ask("PUT", second, answer()).json["about_infusion_on"] == "2026-10-20"


def test_a_new_course_has_no_infusion_to_ask_about(ask, given, people, database):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.treatment_course(session, patient, DAY)
    assert faults(ask("PUT", given, answer())) == [("#/recall_answer", "no_earlier_infusion")]


def test_an_infusion_of_another_clinic_is_asked_about_where_its_day_is_known(ask, record, people, database):
    elsewhere = {"earlier_infusion_count": 6, "earlier_last_infusion_on": DAY - timedelta(days=21)}
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        moved = DAY - timedelta(days=2)
        factories.treatment_course(session, patient, moved, kind="transferred_in", **elsewhere)
    assert ask("PUT", record(0), days(21)).json["about_infusion_on"] == "2026-10-27"


def test_a_correction_that_leaves_nothing_to_ask_about_leaves_the_answer(
    ask, given, earlier, database, people
):
    ask("PUT", given, answer())
    with database.write(people.clinic_id) as session:
        for each in earlier:
            row = session.get_one(Infusion, (people.clinic_id, each.patient_id, each.id, 1))
            row.removed = True
    found = ask("GET", given)
    assert (found.status_code, "about_infusion_on" in found.json) == (200, False)


def test_an_infusion_entered_in_error_answers_410(ask, given, database, people):
    ask("PUT", given, answer())
    with database.write(people.clinic_id) as session:
        session.get_one(Infusion, (people.clinic_id, given.patient_id, given.id, 1)).removed = True
    assert ask("GET", given).status_code == ask("PUT", given, days(3), 1).status_code == 410


def test_a_nurse_enters_and_corrects_it_and_only_a_clinician_or_the_patient_removes_it(
    app, ask, given, people, database
):
    with database.write() as session:
        nurse = signed_in(app, session, "nurse", factories.account(session, people.clinic_id, Role.NURSE).id)
    assert ask("PUT", given, days(12), who=nurse).status_code == 201
    assert ask("PUT", given, days(13), 1, nurse).json["recalled_days"] == 13
    assert ask("DELETE", given, version=2, who=nurse).status_code == 403
    assert ask("DELETE", given, version=2, who=people.clinician).status_code == 204


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        ("delegate", 200, 403),
        ("admin", 403, 403),
        ("integration", 403, 403),
        ("stranger", 404, 404),
        ("other_patient", 404, 404),
        ("strangers_patient", 404, 404),
        ("nobody", 401, 401),
    ],
)
def test_who_else_reads_or_writes_it(who, reads, writes, ask, given, people):
    ask("PUT", given, days(12))
    caller = getattr(people, who)
    assert ask("GET", given, who=caller).status_code == reads
    assert ask("PUT", given, days(9), 1, caller).status_code == writes
    assert ask("DELETE", given, version=1, who=caller).status_code == writes
    assert ask("GET", given).json["recalled_days"] == 12


def test_whoever_else_reads_it_is_in_the_access_log(ask, client, given, people):
    ask("PUT", given, days(12))
    ask("GET", given, who=people.clinician)
    (read,) = client.get("/v1/patients/me/access-log", headers=people.patient.headers).json["items"]
    assert (read["resource"], read["roles"]) == ("infusions", ["clinician"])


def test_answers_count_against_a_quota_of_their_own(ask, given, people, database):
    ask("PUT", given, days(12))
    ask("PUT", given, days(12))
    ask("PUT", given, days(14), 1)
    with database.read() as session:
        counted = session.scalars(select(QuotaCount).where(QuotaCount.author_id == people.patient.id)).one()
        assert (counted.kind, counted.written_count) == ("half_benefit_recalls", 2)


def test_an_answer_makes_the_cached_outlook_stale(ask, client, given, people, database):
    def outlook() -> tuple[str, Any]:
        path = f"/v1/patients/{people.patient.patient_id}/outlook"
        found = client.get(path, headers=people.clinician.headers).json
        return found["outlook_id"], found["status"]

    def overwrite_cached() -> None:
        with database.write(people.clinic_id) as session:
            session.scalars(select(CachedOutlook)).one().outlook = {"status": "made up"}

    seen = [outlook()]
    for method, body, version in (
        ("PUT", days(12), None),
        ("PUT", days(14), 1),
        ("PUT", answer(recall_answer="cannot_say"), 2),
        ("DELETE", None, 3),
    ):
        overwrite_cached()
        assert outlook()[1] == "made up"
        assert ask(method, given, body, version).status_code < 300
        seen.append(outlook())
    assert len({outlook_id for outlook_id, _ in seen}) == len(seen)
    assert {status for _, status in seen} == {seen[0][1]} != {"made up"}
    # The same answer again changes nothing, and so nothing is computed again.
    ask("PUT", given, days(12), 4)
    computed = outlook()
    overwrite_cached()
    ask("PUT", given, days(12))
    assert outlook() == (computed[0], "made up")


def test_refusals_come_in_spanish_too(client, given, people):
    path = f"/v1/patients/me/infusions/{given.id}/half-benefit-recall"
    headers = people.patient.headers | {"Accept-Language": "es"}
    refused = client.put(path, json=days(29), headers=headers)
    assert "envíe como máximo esa cifra, o not_gone" in refused.json["errors"][0]["detail"]
