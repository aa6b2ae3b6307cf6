"""A bounded cache of one process, shared by its threads."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import cachetools

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Value = TypeVar("Value")


class LRUCache(cachetools.LRUCache["Hashable", Value]):
    """Values that follow from their key and from nothing else; the least recently used is dropped first."""

    def __init__(self, maxsize: int) -> None:
        super().__init__(maxsize)
        self._lock = Lock()

    def get_or_compute(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """Return the cached value of a key, or compute and cache it; an error is not cached.

        The lock is not held meanwhile, so two threads may compute the same value at the same time.
        """
        with self._lock:
            if key in self:
                return self[key]
        value = compute()
        with self._lock:
            self[key] = value
        return value
