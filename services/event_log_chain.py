"""A hash chain over a clinic's event log: entries that were changed or deleted no longer agree with it.

Of the entries e_1 … e_n of a clinic, in the order of their commits:

    h_0 = 64 zeros
    h_i = SHA-256(h_(i-1) || canonical JSON of e_i)

Whoever can write to the database and drops its triggers can compute another chain from a changed entry on;
but not one that ends in a head (n, h_n) that was written down elsewhere before. `flask event-log verify`
prints the head, and compares the chain with one that was printed earlier.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from models.event_log import EventLogEntry, EventLogLink
from models.tenancy import of_clinic

BEGINNING: Final = "0" * 64
UNLINKED: Final = "event_log_unlinked"
"""Where a session holds the ids of the entries that its commit links."""
LOCK: Final = 7_340_551
"""First number of the advisory lock under which PostgreSQL appends to a chain. Operational."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: how many links it has, and the hash of the last."""

    sequence: int
    chain_hash: str


class BrokenChain(Exception):
    """The entries do not agree with the chain; the sentence says where."""


def link_at_commit(session: Session, entry: EventLogEntry) -> None:
    """Append an entry to its clinic's chain when the session commits, unless it was rolled back before.

    Last of all: the end of the chain is locked until the commit, and no lock is waited for under it, so that
    two transactions never wait for each other.
    """
    if UNLINKED not in session.info:
        session.info[UNLINKED] = []
        event.listen(session, "before_commit", _link)
    session.info[UNLINKED].append(entry.id)


def _link(session: Session) -> None:
    if session.get_nested_transaction() is not None:
        return
    ids, session.info[UNLINKED] = session.info[UNLINKED], []
    session.flush()
    added = session.scalars(select(EventLogEntry).where(EventLogEntry.id.in_(ids))).all()
    if not added:
        # A savepoint that held them was rolled back.
        return
    _lock_chain(session)
    head = head_of(session)
    for entry in sorted(added, key=lambda each: ids.index(each.id)):
        head = Head(head.sequence + 1, next_hash(head.chain_hash, entry))
        link = EventLogLink(sequence=head.sequence, entry_id=entry.id, chain_hash=head.chain_hash)
        session.add(link)
    session.flush()


def _lock_chain(session: Session) -> None:
    """Let one transaction after another append; SQLite's has the only write lock already."""
    if session.get_bind().dialect.name == "postgresql":
        of_this_clinic = of_clinic(session).int & 0x7FFF_FFFF
        session.execute(select(func.pg_advisory_xact_lock(LOCK, of_this_clinic)))


def head_of(session: Session) -> Head:
    """Return the end of the chain of the session's clinic; before the first entry, its beginning."""
    last = select(EventLogLink).order_by(EventLogLink.sequence.desc()).limit(1)
    link = session.scalar(last.execution_options(populate_existing=True))
    return Head(0, BEGINNING) if link is None else Head(link.sequence, link.chain_hash)


def next_hash(previous: str, entry: EventLogEntry) -> str:
    """Return the hash of the link of an entry, after the hash of the link before."""
    content = {
        "id": str(entry.id),
        "clinic_id": str(entry.clinic_id),
        "occurred_at": entry.occurred_at.astimezone(UTC).isoformat(),
        "event": entry.event,
        "outcome": entry.outcome,
        "actor_id": _text(entry.actor_id),
        "actor_roles": entry.actor_roles,
        "account_id": _text(entry.account_id),
        "patient_id": _text(entry.patient_id),
        "address": entry.address,
        "details": entry.details,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(f"{previous}{canonical}".encode()).hexdigest()


def verify(session: Session, expected: Head | None = None) -> Head:
    """Return the end of the chain of the session's clinic if every entry agrees with it.

    Raises BrokenChain for an entry that was changed, deleted, or added around the chain, and where the chain
    does not hold a head that was printed before: it was cut off, or computed anew.
    """
    links = session.scalars(select(EventLogLink).order_by(EventLogLink.sequence)).all()
    entries = {entry.id: entry for entry in session.scalars(select(EventLogEntry))}
    chain_hash = BEGINNING
    for position, link in enumerate(links, 1):
        entry = entries.pop(link.entry_id, None)
        if link.sequence != position or entry is None:
            msg = f"entry {position} is missing"
            raise BrokenChain(msg)
        chain_hash = next_hash(chain_hash, entry)
        if chain_hash != link.chain_hash:
            msg = f"entry {position} was changed"
            raise BrokenChain(msg)
        if expected is not None and expected.sequence == position and expected.chain_hash != chain_hash:
            msg = f"entries up to {position} are not those of the head that was printed"
            raise BrokenChain(msg)
    if entries:
        msg = f"{len(entries)} entries are not in the chain"
        raise BrokenChain(msg)
    if expected is not None and expected.sequence > len(links):
        msg = f"the chain ends at entry {len(links)}; the head that was printed is entry {expected.sequence}"
        raise BrokenChain(msg)
    return Head(len(links), chain_hash)


def _text(identifier: UUID | None) -> str | None:
    return None if identifier is None else str(identifier)
