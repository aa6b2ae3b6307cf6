"""Two servers on one database are killed with SIGKILL while eight clients write."""

from __future__ import annotations

import http.client
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from bench.reliability.clinic import Clinic, Server, Writers, database


class Killable(Protocol):
    """A server that is killed and started again."""

    @property
    def is_running(self) -> bool:
        """Tell whether it was started and not killed."""

    def start(self) -> None:
        """Start it, and return once it answers."""

    def kill(self) -> None:
        """End all its processes at once."""

    def connection(self) -> http.client.HTTPConnection:
        """Return a new connection to it."""


def run(
    kind: str, kills: int, seed: int = 7, made: Callable[[str, Path], Killable] = Server
) -> dict[str, Any]:
    """Return counts: nothing acknowledged may be lost, nothing stored twice.

    `made` gives a server on a database, with a file for its log.
    """
    dice, began = random.Random(seed), time.monotonic()
    with database(kind) as (url, folder):
        clinic = Clinic(url, phones=200)
        servers = [made(url, folder / f"server-{number}.log") for number in range(2)]
        try:
            for server in servers:
                server.start()
            with Writers(clinic, lambda turn: servers[turn % 2].connection()) as writers:
                for _ in range(kills):
                    writers.wait_for(40)
                    time.sleep(dice.uniform(0.0, 0.4))
                    # In one kill of four, both at once.
                    for victim in servers if dice.random() < 0.25 else [dice.choice(servers)]:
                        victim.kill()
                    for server in servers:
                        if not server.is_running:
                            server.start()
            found = writers.outcome.compare(clinic.rows())
        finally:
            for server in servers:
                server.kill()
    return {"kills": kills, **found, "seconds": round(time.monotonic() - began)}
