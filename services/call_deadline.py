"""A deadline for a whole call over the network, however slowly the other side answers."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer


@contextmanager
def call_deadline(seconds: float, connected: Callable[[], socket.socket | None]) -> Iterator[None]:
    """End a call that takes too long, however slowly the other side sends; raises TimeoutError then.

    From another thread, since the timeout of a socket begins again with each byte; the socket is shut down,
    because closing it would not wake the call.
    """
    ended = Event()

    def end() -> None:
        ended.set()
        with suppress(OSError):
            if (opened := connected()) is not None:
                opened.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if ended.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
