"""A server at 70 % of its capacity for ten minutes: memory, descriptors and SQLite's log must stay flat."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from bench.reliability.clinic import ANSWER_TIMEOUT_S, Clinic, Phone, Server, Write, database

SHARE = 0.7
CLIENTS = 8
CAPACITY_S = 15.0
"""How long the capacity is measured, seconds. Operational."""
SAMPLE_S = 5.0
"""Time between two looks at memory, descriptors and the log, seconds. Operational."""
WARM_UP = 0.2
"""Share of the soak that is not compared, in which caches fill. Operational."""
MIX = ("write", "summary", "write", "digest", "summary")


class Phones:
    """Clients that send a mix of a phone's requests on connections that they keep."""

    def __init__(self, clinic: Clinic, port: int) -> None:
        self._clinic, self._port = clinic, port
        self.statuses: Counter[str] = Counter()
        self._lock = threading.Lock()

    def run(self, seconds: float, interval: float, watch: Callable[[], None] | None = None) -> float:
        """Send for some seconds, each client once an interval, or as fast as it can if 0; return the rate."""
        before, began = self.statuses.total(), time.monotonic()
        threads = [
            threading.Thread(target=self._client, args=(number, began + seconds, interval))
            for number in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        while watch is not None and time.monotonic() < began + seconds:
            time.sleep(SAMPLE_S)
            watch()
        for thread in threads:
            thread.join()
        return (self.statuses.total() - before) / (time.monotonic() - began)

    def _client(self, number: int, until: float, interval: float) -> None:
        phones = self._clinic.phones[number::CLIENTS]
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_TIMEOUT_S)
        due, turn = time.monotonic() + number * interval / CLIENTS, 0
        while time.monotonic() < until:
            phone = phones[turn % len(phones)]
            status = self._send(connection, phone, MIX[turn % len(MIX)])
            with self._lock:
                self.statuses[status] += 1
            turn += 1
            due += interval
            time.sleep(max(0.0, due - time.monotonic()))
        connection.close()

    def _send(self, connection: http.client.HTTPConnection, phone: Phone, kind: str) -> str:
        headers = {"Authorization": f"Bearer {phone.token()}"}
        try:
            if kind == "write" and phone.next_day < 360:
                connection.request(*Write.of(phone, self._clinic.today).request())
            elif kind == "digest":
                connection.request("GET", "/v1/sync/digest", headers=headers)
            else:
                connection.request("GET", f"/v1/patients/{phone.patient_id}/summary", headers=headers)
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            return type(error).__name__
        return str(response.status)


def run(kind: str, seconds: float) -> dict[str, Any]:
    """Return rates, responses, and memory, descriptors and log size at the beginning and at the end."""
    with database(kind) as (url, folder):
        clinic = Clinic(url, phones=600)
        server = Server(url, folder / "server.log")
        server.start()
        try:
            phones = Phones(clinic, server.port)
            phones.run(CAPACITY_S / 3, 0)
            capacity = phones.run(CAPACITY_S, 0)
            samples: list[dict[str, float]] = []
            phones.statuses.clear()
            assert server.process is not None
            processes, wal = _tree(server.process.pid), folder / "afterglow.db-wal"
            rate = phones.run(
                seconds,
                CLIENTS / (SHARE * capacity),
                lambda: samples.append(_sample(processes, wal)),
            )
        finally:
            server.stop()
    return {
        "seconds": seconds,
        "capacity_per_second": round(capacity),
        "soak_per_second": round(rate),
        "responses": dict(phones.statuses),
        **_figures(samples, rate * seconds),
    }


def _tree(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *map(int, children)]


def _sample(processes: list[int], wal: Path) -> dict[str, float]:
    memory = descriptors = 0.0
    for pid in processes:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
        memory += int(line.split()[1]) / 1024
        descriptors += len(list(Path(f"/proc/{pid}/fd").iterdir()))
    log = wal.stat().st_size / 2**20 if wal.exists() else 0.0
    return {"memory_mib": memory, "descriptors": descriptors, "wal_mib": log}


def _figures(samples: list[dict[str, float]], requests: float) -> dict[str, Any]:
    steady = samples[int(WARM_UP * len(samples)) :]
    quarter = max(1, len(steady) // 4)
    first, last = (
        {name: median(sample[name] for sample in part) for name in steady[0]}
        for part in (steady[:quarter], steady[-quarter:])
    )
    growth = (last["memory_mib"] - first["memory_mib"]) / (requests * (1 - WARM_UP) * 0.75) * 10_000
    return {
        "memory_mib": [round(first["memory_mib"], 1), round(last["memory_mib"], 1)],
        "memory_mib_per_10000_requests": round(growth, 2),
        "descriptors": [first["descriptors"], last["descriptors"]],
        "largest_wal_mib": round(max(sample["wal_mib"] for sample in samples), 1),
    }
