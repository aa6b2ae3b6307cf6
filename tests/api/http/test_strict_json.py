"""Bodies are read strictly, and in an effort that their 64 KiB bound."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from api.http.strict_json import MAX_VALUES, InvalidJson, has_too_many_values, loads

MOST_MEMORY = 20 * 1024 * 1024
"""Bytes that reading a body may take; one of 64 KiB once took 500 MiB."""


def code_of(data: bytes) -> str:
    with pytest.raises(InvalidJson) as caught:
        loads(data)
    return caught.value.code


@pytest.mark.parametrize("value", [b"0", b'"a"', b"[]", b"{}", b'{"a":1}'])
def test_a_body_has_a_most_of_values(value):
    fits = MAX_VALUES // 2 - 1
    assert len(loads(b"[" + b",".join([value] * fits) + b"]")) == fits
    assert code_of(b"[" + b",".join([value] * (MAX_VALUES + 1)) + b"]") == "too_many_values"


@pytest.mark.parametrize(
    "text", ["," * 30_000, "[{" * 15_000, '\\"[' * 15_000, '",[' * 15_000, "\\" * 20_000]
)
def test_what_stands_in_text_is_no_value(text):
    assert loads(json.dumps({"note": text, "mood": 6}).encode()) == {"note": text, "mood": 6}
    assert not has_too_many_values(json.dumps([text, 6]).encode())


@pytest.mark.parametrize("data", [b'"' + b"," * 60_000, b'"\\' * 30_000, b"[" * 9_000 + b'"' * 9_000])
def test_text_that_does_not_end_is_no_json(data):
    assert code_of(data) in {"not_json", "too_deep"}


def test_a_long_name_around_many_values_is_written_once():
    data = b'{"' + b"a" * 32_000 + b'": [' + b"0," * 9_000 + b'"\\u0000"]}'
    tracemalloc.start()
    try:
        assert code_of(data) == "unstorable_text"
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


def test_a_refusal_names_the_place_of_what_cannot_be_stored():
    with pytest.raises(InvalidJson) as caught:
        loads(b'{"a/b": [1, {"c~d": "\\u0000"}]}')
    assert caught.value.pointer == "/a~1b/1/c~0d"


def test_a_problem_names_a_hundred_errors_at_most(client):
    body = {f"unknown {number}": 0 for number in range(3_000)}
    refused = client.post("/v1/auth/login", json=body)
    assert (refused.status_code, len(refused.json["errors"])) == (422, 100)


def test_a_body_of_too_many_values_is_refused(client, people):
    body = b"[" + b"{}," * 11_000 + b"0]"
    for path in ("/v1/auth/login", "/v1/sync/push"):
        refused = client.post(
            path, data=body, content_type="application/json", headers=people.patient.headers
        )
        assert refused.status_code == 400
        assert [error["code"] for error in refused.json["errors"]] == ["too_many_values"]


def test_a_form_of_too_many_fields_is_refused(client):
    form = "application/x-www-form-urlencoded"
    refused = client.post("/oauth/token", data="a=1&" * 10_000, content_type=form)
    assert (refused.status_code, refused.json["error"]) == (400, "invalid_request")
    assert [error["code"] for error in refused.json["errors"]] == ["too_many_values"]
