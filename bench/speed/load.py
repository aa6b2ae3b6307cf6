"""Load generator: each process sends its next request once one is answered, for a given time."""

from __future__ import annotations

import multiprocessing
import selectors
import socket
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

HOST: Final = "127.0.0.1"
PROCESSES: Final = 2
ANSWER_TIMEOUT_S: Final = 15.0


@dataclass(slots=True)
class Result:
    """Latencies in seconds, and the number of responses by status."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Responses per second."""
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """Return the latency in seconds below which this share of the responses lies."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def add(self, other: Result) -> None:
        """Add another measurement of the same requests."""
        self.seconds += other.seconds
        self.latencies += other.latencies
        self.statuses += other.statuses


def run(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Result:
    """Send the requests in turn, again and again, on some connections for a time; return the responses.

    Each connection has one request in flight at any time.
    """
    context = multiprocessing.get_context("fork")
    pipes = []
    started = perf_counter()
    for number in range(PROCESSES):
        share = connections // PROCESSES + (number < connections % PROCESSES)
        here, there = context.Pipe(duplex=False)
        mine = requests[number::PROCESSES] or requests
        process = context.Process(target=_send, args=(there, port, mine, share, seconds), daemon=True)
        process.start()
        there.close()
        pipes.append((process, here))
    whole = Result()
    try:
        for _, here in pipes:
            if not here.poll(seconds + 2 * ANSWER_TIMEOUT_S):
                raise TimeoutError("A client process did not return.")
            whole.add(here.recv())
    except EOFError:
        raise RuntimeError("A client process failed; its error is printed above.") from None
    finally:
        for process, _ in pipes:
            process.join(1)
            if process.is_alive():
                process.kill()
    # The processes ran in parallel: their durations must not be added up.
    whole.seconds /= PROCESSES
    assert perf_counter() - started < seconds + 2 * ANSWER_TIMEOUT_S
    return whole


def once(port: int, request: bytes) -> tuple[int, bytes]:
    """Send one request; return its status and body."""
    with connect(port) as connection:
        connection.sendall(request)
        return _answer(connection)


def connect(port: int) -> socket.socket:
    """Open a connection."""
    connection = socket.create_connection((HOST, port), timeout=ANSWER_TIMEOUT_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def request(method: str, path: str, token: str, body: bytes = b"", **headers: str) -> bytes:
    """Return an HTTP/1.1 request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", f"Authorization: Bearer {token}"]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _send(
    pipe: multiprocessing.connection.Connection[Result, None],
    port: int,
    requests: Sequence[bytes],
    connections: int,
    seconds: float,
) -> None:
    result = Result()
    begun: dict[socket.socket, float] = {}
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        selector.register(connect(port), selectors.EVENT_READ)
    sent = 0
    started = now = perf_counter()
    for key in list(selector.get_map().values()):
        begun[_socket(key)] = perf_counter()
        _socket(key).sendall(requests[sent % len(requests)])
        sent += 1
    until = started + seconds
    while begun:
        ready = selector.select(ANSWER_TIMEOUT_S)
        if not ready:
            raise TimeoutError("No response within the timeout.")
        for key, _ in ready:
            connection = _socket(key)
            status, _ = _answer(connection)
            now = perf_counter()
            result.latencies.append(now - begun.pop(connection))
            result.statuses[status] += 1
            if now < until:
                begun[connection] = now
                connection.sendall(requests[sent % len(requests)])
                sent += 1
            else:
                connection.close()
                selector.unregister(connection)
    result.seconds = now - started
    pipe.send(result)
    pipe.close()


def _socket(key: selectors.SelectorKey) -> socket.socket:
    assert isinstance(key.fileobj, socket.socket)
    return key.fileobj


def _answer(connection: socket.socket) -> tuple[int, bytes]:
    received = connection.recv(65536)
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += _more(connection)
    head = received[:end].lower()
    status = int(head[9:12])
    length = 0
    if (at := head.find(b"\r\ncontent-length:")) >= 0:
        length = int(head[at + 17 :].split(b"\r\n", 1)[0])
    body = received[end + 4 :]
    while len(body) < length and status != 304:
        body += _more(connection)
    return status, body


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    if not received:
        raise ConnectionError("The server closed the connection.")
    return received
