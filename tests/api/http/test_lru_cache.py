from __future__ import annotations

import pytest

from api.http.lru_cache import Memory


def test_what_was_found_out_once_is_not_found_out_again():
    memory = Memory[str](2)
    assert memory.recall("a", lambda: "first") == "first"
    assert memory.recall("a", lambda: "second") == "first"


def test_what_was_asked_for_longest_ago_is_forgotten_first():
    memory = Memory[str](2)
    memory.recall("a", lambda: "a1")
    memory.recall("b", lambda: "b1")
    memory.recall("a", lambda: "a2")
    memory.recall("c", lambda: "c1")
    assert memory.recall("a", lambda: "a3") == "a1"
    assert memory.recall("b", lambda: "b2") == "b2"


def test_what_could_not_be_found_out_is_not_remembered():
    memory = Memory[int](2)
    with pytest.raises(ZeroDivisionError):
        memory.recall("a", lambda: 1 // 0)
    assert memory.recall("a", lambda: 7) == 7
