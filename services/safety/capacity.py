"""Which calls may start: a share of the threads for each clinic, and a circuit breaker for each receiver.

The channels share no threads, because all e-mail goes through one mail server. Of a channel's calls a clinic
has two at most, and receivers that hang have half at most. A receiver hangs once a call has taken long, and
no more once one was quick; meanwhile it is called once at a time, and what failed before waits for its
back-off. A message that was never tried does not wait: the receiver may have recovered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.safety.outbox import Due, Receiver

MAX_CALLS: Final = 32
"""Most calls at a time on one channel, of one worker. Operational."""

MAX_HANGING_CALLS: Final = 16
"""Most of these calls to receivers that hang. Operational."""

MAX_CALLS_OF_CLINIC: Final = 2
"""Most calls at a time on one channel of one clinic, once its receiver has answered quickly. Operational."""

HANGS_AFTER_S: Final = 5.0
"""Duration of a call after which its receiver is one that hangs, seconds. Operational."""

BACK_OFF_S: Final = (30.0, 60.0, 120.0, 300.0, 600.0, 900.0)
"""How long what failed before waits after so many calls in a row that hung, seconds. A proposal.
Operational."""


@dataclass(slots=True)
class _Breaker:
    quick: bool = False
    hung_in_a_row: int = 0
    closed_until: float = 0.0


class Capacity:
    """The calls in flight of one worker; `seconds` is a clock that only goes forward.

    Not for several threads at a time.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._breakers: dict[Receiver, _Breaker] = {}
        self._of_channel: Counter[str] = Counter()
        self._hanging_of_channel: Counter[str] = Counter()
        self._of_clinic: Counter[tuple[UUID, str]] = Counter()
        self._hanging: set[Receiver] = set()

    @property
    def in_flight(self) -> int:
        """How many calls have started and not ended."""
        return self._of_channel.total()

    def may_start(self, receiver: Receiver) -> bool:
        """Return whether a call to a receiver may start now."""
        breaker = self._breakers.get(receiver, _Breaker())
        channel, of_clinic = receiver.channel, self._of_clinic[receiver.clinic_id, receiver.channel]
        if self._of_channel[channel] >= MAX_CALLS:
            return False
        if breaker.hung_in_a_row:
            return not of_clinic and self._hanging_of_channel[channel] < MAX_HANGING_CALLS
        return of_clinic < (MAX_CALLS_OF_CLINIC if breaker.quick else 1)

    def only_new(self, due: Due) -> bool:
        """Return whether what failed before has to wait for the receiver's back-off."""
        breaker = self._breakers.get(due.receiver, _Breaker())
        return bool(breaker.hung_in_a_row) and self._seconds() < breaker.closed_until

    def start(self, receiver: Receiver) -> None:
        """Count a call that starts."""
        breaker = self._breakers.setdefault(receiver, _Breaker())
        self._of_channel[receiver.channel] += 1
        self._of_clinic[receiver.clinic_id, receiver.channel] += 1
        if breaker.hung_in_a_row:
            self._hanging.add(receiver)
            self._hanging_of_channel[receiver.channel] += 1

    def end(self, receiver: Receiver, took_s: float) -> None:
        """Count a call that ended, and judge its receiver by how long it took."""
        breaker = self._breakers[receiver]
        self._of_channel[receiver.channel] -= 1
        self._of_clinic[receiver.clinic_id, receiver.channel] -= 1
        if receiver in self._hanging:
            self._hanging.remove(receiver)
            self._hanging_of_channel[receiver.channel] -= 1
        breaker.quick = took_s < HANGS_AFTER_S
        breaker.hung_in_a_row = 0 if breaker.quick else breaker.hung_in_a_row + 1
        if breaker.hung_in_a_row:
            wait = BACK_OFF_S[min(breaker.hung_in_a_row, len(BACK_OFF_S)) - 1]
            breaker.closed_until = self._seconds() + wait
