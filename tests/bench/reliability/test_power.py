"""The model of a power cut: what was not synced is gone, and so is a new file whose folder was not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bench.reliability.power import Change, Event, File, _advance, cut_power, read_trace

FOLDER = Path("/srv/data")
WAL = "a.db-wal"


def escaped(text: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text)


@pytest.fixture
def base(tmp_path):
    """The bytes of a database with an empty table of check-ins."""
    file = tmp_path / "a.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE check_ins (note TEXT)")
        connection.commit()
    return file.read_bytes()


def with_row(base, tmp_path):
    """The same database with one row."""
    file = tmp_path / "b.db"
    file.write_bytes(base)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO check_ins VALUES ('one')")
        connection.commit()
    return file.read_bytes()


@pytest.mark.parametrize(("synced", "losing"), [(True, 0), (False, 1)])
def test_an_acknowledged_write_survives_only_if_it_was_synced_before(synced, losing, base, tmp_path):
    write = Event("changed", "a.db", Change(0, with_row(base, tmp_path)))
    syncs = [Event("sync", "a.db"), Event("synced", "a.db")] if synced else []
    # The cuts fall among the last events, where all is written; one of two keeps synced writes only.
    events = [write, *syncs, Event("acknowledged", name="one")] + [Event("acknowledged", name="one")] * 2_000
    found = [cut_power(events, base, "a.db", 2, seed) for seed in range(3)]
    assert all(run["corrupt"] == 0 for run in found)
    assert all((run["cuts_losing_acknowledged_writes"] > 0) == (losing > 0) for run in found)


def test_a_sync_promises_only_what_was_written_before_it_began():
    file = File(bytearray(b"old"))
    file.pending = [Change(0, b"new"), Change(3, b"!")]
    file.sync(1)
    assert bytes(file.disk) == b"new"
    assert file.pending == [Change(3, b"!")]


def test_a_trace_is_read_in_the_order_of_its_calls(tmp_path):
    database, wal = escaped(bytes(FOLDER / "a.db")), escaped(bytes(FOLDER / WAL))
    answer = escaped(b"HTTP/1.1 201 CREATED\r\nX-Request-Id: 0a1b-2c.20261101\r\n")
    trace = tmp_path / "trace"
    trace.write_text(
        f'7 openat(AT_FDCWD<{escaped(b"/")}>, "{wal}", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 5<{wal}>\n'
        f'7 pwrite64(5<{wal}>, "{escaped(b"ab")}", 2, 32) = 2\n'
        f"7 fdatasync(5<{wal}> <unfinished ...>\n"
        f'8 pwrite64(4<{database}>, "{escaped(b"c")}", 1, 0) = 1\n'
        "7 <... fdatasync resumed>) = 0\n"
        f'7 sendto(9<{escaped(b"socket:[1]")}>, "{answer}", 60, 0, NULL, 0) = 60\n'
        f'7 pwrite64(6<{escaped(b"/elsewhere/a.db")}>, "{escaped(b"x")}", 1, 0) = 1\n',
        encoding="ascii",
    )
    assert list(read_trace(trace, FOLDER)) == [
        Event("created", WAL),
        Event("changed", WAL, Change(32, b"ab")),
        Event("sync", WAL),
        Event("changed", "a.db", Change(0, b"c")),
        Event("synced", WAL),
        Event("acknowledged", name="0a1b-2c.20261101"),
    ]


def test_a_new_file_is_on_the_disk_only_after_its_folder_was_synced(base):
    made = [Event("created", WAL), Event("changed", WAL, Change(0, b"log"))]
    synced = [Event("sync", WAL), Event("synced", WAL)]
    for folder in ([], [Event("synced", ".")]):
        files = {"a.db": File(bytearray(base), named_on_disk=True)}
        syncing: dict[str, list[int]] = {}
        for event in (*made, *synced, *folder):
            _advance(files, syncing, set(), event)
        assert bytes(files[WAL].disk) == b"log"
        assert files[WAL].named_on_disk is bool(folder)
