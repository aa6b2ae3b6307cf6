"""The phone's push and pull over HTTP, and the digest worked out by the docs alone."""

from __future__ import annotations

import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from models.patients import Patient
from models.sync import PushResult
from tests import factories

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs" / "sync.md"
ANSWERS: dict[str, Any] = {
    "mood": 6,
    "anxiety": 3,
    "time_zone": "America/New_York",
    "recorded_at": "2026-11-21T21:00:00-05:00",
}
KEY = "3f2b8c1e-9d47-4a60-b5aa-c0de5eed0a1f"
STORED = {"created", "updated", "unchanged"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def push(client, people):
    def send(*operations: Any, who: Any = None):
        headers = (who or people.patient).headers
        answer = client.post("/v1/sync/push", json={"operations": list(operations)}, headers=headers)
        assert answer.status_code == 207, answer.json
        assert len(answer.json["results"]) == len(operations)
        return answer.json["results"]

    return send


@pytest.fixture
def pull(client, people):
    def ask(rest: str = "changes", who: Any = None):
        return client.get(f"/v1/sync/{rest}", headers=(who or people.patient).headers)

    return ask


def put(day: int, base: float | None = None, op_id: Any = None, **changed: Any) -> dict[str, Any]:
    operation = {"op_id": op_id or str(uuid4()), "type": "put_check_in", "local_date": f"2026-11-{day:02}"}
    operation["data"] = ANSWERS | changed
    return operation if base is None else operation | {"base_version": base}


def remove(day: int, base: int | None = None, op_id: Any = None) -> dict[str, Any]:
    operation = {"op_id": op_id or str(uuid4()), "type": "delete_check_in", "local_date": f"2026-11-{day:02}"}
    return operation if base is None else operation | {"base_version": base}


def outcomes(results: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(result["status"], result["http_status"]) for result in results]


def without_request(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Results as they are whichever request asked for them."""
    problems = [{**result.get("problem", {}), "request_id": None} for result in results]
    return [{**result, "problem": problem} for result, problem in zip(results, problems, strict=True)]


def test_results_come_in_the_order_sent_with_what_the_phone_needs(push):
    operations = put(20), put(18), put(20, 1, mood=2), remove(18, 1)
    results = push(*operations)
    assert [result.pop("op_id") for result in results] == [sent["op_id"] for sent in operations]
    assert results == [
        {"status": "created", "http_status": 201, "record_id": "2026-11-20", "version": 1, "change_seq": 1},
        {"status": "created", "http_status": 201, "record_id": "2026-11-18", "version": 1, "change_seq": 2},
        {"status": "updated", "http_status": 200, "record_id": "2026-11-20", "version": 2, "change_seq": 3},
        {"status": "updated", "http_status": 200, "record_id": "2026-11-18", "version": 2, "change_seq": 4},
    ]


def test_a_push_sent_again_is_answered_as_it_was_and_changes_nothing(push, pull):
    batch = [
        put(20, note="first"),
        put(20, 1, mood=2, note="second"),
        put(21),
        put(19),
        remove(19, 1),
        put(19),
        put(20, mood=9),
        put(1),
        remove(18),
    ]
    first = push(*batch)
    assert [result["status"] for result in first] == [
        "created", "updated", "created", "created", "updated", "conflict", "conflict", "rejected", "rejected",
    ]  # fmt: skip
    before = pull().json["changes"]
    assert without_request(push(*batch)) == without_request(first)
    assert pull().json["changes"] == before


def test_an_operation_is_answered_as_it_was_whatever_happened_since(push, pull):
    edit, removal = put(20, 1, mood=2), remove(20, 4)
    late = put(20, 1, mood=8)
    first = push(put(20), edit, late)
    assert outcomes(first)[1:] == [("updated", 200), ("conflict", 412)]
    since = push(put(20, 2, mood=3), put(20, 3, mood=4), removal, put(20, 5, mood=5))
    assert {result["status"] for result in since} == {"updated"}
    assert push(edit, late) == first[1:]
    assert pull().json["changes"][0]["data"]["mood"] == 5


def test_an_edit_that_arrives_before_what_it_edits_is_accepted_after_it(push):
    create, edit, removal = put(20), put(20, 1, mood=2), remove(20, 2)
    assert outcomes(push(removal, edit)) == [("rejected", 404), ("conflict", 412)]
    assert outcomes(push(create, edit, removal)) == [("created", 201), ("updated", 200), ("updated", 200)]


def test_an_operation_sent_twice_in_one_push_is_carried_out_once(push, pull):
    once = put(20)
    first, again = push(once, once)
    assert first == again
    assert pull().json["changes"][0]["version"] == 1


def test_another_operation_under_the_same_key_is_refused_and_named(push, pull):
    push(put(20, op_id=KEY))
    others = (
        put(20, op_id=KEY, mood=1),
        put(20, op_id=KEY, note="new"),
        put(20, 1, op_id=KEY),
        put(21, op_id=KEY),
        remove(20, 1, op_id=KEY),
    )
    for other in others:
        (refused,) = push(other)
        assert (refused["op_id"], refused["status"], refused["http_status"]) == (KEY, "rejected", 409)
        assert [(error["pointer"], error["code"]) for error in refused["problem"]["errors"]] == [
            ("#/op_id", "op_id_reused")
        ]
    assert [change["version"] for change in pull().json["changes"]] == [1]


def test_an_operation_built_again_with_the_same_meaning_is_answered_as_it_was(push):
    effects = [{"code": "nausea", "severity": "mild"}, {"code": "headache", "severity": "severe"}]
    (first,) = push(put(20, op_id=KEY, mood=4, side_effects=effects))
    assert first["status"] == "created"
    rebuilt = [
        put(20, op_id=KEY, mood=4.0, side_effects=effects),
        put(20, 0, op_id=KEY, mood=4, side_effects=effects),
        put(20, 0.0, op_id=KEY, mood=4, side_effects=effects[::-1], ratings={}),
        put(20, op_id=KEY, mood=4, side_effects=effects, recorded_at="2026-11-22T02:00:00.25z"),
        put(20, op_id=KEY, mood=4, side_effects=effects, time_zone="Asia/Tokyo"),
    ]
    assert push(*rebuilt) == [first] * len(rebuilt)


def test_an_op_id_is_a_uuid(push):
    for key in (" ", "é", "not-a-uuid", "1", KEY[:-1]):
        (refused,) = push(put(20, op_id=key))
        assert (refused["status"], refused["http_status"], "op_id" in refused) == ("rejected", 422, False)
        assert [(error["pointer"], error["code"]) for error in refused["problem"]["errors"]] == [
            ("#/op_id", "not_a_uuid")
        ]


def test_an_op_id_is_the_same_in_either_case(push):
    first, again, other = push(
        put(20, op_id=KEY), put(20, op_id=KEY.upper()), put(20, op_id=KEY.upper(), mood=1)
    )
    assert again == {**first, "op_id": KEY.upper()}
    assert (other["op_id"], other["http_status"]) == (KEY.upper(), 409)


def test_another_patient_may_use_the_same_key(push, people):
    operation = put(20, op_id=KEY)
    assert outcomes(push(operation)) == [("created", 201)]
    assert outcomes(push({**operation, "local_date": "2026-11-19"}, who=people.other_patient)) == [
        ("created", 201)
    ]


def test_a_result_is_stored_for_a_month(push, clock, database, people):
    operation = put(20)
    push(operation)
    clock.shift(timedelta(days=30))
    assert outcomes(push(operation)) == [("created", 201)]
    clock.shift(timedelta(seconds=1))
    assert outcomes(push(operation)) == [("unchanged", 200)]
    with database.read(people.clinic_id) as session:
        assert len(session.scalars(select(PushResult)).all()) == 1


def test_what_is_stored_of_a_result_holds_no_answers(push, database, people):
    push(put(20, note="my secret"), put(20, mood=1, note="another secret"))
    with database.read(people.clinic_id) as session:
        stored = [row.result for row in session.scalars(select(PushResult))]
    assert len(stored) == 2
    assert "secret" not in json.dumps(stored)


def test_twins_of_a_push_are_answered_alike(client, people, pull):
    body = {"operations": [put(20), put(20, 1, mood=2), put(20, 2, mood=3)]}
    headers = people.patient.headers
    app = client.application

    def send(_: int) -> Any:
        return app.test_client().post("/v1/sync/push", json=body, headers=headers).json["results"]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert outcomes(answers[0]) == [("created", 201), ("updated", 200), ("updated", 200)]
    assert all(answer == answers[0] for answer in answers)
    assert pull().json["changes"][0]["version"] == 3


def test_an_operation_of_a_day_that_has_not_begun_is_deferred_and_accepted_once_it_has(push, clock):
    # A phone whose clock is right has no such day.
    tomorrow = "2026-11-23T21:14:05-05:00"
    ahead = [put(23, recorded_at=tomorrow), put(23, 1, mood=2, recorded_at=tomorrow), remove(23, 2)]
    deferred = push(*ahead)
    assert outcomes(deferred) == [("deferred", 422)] * 3
    assert {result["problem"]["errors"][0]["code"] for result in deferred} == {"not_begun"}
    assert outcomes(push(*ahead)) == outcomes(deferred)
    clock.shift(timedelta(days=2))
    assert outcomes(push(*ahead)) == [("created", 201), ("updated", 200), ("updated", 200)]


def test_a_day_taken_from_utc_is_rejected_with_the_day_it_should_be_and_accepted_as_that(push, clock):
    clock.move_to(datetime(2026, 11, 22, 3, 30, tzinfo=UTC))
    moment: dict[str, Any] = {
        "time_zone": "America/Los_Angeles",
        "recorded_at": "2026-11-21T19:20:00-08:00",
    }
    rejected, stored = push(put(22, **moment), put(21, **moment))
    (fault,) = rejected["problem"]["errors"]
    assert (rejected["status"], rejected["http_status"]) == ("rejected", 422)
    assert (fault["code"], fault["expected_on"]) == ("ahead_of_recorded_at", "2026-11-21")
    assert stored["status"] == "created"


def test_a_day_that_only_the_phones_clock_has_reached_is_deferred(push, clock):
    clock.move_to(datetime(2026, 11, 22, 3, 30, tzinfo=UTC))
    moment: dict[str, Any] = {
        "time_zone": "America/Los_Angeles",
        "recorded_at": "2026-11-22T19:20:00-08:00",
    }
    (deferred,) = push(put(22, **moment))
    assert (deferred["status"], deferred["problem"]["errors"][0]["code"]) == ("deferred", "not_begun")
    clock.shift(timedelta(days=1))
    assert outcomes(push(put(22, **moment))) == [("created", 201)]


@pytest.mark.parametrize(
    "odd", [None, True, 7, 3.5, "put", [], [[]], {}, [None], {"op_id": None}, {"op_id": 7}]
)
def test_a_malformed_operation_of_any_kind_is_rejected_and_the_rest_are_stored(push, odd):
    before, bad, after = push(put(20), odd, put(21))
    assert (before["status"], after["status"]) == ("created", "created")
    assert (bad["status"], bad["http_status"]) == ("rejected", 422)
    assert bad["problem"]["code"] == "invalid"
    assert "version" not in bad


def test_what_is_wrong_with_an_operation_is_named(push):
    wrong: list[tuple[dict[str, Any], set[tuple[str, str]]]] = [
        (put(20, mood=3.9), {("#/data/mood", "not_whole")}),
        (put(20, mod=3), {("#/data/mod", "unknown_field")}),
        (
            put(20, side_effects=[{"code": "gout", "severity": "mild"}]),
            {("#/data/side_effects/0/code", "unknown_code")},
        ),
        (put(20) | {"data": None}, {("#/data", "null")}),
        (put(20) | {"data": []}, {("#/data", "required")}),
        (put(20) | {"type": "erase"}, {("#/type", "unknown_type")}),
        (put(20) | {"local_date": "2026-02-30"}, {("#/local_date", "not_a_date")}),
        (put(20) | {"local_date": 20261120}, {("#/local_date", "not_a_date")}),
        (put(20, base=-1), {("#/base_version", "out_of_range")}),
        (put(20) | {"base_version": "1"}, {("#/base_version", "not_whole")}),
        (put(20) | {"when": 1}, {("#/when", "unknown_field")}),
        (put(20, op_id="x" * 65), {("#/op_id", "not_a_uuid")}),
        (remove(20, 1) | {"data": ANSWERS}, {("#/data", "unknown_field")}),
        ({"op_id": KEY}, {("#/type", "required"), ("#/local_date", "required")}),
    ]
    results = push(*(operation for operation, _ in wrong))
    assert outcomes(results) == [("rejected", 422)] * len(wrong)
    for result, (operation, faults) in zip(results, wrong, strict=True):
        found = {(fault["pointer"], fault["code"]) for fault in result["problem"]["errors"]}
        assert found == faults, operation


def test_a_day_too_long_past_is_rejected_alone_and_one_not_begun_deferred(push):
    results = push(put(1), put(20), put(23), remove(19))
    assert outcomes(results) == [("rejected", 422), ("created", 201), ("deferred", 422), ("rejected", 404)]
    assert results[0]["problem"]["errors"][0]["code"] == "too_long_past"
    assert results[2]["problem"]["errors"][0]["code"] == "not_begun"


def test_a_conflict_comes_back_with_the_current_version(push):
    push(put(20), put(20, 1, mood=2))
    without, stale, gone_ahead = push(put(20, mood=9), put(20, 1, mood=9), put(20, 7, mood=9))
    for result, status in ((without, 428), (stale, 412), (gone_ahead, 412)):
        assert (result["status"], result["http_status"], result["version"]) == ("conflict", status, 2)
        assert (result["current"]["mood"], result["current"]["version"]) == (2, 2)
        assert result["problem"]["status"] == status
        assert "base_version" in result["problem"]["detail"]
        assert "If-Match" not in result["problem"]["detail"]
    assert "current" not in push(put(19, 3))[0]


def test_a_removal_wins_over_an_edit_of_what_was_there_before(push):
    push(put(20), remove(20, 1))
    (late,) = push(put(20, 1, mood=9))
    assert (late["status"], late["http_status"], late["version"]) == ("conflict", 410, 2)
    assert outcomes(push(put(20, 2, mood=9))) == [("updated", 200)]


def test_a_hundred_operations_are_taken_and_no_more(push, client, people):
    days = [put(8 + number % 14) for number in range(100)]
    assert {result["status"] for result in push(*days)} == {"created", "unchanged"}
    refused = client.post(
        "/v1/sync/push", json={"operations": [*days, put(20)]}, headers=people.patient.headers
    )
    assert refused.status_code == 422
    assert refused.json["errors"][0]["code"] == "too_many"
    assert refused.json["errors"][0]["pointer"] == "#/operations"


@pytest.mark.parametrize(
    "body", [{}, {"operations": None}, {"operations": {}}, {"operations": [], "x": 1}, []]
)
def test_what_is_no_batch_is_refused_whole(client, people, body):
    assert client.post("/v1/sync/push", json=body, headers=people.patient.headers).status_code == 422


def test_an_empty_push_is_no_error(push):
    assert push() == []


def test_only_a_patient_syncs(client, people):
    for who in (people.clinician, people.admin, people.integration):
        assert client.post("/v1/sync/push", json={"operations": []}, headers=who.headers).status_code == 403
        for rest in ("changes", "digest"):
            assert client.get(f"/v1/sync/{rest}", headers=who.headers).status_code == 403


def test_the_feed_gives_everything_once_however_it_is_paged(push, pull, database, people):
    push(*(put(day) for day in range(10, 21)), put(12, 1, mood=1), remove(13, 1))
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        given = factories.infusion(session, patient, NOW.date() - timedelta(days=3)).id
    push(put(21))
    for limit in (1, 2, 5, 200):
        seen, cursor, more = [], "", True
        while more:
            page = pull(f"changes?limit={limit}{cursor}").json
            assert len(page["changes"]) <= limit
            seen += page["changes"]
            cursor, more = f"&cursor={page['next_cursor']}", page["has_more"]
        assert [change["change_seq"] for change in seen] == sorted({change["change_seq"] for change in seen})
        assert len({(change["type"], change["record_id"]) for change in seen}) == len(seen) == 13
        assert {change["record_id"] for change in seen if change["deleted"]} == {"2026-11-13"}
        assert [change["record_id"] for change in seen if change["type"] == "infusion"] == [str(given)]
        assert all(("data" in change) != change["deleted"] for change in seen)
        assert pull(f"changes?limit={limit}{cursor}").json["changes"] == []


def test_what_changed_since_is_given_and_nothing_else(push, pull):
    push(put(19), put(20))
    cursor = pull().json["next_cursor"]
    push(put(19, 1, mood=1))
    push(put(19, 2, mood=2))
    (change,) = pull(f"changes?cursor={cursor}").json["changes"]
    assert (change["record_id"], change["version"], change["change_seq"]) == ("2026-11-19", 3, 4)
    assert change["data"]["mood"] == 2


def test_the_change_seq_of_the_feed_is_the_one_in_the_push_result(push, pull):
    result = {result["record_id"]: result["change_seq"] for result in push(put(19), put(20))}
    assert {change["record_id"]: change["change_seq"] for change in pull().json["changes"]} == result


def test_another_patients_cursor_is_refused(push, pull, people):
    push(put(20))
    cursor = pull().json["next_cursor"]
    refused = pull(f"changes?cursor={cursor}", who=people.other_patient)
    assert (refused.status_code, refused.json["code"]) == (400, "cursor_mismatch")
    for made_up in ("1", "", "MQ.abc", cursor[:-1], "x" * 2000):
        assert pull(f"changes?cursor={made_up}").status_code in {400, 422}


def test_a_cursor_from_before_a_restore_has_expired(push, pull, database, people):
    push(put(20), put(21))
    cursor = pull().json["next_cursor"]
    with database.write(people.clinic_id) as session:
        session.get_one(Patient, (people.clinic_id, people.patient.patient_id)).change_seq = 1
    refused = pull(f"changes?cursor={cursor}")
    assert (refused.status_code, refused.json["code"]) == (410, "cursor_expired")


def test_patients_see_their_own_changes_only(push, pull, people):
    push(put(20))
    push(put(21), who=people.other_patient)
    assert [change["record_id"] for change in pull().json["changes"]] == ["2026-11-20"]
    assert pull("digest", who=people.other_patient).json["check_in_count"] == 1


def documented_digest(check_ins: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """docs/sync.md, word for word, from what the API itself gives."""
    months: dict[str, str] = {}
    counts: dict[str, int] = {}
    for shown in sorted(check_ins, key=lambda one: one["local_date"]):
        fields = [shown["local_date"]]
        fields += [str(shown[name]) if name in shown else "-" for name in ("mood", "enjoyment", "anxiety")]
        if "side_effects" in shown:
            pairs = sorted((effect["code"], effect["severity"]) for effect in shown["side_effects"])
            fields.append(",".join(f"{code}={severity}" for code, severity in pairs))
        else:
            fields.append("-")
        fields.append(hashlib.sha256(shown["note"].encode()).hexdigest() if "note" in shown else "-")
        if "benefit_left" in shown:
            fields.append(str(shown["benefit_left"]))
        if "ratings" in shown:
            fields.append(",".join(f"{code}={rating}" for code, rating in sorted(shown["ratings"].items())))
        month = shown["local_date"][:7]
        months[month] = months.get(month, "") + "\t".join(fields) + "\n"
        counts[month] = counts.get(month, 0) + 1
    return [
        {"month": month, "check_in_count": counts[month], "sha256": hashlib.sha256(text.encode()).hexdigest()}
        for month, text in sorted(months.items())
    ]


def test_the_digest_is_what_a_phone_computes_by_the_docs(push, pull, client, people):
    effects = [{"code": "nausea", "severity": "mild"}, {"code": "headache", "severity": "severe"}]
    results = push(
        put(21, enjoyment=0, side_effects=effects, note="slept badly ✓ \t\n"),
        put(20, side_effects=[]),
        put(19, benefit_left=0),
        put(18, note="-", benefit_left=100, ratings={"sleep": 7, "craving": 0}),
        put(17),
        remove(17, 1),
        put(16) | {"local_date": "2026-10-31"} | {"data": ANSWERS | {"recorded_at": "2026-10-31T21:00:00Z"}},
    )
    assert {result["status"] for result in results} <= STORED
    items = client.get("/v1/patients/me/check-ins", headers=people.patient.headers).json["items"]
    result = pull("digest").json
    assert result == {"months": documented_digest(items), "check_in_count": 5}
    part = pull("digest?from=2026-11-19&to=2026-11-20").json
    assert part["months"] == documented_digest(
        [item for item in items if "19" in item["local_date"][8:] or "20" in item["local_date"][8:]]
    )
    assert pull("digest?from=2027-01-01").json == {"months": [], "check_in_count": 0}


def test_any_difference_in_the_answers_changes_the_digest(push, pull):
    push(put(20, note="a", side_effects=[], enjoyment=1, benefit_left=1))
    seen = {pull("digest").json["months"][0]["sha256"]}
    others: list[dict[str, Any]] = [{"mood": 1}, {"anxiety": 9}, {"enjoyment": 2}, {"note": "b"}]
    others += [{"benefit_left": 10}, {"benefit_left": None}, {"ratings": {"sleep": 1}}]
    for version, changed in enumerate([*others, {"side_effects": None}], start=1):
        shown: dict[str, Any] = {"note": "a", "side_effects": [], "enjoyment": 1, "benefit_left": 1} | changed
        push(put(20, version, **{name: value for name, value in shown.items() if value is not None}))
        seen.add(pull("digest").json["months"][0]["sha256"])
    assert len(seen) == 9


def test_a_day_without_benefit_left_is_hashed_as_it_was_before_there_was_such_a_question(push, pull):
    push(put(20, note="a", side_effects=[], enjoyment=1))
    line = "2026-11-20\t6\t1\t3\t\t" + hashlib.sha256(b"a").hexdigest() + "\n"
    assert pull("digest").json["months"][0]["sha256"] == hashlib.sha256(line.encode()).hexdigest()


def test_benefit_left_is_pushed_pulled_and_judged_like_any_answer(push, pull):
    push(put(20, benefit_left=70), put(19))
    result = {change["record_id"]: change["data"].get("benefit_left") for change in pull().json["changes"]}
    assert result == {"2026-11-20": 70, "2026-11-19": None}
    (refused,) = push(put(18, benefit_left=101))
    assert refused["status"] == "rejected"
    assert [(error["pointer"], error["code"]) for error in refused["problem"]["errors"]] == [
        ("#/data/benefit_left", "out_of_range")
    ]
    assert outcomes(push(put(20, benefit_left=60), put(20, 1, benefit_left=60))) == [
        ("conflict", 428),
        ("updated", 200),
    ]


def test_the_worked_example_of_the_docs_is_right(push, pull):
    blocks = re.findall(r"```(\w+)\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    shown, answer = [json.loads(text) for kind, text in blocks if kind == "json"][:2]
    (lines,) = [text for kind, text in blocks if kind == "text"]
    operations = [
        {"op_id": str(uuid4()), "type": "put_check_in", "local_date": day["local_date"]}
        | {"data": {name: value for name, value in day.items() if name != "local_date"}}
        for day in shown
    ]
    assert {result["status"] for result in push(*operations)} == {"created"}
    assert pull("digest").json == answer
    as_hashed = lines.replace("→", "\t")
    assert hashlib.sha256(as_hashed.encode()).hexdigest() == answer["months"][0]["sha256"]
    assert documented_digest(shown) == answer["months"]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        (put(19, note="half of an emoji \ud83d"), "#/data/note"),
        (put(19, note="a\x00b"), "#/data/note"),
        (put(19) | {"op_id": "\ud83d"}, "#/op_id"),
        (put(19) | {"a\ud83d": 1}, "#"),
    ],
)
def test_text_that_cannot_be_stored_blocks_no_other_operation(client, people, wrong, pointer):
    # As JavaScript writes it: in ASCII, with half of a surrogate pair escaped.
    body = json.dumps({"operations": [put(18), wrong, put(20)]})
    headers = people.patient.headers | {"Content-Type": "application/json"}
    first, second, third = client.post("/v1/sync/push", data=body, headers=headers).json["results"]
    assert outcomes([first, second, third]) == [("created", 201), ("rejected", 422), ("created", 201)]
    assert [each["pointer"] for each in second["problem"]["errors"]] == [pointer]
    assert (
        client.get("/v1/patients/me/check-ins/2026-11-19", headers=people.patient.headers).status_code == 404
    )


def test_version_0_names_a_day_without_answers(push, client, people):
    (early,) = push(put(19, base=5))
    assert (early["status"], early["version"]) == ("conflict", 0)
    (created,) = push(put(19, base=0))
    assert (created["status"], created["version"]) == ("created", 1)
    path, headers = "/v1/patients/me/check-ins/2026-11-20", people.patient.headers
    assert client.put(path, json=ANSWERS, headers=headers | {"If-Match": '"v7"'}).status_code == 412
    assert client.put(path, json=ANSWERS, headers=headers | {"If-Match": '"v0"'}).status_code == 201
