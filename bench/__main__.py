"""Requests per second of the server and of a floor: `make bench`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
from pathlib import Path
from typing import Any

from bench.speed.requests import TARGET_RATIOS, compare

TABLE = "{:<18} {:>7} {:>7} {:>6} {:>14} {:>8} {:>8} {:>8}"
DATABASES = ("sqlite", "postgresql")


def main() -> None:
    """Measure on both databases; print a table and write every figure to a file."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=DATABASES, help="measure on one kind of database only")
    parser.add_argument("--scale", type=float, default=1.0, help="factor on the length of every measurement")
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    chosen = parser.parse_args()
    # Raises, so that the servers are stopped; the default action would leave them running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    found = {}
    for kind in [chosen.only] if chosen.only else DATABASES:
        found[kind] = compare(kind, chosen.scale)
        _print(kind, found[kind])
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    chosen.out.write_text(
        json.dumps({"machine": machine, "target_ratios": TARGET_RATIOS, "figures": found}, indent=2) + "\n"
    )
    print(f"\nEvery figure is in {chosen.out}.")


def _print(kind: str, figures: dict[str, Any]) -> None:
    print(f"\n{kind}: requests per second on 8 connections; latencies of the server in ms\n")
    print(TABLE.format("", "server", "floor", "ratio", "target, rounds", "p50", "p99", "p99/p50"))
    for name, target in TARGET_RATIOS.items():
        one = figures[name]
        rounds = f"{target}  {one['lowest_ratio']:.2f}-{one['highest_ratio']:.2f}"
        rates = f"{one['server_per_second']:.0f}", f"{one['floor_per_second']:.0f}", f"{one['ratio']:.2f}"
        print(TABLE.format(name, *rates, rounds, one["p50_ms"], one["p99_ms"], one["p99_to_p50"]))
    eight = figures["eight writers"]
    rest = "", "", "", eight["p50_ms"], eight["p99_ms"], eight["p99_to_p50"]
    print(TABLE.format("eight writers", f"{eight['per_second']:.0f}", *rest))


if __name__ == "__main__":
    main()
