"""The clinic's morning list: the most urgent first, page by page, in a fixed number of queries."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import event

from clinical.attention import AttentionLevel
from tests import factories

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("fixed_day")]

TODAY = factories.NOON.date()


@pytest.fixture
def ask(client, people):
    """Ask for the list as the clinician does."""

    def asked(query="", person=None, clinic_id=None):
        path = f"/v1/clinics/{clinic_id or people.clinic_id}/patients{query}"
        return client.get(path, headers=(person or people.clinician).headers)

    return asked


@pytest.fixture
def enrol(database, people):
    """Enrol patients whose last infusion lies differently long ago."""

    def enrolled(many):
        with database.write(people.clinic_id) as session:
            for number in range(many):
                patient = factories.patient(session, display_name=f"Patient {number:03}")
                for nth in range(min(number % 8, 6)):
                    factories.infusion(session, patient, TODAY - timedelta(days=1 + 2 * number + 3 * nth))
                for ago in range(0, 20, 2):
                    factories.check_in(session, patient, TODAY - timedelta(days=ago), mood=5 + ago % 3)

    return enrolled


@contextmanager
def counted(app):
    """Count the SQL statements of the application."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_most_urgent_come_first(ask, enrol):
    enrol(30)
    items = ask("?limit=200").json["items"]
    assert len(items) == 32
    levels = [AttentionLevel[item["attention"]["urgency"].upper()] for item in items]
    assert len(set(levels)) > 2
    assert levels == sorted(levels)
    for before, after in pairwise(items):
        if before["attention"]["urgency"] == after["attention"]["urgency"] != "none":
            assert before["attention"]["since_on"] <= after["attention"]["since_on"]


@pytest.mark.one_in(4)
@pytest.mark.parametrize("sort", ["urgency", "name", "record_number"])
@pytest.mark.parametrize(("order", "limit"), [("asc", 1), ("desc", 7), ("desc", 200)])
def test_the_pages_hold_every_patient_once(order, limit, sort, ask, enrol, client, people):
    enrol(20)
    whole = [item["patient_id"] for item in ask(f"?limit=200&sort={sort}").json["items"]]
    whole = whole[::-1] if order == "desc" else whole
    seen, answer = [], ask(f"?limit={limit}&sort={sort}&order={order}")
    while True:
        seen += [item["patient_id"] for item in answer.json["items"]]
        if "next_cursor" not in answer.json:
            break
        link = answer.headers["Link"]
        assert link.endswith('>; rel="next"')
        answer = client.get(link[1 : link.index(">")], headers=people.clinician.headers)
    assert seen == whole
    assert "Link" not in answer.headers


def test_a_cursor_is_valid_only_for_the_query_it_came_from(ask, enrol, people):
    enrol(5)
    cursor = ask("?limit=2").json["next_cursor"]
    assert ask(f"?limit=3&cursor={cursor}").status_code == 200
    flipped = cursor[:4] + ("A" if cursor[4] != "A" else "B") + cursor[5:]
    refused = [
        ask(f"?limit=2&cursor={flipped}"),
        ask(f"?limit=2&cursor={cursor[:-1]}"),
        ask(f"?limit=2&q=Patient&cursor={cursor}"),
        ask(f"?limit=2&order=desc&cursor={cursor}"),
        ask(f"?limit=2&status=due&cursor={cursor}"),
        ask(f"?limit=2&cursor={cursor}", people.stranger, people.other_clinic_id),
        ask("?cursor=nonsense"),
        ask("?cursor="),
    ]
    assert {(answer.status_code, answer.json["code"]) for answer in refused} == {(400, "cursor_mismatch")}


def test_a_filter_returns_only_matching_patients(ask, enrol):
    enrol(30)
    everybody = ask("?limit=200").json["items"]
    for status in {item["status"] for item in everybody}:
        items = ask(f"?limit=200&status={status}").json["items"]
        assert items == [item for item in everybody if item["status"] == status]
    assert {item["display_name"] for item in ask("?q=patient 00").json["items"]} == {
        f"Patient {number:03}" for number in range(10)
    }
    (found,) = ask(f"?q={everybody[0]['record_number']}").json["items"]
    assert found == everybody[0]
    assert ask("?due_before_on=1900-01-01").json["items"] == []
    assert len(ask("?limit=200&due_before_on=2100-01-01").json["items"]) <= len(everybody)


@pytest.mark.parametrize("q", ["%25", "_", "%5C", "%25%25", "'", "P_tient"])
def test_a_search_matches_special_characters_literally(q, ask, enrol):
    enrol(3)
    assert ask(f"?q={q}").json["items"] == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("status=nonsense", "status"),
        ("sort=nonsense", "sort"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=1e2", "limit"),
        ("limit=-1", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=2", "limit"),
        ("sort=age", "sort"),
        ("sort=1;--", "sort"),
        ("statsu=due", "statsu"),
        ("due_before_on=soon", "due_before_on"),
        ("q=", "q"),
        ("q=%00", "q"),
        ("status=%00", "status"),
        ("status=due,nonsense", "status"),
        ("status=due,", "status"),
        ("urgency=high", "urgency"),
        ("state=gone", "state"),
        ("mine=1", "mine"),
        ("not_booked=yes", "not_booked"),
    ],
)
def test_an_unknown_query_parameter_is_refused_by_name(query, name, ask):
    refused = ask(f"?{query}")
    assert refused.status_code == 422
    assert [error["parameter"] for error in refused.json["errors"]] == [name]


def test_the_number_of_queries_does_not_grow_with_the_patients(app, ask, enrol):
    counts = []
    for more in (3, 55):  # beside the two who are there: 5, then 60
        enrol(more)
        ask("?limit=1")
        with counted(app) as warm:
            answer = ask("?limit=200")
        counts.append((len(answer.json["items"]), len(warm)))
    assert [patients for patients, _ in counts] == [5, 60]
    assert counts[0][1] == counts[1][1] <= 6


def test_computing_the_list_again_takes_as_many_queries_for_many_as_for_few(app, ask, enrol):
    reads = []
    for more in (3, 55):
        enrol(more)
        with counted(app) as cold:
            ask("?limit=200")
        # Whoever reads is noted once an hour, however many are listed.
        asked = (one for one in cold if "access_log" not in one)
        reads.append(sum(one.lstrip().upper().startswith("SELECT") for one in asked))
    assert reads[0] == reads[1]
