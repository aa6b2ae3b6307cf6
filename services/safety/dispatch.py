"""Notify the on-call of every clinic: escalate what is overdue, send what is due, in parallel.

One thread does all that needs the database, and waits for no receiver; each call has a thread of its own. So
nothing is sent inside a transaction, and a clinic whose receiver hangs delays no other's. If a worker stops
before it settles a delivery, that is sent again under the same id once its lease has ended: at least once,
and receivers deduplicate by id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models.database import Database
from services.safety import outbox
from services.safety.capacity import Capacity
from services.safety.delivery import OutboundConfig, send
from services.safety.outbox import Claim, Due, Receiver
from services.safety.settings import SafetyDraft, in_force

Found = TypeVar("Found")

LONGEST_WAIT_S: Final = 1.0
"""How long the worker waits for a call to end before it checks for other work, seconds.
Operational."""

DRAIN_S: Final = 20.0
"""How long a worker that is stopped waits for calls in flight, longer than one takes, seconds.
Operational."""


@dataclass(frozen=True, slots=True)
class Escalated:
    """So many alerts of a clinic escalated."""

    clinic_id: UUID
    count: int


@dataclass(frozen=True, slots=True)
class Attempted:
    """A message was delivered, failed or was given up; `failure` is a code, None for success."""

    clinic_id: UUID
    claim: Claim
    state: str
    failure: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """The worker itself failed, in a clinic or in all; it tries again."""

    clinic_id: UUID | None
    error: Exception

    @property
    def of_database(self) -> bool:
        """Whether the database did not answer."""
        return isinstance(self.error, SQLAlchemyError)


Outcome = Escalated | Attempted | Failed


@dataclass(frozen=True, slots=True)
class _Ended:
    receiver: Receiver
    claim: Claim
    failure: str | None
    took_s: float


class Dispatcher:
    """A worker's calls to the on-call of all clinics; `report` is called with each outcome."""

    def __init__(
        self,
        database: Database,
        config: OutboundConfig,
        clock: Callable[[], datetime],
        report: Callable[[Outcome], None],
    ) -> None:
        self._database, self._config, self._clock, self._report = database, config, clock, report
        self._capacity = Capacity(monotonic)
        self._ended: SimpleQueue[_Ended] = SimpleQueue()
        self._unsettled: list[_Ended] = []

    def run_once(self) -> bool:
        """Escalate and send all that is due, wait for each call; return whether the database answered."""
        answered = self._poll()
        while self._capacity.in_flight:
            if self._settle_ended(LONGEST_WAIT_S):
                self._start_due()
        return answered

    def run_until_stopped(self, stopped: Event, every_s: float) -> None:
        """Escalate and send what is due, every so many seconds, until stopped; then let the calls end."""
        while not stopped.is_set():
            self._poll()
            next_poll = monotonic() + every_s
            while not stopped.is_set() and (left := next_poll - monotonic()) > 0:
                if not self._capacity.in_flight:
                    stopped.wait(left)
                elif self._settle_ended(min(left, LONGEST_WAIT_S)):
                    self._start_due()
        until = monotonic() + DRAIN_S
        while self._capacity.in_flight and monotonic() < until:
            self._settle_ended(LONGEST_WAIT_S)

    def _poll(self) -> bool:
        unsettled, self._unsettled = self._unsettled, []
        for ended in unsettled:
            self._settle(ended)
        clinics = self._across_clinics(outbox.clinics_to_escalate)
        if clinics is None:
            return False
        self._escalate(clinics)
        self._start_due()
        return True

    def _escalate(self, clinics: Iterable[UUID]) -> None:
        """Escalate where something is overdue; an error in one clinic stops no other."""
        for clinic_id in clinics:
            try:
                with self._database.write(clinic_id) as session:
                    count = outbox.escalate(session, self._clock())
            except Exception as error:  # noqa: BLE001  other clinics' alerts must not wait for it
                self._report(Failed(clinic_id, error))
                continue
            if count:
                self._report(Escalated(clinic_id, count))

    def _start_due(self) -> None:
        """Start as many calls as may start, the earliest due first; an error in one clinic stops no other."""
        for due in self._across_clinics(outbox.due_receivers) or ():
            try:
                while self._start_next(due):
                    pass
            except Exception as error:  # noqa: BLE001  other clinics' alerts must not wait for it
                self._report(Failed(due.receiver.clinic_id, error))

    def _across_clinics(self, find: Callable[[Session, datetime], list[Found]]) -> list[Found] | None:
        try:
            with self._database.read() as session:
                return find(session, self._clock())
        except Exception as error:  # noqa: BLE001  in a thread of the server its end would go unnoticed
            self._report(Failed(None, error))
            return None

    def _start_next(self, due: Due) -> bool:
        """Claim a receiver's next message and call it in a thread; return whether there was one."""
        receiver, only_new = due.receiver, self._capacity.only_new(due)
        if not self._capacity.may_start(receiver) or (only_new and not due.has_new):
            return False
        with self._database.write(receiver.clinic_id) as session:
            claim = outbox.claim(session, self._clock(), receiver.channel, only_new=only_new)
            settings = in_force(session).settings
        if claim is None:
            return False
        self._capacity.start(receiver)
        # A daemon: it ends with its process, also during a call, like a worker that is killed.
        Thread(target=self._call, args=(receiver, claim, settings), name="on-call", daemon=True).start()
        return True

    def _call(self, receiver: Receiver, claim: Claim, settings: SafetyDraft) -> None:
        begun = monotonic()
        failure = send(claim, receiver.clinic_id, settings, self._config, self._clock())
        self._ended.put(_Ended(receiver, claim, failure, monotonic() - begun))

    def _settle_ended(self, wait_s: float) -> bool:
        """Wait for a call to end, settle it and all that ended meanwhile; return whether there was one."""
        settled = False
        with suppress(Empty):
            ended = self._ended.get(timeout=wait_s)
            while True:
                settled = True
                self._capacity.end(ended.receiver, ended.took_s)
                self._settle(ended)
                ended = self._ended.get_nowait()
        return settled

    def _settle(self, ended: _Ended) -> None:
        """Store how a call ended; what cannot be stored now is stored with the next poll."""
        clinic_id, claim = ended.receiver.clinic_id, ended.claim
        try:
            with self._database.write(clinic_id) as session:
                state = outbox.settle(session, claim, ended.failure, self._clock())
        except Exception as error:  # noqa: BLE001  other clinics' alerts must not wait for it
            self._unsettled.append(ended)
            self._report(Failed(clinic_id, error))
        else:
            self._report(Attempted(clinic_id, claim, state, ended.failure))
