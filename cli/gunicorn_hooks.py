"""Hooks that gunicorn calls in its processes: import, run the alert worker, end on one signal, checkpoint."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from threading import Event, Thread
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

NO_WORKER: Final = "AFTERGLOW_NO_WORKER"
"""Set by `flask serve --no-worker` for the processes it becomes."""

BANNER: Final = "AFTERGLOW_BANNER"
"""Lines that tell the operator where `flask serve` listens, for the processes it becomes."""

_stopped = Event()


def when_ready(_server: Any) -> None:
    """Print where the server listens and import what every process needs; gunicorn calls this once it does.

    They share what is imported, so that they start in half the time and need less memory. A reload by SIGHUP
    does not renew it, nor is it how a server is updated: docs/decisions/0028-systemd-holds-the-socket.md.
    """
    if lines := os.environ.pop(BANNER, None):
        # The console of whoever started the server is where `flask serve` prints too.
        sys.stdout.write(f"{lines}\n")
        sys.stdout.flush()
    gc.disable()  # what is imported stays
    import_module("api")  # by name, as gunicorn itself imports wsgi.py
    gc.freeze()  # or every process would go through it for garbage, and so copy it
    gc.enable()


def post_worker_init(worker: Any) -> None:
    """Start a thread that does what `flask worker` does; gunicorn calls this once a process has the app.

    A process that dies is replaced by gunicorn, and what it had claimed is delivered by another.
    """
    # A terminal sends Ctrl-C to every process, and gunicorn's first process passes it on to the others as
    # SIGQUIT: of two signals at once, the second waits for a lock that the first holds, until gunicorn gives
    # up after 20 s.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # From now on `flask db restore` finds the database in use, also before the first request.
    with suppress(SQLAlchemyError), worker.wsgi.extensions["database"].read() as session:
        session.execute(select(1))
    if NO_WORKER not in os.environ:
        # A daemon thread: it ends with its process, also during a call, like a worker that is killed.
        Thread(target=_run, args=(worker.wsgi,), name="worker", daemon=True).start()


def worker_exit(_server: Any, worker: Any) -> None:
    """Leave SQLite's file complete without its log; gunicorn calls this when a process ends by itself."""
    _stopped.set()
    application = getattr(worker, "wsgi", None)
    if application is not None:
        application.extensions["database"].stop()


def _run(app: Any) -> None:
    # Imported here: with --no-worker it is not needed.
    from cli.worker import POLL_INTERVAL_S, outbound_config, run_until_stopped  # noqa: PLC0415

    with app.app_context():
        run_until_stopped(app.extensions["database"], outbound_config(), _stopped, POLL_INTERVAL_S)
