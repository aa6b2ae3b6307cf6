from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from schemas.sync import OperationSchema, PushSchema

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.lists(ANYTHING, max_size=5))
def test_a_push_accepts_any_operations_to_validate_each_by_itself(operations):
    assert PushSchema().load({"operations": operations}) == {"operations": operations}


@settings(deadline=None)
@given(ANYTHING)
def test_an_operation_is_read_or_refused_and_nothing_else(sent):
    with pytest.raises(ValidationError):
        OperationSchema().load(sent)


def test_a_hundred_and_no_more():
    assert len(PushSchema().load({"operations": [None] * 100})["operations"]) == 100
    with pytest.raises(ValidationError):
        PushSchema().load({"operations": [None] * 101})


def test_what_is_stored_needs_answers_and_what_is_removed_has_none():
    put: dict[str, Any] = {
        "op_id": "3f2b8c1e-9d47-4a60-b5aa-c0de5eed0a1f",
        "type": "put_check_in",
        "local_date": "2026-11-21",
    }
    removal = put | {"type": "delete_check_in"}
    assert OperationSchema().load(put | {"data": {}})["data"] == {}
    assert OperationSchema().load(removal)["type"] == "delete_check_in"
    for wrong in (put, removal | {"data": {}}):
        with pytest.raises(ValidationError) as refused:
            OperationSchema().load(wrong)
        assert set(refused.value.messages) == {"data"}


def test_a_missing_member_is_named_along_with_invalid_ones():
    put = {"op_id": "1", "type": "put_check_in", "local_date": "2026-11-21"}
    form = {"op_id": "1", "type": "put_questionnaire_response", "id": "1"}
    removal = put | {"type": "delete_check_in", "data": {}}
    for sent, missing in ((put, {"data"}), (form, {"id", "form"}), (removal, {"data"})):
        with pytest.raises(ValidationError) as refused:
            OperationSchema().load(sent)
        assert set(refused.value.messages) == {"op_id"} | missing


def test_an_unknown_operation_type_is_the_only_error():
    sent = {"op_id": str(uuid4()), "type": "burn", "local_date": "2026-11-21", "form": {}, "data": {}}
    with pytest.raises(ValidationError) as refused:
        OperationSchema().load(sent)
    assert set(refused.value.messages) == {"type"}
