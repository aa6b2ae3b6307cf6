"""Runs of a worker that notifies the on-call, and what they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from models.database import Database
from services.safety.delivery import OutboundConfig
from services.safety.dispatch import Attempted, Dispatcher, Escalated, Failed, Outcome
from services.safety.outbox import GIVEN_UP

KEY: Final = b"k" * 32
CONFIG: Final = OutboundConfig("https://afterglow.clinic.test", (KEY,), loopback=True)


@dataclass
class Run:
    """Counts of what a worker did, and alerts whose delivery was given up; its own failures are raised."""

    escalated: int = 0
    delivered: int = 0
    failed: int = 0
    given_up: tuple[UUID | None, ...] = ()

    def count(self, outcome: Outcome) -> None:
        match outcome:
            case Escalated(_, count):
                self.escalated += count
            case Attempted(_, claim, state, failure):
                self.delivered += failure is None
                self.failed += failure is not None
                if state == GIVEN_UP:
                    self.given_up += (claim.alert_id,)
            case Failed(_, error):
                raise error


def run_once(database: Database, now: datetime, config: OutboundConfig = CONFIG) -> Run:
    """Let a worker notify the on-call of all clinics once."""
    run = Run()
    Dispatcher(database, config, lambda: now, run.count).run_once()
    return run
