"""What a process found out once and need not find out again: bounded, and of no use to the next process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Found = TypeVar("Found")


class LRUCache(Generic[Found]):
    """Remembers what follows from a key and from nothing else; forgets what was asked for longest ago."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._found: OrderedDict[Hashable, Found] = OrderedDict()

    def get_or_compute(self, key: Hashable, find_out: Callable[[], Found]) -> Found:
        """Give what is remembered under a key, or find it out; what raises is not remembered."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        found = find_out()
        with self._lock:
            self._found[key] = found
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return found

    def holds(self, key: Hashable) -> bool:
        """Tell whether something is remembered under a key."""
        with self._lock:
            return key in self._found
