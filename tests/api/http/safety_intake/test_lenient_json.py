"""What was said stays readable, whatever is wrong with the text around it."""

from __future__ import annotations

import json
import time

import pytest

from api import MAX_BODY_BYTES
from api.http.safety_intake.lenient_json import read

SAID = {"operations": [{"data": {"mood": 5, "safety_answer": 2}}, {"form": {"answers": {"9": 3}}}]}
WHOLE = json.dumps(SAID)


def test_what_is_whole_is_read_as_it_is():
    assert read(WHOLE.encode()) == SAID
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert read(WHOLE.encode(encoding)) == SAID


@pytest.mark.parametrize("until", range(len(WHOLE)))
def test_cut_off_anywhere_it_is_read_up_to_there_and_nothing_is_made_up(until):
    found = read(WHOLE[:until].encode())
    assert _is_part_of(found, SAID)
    if until > WHOLE.index("}"):
        assert found["operations"][0] == SAID["operations"][0]


def _is_part_of(found, whole):
    if isinstance(found, dict):
        return all(name in whole and _is_part_of(value, whole[name]) for name, value in found.items())
    if isinstance(found, list):
        return all(_is_part_of(value, there) for value, there in zip(found, whole, strict=False))
    return found is None or found == whole


@pytest.mark.parametrize(
    "broken",
    [
        b'{"safety_answer": 3, "note": "\xff\xfe"}',
        b'{"safety_answer": 3, "note": "a\nb\x00"}',
        b'{"safety_answer": 3, "mood": ' + b"9" * 5000 + b"}",
        b'{"safety_answer": 3, "mood": NaN}',
        b'{"safety_answer": 3, "mood": five}',
        b'{"safety_answer": 3, "mood": ' + b"[" * 100_000,
        b'{"safety_answer": 3,, "mood": 5}',
        b'{"safety_answer": 3, "safety_answer": 0}',
        b'{"safety_answer": 0, "safety_answer": 3}',
        b'{"safety_answer": 3} and more',
        b'{"safety_answer": 3',
        b'{"mood": [1, 2], "safety_answer": 3 "note": "a"}',
        b'{"mood": [1, 2], "safety_answer": 3]',
        b'{"safety_answer": 3, "side_effects": [}}}}',
    ],
    ids=lambda text: repr(text[:40]),
)
def test_an_answer_before_the_trouble_is_read(broken):
    assert read(broken)["safety_answer"] == 3


def test_of_an_object_given_twice_both_are_read_and_a_number_too_long_is_larger_than_any():
    assert read(b'{"data": {"a": 1}, "data": {"a": 2}}') == {"data": [{"a": 1}, {"a": 2}]}
    assert read(b'{"safety_answer": ' + b"9" * 5000 + b"}")["safety_answer"] > 3
    assert read(b'{"safety_answer": -' + b"9" * 5000 + b"}")["safety_answer"] < 0


@pytest.mark.parametrize(
    "nothing", [b"", b"\x00", b"}", b"{", b"mood", b'"', b'{"safety_answer": ', b'{"safety_answer']
)
def test_what_holds_nothing_whole_gives_nothing(nothing):
    assert not read(nothing)


@pytest.mark.parametrize("start", [b'{"', b'{"a":['])
@pytest.mark.parametrize("piece", [b'"', b'\\"', b"[", b'{"a":', b"[],", b'"",'])
def test_nobody_is_held_up_by_a_text_made_to_be_slow(start, piece):
    started = time.perf_counter()
    read(start + piece * (MAX_BODY_BYTES // len(piece)))
    assert time.perf_counter() - started < 1
