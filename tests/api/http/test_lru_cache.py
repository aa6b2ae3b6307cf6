from __future__ import annotations

import pytest

from api.http.lru_cache import LRUCache


def test_what_was_found_out_once_is_not_found_out_again():
    memory = LRUCache[str](2)
    assert memory.get_or_compute("a", lambda: "first") == "first"
    assert memory.get_or_compute("a", lambda: "second") == "first"


def test_what_was_asked_for_longest_ago_is_forgotten_first():
    memory = LRUCache[str](2)
    memory.get_or_compute("a", lambda: "a1")
    memory.get_or_compute("b", lambda: "b1")
    memory.get_or_compute("a", lambda: "a2")
    memory.get_or_compute("c", lambda: "c1")
    assert memory.get_or_compute("a", lambda: "a3") == "a1"
    assert memory.get_or_compute("b", lambda: "b2") == "b2"


def test_what_could_not_be_found_out_is_not_remembered():
    memory = LRUCache[int](2)
    with pytest.raises(ZeroDivisionError):
        memory.get_or_compute("a", lambda: 1 // 0)
    assert memory.get_or_compute("a", lambda: 7) == 7
