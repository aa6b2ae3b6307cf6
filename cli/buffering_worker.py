"""gunicorn's threaded worker, whose threads only ever get requests that have arrived completely."""

from __future__ import annotations

import re
import selectors
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, Final

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from models import deadline

RECEIVE_S = 10.0
"""How long a request may take to arrive, from its first byte to its last, seconds. Operational."""
SEND_S = 10.0
"""How long a client may take to accept a response, seconds. Operational."""
CLOSE_S = 2.0
"""How long a closed connection is read on, so that its client gets the response, seconds. Operational."""
MAX_REQUEST_BYTES = 1024 * 1024 + 64 * 1024
"""Of a longer request this much is kept, so that the application can refuse it, bytes. Operational."""
MAX_HELD_BYTES = 64 * 1024 * 1024
"""Of all incomplete requests of a process together, bytes. Operational."""
READ_BYTES = 64 * 1024
"""Read from a connection at a time, bytes. Operational."""
RESERVED: Final = (b"/health/live", b"/health/ready")
"""Addresses that have a thread of their own each: they are answered also while all others wait."""

HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*(\d{1,18})[ \t]*(?=\r\n)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding[ \t]*:[^\r\n]*\bchunked[ \t]*(?=\r\n)", re.IGNORECASE)
EXPECTS = re.compile(rb"\r\nexpect[ \t]*:[ \t]*100-continue", re.IGNORECASE)
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Arriving:
    """The bytes of a request that is being received."""

    def __init__(self, received: bytes = b"") -> None:
        self.received = bytearray(received)
        self.needed = 0
        """Bytes that the request has at least, as far as is known."""
        self._head = 0
        self._searched = 0
        self._chunked = False
        self._was_asked_to_go_on = False

    def is_complete(self) -> bool:
        """Tell whether the request has arrived; also of what cannot be one, or is longer than is kept."""
        if not self._head and not self._read_head():
            return len(self.received) > MAX_REQUEST_BYTES
        while self._chunked and len(self.received) >= self.needed and self._read_chunk_size():
            pass
        return len(self.received) >= min(self.needed, MAX_REQUEST_BYTES) and not self._chunked

    def expects_continue(self) -> bool:
        """Tell, once, that the client waits for a word before it sends the body."""
        if self._was_asked_to_go_on or not self._head:
            return False
        self._was_asked_to_go_on = True
        return EXPECTS.search(self.received, 0, self._head) is not None

    def path(self) -> bytes:
        """Return the address that is asked for, without its query."""
        words = bytes(self.received[:200]).split(b" ", 2)
        return words[1].partition(b"?")[0] if len(words) > 2 else b""

    def _read_head(self) -> bool:
        end = self.received.find(HEAD_END, self._searched)
        if end < 0:
            self._searched = max(0, len(self.received) - len(HEAD_END))
            return False
        self._head = self.needed = end + len(HEAD_END)
        # The parser refuses a request that states its length in several ways.
        if CHUNKED.search(self.received, 0, self._head):
            self._chunked = True
        elif length := LENGTH.search(self.received, 0, self._head):
            self.needed += int(length[1])
        return True

    def _read_chunk_size(self) -> bool:
        """Move on past one chunk; False where the next one's size has not arrived, or the body is over."""
        end = self.received.find(b"\r\n", self.needed)
        if end < 0:
            # A size has a few digits, and rarely an extension.
            self._chunked = len(self.received) < min(self.needed + 8192, MAX_REQUEST_BYTES)
            return False
        try:
            size = int(bytes(self.received[self.needed : end]).split(b";")[0], 16)
        except ValueError:
            size = -1  # the parser refuses it
        if size > 0:
            self.needed = end + 2 + size + 2
            self._chunked = self.needed < MAX_REQUEST_BYTES
            return self._chunked
        if size < 0 or self.received[end : end + 4] == HEAD_END:
            self.needed, self._chunked = (end + 4 if size == 0 else end), False
            return False
        trailers_end = self.received.find(HEAD_END, end)
        if trailers_end >= 0:
            self.needed, self._chunked = trailers_end + 4, False
        return False


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A connection that hands the worker's threads complete requests."""

    def __init__(self, worker: BufferingWorker, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.worker = worker
        self.arriving = Arriving()
        self.received_at = 0.0
        self.data_ready = True
        self.is_complete = True

    def init(self) -> None:
        """Give the parser what has arrived; gunicorn calls this before each request."""
        super().init()
        # Also sending has an end: a client that does not read would hold a thread.
        self.sock.settimeout(SEND_S)
        unreader = self.parser.unreader
        unreader.unread(bytes(self.arriving.received))
        # A thread never waits for a client: what has not arrived by now does not exist.
        unreader.chunk = _nothing_more
        self.arriving = Arriving()

    def close(self, graceful: bool = False) -> None:
        """Close; gracefully by reading on for a moment, without holding up the others."""
        if not graceful or not self.worker.linger(self):
            super().close()


def _nothing_more(_size_hint: int | None = None) -> bytes:
    return b""


class BufferingWorker(ThreadWorker):  # type: ignore[misc]  # likewise
    """Receives requests in its event loop, and answers each in a thread once it is complete.

    A client that sends half a request, or reads half a response, occupies a thread of gunicorn's own worker
    for as long as it likes.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._receiving: dict[Connection, float] = {}
        self._lingering: dict[Connection, float] = {}
        self._reserved: dict[bytes, ThreadPoolExecutor] = {}

    def init_process(self) -> None:
        """Start the reserved threads and serve."""
        self._reserved = {path: ThreadPoolExecutor(max_workers=1) for path in RESERVED}
        super().init_process()

    def accept(self, listener: Any) -> None:
        """Accept one connection and begin to receive its first request."""
        try:
            sock, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        self.enqueue_req(Connection(self, self.cfg, sock, client, listener.getsockname()))

    def enqueue_req(self, conn: Connection) -> None:
        """Receive the next request of a connection, of which some bytes may be there already."""
        known = conn.parser.unreader.take_buffered() if conn.parser is not None else b""
        conn.arriving = Arriving(known)
        conn.sock.settimeout(0)
        self._receiving[conn] = time.monotonic() + (RECEIVE_S if self.alive else STOP_KEEPALIVE_LINGER)
        if known and conn.arriving.is_complete():
            self._dispatch(conn)
            return
        # Most often everything is there already.
        self._on_readable(conn, None)
        if conn in self._receiving:
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_readable, conn))

    def handle(self, conn: Connection) -> Any:
        """Answer a request; runs in a thread."""
        deadline.RECEIVED_AT.set(conn.received_at)
        return super().handle(conn)

    def _cap_keepalive(self, latest: float) -> None:
        super()._cap_keepalive(latest)
        for conn, until in self._receiving.items():
            if not conn.arriving.received:
                self._receiving[conn] = min(until, latest)

    def murder_pending(self) -> None:
        """Close the connections whose request did not arrive in time; gunicorn calls this every second."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [conn for conn, until in self._receiving.items() if until < now]:
            self._give_up(conn, self.too_slow())
        for conn in [conn for conn, until in self._lingering.items() if until < now]:
            self._end(conn)

    def too_slow(self) -> bytes:
        """Return the response to a request that did not arrive in time."""
        return TOO_SLOW

    def linger(self, conn: Connection) -> bool:
        """Say that no more is sent, and read on for a moment; False where the client has gone already."""
        try:
            conn.sock.settimeout(0)
            conn.sock.shutdown(1)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_lingering_readable, conn))
        except (OSError, KeyError, ValueError):
            return False
        self._lingering[conn] = time.monotonic() + CLOSE_S
        return True

    def _on_readable(self, conn: Connection, _sock: Any) -> None:
        try:
            some = conn.sock.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            some = b""
        arriving = conn.arriving
        if not some:
            self._give_up(conn)
            return
        if not arriving.received:
            self._receiving[conn] = time.monotonic() + RECEIVE_S
        arriving.received += some
        if arriving.is_complete():
            self._dispatch(conn)
        elif sum(len(other.arriving.received) for other in self._receiving) > MAX_HELD_BYTES:
            self._give_up(conn)
        elif arriving.expects_continue():
            with suppress(OSError):
                conn.sock.send(GO_ON)

    def _dispatch(self, conn: Connection) -> None:
        """Hand a complete request to a thread."""
        self._forget(conn)
        conn.received_at = time.monotonic()
        conn.is_complete = len(conn.arriving.received) >= conn.arriving.needed
        pool: Any = self._reserved.get(conn.arriving.path(), self.tpool)
        answered = pool.submit(self.handle, conn)
        answered.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        # Where the rest of a body was not received, the next request cannot be told from it.
        return conn.is_complete and super()._keepalive_after(conn, keepalive)

    def _give_up(self, conn: Connection, last_words: bytes = b"") -> None:
        self._forget(conn)
        if last_words and conn.arriving.received:
            with suppress(OSError):
                conn.sock.send(last_words)
        conn.arriving = Arriving()
        self.nr_conns -= 1
        conn.close()

    def _forget(self, conn: Connection) -> None:
        self._receiving.pop(conn, None)
        with suppress(KeyError, ValueError, OSError):
            self.poller.unregister(conn.sock)

    def _on_lingering_readable(self, conn: Connection, _sock: Any) -> None:
        try:
            if conn.sock.recv(READ_BYTES):
                return
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            pass
        self._end(conn)

    def _end(self, conn: Connection) -> None:
        self._lingering.pop(conn, None)
        with suppress(KeyError, ValueError, OSError):
            self.poller.unregister(conn.sock)
        conn.close()
