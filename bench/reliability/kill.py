"""Two servers on one database are killed with SIGKILL while eight clients write."""

from __future__ import annotations

import random
import time
from typing import Any

from bench.reliability.clinic import Clinic, Server, Writers, database


def run(kind: str, kills: int, seed: int = 7, workers: int = 2) -> dict[str, Any]:
    """Return counts: nothing acknowledged may be lost, nothing stored twice; each server has `workers`."""
    dice, began = random.Random(seed), time.monotonic()
    with database(kind) as (url, folder):
        clinic = Clinic(url, phones=200)
        servers = [Server(url, folder / f"server-{number}.log", workers) for number in range(2)]
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
                        if server.process is None:
                            server.start()
            found = writers.outcome.compare(clinic.rows())
        finally:
            for server in servers:
                server.kill()
    return {"kills": kills, **found, "seconds": round(time.monotonic() - began)}
