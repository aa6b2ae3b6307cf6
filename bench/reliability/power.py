"""Power cuts on SQLite, simulated: what of the server's system calls had reached the disk at a random moment.

The server runs under strace. After a power cut at a moment each file has what was synced before it, or that
and a random half of the writes since; a new file is on the disk only if its folder was synced since it was
made. It assumes that the disk has stored what it acknowledged as synced, and that strace's order of calls is
their order.
"""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bench.reliability.clinic import Clinic, Server, Writers, database

CALLS: Final = "openat,pwrite64,pwritev,write,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,sendto,sendmsg"
STRACE: Final = ("strace", "-f", "-y", "-xx", "-s", "200000", "-e", f"trace={CALLS}")
CALL: Final = re.compile(r"(\d+) +(\w+)\((.*)")
RESUMED: Final = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)")
FILE: Final = re.compile(r'^-?\w+<((?:\\x[0-9a-f]{2})+)>(?:, "((?:\\x[0-9a-f]{2})*)")?(.*)')
QUOTED: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
ACKNOWLEDGED: Final = re.compile(rb"HTTP/1\.1 20[01] .*?X-Request-Id: ([\w-]+\.\d{8})", re.DOTALL)


@dataclass(frozen=True)
class Change:
    """A change of a file that is not on the disk yet: bytes at an offset, or a new length."""

    offset: int
    data: bytes | None


@dataclass
class File:
    """One file: what is on the disk, and what the operating system still holds."""

    disk: bytearray = field(default_factory=bytearray)
    named_on_disk: bool = False
    pending: list[Change] = field(default_factory=list)

    def sync(self, changes: int) -> None:
        """Put the first changes on the disk."""
        for change in self.pending[:changes]:
            apply(self.disk, change)
        del self.pending[:changes]


def apply(content: bytearray, change: Change) -> None:
    """Change the content of a file."""
    if change.data is None:
        del content[change.offset :]
        content.extend(bytes(max(0, change.offset - len(content))))
        return
    content.extend(bytes(max(0, change.offset - len(content))))
    content[change.offset : change.offset + len(change.data)] = change.data


@dataclass(frozen=True)
class Event:
    """One system call of interest, where it begins or (of a sync) also where it ends."""

    kind: str
    path: str = ""
    change: Change | None = None
    name: str = ""


def run(cuts: int, writes: int, seed: int = 7) -> dict[str, Any]:
    """Trace a server on SQLite while eight clients write, and cut its power at random moments."""
    if shutil.which("strace") is None:
        raise SystemExit("strace is needed: apt-get install strace")
    began = time.monotonic()
    with database("sqlite") as (url, folder):
        clinic = Clinic(url, phones=200)
        file = Path(url.removeprefix("sqlite:///"))
        trace, base = folder / "trace", folder / "base.db"
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(file, base)
        server = Server(url, folder / "server.log", workers=2)
        server.start(*STRACE, "-o", str(trace))
        try:
            with Writers(clinic, lambda _: server.connection()) as writers:
                writers.wait_for(writes)
            # A server that ends in order would write its log back and remove it: it is not let to.
        finally:
            server.kill()
        events = list(read_trace(trace, file.parent.resolve()))
        found = cut_power(events, base.read_bytes(), file.name, cuts, seed)
        # What the same cuts would cost if the log were not synced: a check that cannot fail shows nothing.
        deaf = [event for event in events if not (event.path.endswith("-wal") and "sync" in event.kind)]
        control = cut_power(deaf, base.read_bytes(), file.name, cuts, seed)
    return {
        "acknowledged_in_all": len(writers.outcome.acknowledged),
        "calls": len(events),
        **found,
        "control_cuts_losing_without_syncs_of_the_log": control["cuts_losing_acknowledged_writes"],
        "seconds": round(time.monotonic() - began),
    }


def read_trace(trace: Path, folder: Path) -> Iterator[Event]:
    """Yield what happened to files of a folder, and what was acknowledged, in order."""
    begun: dict[str, tuple[str, str]] = {}
    with trace.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            if ended := RESUMED.match(line):
                name, arguments = begun.pop(ended[1], (ended[2], ""))
                if name in {"fsync", "fdatasync"}:
                    yield from _sync_ended(arguments, folder)
                elif name in {"openat", "unlink"}:
                    yield from _event(name, arguments + ended[3], folder)
                continue
            if not (call := CALL.match(line)):
                continue
            process, name, arguments = call.groups()
            unfinished = "<unfinished ...>" in arguments
            if unfinished:
                begun[process] = (name, arguments)
            # A write may be on the disk, and an answer with the client, as soon as the call begins.
            if not (unfinished and name in {"openat", "unlink"}):
                yield from _event(name, arguments, folder)
            if name in {"fsync", "fdatasync"} and not unfinished:
                yield from _sync_ended(arguments, folder)


