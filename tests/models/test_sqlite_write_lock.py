from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.sqlite_write_lock import SQLiteWriteLock
from tests.forked_processes import COUNT_UP_IN_THREE

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 20.0

HOLD = """
import sys, time
from pathlib import Path
from models.sqlite_write_lock import SQLiteWriteLock

lock = SQLiteWriteLock(Path(sys.argv[1]), 20.0)
lock.acquire("holder")
print("mine", flush=True)
sys.stdin.readline()
"""

COUNT_UP = (
    """
import sys
from pathlib import Path
from models.sqlite_write_lock import SQLiteWriteLock

def count_up():
    lock, count = SQLiteWriteLock(Path(sys.argv[1]), 20.0), Path(sys.argv[2])
    for _ in range(100):
        lock.acquire("holder")
        count.write_text(str(int(count.read_text()) + 1))
        lock.release("holder")
"""
    + COUNT_UP_IN_THREE
)
"""Three processes, which share nothing but the file: none of them has opened it when they part."""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "afterglow.db-lock"


def start(script: str, *arguments: Path) -> subprocess.Popen[str]:
    """A process of its own that uses the same lock."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_only_one_thread_holds_the_lock(path):
    lock = SQLiteWriteLock(path, TIMEOUT_S)
    inside, most = 0, 0

    def write(holder: object) -> None:
        nonlocal inside, most
        for _ in range(20):
            lock.acquire(holder)
            inside += 1
            most = max(most, inside)
            time.sleep(0.0002)
            inside -= 1
            lock.release(holder)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(write, object()) for _ in range(8)]:
            done.result()
    assert most == 1


def test_only_one_process_holds_the_lock(path, tmp_path):
    count = tmp_path / "count"
    count.write_text("0")
    with start(COUNT_UP, path, count) as processes:
        exit_codes, _ = processes.communicate(timeout=60)
    assert exit_codes.split() == ["0", "0", "0"]
    assert count.read_text() == "300"


def test_a_killed_process_frees_its_lock(path):
    with start(HOLD, path) as process:
        assert process.stdout
        assert process.stdout.readline() == "mine\n"
        with pytest.raises(sqlite3.OperationalError):
            SQLiteWriteLock(path, 0.05).acquire("us")
        process.kill()
    lock = SQLiteWriteLock(path, TIMEOUT_S)
    lock.acquire("us")
    lock.release("us")


def test_waiting_for_another_process_times_out(path):
    with start(HOLD, path) as process:
        assert process.stdout
        assert process.stdout.readline() == "mine\n"
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            SQLiteWriteLock(path, 0.05).acquire("us")
        process.kill()


def test_waiting_for_another_thread_times_out(path):
    lock = SQLiteWriteLock(path, 0.05)
    lock.acquire("first")
    with ThreadPoolExecutor(1) as pool:
        timed_out = pool.submit(lock.acquire, "second")
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            timed_out.result()
    lock.release("first")


def test_a_waiter_that_timed_out_blocks_no_other(path):
    slow, lock = SQLiteWriteLock(path, TIMEOUT_S), SQLiteWriteLock(path, 0.05)
    slow.acquire("slow")
    with pytest.raises(sqlite3.OperationalError):
        lock.acquire("timed_out")
    slow.release("slow")
    lock.acquire("next")
    lock.release("next")


def test_only_its_holder_releases_the_lock(path):
    lock = SQLiteWriteLock(path, TIMEOUT_S)
    lock.acquire("holder")
    lock.release("somebody else")
    with pytest.raises(sqlite3.OperationalError):
        SQLiteWriteLock(path, 0.05).acquire("another")
    lock.release("holder")
    SQLiteWriteLock(path, 0.05).acquire("another")


def test_releasing_twice_does_no_harm(path):
    lock = SQLiteWriteLock(path, TIMEOUT_S)
    lock.acquire("holder")
    lock.release("holder")
    lock.release("holder")
    lock.acquire("next")
    lock.release("next")


def test_a_waiter_gets_the_lock_promptly(path):
    lock = SQLiteWriteLock(path, TIMEOUT_S)
    lock.acquire("first")
    arrived = threading.Event()

    def wait_for_it() -> float:
        arrived.set()
        lock.acquire("second")
        at = time.monotonic()
        lock.release("second")
        return at

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait_for_it)
        arrived.wait(10)
        freed = time.monotonic()
        lock.release("first")
        # SQLite's own busy handler would have slept for up to 100 ms; a busy machine gets some room.
        assert waiting.result() - freed < 1
