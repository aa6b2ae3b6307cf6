"""Whatever stands somewhere in a body is found, with the day and the id around it."""

from __future__ import annotations

import json
import time
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from api.http.safety_intake.find_objects import objects

NAME = UUID(int=7)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=20,
)


def test_an_object_has_the_nearest_day_and_id_that_can_be_read():
    inner = {"local_date": "2026-02-30"}
    body = [{"local_date": "2026-11-20", "id": str(NAME), "data": [inner]}, {"id": 7}]
    found = [(place.local_date, place.id) for place in objects(body)]
    assert found == [(date(2026, 11, 20), NAME)] * 2 + [(None, None)]
    inner["local_date"] = "2026-11-19"
    assert [place.local_date for place in objects(body)][1] == date(2026, 11, 19)


@given(anything)
def test_every_object_is_given_once_in_the_order_of_the_text(body):
    def walked(found):
        if isinstance(found, dict):
            yield found
            found = list(found.values())
        for each in found if isinstance(found, list) else ():
            yield from walked(each)

    assert [place.members for place in objects(body)] == list(walked(body))


def test_a_body_of_nothing_but_brackets_holds_nobody_up():
    body = json.loads("[" + ",".join(["{}"] * 300_000) + "]")
    started = time.perf_counter()
    assert sum(1 for _ in objects(body)) == 300_000
    assert time.perf_counter() - started < 5
