"""The outcomes of restore drills, of which readiness shows the last."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.backups import MAX_OUTCOME, RestoreDrill

OVERDUE_AFTER: Final = timedelta(days=8)
"""Time after which a weekly drill is overdue. Operational."""
SUCCEEDED: Final = "restored"


class DrillState(StrEnum):
    """What readiness shows of the restore drill."""

    FAILED = "restore_drill_failed"
    OVERDUE = "restore_drill_overdue"


def record(session: Session, backup: str, problem: str | None, now: datetime) -> None:
    """Store the outcome of a drill; `backup` is the name of its file or folder."""
    outcome = SUCCEEDED if problem is None else problem[:MAX_OUTCOME]
    session.add(
        RestoreDrill(drilled_at=now, backup=backup[-200:], succeeded=problem is None, outcome=outcome)
    )


def state(session: Session, now: datetime) -> DrillState | None:
    """Return what is wrong with the last drill; None if it succeeded of late, or none was ever made.

    A drill that was recorded by a clock far ahead is overdue too: it would otherwise never become so.
    """
    last = session.scalars(select(RestoreDrill).order_by(RestoreDrill.number.desc()).limit(1)).first()
    if last is None:
        return None
    if not last.succeeded:
        return DrillState.FAILED
    return DrillState.OVERDUE if abs(now - last.drilled_at) > OVERDUE_AFTER else None
