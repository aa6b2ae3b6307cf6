"""Every object of a JSON body is found, with the day and the id around it."""

from __future__ import annotations

import json
import time
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.safety_intake.find_objects import objects, parse

NAME = UUID(int=7)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=20,
)


def test_an_object_has_the_nearest_day_and_id_that_can_be_read():
    inner = {"local_date": "2026-02-30"}
    body = [{"local_date": "2026-11-20", "id": str(NAME), "data": [inner]}, {"id": 7}]
    found = [(found.local_date, found.id) for found in objects(body)]
    assert found == [(date(2026, 11, 20), NAME)] * 2 + [(None, None)]
    inner["local_date"] = "2026-11-19"
    assert [found.local_date for found in objects(body)][1] == date(2026, 11, 19)


@given(anything)
def test_every_object_is_given_once_in_the_order_of_the_text(body):
    def traversed(value):
        if isinstance(value, dict):
            yield value
            value = list(value.values())
        for each in value if isinstance(value, list) else ():
            yield from traversed(each)

    assert [found.members for found in objects(body)] == list(traversed(body))


def test_a_body_of_many_empty_objects_is_searched_in_time():
    body = json.loads("[" + ",".join(["{}"] * 300_000) + "]")
    started = time.thread_time()
    assert sum(1 for _ in objects(body)) == 300_000
    assert time.thread_time() - started < 5


@pytest.mark.parametrize(
    "text",
    [
        b'{"safety_answer": 3, "note": "a\\u0000b\\ud800"}',
        b'{"safety_answer": 3, "mood": ' + b"9" * 5000 + b"}",
        b'{"safety_answer": 3, "safety_answer": 0}',
        b'{"safety_answer": 0, "safety_answer": 3}',
        b'{"safety_answer": 3, "a": ' + b"[" * 40 + b"]" * 40 + b"}",
    ],
    ids=lambda text: repr(text[:40]),
)
def test_json_that_strict_json_refuses_is_parsed_for_screening(text):
    assert parse(text)["safety_answer"] == 3


def test_of_an_object_given_twice_both_are_found_and_a_number_too_long_is_larger_than_any():
    assert parse(b'{"data": {"a": 1}, "data": {"a": 2}}') == {"data": [{"a": 1}, {"a": 2}]}
    assert parse(b'{"safety_answer": ' + b"9" * 5000 + b"}")["safety_answer"] > 3
    assert parse(b'{"safety_answer": -' + b"9" * 5000 + b"}")["safety_answer"] < 0


@pytest.mark.parametrize(
    "text",
    [b"", b"\x00", b"{", b'{"safety_answer": 3', b'{"a": "\xff"}', b"[" * 100_000],
    ids=lambda text: repr(text[:20]),
)
def test_what_is_no_json_is_not_searched(text):
    assert list(objects(parse(text))) == []
