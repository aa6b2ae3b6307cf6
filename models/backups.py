"""Restore drills: whether a backup could be restored, and when that was last tried."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

MAX_OUTCOME = 500
"""Longest text of an outcome, characters. Operational."""


class RestoreDrill(Base):
    """One drill; `number` counts them in the order in which they were recorded, whatever the clock said."""

    __tablename__ = "restore_drills"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    drilled_at: Mapped[datetime]
    backup: Mapped[str] = mapped_column(String(200))
    succeeded: Mapped[bool]
    outcome: Mapped[str] = mapped_column(String(MAX_OUTCOME))
