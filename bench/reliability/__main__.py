"""Kill servers, restart them, cut their power, soak them: `python -m bench.reliability EXPERIMENT`."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from typing import Any

from bench.reliability import kill, power, restart, soak

LARGE_GROWTH_MIB = 5.0
"""Growth of all processes during a soak below which a slope is noise, MiB. Operational."""


def main() -> None:
    """Run one experiment and print its figures as JSON; the exit code is 1 where a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.reliability", description=__doc__)
    parser.add_argument("experiment", choices=["kill", "restart", "power", "soak"])
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--count", type=int, help="kills (20), restarts (5) or cuts (200)")
    parser.add_argument("--writes", type=int, default=600, help="writes while power's trace is made")
    parser.add_argument("--seconds", type=float, default=600, help="length of the soak")
    chosen = parser.parse_args()
    # Raises, so that the servers are stopped; the default action would leave them running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    found = {
        "kill": lambda: kill.run(chosen.database, chosen.count or 20),
        "restart": lambda: restart.run(chosen.database, chosen.count or 5),
        "power": lambda: power.run(chosen.count or 200, chosen.writes),
        "soak": lambda: soak.run(chosen.database, chosen.seconds),
    }[chosen.experiment]()
    print(json.dumps({"experiment": chosen.experiment, "database": chosen.database, **found}, indent=2))
    sys.exit(bool(broken(chosen.experiment, found)))


def broken(experiment: str, found: dict[str, Any]) -> list[str]:
    """Return the names of the figures that break a promise."""
    zero = {
        "kill": ("lost", "twice", "other_responses"),
        "restart": ("lost", "twice", "other_responses", "unanswered_then_repeated"),
        "power": ("cuts_losing_acknowledged_writes", "corrupt"),
        "soak": (),
    }[experiment]
    wrong = [name for name in zero if found[name]]
    if experiment == "soak":
        wrong += ["largest_wal_mib"] if found["largest_wal_mib"] >= 64 else []
        wrong += ["descriptors"] if found["descriptors"][1] > found["descriptors"][0] + 2 else []
        # A few requests cannot tell a slope from noise.
        before, after = found["memory_mib"]
        steep = found["memory_mib_per_10000_requests"] >= 1 and after - before >= LARGE_GROWTH_MIB
        wrong += ["memory_mib"] if steep else []
        wrong += ["responses"] if set(found["responses"]) - {"200", "201"} else []
    return wrong


if __name__ == "__main__":
    main()
