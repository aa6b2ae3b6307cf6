"""What gunicorn runs beside the server, in each of its processes: whoever tells the on-call of alerts."""

from __future__ import annotations

from threading import Event, Thread
from typing import Any


def post_worker_init(worker: Any) -> None:
    """Begin to look, as `flask worker` does; gunicorn calls this by its name once a process has the app.

    A process that dies is replaced by gunicorn, and what it had claimed is told by another.
    """
    # A daemon: it ends with its process, in mid-call too, as a worker that is killed.
    Thread(target=_look, args=(worker.wsgi,), name="worker", daemon=True).start()


def _look(app: Any) -> None:
    # Here and not above: what the first process has imported, a reload could not renew in the others.
    from cli.worker import LOOK_EVERY_S, keep_looking, way_out  # noqa: PLC0415

    with app.app_context():
        keep_looking(app.extensions["sessions"], way_out(), Event(), LOOK_EVERY_S)
