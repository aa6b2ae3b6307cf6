"""What each of the server's processes does besides serving: to tell the on-call, and to end by one signal."""

from __future__ import annotations

import os
import signal
from threading import Event, Thread
from typing import Any, Final

NO_WORKER: Final = "AFTERGLOW_NO_WORKER"
"""Set by `flask serve --no-worker` for the processes it becomes."""


def post_worker_init(worker: Any) -> None:
    """Begin to look, as `flask worker` does; gunicorn calls this by its name once a process has the app.

    A process that dies is replaced by gunicorn, and what it had claimed is told by another.
    """
    # A terminal's Ctrl-C comes to every process, and the first passes it on to the others as SIGQUIT: of two
    # signals at once, the second waits for a lock that the first holds, until gunicorn gives up after 20 s.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if NO_WORKER not in os.environ:
        # A daemon: it ends with its process, in mid-call too, as a worker that is killed.
        Thread(target=_look, args=(worker.wsgi,), name="worker", daemon=True).start()


def _look(app: Any) -> None:
    # Here and not above: what the first process has imported, a reload could not renew in the others.
    from cli.worker import POLL_INTERVAL_S, outbound_config, run_until_stopped  # noqa: PLC0415

    with app.app_context():
        run_until_stopped(app.extensions["database"], outbound_config(), Event(), POLL_INTERVAL_S)