def _text(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def _inside(path: bytes, folder: Path) -> str | None:
    """Return the name of a file of the database in the folder, "." for the folder itself, or None."""
    found = Path(path.decode(errors="replace"))
    if found == folder:
        return "."
    name = found.name
    return name if found.parent == folder and ".db" in name and not name.endswith(("-shm", "-lock")) else None


def _sync_ended(arguments: str, folder: Path) -> Iterator[Event]:
    match = FILE.match(arguments)
    if match and (path := _inside(_text(match[1]), folder)):
        yield Event("synced", path)


def _event(name: str, arguments: str, folder: Path) -> Iterator[Event]:
    if name in {"openat", "unlink", "unlinkat", "rename"}:
        yield from _event_of_name(name, arguments, folder)
    elif match := FILE.match(arguments):
        where, data = _text(match[1]), _text(match[2] or "")
        if where.startswith(b"socket:"):
            if acknowledged := ACKNOWLEDGED.search(data):
                yield Event("acknowledged", name=acknowledged[1].decode())
        elif path := _inside(where, folder):
            yield _event_of_file(name, path, data, [int(n) for n in re.findall(r", (\d+)", match[3])])


def _event_of_name(name: str, arguments: str, folder: Path) -> Iterator[Event]:
    """Yield the creation, removal or renaming of a file of the database."""
    quoted = QUOTED.search(arguments)
    path = _inside(_text(quoted[1]), folder) if quoted else None
    if path is None:
        return
    if name != "openat":
        yield Event(name, path)
    elif "O_CREAT" in arguments and "= -1" not in arguments:
        yield Event("created", path)


def _event_of_file(name: str, path: str, data: bytes, numbers: Sequence[int]) -> Event:
    if name == "pwrite64":
        assert len(data) == numbers[0], "strace cut a write short"
        return Event("changed", path, Change(numbers[1], data))
    if name == "ftruncate":
        return Event("changed", path, Change(numbers[0], None))
    if name in {"fsync", "fdatasync"}:
        return Event("sync", path)
    raise AssertionError(f"{name} of {path} is not modelled")


def cut_power(
    events: Sequence[Event], base: bytes, database_name: str, cuts: int, seed: int
) -> dict[str, Any]:
    """Cut the power at random moments, and return what had been lost or broken."""
    dice = random.Random(seed)
    moments = sorted(dice.randrange(len(events)) for _ in range(cuts))
    files = {database_name: File(bytearray(base), named_on_disk=True)}
    acknowledged: set[str] = set()
    syncing: dict[str, list[int]] = {}
    losing = corrupt = checked = worst = with_pending = 0
    for number, event in enumerate(events):
        while moments and moments[0] == number:
            moments.pop(0)
            checked += 1
            half = dice if checked % 2 else None
            with_pending += any(file.pending for file in files.values())
            whole, lost = _after_cut(files, database_name, acknowledged, half)
            corrupt += not whole
            losing += lost > 0
            worst = max(worst, lost)
        _advance(files, syncing, acknowledged, event)
    return {
        "cuts": checked,
        "cuts_with_unsynced_writes": with_pending,
        "acknowledged_in_trace": len(acknowledged),
        "cuts_losing_acknowledged_writes": losing,
        "most_lost_in_one_cut": worst,
        "corrupt": corrupt,
    }


def _advance(
    files: dict[str, File], syncing: dict[str, list[int]], acknowledged: set[str], event: Event
) -> None:
    if event.kind == "acknowledged":
        acknowledged.add(event.name)
        return
    if event.path == ".":
        if event.kind == "synced":
            for file in files.values():
                file.named_on_disk = True
        return
    file = files.setdefault(event.path, File())
    if event.kind == "changed" and event.change:
        file.pending.append(event.change)
    elif event.kind == "sync":
        # What is written while a sync runs is not promised by it.
        syncing.setdefault(event.path, []).append(len(file.pending))
    elif event.kind == "synced":
        promised = syncing[event.path].pop(0)
        file.sync(min(promised, len(file.pending)))
        syncing[event.path] = [max(0, later - promised) for later in syncing[event.path]]
    elif event.kind in {"unlink", "unlinkat", "rename"}:
        raise AssertionError(f"{event.kind} of {event.path} is not modelled")


def _after_cut(
    files: dict[str, File], database_name: str, acknowledged: set[str], half: random.Random | None
) -> tuple[bool, int]:
    """Return whether the database is whole after a cut, and how many acknowledged writes it has not."""
    with tempfile.TemporaryDirectory(prefix="afterglow-cut-") as folder:
        for name, file in files.items():
            if not file.named_on_disk and half is None:
                continue
            content = bytearray(file.disk)
            for change in file.pending if half else []:
                if half and half.random() < 0.5:
                    apply(content, change)
            (Path(folder) / name).write_bytes(content)
        with closing(sqlite3.connect(Path(folder) / database_name)) as connection:
            try:
                whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                stored = {note for (note,) in connection.execute("SELECT note FROM check_ins")}
            except sqlite3.DatabaseError:
                return False, len(acknowledged)
    return whole, len(acknowledged - stored)
