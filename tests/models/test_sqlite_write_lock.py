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

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 20.0

HOLD = """
import sys, time
from pathlib import Path
from models.writer_turn import SQLiteWriteLock

turn = SQLiteWriteLock(Path(sys.argv[1]), 20.0)
turn.take("holder")
print("mine", flush=True)
sys.stdin.readline()
"""

COUNT_UP = """
import sys
from pathlib import Path
from models.writer_turn import SQLiteWriteLock

turn, count = SQLiteWriteLock(Path(sys.argv[1]), 20.0), Path(sys.argv[2])
for _ in range(100):
    turn.take("holder")
    count.write_text(str(int(count.read_text()) + 1))
    turn.release("holder")
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "afterglow.db-turn"


def start(script: str, *arguments: Path) -> subprocess.Popen[str]:
    """A process of its own that uses the same turn."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_threads_take_turns(path):
    turn = SQLiteWriteLock(path, PATIENCE_S)
    inside, most = 0, 0

    def write(holder: object) -> None:
        nonlocal inside, most
        for _ in range(20):
            turn.take(holder)
            inside += 1
            most = max(most, inside)
            time.sleep(0.0002)
            inside -= 1
            turn.release(holder)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(write, object()) for _ in range(8)]:
            done.result()
    assert most == 1


def test_processes_take_turns(path, tmp_path):
    count = tmp_path / "count"
    count.write_text("0")
    running = [start(COUNT_UP, path, count) for _ in range(3)]
    for process in running:
        process.communicate(timeout=60)
    assert [process.returncode for process in running] == [0, 0, 0]
    assert count.read_text() == "300"


def test_a_killed_process_frees_its_turn(path):
    with start(HOLD, path) as process:
        assert process.stdout
        assert process.stdout.readline() == "mine\n"
        with pytest.raises(sqlite3.OperationalError):
            SQLiteWriteLock(path, 0.05).take("us")
        process.kill()
    turn = SQLiteWriteLock(path, PATIENCE_S)
    turn.take("us")
    turn.release("us")


def test_patience_with_another_process_ends(path):
    with start(HOLD, path) as process:
        assert process.stdout
        assert process.stdout.readline() == "mine\n"
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            SQLiteWriteLock(path, 0.05).take("us")
        process.kill()


def test_patience_with_another_thread_ends(path):
    turn = SQLiteWriteLock(path, 0.05)
    turn.take("first")
    with ThreadPoolExecutor(1) as pool:
        impatient = pool.submit(turn.take, "second")
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            impatient.result()
    turn.release("first")


def test_who_ran_out_of_patience_holds_nothing_up(path):
    slow, turn = SQLiteWriteLock(path, PATIENCE_S), SQLiteWriteLock(path, 0.05)
    slow.take("slow")
    with pytest.raises(sqlite3.OperationalError):
        turn.take("impatient")
    slow.release("slow")
    turn.take("next")
    turn.release("next")


def test_only_its_holder_gives_a_turn_back(path):
    turn = SQLiteWriteLock(path, PATIENCE_S)
    turn.take("holder")
    turn.release("somebody else")
    with pytest.raises(sqlite3.OperationalError):
        SQLiteWriteLock(path, 0.05).take("another")
    turn.release("holder")
    SQLiteWriteLock(path, 0.05).take("another")


def test_giving_back_twice_does_no_harm(path):
    turn = SQLiteWriteLock(path, PATIENCE_S)
    turn.take("holder")
    turn.release("holder")
    turn.release("holder")
    turn.take("next")
    turn.release("next")


def test_waiters_are_let_in_promptly(path):
    turn = SQLiteWriteLock(path, PATIENCE_S)
    turn.take("first")
    arrived = threading.Event()

    def wait_for_it() -> float:
        arrived.set()
        turn.take("second")
        at = time.monotonic()
        turn.release("second")
        return at

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait_for_it)
        arrived.wait(10)
        freed = time.monotonic()
        turn.release("first")
        # SQLite's own busy handler would have slept for up to 100 ms; a busy machine gets some room.
        assert waiting.result() - freed < 1
