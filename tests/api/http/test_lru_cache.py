from __future__ import annotations

import pytest

from api.http.lru_cache import LRUCache


def test_a_value_is_computed_once():
    cache = LRUCache[str](2)
    assert cache.get_or_compute("a", lambda: "first") == "first"
    assert cache.get_or_compute("a", lambda: "second") == "first"


def test_the_least_recently_used_value_is_dropped_first():
    cache = LRUCache[str](2)
    cache.get_or_compute("a", lambda: "a1")
    cache.get_or_compute("b", lambda: "b1")
    cache.get_or_compute("a", lambda: "a2")
    cache.get_or_compute("c", lambda: "c1")
    assert cache.get_or_compute("a", lambda: "a3") == "a1"
    assert cache.get_or_compute("b", lambda: "b2") == "b2"


def test_an_error_is_not_cached():
    cache = LRUCache[int](2)
    with pytest.raises(ZeroDivisionError):
        cache.get_or_compute("a", lambda: 1 // 0)
    assert cache.get_or_compute("a", lambda: 7) == 7
