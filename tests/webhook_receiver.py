"""Real receivers of what the server sends: one of webhooks, one of e-mail, on this machine."""

from __future__ import annotations

import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

from standardwebhooks import Webhook


@dataclass
class Received:
    """What was received; `status` is what the receiver answers with, `delay_s` how long it takes before.

    `most_at_once` is how many calls it had at a time.
    """

    port: int = 0
    status: int = 204
    delay_s: float = 0.0
    at_once: int = 0
    most_at_once: int = 0
    closing: Event = field(default_factory=Event)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    arrived_at: list[float] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def wait(self) -> None:
        """Take as long as this receiver does, but end with it."""
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        self.closing.wait(self.delay_s)
        with self._lock:
            self.at_once -= 1

    def verified(self, secret: str) -> list[Any]:
        """Return the events received; raises WebhookVerificationError for a wrong signature or an old one."""
        webhook = Webhook(secret)
        pairs = zip(self.bodies, self.headers, strict=True)
        return [webhook.verify(body, headers) for body, headers in pairs]


@contextmanager
def webhook_receiver(port: int = 0, tls: tuple[Path, Path] | None = None) -> Iterator[Received]:
    """Receive webhooks at a port of this machine, a free one unless named; `tls` is key and certificate."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.headers.append({name.lower(): value for name, value in self.headers.items()})
            received.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            received.arrived_at.append(monotonic())
            received.wait()
            if received.closing.is_set():
                return
            self.send_response(received.status)
            if received.status == 302:
                self.send_header("Location", f"http://127.0.0.1:{received.port}/elsewhere")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls[1], tls[0])
            server.socket = context.wrap_socket(server.socket, server_side=True)
        received.port = server.server_port
        yield from _served(server, received)


@contextmanager
def mail_receiver() -> Iterator[Received]:
    """Receive e-mail at a free port of this machine, as a mail server without TLS does."""
    received = Received(status=250)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            received.wait()
            if received.closing.is_set():
                return
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                word = line[:4].upper().strip()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    lines = iter(self.rfile.readline, b".\r\n")
                    received.bodies.append(b"".join(lines))
                answer = 221 if word == b"QUIT" else received.status
                self.wfile.write(f"{answer} so\r\n".encode())
                if word == b"QUIT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        received.port = server.server_address[1]
        yield from _served(server, received)


def _served(server: socketserver.BaseServer, received: Received) -> Iterator[Received]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield received
    finally:
        received.closing.set()
        server.shutdown()
        thread.join()
